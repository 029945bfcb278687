/*
 * xanswer_write.c - the parts of an answer, from pieces that are there.
 */
#include "base/base.h"

#include "licensed/xanswer.h"

#include "licensed/withhold.h"

static void write_runs(const struct xpieces *pieces, const struct xruns *runs, struct jw *j)
{
	if (j->comma)
		buf_add_c(j->out, ',');
	xpieces_write(pieces, runs, j->out);
	j->comma = true;
}

static void write_object(const struct xpieces *pieces, uint32_t fields, struct jw *j)
{
	struct xruns runs = xruns_of(fields);

	write_runs(pieces, &runs, j);
}

/* A list grows once, to all it will be: growing by doubling would copy it again and again. */
static void reserve_posts(const struct xanswer *a, const struct xruns *runs, struct buf *out)
{
	size_t room = 2;

	for (size_t i = 0; i < a->n_data; i++)
		room += xpieces_room(&xanswer_post(a, i)->pieces, runs) + 1;
	(void)buf_reserve(out, room); /* what does not fit does not fit below either */
}

#define LINE 64
#define LINES_AHEAD 4 /* the processor goes on by itself */

static void prefetch_text(const struct xpieces *pieces, const struct xruns *runs)
{
	const char *text = pieces->text + pieces->ends[runs->v[0].from];

	for (size_t i = 0; i < LINES_AHEAD; i++)
		__builtin_prefetch(text + i * LINE);
}

void xanswer_write_posts(const struct xanswer *a, struct jw *j)
{
	struct xruns runs = xruns_of(a->fields.tweet);

	reserve_posts(a, &runs, j->out);
	jw_array(j);
	for (size_t i = 0; i < a->n_data; i++) {
		if (i + 1 < a->n_data)
			prefetch_text(&xanswer_post(a, i + 1)->pieces, &runs);
		write_runs(&xanswer_post(a, i)->pieces, &runs, j);
	}
	jw_array_end(j);
}

void xanswer_write_post(const struct xanswer *a, struct jw *j)
{
	write_object(&xanswer_post(a, 0)->pieces, a->fields.tweet, j);
}

/* A pinned post is its author's own, so one that does not go out could only be withheld: nothing is pinned then. */
static void write_user(const struct xanswer *a, const struct xuser *user, struct jw *j)
{
	uint32_t hidden = withheld_from(a->licence, user->pinned) ? FIELD(USER_PINNED) : 0;

	write_object(&user->pieces, a->fields.user & ~hidden, j);
}

void xanswer_write_users(const struct xanswer *a, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < a->granted_users; i++)
		write_user(a, a->users.v[i].user, j);
	jw_array_end(j);
}

void xanswer_write_user(const struct xanswer *a, struct jw *j)
{
	write_user(a, a->users.v[0].user, j);
}

/* "key":[ before the first of a kind. */
static void begin_kind(struct jw *j, const char *key, bool *any, size_t n)
{
	if (n)
		return;
	if (!*any) {
		jw_key(j, "includes");
		jw_object(j);
	}
	*any = true;
	jw_key(j, key);
	jw_array(j);
}

static void include_users(const struct xanswer *a, struct jw *j, bool *any)
{
	size_t n = 0;

	for (size_t i = 0; i < a->users.n; i++) {
		if (!a->users.v[i].included)
			continue;
		begin_kind(j, "users", any, n++);
		write_user(a, a->users.v[i].user, j);
	}
	if (n)
		jw_array_end(j);
}

static void include_posts(const struct xanswer *a, struct jw *j, bool *any)
{
	size_t n = 0;

	for (size_t i = 0; i < a->granted_posts; i++) {
		if (!a->posts.v[i].included)
			continue;
		begin_kind(j, "tweets", any, n++);
		write_object(&a->posts.v[i].post->pieces, a->fields.tweet, j);
	}
	if (n)
		jw_array_end(j);
}

static void include_media(const struct xanswer *a, struct jw *j, bool *any)
{
	size_t n = 0;

	for (size_t i = 0; i < a->granted_posts; i++) {
		const struct xpost *post = a->posts.v[i].post;

		for (size_t k = 0; a->posts.v[i].media && k < post->n_media; k++) {
			begin_kind(j, "media", any, n++);
			write_object(&post->media[k], a->fields.media, j);
		}
	}
	if (n)
		jw_array_end(j);
}

static void include_polls(const struct xanswer *a, struct jw *j, bool *any)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_data; i++) {
		if (!(a->fields.expansions & FIELD(EXPAND_POLL)) || !xanswer_post(a, i)->has_poll)
			continue;
		begin_kind(j, "polls", any, n++);
		write_object(&xanswer_post(a, i)->poll, a->fields.poll, j);
	}
	if (n)
		jw_array_end(j);
}

void xanswer_write_includes(const struct xanswer *a, struct jw *j)
{
	bool any = false;

	if (!a->fields.expansions)
		return;
	include_users(a, j, &any);
	include_posts(a, j, &any);
	include_media(a, j, &any);
	include_polls(a, j, &any);
	if (any)
		jw_object_end(j);
}
