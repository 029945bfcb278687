/*
 * shown.c - see shown.h.
 */
#include "base/base.h"

#include "web/shown.h"

#include "base/map.h"
#include "present/status_quote.h"

struct loader {
	struct call *c;
	struct map accounts; /* by id; in the arena */
	bool (*fits)(const struct viewer *v, const struct post_meta *m);
};

/* *ret NULL: there is no such account. */
static enum err load_account(struct loader *l, struct account_id id, const struct account **ret)
{
	struct account *a = map_get(&l->accounts, (uint64_t)id.v);

	if (!a) {
		a = ARENA_NEW(l->c->arena, struct account);
		enum err err = account_load(l->c->db, l->c->arena, id, a);
		if (err != OK && err != ERR_NOT_FOUND)
			return err;
		map_put(&l->accounts, (uint64_t)id.v, a);
	}
	*ret = a->id.v ? a : NULL;
	return OK;
}

static enum err load_answered(struct loader *l, struct shown_post *s)
{
	const struct post_meta *m = &s->post.meta;

	if (!m->reply_to_account.v || account_eq(m->reply_to_account, m->author))
		return OK;
	TRY(load_account(l, m->reply_to_account, &s->answered));
	if (s->answered && s->answered->suspended)
		s->answered = NULL;
	return OK;
}

/* What may be seen of it is judged as for a Status. */
static enum err load_quoted(struct loader *l, struct shown_post *s)
{
	struct call *c = l->c;
	const struct present p = {.core = c->core, .db = c->db, .arena = c->arena, .viewer = c->viewer};
	struct shown_quote *quoted = ARENA_NEW(c->arena, struct shown_quote);
	struct quote_shown q;

	TRY(quote_find(&p, &s->post.meta, &q));
	s->quotes = q.state;
	if (!q.card)
		return OK;
	enum err err = post_load(c->core, c->db, c->arena, q.card->meta.id, &quoted->post);
	card_put(q.card);
	if (!err)
		err = load_account(l, quoted->post.meta.author, &quoted->author);
	if (!err && quoted->author)
		s->quoted = quoted;
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ERR_NOT_FOUND: not shown. */
static enum err load_one(struct loader *l, struct post_id id, struct shown_post *ret)
{
	struct call *c = l->c;
	struct shown_post s = {.id = id};

	TRY(post_load(c->core, c->db, c->arena, id, &s.post));
	if (!l->fits(c->viewer, &s.post.meta))
		return ERR_NOT_FOUND;
	if (s.post.meta.boost_of.v) {
		TRY(load_account(l, s.post.meta.author, &s.booster));
		TRY(post_load(c->core, c->db, c->arena, s.post.meta.boost_of, &s.post));
		if (!l->fits(c->viewer, &s.post.meta))
			return ERR_NOT_FOUND;
	}
	TRY(load_account(l, s.post.meta.author, &s.author));
	if (!s.author)
		return ERR_NOT_FOUND;
	TRY(load_answered(l, &s));
	TRY(load_quoted(l, &s));
	*ret = s;
	return OK;
}

enum err shown_load(struct call *c, const struct post_id *ids, size_t n,
		    bool (*fits)(const struct viewer *v, const struct post_meta *m), struct shown_post *ret,
		    size_t *ret_n)
{
	struct loader l = {.c = c, .fits = fits};
	size_t kept = 0;
	enum err err = OK;

	map_init(&l.accounts);
	/* A thread of many large posts is shown as far as the call's memory goes. */
	for (size_t i = 0; i < n && err == OK && c->arena->used < c->arena->cap / 2; i++) {
		err = load_one(&l, ids[i], &ret[kept]);
		if (err == OK)
			kept++;
		else if (err == ERR_NOT_FOUND)
			err = OK;
	}
	map_release(&l.accounts);
	if (err == OK)
		*ret_n = kept;
	return err;
}
