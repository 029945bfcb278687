/*
 * filter_set.c - see filter_set.h.
 */
#include "base/base.h"

#include "core/filter_set.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "core/events.h"

#define ARENA_BLOCK ((size_t)16 * 1024) /* of memory that the first text of a set costs */

#define WITHOUT 256 /* remembered of one set */

struct filter_sets {
	struct cache *cache;
	struct filter_set *none; /* of everybody without filters */
};

SQL(filter_set_any, "SELECT 1 FROM filters WHERE account_id = $1 LIMIT 1");

static struct filter_set empty;

static void release(struct cached *c)
{
	struct filter_set *s = (struct filter_set *)c;

	arena_release(&s->arena);
	free(s);
}

static bool in_force(const struct filter *f, int64_t now)
{
	return !f->expires_at || f->expires_at > now;
}

/* False: it can match nothing. */
static bool make_keyword(struct arena *a, const struct filter_keyword *k, struct set_keyword *ret)
{
	struct buf CLEANUP(buf_release) folded = {.max = 8 * k->text.len + 16};

	if (needle_fold(&folded, view_trim(k->text)) != OK || !folded.len)
		return false;
	*ret = (struct set_keyword){needle_make(arena_view(a, buf_view(&folded)), k->whole_word),
				    arena_view(a, k->text)};
	return true;
}

/* The parts of one filter are a run of all: *k and *s move behind it. */
static void make_filter(struct arena *a, const struct filters *all, const struct filter *f, size_t *k, size_t *s,
			struct set_filter *ret)
{
	size_t first_k = *k, first_s = *s;

	while (*k < all->n_keywords && all->keywords[*k].filter == f->id)
		++*k;
	while (*s < all->n_statuses && all->statuses[*s].filter == f->id)
		++*s;
	struct set_keyword *keywords = ARENA_ARRAY(a, *k - first_k, struct set_keyword);
	int64_t *posts = ARENA_ARRAY(a, *s - first_s, int64_t);
	*ret = (struct set_filter){.filter = *f, .keywords = keywords, .posts = posts};
	ret->filter.title = arena_view(a, f->title);
	for (size_t i = first_k; i < *k; i++)
		ret->n_keywords += make_keyword(a, &all->keywords[i], &keywords[ret->n_keywords]);
	for (size_t i = first_s; i < *s; i++)
		posts[ret->n_posts++] = all->statuses[i].post.v;
}

/* Parts of filters that are gone or were left out for their number are passed over. */
static void skip_to(const struct filters *all, int64_t id, size_t *k, size_t *s)
{
	while (*k < all->n_keywords && all->keywords[*k].filter < id)
		++*k;
	while (*s < all->n_statuses && all->statuses[*s].filter < id)
		++*s;
}

static void make(struct filter_set *set, const struct filters *all)
{
	struct set_filter *filters = ARENA_ARRAY(&set->arena, all->n, struct set_filter);
	int64_t now = clock_now();
	size_t k = 0, s = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct filter *f = &all->list[i];

		if (!in_force(f, now))
			continue;
		skip_to(all, f->id, &k, &s);
		make_filter(&set->arena, all, f, &k, &s, &filters[set->n++]);
		if (f->action == FILTER_HIDE)
			set->hides |= f->contexts;
		if (f->expires_at && (!set->stale_at || f->expires_at < set->stale_at))
			set->stale_at = f->expires_at;
	}
	set->filters = filters;
	set->without = (_Atomic uint64_t *)ARENA_ARRAY(&set->arena, WITHOUT, uint64_t);
}

static enum err load(struct core *c, struct db *db, struct account_id owner, struct filter_set **ret)
{
	struct filters all = {0};
	struct arena a;
	int64_t any;
	enum err found = db_int(db, &filter_set_any, BINDS(B_INT(owner.v)), &any);

	if (found == ERR_NOT_FOUND) {
		cached_ref(&c->filter_sets->none->cached);
		*ret = c->filter_sets->none;
		return OK;
	}
	TRY(found);
	arena_init(&a, LIMIT_CALL_ARENA);
	enum err err = filters_load(db, &a, owner, 0, &all);
	if (err == OK) {
		struct filter_set *set = xcalloc(1, sizeof(*set));

		set->owner = owner;
		arena_init(&set->arena, LIMIT_CALL_ARENA);
		make(set, &all);
		cached_init(&set->cached, sizeof(*set) + ARENA_BLOCK + set->arena.used, release);
		*ret = set;
	}
	arena_release(&a);
	return err;
}

enum err filter_set_get(struct core *c, struct db *db, struct account_id owner, struct filter_set **ret)
{
	struct cache *cache = c->filter_sets->cache;
	uint64_t generation, key = (uint64_t)owner.v;

	if (!owner.v) {
		*ret = &empty;
		return OK;
	}
	struct filter_set *set = (struct filter_set *)cache_find(cache, key, &generation);
	if (set && set->stale_at && set->stale_at <= clock_now()) {
		cache_forget(cache, key);
		filter_set_put(set);
		set = (struct filter_set *)cache_find(cache, key, &generation);
	}
	if (!set) {
		TRY(load(c, db, owner, &set));
		cache_keep(cache, key, &set->cached, generation);
	}
	*ret = set;
	return OK;
}

void filter_set_put(struct filter_set *s)
{
	if (s && s != &empty)
		cached_unref(&s->cached);
}

static const struct card *text_of(const struct filtered *f)
{
	return f->boosted ? f->boosted : f->card;
}

bool filter_set_spares(const struct filter_set *s, const struct filtered *f)
{
	return !s->n || account_eq(f->card->meta.author, s->owner) || account_eq(text_of(f)->meta.author, s->owner);
}

bool filter_keyword_matches(const struct set_keyword *k, const struct filtered *f)
{
	return needle_in(&k->needle, &text_of(f)->searched);
}

bool filter_post_matches(int64_t post, const struct filtered *f)
{
	return post == f->card->meta.id.v || (f->boosted && post == f->boosted->meta.id.v);
}

bool filter_matches(const struct set_filter *filter, const struct filtered *f)
{
	for (size_t i = 0; i < filter->n_keywords; i++)
		if (filter_keyword_matches(&filter->keywords[i], f))
			return true;
	for (size_t i = 0; i < filter->n_posts; i++)
		if (filter_post_matches(filter->posts[i], f))
			return true;
	return false;
}

static bool posts_match(const struct filter_set *s, const struct filtered *f)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->filters[i].n_posts; k++)
			if (filter_post_matches(s->filters[i].posts[k], f))
				return true;
	return false;
}

bool filter_set_matches(const struct filter_set *s, const struct filtered *f)
{
	if (filter_set_spares(s, f))
		return false;
	uint64_t hash = text_of(f)->searched.hash;
	_Atomic uint64_t *without = &s->without[hash % WITHOUT];
	if (atomic_load_explicit(without, memory_order_relaxed) == hash)
		return posts_match(s, f);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->filters[i].n_keywords; k++)
			if (filter_keyword_matches(&s->filters[i].keywords[k], f))
				return true;
	atomic_store_explicit(without, hash, memory_order_relaxed);
	return posts_match(s, f);
}

bool filter_set_hides(const struct filter_set *s, enum filter_context context, const struct filtered *f)
{
	if (!(s->hides & context) || !filter_set_matches(s, f))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct set_filter *one = &s->filters[i];

		if (one->filter.action == FILTER_HIDE && (one->filter.contexts & context) && filter_matches(one, f))
			return true;
	}
	return false;
}

enum err filter_set_hides_post(struct core *c, struct db *db, struct arena *a, const struct filter_set *s,
			       enum filter_context context, struct post_id id, bool *ret)
{
	struct card *card = NULL, *boosted = NULL;
	enum err err = OK;

	*ret = false;
	if (!(s->hides & context))
		return OK;
	err = card_get(c, db, a, id, &card);
	if (err == OK && card->meta.boost_of.v)
		err = card_get(c, db, a, card->meta.boost_of, &boosted);
	if (err == OK)
		*ret = filter_set_hides(s, context, &(struct filtered){card, boosted});
	card_put(boosted);
	card_put(card);
	return err == ERR_NOT_FOUND ? OK : err;
}

static void on_event(void *arg, const struct event *ev)
{
	struct filter_sets *sets = arg;

	if (ev->kind == EVENT_FILTERS_CHANGED)
		cache_forget(sets->cache, (uint64_t)ev->account.v);
}

struct filter_sets *filter_sets_new(struct core *c, size_t bytes)
{
	struct filter_sets *sets = xcalloc(1, sizeof(*sets));

	sets->cache = cache_new(bytes, METRIC_COUNT);
	sets->none = xcalloc(1, sizeof(*sets->none));
	cached_init(&sets->none->cached, 0, release);
	events_subscribe(c->events, on_event, sets);
	return sets;
}

void filter_sets_free(struct filter_sets *s)
{
	if (!s)
		return;
	cache_free(s->cache);
	cached_unref(&s->none->cached);
	free(s);
}
