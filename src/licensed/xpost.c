/*
 * xpost.c - the cache of posts for licensees, and the judge.
 */
#include "base/base.h"

#include "licensed/xpost.h"

#include "base/limits.h"
#include "base/metrics.h"
#include "core/events.h"
#include "core/visibility.h"
#include "licensed/fingerprint.h"
#include "licensed/licensed.h"
#include "licensed/withhold.h"
#include "licensed/xpost_make.h"

struct xposts {
	struct cache *cache;
	struct licensed_authors *authors;
};

static void on_event(void *arg, const struct event *ev)
{
	struct xposts *x = arg;

	switch (ev->kind) {
	case EVENT_POST_CREATED: /* somebody asked for it before it was there */
	case EVENT_POST_EDITED:
	case EVENT_POST_DELETED:
	case EVENT_POST_COUNTS:
		cache_forget(x->cache, (uint64_t)ev->post.v);
		break;
	case EVENT_ACCOUNT_CHANGED:
		if (ev->other_id) /* its media are hidden, or not any more */
			cache_forget_all(x->cache);
		break;
	default:
		break;
	}
}

struct xposts *xposts_new(struct core *c, struct licensed_authors *authors, size_t bytes)
{
	struct xposts *x = xcalloc(1, sizeof(*x));

	x->cache = cache_new(bytes, METRIC_CARD_BYTES);
	x->authors = authors;
	events_subscribe(c->events, on_event, x);
	return x;
}

void xposts_free(struct xposts *x)
{
	if (!x)
		return;
	cache_free(x->cache);
	free(x);
}

void xpost_put(struct xpost *post)
{
	cached_unref(post ? &post->cached : NULL);
}

/* What is not there, and what may never go out: nobody's terms are asked. */
static struct xpost *make_nothing(struct post_id id)
{
	return xpost_bare(&(struct post_meta){.id = id}, NULL);
}

/* Rendered only when it may go out to this licensee: so what may not costs as much as what does not exist. */
static enum err make(struct core *c, struct db *db, struct arena *a, struct post_id id, const struct licence *licence,
		     struct xpost **ret)
{
	struct post_meta meta;
	struct author_terms terms;
	enum err err = post_load_meta(c, db, a, id, &meta);

	if (err == ERR_NOT_FOUND || (err == OK && !sellable(&meta))) {
		*ret = make_nothing(id);
		return OK;
	}
	TRY(err);
	struct licensed_author *author = licensed_author_get(c->licensed->authors, meta.author);
	err = licensed_author_terms(c, db, author, &terms);
	if (err == OK && !author_allows(&terms, licence)) {
		*ret = xpost_bare(&meta, author);
		return OK;
	}
	if (err == OK)
		err = xpost_make(c, db, a, id, author, ret);
	if (err != OK)
		licensed_author_put(author);
	if (err != ERR_NOT_FOUND)
		return err;
	*ret = make_nothing(id);
	return OK;
}

/* Made anew, and kept unless something has changed meanwhile. */
static enum err make_kept(struct core *c, struct db *db, struct post_id id, const struct licence *licence,
			  uint64_t generation, struct xpost **ret)
{
	struct arena scratch;

	metric_add(METRIC_CARD_MISSES, 1);
	arena_init(&scratch, LIMIT_CALL_ARENA);
	enum err err = make(c, db, &scratch, id, licence, ret);
	arena_release(&scratch);
	if (err == OK)
		cache_keep(c->licensed->posts->cache, (uint64_t)id.v, &(*ret)->cached, generation);
	return err;
}

static enum err remake(struct core *c, struct db *db, const struct licence *licence, struct xpost **post)
{
	struct cache *cache = c->licensed->posts->cache;
	struct post_id id = (*post)->meta.id;

	xpost_put(*post);
	*post = NULL;
	cache_forget(cache, (uint64_t)id.v);
	return make_kept(c, db, id, licence, cache_generation(cache, (uint64_t)id.v), post);
}

/*
 * Of all that a fingerprint is made from, only the author's followers change while a post is kept: the word is the number they had,
 * and the fingerprint.
 */
#define PRINT_BITS 16
_Static_assert(AUTHOR_FOLLOWERS_MAX < INT64_C(1) << (63 - PRINT_BITS), "both fit, beside the bit that says so");

static uint16_t print_of(const struct core *c, struct xpost *post, int64_t followers)
{
	uint64_t known = atomic_load_explicit(&post->print, memory_order_relaxed),
		 key = (UINT64_C(1) << 63) | (uint64_t)followers << PRINT_BITS;

	if (known >> PRINT_BITS != key >> PRINT_BITS) {
		known = key |
			fingerprint(&c->licensed->salt,
				    &(struct fingerprint_of){post->meta.id.v, post->version, post->likes, post->replies,
							     post->boosts, post->quotes, followers});
		atomic_store_explicit(&post->print, known, memory_order_relaxed);
	}
	return (uint16_t)known;
}

static void item_of(const struct core *c, struct xpost *post, int64_t followers, struct ledger_item *ret)
{
	*ret = (struct ledger_item){
		.id = post->meta.id.v,
		.version = post->version,
		.fingerprint = print_of(c, post, followers),
	};
}

/* A boost shows what it is of, so that has to be there, may go out too, and is the version that the boost shows. */
static enum err judge_boosted(struct core *c, struct db *db, const struct xpost *post, const struct licence *licence,
			      bool *ret_stale)
{
	struct ledger_item item;
	struct xpost *of;

	TRY(xpost_get(c, db, post->meta.boost_of, licence, &of, &item));
	*ret_stale = of->version != post->boosted_version;
	xpost_put(of);
	return OK;
}

/* ERR_NOT_FOUND: it may not go out. *ret_stale: it may, made anew. */
static enum err judge(struct core *c, struct db *db, struct xpost *post, const struct licence *licence,
		      struct ledger_item *ret_item, bool *ret_stale)
{
	struct author_terms terms;

	*ret_stale = false;
	if (!post->author)
		return ERR_NOT_FOUND;
	TRY(licensed_author_terms(c, db, post->author, &terms));
	if (!author_allows(&terms, licence))
		return ERR_NOT_FOUND;
	if (post->meta.boost_of.v)
		TRY(judge_boosted(c, db, post, licence, ret_stale));
	*ret_stale = *ret_stale || !post->rendered;
	item_of(c, post, terms.followers, ret_item);
	return OK;
}

/* What was found under the id, or nothing, becomes what may go out, or nothing. The reference goes with it. */
static enum err judged(struct core *c, struct db *db, struct post_id id, const struct licence *licence,
		       struct xpost *post, uint64_t generation, struct xpost **ret, struct ledger_item *ret_item)
{
	bool stale;

	if (!post)
		TRY(make_kept(c, db, id, licence, generation, &post));
	enum err err = judge(c, db, post, licence, ret_item, &stale);
	if (err == OK && stale) {
		TRY(remake(c, db, licence, &post));
		err = judge(c, db, post, licence, ret_item, &stale);
		/* It changes as fast as it is made. */
		if (err == OK && stale)
			err = ERR_NOT_FOUND;
	}
	if (err != OK) {
		xpost_put(post);
		return err;
	}
	*ret = post;
	return OK;
}

enum err xpost_get(struct core *c, struct db *db, struct post_id id, const struct licence *licence, struct xpost **ret,
		   struct ledger_item *ret_item)
{
	uint64_t generation = 0;

	id = withheld_as(licence, id);
	struct xpost *post = (struct xpost *)cache_find(c->licensed->posts->cache, (uint64_t)id.v, &generation);
	return judged(c, db, id, licence, post, generation, ret, ret_item);
}

/* ---- many ---- */

/* What judging and writing read of each, in the order in which one leads to the other. */
static void prefetch(struct cached *const *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct xpost *post = (const struct xpost *)found[i];

		if (post) {
			__builtin_prefetch(&post->author);
			__builtin_prefetch(&post->pieces);
			__builtin_prefetch(&post->print);
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct xpost *post = (const struct xpost *)found[i];

		if (post) {
			licensed_author_prefetch(post->author);
			__builtin_prefetch(post->pieces.ends);
		}
	}
}

void xposts_look(struct core *c, const struct licence *licence, const struct post_id *ids, size_t n,
		 struct xposts_ahead *ret)
{
	ret->n = n;
	ret->next = 0;
	for (size_t i = 0; i < n; i++)
		withheld_prefetch(licence, ids[i]);
	for (size_t i = 0; i < n; i++) {
		ret->ids[i] = ids[i];
		ret->keys[i] = (uint64_t)withheld_as(licence, ids[i]).v;
	}
	cache_find_many(c->licensed->posts->cache, ret->keys, n, ret->found, ret->generations);
	prefetch(ret->found, n);
}

enum err xposts_take(struct core *c, struct db *db, struct xposts_ahead *ahead, struct post_id id,
		     const struct licence *licence, struct xpost **ret, struct ledger_item *ret_item)
{
	size_t i = ahead->next;

	while (i < ahead->n && ahead->ids[i].v != id.v)
		i++;
	if (i == ahead->n)
		return xpost_get(c, db, id, licence, ret, ret_item);
	struct xpost *post = (struct xpost *)ahead->found[i];
	ahead->found[i] = NULL;
	ahead->next = i + 1;
	return judged(c, db, (struct post_id){(int64_t)ahead->keys[i]}, licence, post, ahead->generations[i], ret,
		      ret_item);
}

void xposts_leave(struct xposts_ahead *ahead)
{
	for (size_t i = 0; i < ahead->n; i++)
		cached_unref(ahead->found[i]);
	ahead->n = 0;
}
