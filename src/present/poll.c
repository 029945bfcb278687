/*
 * poll.c - see poll.h.
 */
#include "base/base.h"

#include "present/poll.h"

#include "base/clock.h"
#include "core/polls.h"
#include "core/post_load.h"
#include "present/emoji.h"

static void options(const struct post_poll *poll, bool hidden, struct jw *j)
{
	jw_key(j, "options");
	jw_array(j);
	for (size_t i = 0; i < poll->n_options; i++) {
		jw_object(j);
		jw_kv_str(j, "title", poll->options[i].title);
		if (hidden)
			jw_kv_null(j, "votes_count");
		else
			jw_kv_int(j, "votes_count", poll->options[i].votes);
		jw_object_end(j);
	}
	jw_array_end(j);
}

void present_poll_open(const struct present *p, struct post_id post, const struct post_poll *poll, struct jw *j)
{
	bool expired = poll->expires_at && poll->expires_at <= clock_now();
	struct view titles[ARRAY_LEN(poll->options)];
	int64_t votes = 0;

	for (size_t i = 0; i < poll->n_options; i++) {
		votes += poll->options[i].votes;
		titles[i] = poll->options[i].title;
	}
	jw_object(j);
	jw_kv_id(j, "id", post.v);
	jw_kv_time(j, "expires_at", poll->expires_at);
	jw_kv_bool(j, "expired", expired);
	jw_kv_bool(j, "multiple", poll->multiple);
	jw_kv_int(j, "votes_count", votes);
	jw_kv_int(j, "voters_count", poll->voters);
	options(poll, poll->hide_totals && !expired, j);
	jw_key(j, "emojis");
	present_emojis_in(p, titles, poll->n_options, j);
}

enum err present_poll_viewer(const struct present *p, struct post_id post, struct account_id author, struct buf *out)
{
	int64_t votes[POLL_OPTIONS_MAX];
	size_t n = 0;

	if (!p->viewer->account.v)
		return OK;
	TRY(poll_own_votes(p->db, p->viewer->account, post, votes, &n));
	/* Authors see the results, as if they had voted. */
	buf_add_str(out, n || account_eq(p->viewer->account, author) ? ",\"voted\":true,\"own_votes\":["
								     : ",\"voted\":false,\"own_votes\":[");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_c(out, ',');
		buf_add_i64(out, votes[i]);
	}
	buf_add_c(out, ']');
	return OK;
}

enum err present_poll(const struct present *p, struct post_id post, struct account_id author, struct jw *j)
{
	struct post_poll *poll;

	TRY(poll_load(p->db, p->arena, post, &poll));
	present_poll_open(p, post, poll, j);
	TRY(present_poll_viewer(p, post, author, j->out));
	jw_object_end(j);
	return OK;
}
