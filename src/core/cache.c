/*
 * cache.c - sixteen shards, each a map and a list behind a mutex that is held for a few dozen instructions. The list is
 * in the order of arrival; what was used since it arrived gets a second chance, so that a look-up writes no list.
 * Values are released outside the lock. A generation is shared by few keys: under many changes a second
 * nearly all that is read could not be kept otherwise.
 */
#include "base/base.h"

#include "core/cache.h"

#include <pthread.h>

#include "base/map.h"
#include "base/metrics.h"

#define SHARDS 16
#define GENERATIONS 64 /* of a shard */

struct entry {
	uint64_t key;
	struct cached *value;
	struct entry *newer, *older;
	bool used;
};

struct shard {
	pthread_mutex_t lock;
	struct map map;
	struct entry *newest, *oldest;
	size_t bytes, budget;
	uint64_t generations[GENERATIONS];
};

struct cache {
	struct shard shards[SHARDS];
	int gauge;
};

void cached_ref(struct cached *c)
{
	atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
}

void cached_unref(struct cached *c)
{
	if (!c || atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (c->release)
		c->release(c);
	else
		free(c);
}

struct cache *cache_new(size_t budget_bytes, int gauge)
{
	struct cache *c = xcalloc(1, sizeof(*c));

	c->gauge = gauge;
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&c->shards[i].lock, NULL);
		map_init(&c->shards[i].map);
		c->shards[i].budget = budget_bytes / SHARDS;
	}
	return c;
}

static struct shard *shard_of(struct cache *c, uint64_t key)
{
	return &c->shards[hash_u64(key) >> 60];
}

static uint64_t *generation_of(struct shard *s, uint64_t key)
{
	return &s->generations[(hash_u64(key) >> 48) % GENERATIONS];
}

static void unlink_entry(struct shard *s, struct entry *e)
{
	*(e->newer ? &e->newer->older : &s->newest) = e->older;
	*(e->older ? &e->older->newer : &s->oldest) = e->newer;
}

static void link_newest(struct shard *s, struct entry *e)
{
	e->newer = NULL;
	e->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = e;
	s->newest = e;
}

static void count_bytes(struct cache *c, struct shard *s, int64_t n)
{
	s->bytes = (size_t)((int64_t)s->bytes + n);
	if (c->gauge != METRIC_COUNT)
		metric_add((enum metric)c->gauge, n);
}

/* Takes e out; the caller unrefs the value and frees e outside the lock. */
static void take_out(struct cache *c, struct shard *s, struct entry *e)
{
	map_del(&s->map, e->key);
	unlink_entry(s, e);
	count_bytes(c, s, -(int64_t)(e->value->bytes + sizeof(*e)));
}

static void drop_chain(struct entry *e)
{
	while (e) {
		struct entry *next = e->older;

		cached_unref(e->value);
		free(e);
		e = next;
	}
}

void cache_free(struct cache *c)
{
	if (!c)
		return;
	cache_forget_all(c);
	for (size_t i = 0; i < SHARDS; i++) {
		map_release(&c->shards[i].map);
		pthread_mutex_destroy(&c->shards[i].lock);
	}
	free(c);
}

struct cached *cache_find(struct cache *c, uint64_t key, uint64_t *ret_generation)
{
	struct shard *s = shard_of(c, key);
	struct cached *value = NULL;

	pthread_mutex_lock(&s->lock);
	struct entry *e = map_get(&s->map, key);
	if (e) {
		e->used = true;
		value = e->value;
		cached_ref(value);
	} else {
		*ret_generation = *generation_of(s, key);
	}
	pthread_mutex_unlock(&s->lock);
	return value;
}

/* The keys of one shard; places are theirs in keys. What the next step reads is fetched for all before it begins. */
static void find_in_shard(struct shard *s, const uint64_t *keys, const uint8_t *places, size_t n, struct cached **ret,
			  uint64_t *ret_generations)
{
	struct entry *found[CACHE_MANY];

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n; i++)
		map_prefetch(&s->map, keys[places[i]]);
	for (size_t i = 0; i < n; i++) {
		found[i] = map_get(&s->map, keys[places[i]]);
		__builtin_prefetch(found[i], 1);
	}
	for (size_t i = 0; i < n; i++) {
		ret[places[i]] = found[i] ? found[i]->value : NULL;
		__builtin_prefetch(ret[places[i]], 1);
	}
	for (size_t i = 0; i < n; i++) {
		if (found[i]) {
			found[i]->used = true;
			cached_ref(ret[places[i]]);
		} else {
			ret_generations[places[i]] = *generation_of(s, keys[places[i]]);
		}
	}
	pthread_mutex_unlock(&s->lock);
}

_Static_assert(CACHE_MANY <= UINT8_MAX, "a place is a byte");

void cache_find_many(struct cache *c, const uint64_t *keys, size_t n, struct cached **ret, uint64_t *ret_generations)
{
	uint8_t shards[CACHE_MANY], places[CACHE_MANY];
	size_t ends[SHARDS] = {0}, begin = 0, at[SHARDS];

	if (n > CACHE_MANY)
		BUG("%zu keys at once", n);
	for (size_t i = 0; i < n; i++) {
		shards[i] = (uint8_t)(shard_of(c, keys[i]) - c->shards);
		ends[shards[i]]++;
	}
	for (size_t s = 0; s < SHARDS; s++) {
		at[s] = begin;
		begin = ends[s] += begin;
	}
	for (size_t i = 0; i < n; i++)
		places[at[shards[i]]++] = (uint8_t)i;
	for (size_t s = 0, from = 0; s < SHARDS; from = ends[s++])
		if (ends[s] > from)
			find_in_shard(&c->shards[s], keys, places + from, ends[s] - from, ret, ret_generations);
}

uint64_t cache_generation(struct cache *c, uint64_t key)
{
	struct shard *s = shard_of(c, key);

	pthread_mutex_lock(&s->lock);
	uint64_t generation = *generation_of(s, key);
	pthread_mutex_unlock(&s->lock);
	return generation;
}

/* Unlinks the oldest unused entries until the shard fits; answers them as a chain by `older`. */
static struct entry *evict(struct cache *c, struct shard *s)
{
	struct entry *out = NULL;

	while (s->bytes > s->budget && s->oldest && s->oldest != s->newest) {
		struct entry *e = s->oldest;

		if (e->used) {
			e->used = false;
			unlink_entry(s, e);
			link_newest(s, e);
			continue;
		}
		take_out(c, s, e);
		e->older = out;
		out = e;
	}
	return out;
}

void cache_keep(struct cache *c, uint64_t key, struct cached *value, uint64_t generation)
{
	struct shard *s = shard_of(c, key);
	struct entry *out = NULL;

	pthread_mutex_lock(&s->lock);
	if (*generation_of(s, key) == generation && !map_get(&s->map, key)) {
		struct entry *e = xcalloc(1, sizeof(*e));

		e->key = key;
		e->value = value;
		cached_ref(value);
		map_put(&s->map, key, e);
		link_newest(s, e);
		count_bytes(c, s, (int64_t)(value->bytes + sizeof(*e)));
		out = evict(c, s);
	}
	pthread_mutex_unlock(&s->lock);
	drop_chain(out);
}

void cache_forget(struct cache *c, uint64_t key)
{
	cache_change(c, key, NULL, NULL);
}

void cache_change(struct cache *c, uint64_t key, struct cached *(*change)(const struct cached *old, const void *arg),
		  const void *arg)
{
	struct shard *s = shard_of(c, key);
	struct cached *old = NULL;

	pthread_mutex_lock(&s->lock);
	struct entry *e = map_get(&s->map, key);
	(*generation_of(s, key))++;
	struct cached *value = e && change ? change(e->value, arg) : NULL;
	if (value) {
		old = e->value;
		count_bytes(c, s, (int64_t)value->bytes - (int64_t)old->bytes);
		e->value = value;
		e = NULL;
	} else if (e) {
		take_out(c, s, e);
		e->older = NULL;
	}
	pthread_mutex_unlock(&s->lock);
	cached_unref(old);
	drop_chain(e);
}

void cache_forget_all(struct cache *c)
{
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *s = &c->shards[i];
		struct entry *out = NULL;

		pthread_mutex_lock(&s->lock);
		for (size_t g = 0; g < GENERATIONS; g++)
			s->generations[g]++;
		while (s->oldest) {
			struct entry *e = s->oldest;

			take_out(c, s, e);
			e->older = out;
			out = e;
		}
		pthread_mutex_unlock(&s->lock);
		drop_chain(out);
	}
}

size_t cache_bytes(struct cache *c)
{
	size_t bytes = 0;

	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_lock(&c->shards[i].lock);
		bytes += c->shards[i].bytes;
		pthread_mutex_unlock(&c->shards[i].lock);
	}
	return bytes;
}
