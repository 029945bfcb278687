/*
 * cache_test.c - many found at once are what each would be alone, and what is missing is kept or not as it would be.
 */
#include "base/base.h"
#include "core/cache.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/metrics.h"

struct number {
	struct cached cached;
	uint64_t v;
};

static struct cached *number(uint64_t v)
{
	struct number *n = xcalloc(1, sizeof(*n));

	n->v = v;
	cached_init(&n->cached, sizeof(*n), NULL);
	return &n->cached;
}

static void keep(struct cache *c, uint64_t key)
{
	struct cached *n = number(key);

	cache_keep(c, key, n, cache_generation(c, key));
	cached_unref(n);
}

/* Every third is there. */
static void test_many(void **state)
{
	struct cache *c = cache_new(1 << 20, METRIC_COUNT);
	uint64_t keys[CACHE_MANY], generations[CACHE_MANY], generation;
	struct cached *found[CACHE_MANY];
	(void)state;

	for (uint64_t i = 0; i < 1000; i += 3)
		keep(c, i);
	for (size_t n = 0; n <= CACHE_MANY; n += 8) {
		for (size_t i = 0; i < n; i++)
			keys[i] = i % 7 ? n + i : n; /* some twice */
		cache_find_many(c, keys, n, found, generations);
		for (size_t i = 0; i < n; i++) {
			struct cached *alone = cache_find(c, keys[i], &generation);

			assert_ptr_equal(found[i], alone);
			if (alone)
				assert_int_equal(((struct number *)alone)->v, keys[i]);
			else
				assert_int_equal(generations[i], generation);
			assert_int_equal(alone != NULL, keys[i] % 3 == 0);
			cached_unref(found[i]);
			cached_unref(alone);
		}
	}
	cache_free(c);
}

static void test_forgotten_meanwhile(void **state)
{
	struct cache *c = cache_new(1 << 20, METRIC_COUNT);
	const uint64_t keys[] = {5, 6};
	uint64_t generations[2], generation;
	struct cached *found[2], *five = number(5);
	(void)state;

	cache_find_many(c, keys, 2, found, generations);
	assert_null(found[0]);
	cache_forget(c, 5);
	cache_keep(c, 5, five, generations[0]); /* read too early */
	assert_null(cache_find(c, 5, &generation));
	cache_keep(c, 5, five, generation);
	cache_find_many(c, keys, 2, found, generations);
	assert_ptr_equal(found[0], five);
	cache_free(c);
	assert_int_equal(((struct number *)found[0])->v, 5); /* held */
	cached_unref(found[0]);
	cached_unref(five);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_forgotten_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
