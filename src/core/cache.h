/*
 * cache.h - what was made from the database and may be made again: reference-counted values under a 64-bit key, with a
 * byte budget and eviction of what was not used lately. Sharded; any thread.
 *
 * A value made from a read that began before a change must not be kept behind it. So a miss answers the generation of
 * its key, the maker gives it back to cache_keep, and cache_forget moves the generation on: a value read too early is
 * used once by who made it, and not kept.
 */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include <stdatomic.h>

#include "base/base.h"

/* First member of everything cached. */
struct cached {
	_Atomic uint32_t refs;
	uint32_t bytes;			   /* all memory of the value */
	void (*release)(struct cached *c); /* NULL: free() */
};
static inline void cached_init(struct cached *c, size_t bytes, void (*release)(struct cached *))
{
	atomic_init(&c->refs, 1);
	c->bytes = (uint32_t)bytes;
	c->release = release;
}
void cached_ref(struct cached *c);
void cached_unref(struct cached *c); /* NULL-safe; the last one releases */

struct cache;
/* gauge: metric of the bytes held, or METRIC_COUNT for none. */
struct cache *cache_new(size_t budget_bytes, int gauge);
void cache_free(struct cache *c); /* NULL-safe */

/* A reference for the caller, or NULL and *ret_generation for cache_keep. */
struct cached *cache_find(struct cache *c, uint64_t key, uint64_t *ret_generation);
/*
 * cache_find() of many keys, at most CACHE_MANY: ret[i], or NULL and ret_generations[i]. Memory is waited for a few times for all
 * of them, and not a few times for each.
 */
#define CACHE_MANY 128
void cache_find_many(struct cache *c, const uint64_t *keys, size_t n, struct cached **ret, uint64_t *ret_generations);
/* For who makes a value without having looked for it. */
uint64_t cache_generation(struct cache *c, uint64_t key);
/* Takes a reference of its own, unless something was forgotten since, or a value stands there already. */
void cache_keep(struct cache *c, uint64_t key, struct cached *value, uint64_t generation);
void cache_forget(struct cache *c, uint64_t key);
/*
 * As cache_forget, but puts what change() makes of the value in its place: a new value (the reference goes to the
 * cache), or NULL. change() runs under the shard's lock and must be quick; it is not called when there is no value.
 */
void cache_change(struct cache *c, uint64_t key, struct cached *(*change)(const struct cached *old, const void *arg),
		  const void *arg);
void cache_forget_all(struct cache *c);
size_t cache_bytes(struct cache *c);

#endif
