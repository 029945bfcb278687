/*
 * flag_cache.h - one viewer's flags on the posts seen lately: a small 4-way set-associative table, so that a page of
 * posts read again costs no query and memory is fixed. Locks itself.
 */
#ifndef CORE_FLAG_CACHE_H
#define CORE_FLAG_CACHE_H

#include "base/id.h"

struct flag_cache;
struct flag_cache *flag_cache_new(void);
void flag_cache_free(struct flag_cache *f); /* NULL-safe */
size_t flag_cache_bytes(void);

/*
 * Fills ret[i] of the posts known, and *ret_missing (room for n) with the indexes of the others; answers how many those
 * are. Posts with id 0 have no flags. *ret_generation goes back to flag_cache_keep, which keeps nothing when a flag
 * changed in between.
 */
size_t flag_cache_find(struct flag_cache *f, const struct post_id *posts, size_t n, uint8_t *ret, size_t *ret_missing,
		       uint64_t *ret_generation);
void flag_cache_keep(struct flag_cache *f, int64_t post, uint8_t flags, uint64_t generation);
void flag_cache_new_post(struct flag_cache *f, int64_t post); /* made just now: no flags */
void flag_cache_forget(struct flag_cache *f, int64_t post);

#endif
