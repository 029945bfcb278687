/*
 * line_marks.c - see line_marks.h. What is shown of a post is kept together with its version: whoever has edited a post has
 * taken back what it said before.
 */
#include "base/base.h"
#include "dataapi/line_marks.h"

static uint64_t version_of(const struct xpost *post)
{
	return (uint64_t)post->boosted_version << 32 | post->version;
}

void line_marks_add(struct line_marks *m, const struct xanswer *a, int64_t id, size_t end)
{
	for (size_t i = 0; i < a->posts.n; i++) {
		const struct xpost *post = a->posts.v[i].post;

		VEC_PUSH(&m->refs, (struct line_ref){post->meta.id.v, version_of(post), false});
	}
	for (size_t i = 0; i < a->users.n; i++)
		VEC_PUSH(&m->refs, (struct line_ref){a->users.v[i].user->id.v, 0, true});
	VEC_PUSH(&m->lines, (struct line_mark){id, end, m->refs.n});
}

void line_marks_release(struct line_marks *m)
{
	VEC_FREE(&m->lines);
	VEC_FREE(&m->refs);
}

static bool post_may_go(const struct line_ref *ref, struct core *c, struct db *db, const struct licence *licence)
{
	struct ledger_item unused;
	struct xpost *post;

	if (xpost_get(c, db, (struct post_id){ref->id}, licence, &post, &unused) != OK)
		return false;
	bool same = version_of(post) == ref->version;

	xpost_put(post);
	return same;
}

static bool user_may_go(const struct line_ref *ref, struct core *c, struct db *db, const struct licence *licence)
{
	struct ledger_item unused;
	struct xuser *user;

	if (xuser_get(c, db, (struct account_id){ref->id}, licence, &user, &unused) != OK)
		return false;
	xuser_put(user);
	return true;
}

size_t line_marks_judge(const struct line_marks *m, struct core *c, struct db *db, const struct licence *licence,
			size_t from, size_t to)
{
	size_t at = from ? m->lines.v[from - 1].n_refs : 0;

	for (; from < to; from++)
		for (; at < m->lines.v[from].n_refs; at++) {
			const struct line_ref *ref = &m->refs.v[at];

			if (!(ref->user ? user_may_go : post_may_go)(ref, c, db, licence))
				return from;
		}
	return to;
}
