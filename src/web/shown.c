/*
 * shown.c - see shown.h.
 */
#include "base/base.h"

#include "web/shown.h"

#include "base/map.h"
#include "core/filter_set.h"
#include "core/polls.h"
#include "present/status_quote.h"
#include "web/kept.h"

struct loader {
	struct call *c;
	struct map accounts; /* by id; in the arena */
	shown_fits *fits;
	struct filter_set *filters;
	unsigned context;
};

/* *ret NULL: there is no such account. */
static enum err load_account(struct loader *l, struct account_id id, const struct account **ret)
{
	struct account *a = map_get(&l->accounts, (uint64_t)id.v);

	kept_shows(l->c, KEPT_ACCOUNT, id.v);
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

	kept_shows(c, KEPT_POST, s->post.meta.quote_of.v);
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

/* The title of the first filter that does this with it; empty: none does. */
static struct view first_that(const struct loader *l, enum filter_action action, const struct filtered *f)
{
	for (size_t i = 0; i < l->filters->n; i++) {
		const struct filter *filter = &l->filters->filters[i].filter;

		if (filter->action == action && filter->contexts & l->context &&
		    filter_matches(&l->filters->filters[i], f))
			return arena_view(l->c->arena, filter->title);
	}
	return V("");
}

/* ERR_NOT_FOUND: hidden. */
static enum err apply_filters(struct loader *l, struct shown_post *s)
{
	struct call *c = l->c;
	struct card *card, *boosted = NULL;

	if (!l->context || !l->filters->n || s->own)
		return OK;
	TRY(card_get(c->core, c->db, c->arena, s->id, &card));
	enum err err = s->booster ? card_get(c->core, c->db, c->arena, s->post.meta.id, &boosted) : OK;
	if (err == OK) {
		struct filtered f = {card, boosted};

		if (filter_set_hides(l->filters, (enum filter_context)l->context, &f))
			err = ERR_NOT_FOUND;
		s->filtered = first_that(l, FILTER_WARN, &f);
		s->blurred = first_that(l, FILTER_BLUR, &f);
	}
	card_put(boosted);
	card_put(card);
	return err;
}

static enum err load_votes(struct call *c, struct shown_post *s)
{
	int64_t votes[POLL_OPTIONS_MAX];
	size_t n = 0;

	if (!s->post.poll || !c->viewer->account.v)
		return OK;
	TRY(poll_own_votes(c->db, c->viewer->account, s->post.meta.id, votes, &n));
	for (size_t i = 0; i < n; i++)
		s->votes |= 1u << votes[i];
	s->voted = n || s->own;
	return OK;
}

/* ERR_NOT_FOUND: not shown. */
static enum err load_one(struct loader *l, struct post_id id, struct shown_post *ret)
{
	struct call *c = l->c;
	struct shown_post s = {.id = id};

	kept_shows(c, KEPT_POST, id.v);
	TRY(post_load(c->core, c->db, c->arena, id, &s.post));
	if (!l->fits(c->viewer, &s.post.meta))
		return ERR_NOT_FOUND;
	if (s.post.meta.boost_of.v) {
		TRY(load_account(l, s.post.meta.author, &s.booster));
		kept_shows(c, KEPT_POST, s.post.meta.boost_of.v);
		TRY(post_load(c->core, c->db, c->arena, s.post.meta.boost_of, &s.post));
		if (!l->fits(c->viewer, &s.post.meta))
			return ERR_NOT_FOUND;
	}
	TRY(load_account(l, s.post.meta.author, &s.author));
	if (!s.author)
		return ERR_NOT_FOUND;
	s.own = c->viewer->account.v && account_eq(c->viewer->account, s.author->id);
	TRY(apply_filters(l, &s));
	TRY(load_answered(l, &s));
	TRY(load_quoted(l, &s));
	TRY(load_votes(c, &s));
	*ret = s;
	return OK;
}

static enum err load_flags(struct call *c, struct shown_post *posts, size_t n)
{
	struct post_id *ids = ARENA_ARRAY(c->arena, n + 1, struct post_id);
	int64_t *threads = ARENA_ARRAY(c->arena, n + 1, int64_t);
	uint8_t *flags = ARENA_ARRAY(c->arena, n + 1, uint8_t);

	if (!c->viewer->account.v)
		return OK;
	for (size_t i = 0; i < n; i++) {
		ids[i] = posts[i].post.meta.id;
		threads[i] = posts[i].post.meta.thread_id;
	}
	TRY(viewer_flags(c->core, c->db, c->viewer, ids, threads, n, flags));
	for (size_t i = 0; i < n; i++)
		posts[i].flags = flags[i];
	return OK;
}

/* A thread of many large posts is shown as far as the call's memory goes. */
static enum err load_all(struct loader *l, const struct post_id *ids, size_t n, struct shown_post *ret, size_t *ret_n)
{
	const struct arena *a = l->c->arena;
	enum err err = OK;

	*ret_n = 0;
	for (size_t i = 0; i < n && err == OK && a->used < a->cap / 2; i++) {
		err = load_one(l, ids[i], &ret[*ret_n]);
		if (err == OK)
			++*ret_n;
		else if (err == ERR_NOT_FOUND)
			err = OK;
	}
	return err;
}

shown_fits *shown_rule(unsigned context)
{
	return context == FILTER_ACCOUNT ? profile_listed_for : listed_for;
}

enum err shown_load(struct call *c, const struct post_id *ids, size_t n, shown_fits *fits, unsigned context,
		    struct shown_post *ret, size_t *ret_n)
{
	struct loader l = {.c = c, .fits = fits, .context = context};
	size_t kept = 0;

	TRY(filter_set_get(c->core, c->db, c->viewer->account, &l.filters));
	map_init(&l.accounts);
	enum err err = load_all(&l, ids, n, ret, &kept);
	map_release(&l.accounts);
	filter_set_put(l.filters);
	TRY(err);
	TRY(load_flags(c, ret, kept));
	*ret_n = kept;
	return OK;
}
