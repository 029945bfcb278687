/*
 * conversation.c - see conversation.h.
 */
#include "base/base.h"

#include "present/conversation.h"

#include "base/limits.h"

/* Everybody in it but the viewer; who writes to nobody else talks to themselves. */
static size_t others(const struct present *p, const struct post_meta *m, struct account_id *ret)
{
	size_t n = 0;

	if (!account_eq(m->author, p->viewer->account))
		ret[n++] = m->author;
	for (size_t i = 0; i < m->n_mentions; i++)
		if (!account_eq(m->mentions[i], p->viewer->account) && !account_eq(m->mentions[i], m->author))
			ret[n++] = m->mentions[i];
	if (!n)
		ret[n++] = p->viewer->account;
	return n;
}

static enum err write(const struct present *p, const struct post_meta *m, bool unread, struct view post, struct jw *j)
{
	struct account_id *accounts = ARENA_ARRAY(p->arena, m->n_mentions + 1u, struct account_id);
	size_t n = others(p, m, accounts);

	jw_object(j);
	jw_kv_id(j, "id", m->thread_id);
	jw_kv_bool(j, "unread", unread);
	jw_key(j, "accounts");
	TRY(present_accounts(p, accounts, n, j));
	jw_kv_raw(j, "last_status", post);
	jw_object_end(j);
	return OK;
}

enum err present_conversation(const struct present *p, struct post_id last, bool unread, struct jw *j)
{
	struct buf CLEANUP(buf_release) post = {.max = LIMIT_REPLY};
	struct jw inner = jw_to(&post);
	struct card *card;

	TRY(present_post(p, last, &inner));
	TRY(buf_err(&post));
	TRY(card_get(p->core, p->db, p->arena, last, &card));
	enum err err = write(p, &card->meta, unread, buf_view(&post), j);
	card_put(card);
	return err;
}
