/*
 * map.h - the one hash map: open addressing, SipHash (libsodium's crypto_shorthash) seeded per process. Two key
 * kinds: 64-bit ids and byte strings (copied in). Not thread-safe: the owner locks.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"

struct map_slot;
struct map {
	struct map_slot *slots;
	size_t count, mask, deleted;
};

void map_init(struct map *m);
void map_release(struct map *m); /* frees the slots, not the values */

void *map_get(const struct map *m, uint64_t key);	 /* NULL when absent */
void map_prefetch(const struct map *m, uint64_t key);	 /* map_get() of it is near: begins to fetch its slot */
void *map_put(struct map *m, uint64_t key, void *value); /* returns the value replaced, or NULL; value not NULL */
void *map_del(struct map *m, uint64_t key);		 /* returns the value removed, or NULL */
/* Iteration: size_t at = 0; while (map_next(m, &at, &key, &value)) … ; deleting the current entry is allowed. */
bool map_next(const struct map *m, size_t *at, uint64_t *ret_key, void **ret_value);

struct strmap_slot;
struct strmap {
	struct strmap_slot *slots;
	size_t count, mask, deleted;
};

void strmap_init(struct strmap *m);
void strmap_release(struct strmap *m);
void *strmap_get(const struct strmap *m, struct view key);
void *strmap_put(struct strmap *m, struct view key, void *value); /* as map_put */
void *strmap_del(struct strmap *m, struct view key);
bool strmap_next(const struct strmap *m, size_t *at, struct view *ret_key, void **ret_value);

/* A set of ids without values; 0 is never a member, adding it is a BUG(). */
struct idset {
	uint64_t *slots;
	size_t count, mask;
};
void idset_init(struct idset *s);
void idset_release(struct idset *s);
bool idset_has(const struct idset *s, uint64_t id);
bool idset_add(struct idset *s, uint64_t id); /* false when it was there */

uint64_t hash_bytes(struct view v); /* the seeded SipHash */
uint64_t hash_u64(uint64_t v);	    /* seeded, cheaper */

#endif
