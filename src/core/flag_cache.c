/*
 * flag_cache.c - see flag_cache.h.
 */
#include "base/base.h"

#include "core/flag_cache.h"

#include <pthread.h>

#include "base/map.h"

#define SETS 128
#define WAYS 4

struct flag_cache {
	pthread_mutex_t lock;
	uint64_t generation;
	uint8_t next[SETS]; /* the way to overwrite next */
	struct {
		int64_t post[WAYS];
		uint8_t flags[WAYS];
	} sets[SETS];
};

struct flag_cache *flag_cache_new(void)
{
	struct flag_cache *f = xcalloc(1, sizeof(*f));

	pthread_mutex_init(&f->lock, NULL);
	return f;
}

void flag_cache_free(struct flag_cache *f)
{
	if (!f)
		return;
	pthread_mutex_destroy(&f->lock);
	free(f);
}

size_t flag_cache_bytes(void) { return sizeof(struct flag_cache); }

static size_t set_of(int64_t post) { return (size_t)(hash_u64((uint64_t)post) % SETS); }

static int way_of(const struct flag_cache *f, size_t set, int64_t post)
{
	for (int w = 0; w < WAYS; w++)
		if (f->sets[set].post[w] == post)
			return w;
	return -1;
}

size_t flag_cache_find(struct flag_cache *f, const struct post_id *posts, size_t n, uint8_t *ret, size_t *ret_missing,
		       uint64_t *ret_generation)
{
	size_t missing = 0;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < n; i++) {
		size_t set = posts[i].v ? set_of(posts[i].v) : 0;
		int w = posts[i].v ? way_of(f, set, posts[i].v) : -1;

		ret[i] = w >= 0 ? f->sets[set].flags[w] : 0;
		if (w < 0 && posts[i].v)
			ret_missing[missing++] = i;
	}
	*ret_generation = f->generation;
	pthread_mutex_unlock(&f->lock);
	return missing;
}

static void put(struct flag_cache *f, size_t set, int64_t post, uint8_t flags)
{
	uint8_t w = f->next[set];

	f->sets[set].post[w] = post;
	f->sets[set].flags[w] = flags;
	f->next[set] = (uint8_t)((w + 1) % WAYS);
}

void flag_cache_keep(struct flag_cache *f, int64_t post, uint8_t flags, uint64_t generation)
{
	size_t set = set_of(post);

	pthread_mutex_lock(&f->lock);
	if (f->generation == generation && way_of(f, set, post) < 0)
		put(f, set, post, flags);
	pthread_mutex_unlock(&f->lock);
}

void flag_cache_new_post(struct flag_cache *f, int64_t post)
{
	size_t set = set_of(post);

	pthread_mutex_lock(&f->lock);
	if (way_of(f, set, post) < 0)
		put(f, set, post, 0);
	pthread_mutex_unlock(&f->lock);
}

void flag_cache_forget(struct flag_cache *f, int64_t post)
{
	size_t set = set_of(post);

	pthread_mutex_lock(&f->lock);
	int w = way_of(f, set, post);
	if (w >= 0)
		f->sets[set].post[w] = 0;
	f->generation++;
	pthread_mutex_unlock(&f->lock);
}
