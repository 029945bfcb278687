/*
 * session_cache.c - two generations of maps for each shard: what is used moves to the young one, and when that is full
 * the old one is dropped whole. Least recently used without a list.
 */
#include "base/base.h"

#include "core/session_cache.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"

#define SHARDS 16
#define GENERATION_MAX 4096 /* entries of one generation of one shard: 64 Ki to 128 Ki in all */
#define EPOCHS 4096
#define KEY_LEN (DIGEST_LEN + 1)

struct shard {
	pthread_mutex_t lock;
	struct strmap young, old;
};

struct session_cache {
	struct shard shards[SHARDS];
	_Atomic uint64_t changes;	 /* counts every session_cache_forget */
	_Atomic uint64_t epochs[EPOCHS]; /* the value of changes when this one was last moved */
};

struct session_cache *session_cache_new(void)
{
	struct session_cache *c = xcalloc(1, sizeof(*c));
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&c->shards[i].lock, NULL);
		strmap_init(&c->shards[i].young);
		strmap_init(&c->shards[i].old);
	}
	return c;
}

static void drop(struct strmap *m)
{
	size_t at = 0;
	struct view key;
	void *value;
	while (strmap_next(m, &at, &key, &value))
		free(value);
	strmap_release(m);
}

void session_cache_free(struct session_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		drop(&c->shards[i].young);
		drop(&c->shards[i].old);
		pthread_mutex_destroy(&c->shards[i].lock);
	}
	free(c);
}

struct session_mark session_cache_mark(struct session_cache *c)
{
	return (struct session_mark){atomic_load(&c->changes)};
}

static _Atomic uint64_t *epoch_of(struct session_cache *c, struct account_id account)
{
	return &c->epochs[hash_u64((uint64_t)account.v) % EPOCHS];
}

static struct view key_of(enum session_kind kind, const struct digest *d, char ret[KEY_LEN])
{
	ret[0] = (char)kind;
	memcpy(ret + 1, d->b, DIGEST_LEN);
	return view_make(ret, KEY_LEN);
}

static struct shard *shard_of(struct session_cache *c, const struct digest *d)
{
	return &c->shards[d->b[0] % SHARDS];
}

static void put(struct shard *s, struct view key, struct session_entry *e)
{
	if (s->young.count >= GENERATION_MAX) {
		drop(&s->old);
		s->old = s->young;
		strmap_init(&s->young);
	}
	free(strmap_put(&s->young, key, e));
}

/* The entry, in the young generation. Locked by the caller. */
static struct session_entry *get(struct session_cache *c, struct shard *s, struct view key)
{
	struct session_entry *e = strmap_get(&s->young, key);
	if (!e) {
		e = strmap_del(&s->old, key);
		if (e)
			put(s, key, e);
	}
	if (e && e->epoch < atomic_load(epoch_of(c, e->info.account))) {
		strmap_del(&s->young, key);
		free(e);
		return NULL;
	}
	return e;
}

bool session_cache_find(struct session_cache *c, enum session_kind kind, const struct digest *key,
			struct session_entry *ret)
{
	char bytes[KEY_LEN];
	struct view k = key_of(kind, key, bytes);
	struct shard *s = shard_of(c, key);
	pthread_mutex_lock(&s->lock);
	const struct session_entry *e = get(c, s, k);
	if (e)
		*ret = *e;
	pthread_mutex_unlock(&s->lock);
	return e != NULL;
}

void session_cache_keep(struct session_cache *c, enum session_kind kind, const struct digest *key,
			const struct session_entry *e, struct session_mark mark)
{
	char bytes[KEY_LEN];
	struct view k = key_of(kind, key, bytes);
	struct shard *s = shard_of(c, key);
	struct session_entry *mine = xmalloc(sizeof(*mine));
	*mine = *e;
	mine->epoch = mark.changes;
	pthread_mutex_lock(&s->lock);
	free(strmap_del(&s->old, k));
	put(s, k, mine);
	pthread_mutex_unlock(&s->lock);
}

bool session_cache_touch(struct session_cache *c, enum session_kind kind, const struct digest *key, int64_t before,
			 int64_t now)
{
	char bytes[KEY_LEN];
	struct view k = key_of(kind, key, bytes);
	struct shard *s = shard_of(c, key);
	bool mine = false;
	pthread_mutex_lock(&s->lock);
	struct session_entry *e = get(c, s, k);
	if (e && e->active_at < before) {
		e->active_at = now;
		mine = true;
	}
	pthread_mutex_unlock(&s->lock);
	return mine;
}

void session_cache_forget(struct session_cache *c, struct account_id account)
{
	uint64_t change = atomic_fetch_add(&c->changes, 1) + 1;
	_Atomic uint64_t *epoch = epoch_of(c, account);
	uint64_t seen = atomic_load(epoch);
	while (seen < change && !atomic_compare_exchange_weak(epoch, &seen, change))
		;
}
