/*
 * id_test.c
 */
#include "base/base.h"
#include "base/id.h"

#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/map.h"

#define THREADS 4
#define EACH 20000

static void follows_the_clock(void **state MAYBE_UNUSED)
{
	int64_t before = clock_now(), id = id_next(), after = clock_now();
	assert_true(id > 0);
	assert_in_range(id_time(id), before, after);
	assert_int_equal(id_time(id_at(before)), before);
	assert_true(id_at(before) <= id);
	assert_int_equal(id_at(-1), 0);
	assert_true(id_at(INT64_MAX) > 0);
}

static void *take(void *arg)
{
	int64_t *ids = arg;
	for (size_t i = 0; i < EACH; i++)
		ids[i] = id_next();
	return NULL;
}

static void is_unique_and_increasing_across_threads(void **state MAYBE_UNUSED)
{
	pthread_t threads[THREADS];
	int64_t *ids = xcalloc(THREADS * EACH, sizeof(*ids));
	for (size_t t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, take, ids + t * EACH), 0);
	for (size_t t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);

	struct idset seen;
	idset_init(&seen);
	for (size_t i = 0; i < THREADS * EACH; i++) {
		assert_true(idset_add(&seen, (uint64_t)ids[i]));
		if (i % EACH)
			assert_true(ids[i] > ids[i - 1]);
	}
	idset_release(&seen);
	free(ids);
}

/* What JavaScript prints of a number of so many digits: the fewest that are the same double, then zeros. */
static int64_t through_javascript(int64_t id)
{
	char text[40];
	int64_t n = 0;
	int digits = 0;

	do
		snprintf(text, sizeof(text), "%.*e", digits++, (double)id);
	while (strtod(text, NULL) != (double)id);
	for (const char *p = text; *p != 'e'; p++)
		n = *p == '.' ? n : n * 10 + (*p - '0');
	for (int whole = snprintf(text, sizeof(text), "%.0f", (double)id); digits < whole; digits++)
		n *= 10;
	return n;
}

static void round_ones_survive_javascript(void **state MAYBE_UNUSED)
{
	for (int i = 0; i < 1000; i++) {
		int64_t before = id_next(), id = id_next_round();
		assert_true(id > before);
		assert_int_equal(id % 100, 0);
		assert_int_equal(through_javascript(id), id);
		assert_true(id_next() > id);
	}
	for (int64_t ms = 0; ms < INT64_C(8000000000000); ms += 7654321987) {
		int64_t id = id_at(ms) / 100 * 100;
		assert_int_equal(through_javascript(id), id);
	}
	assert_int_not_equal(through_javascript(INT64_C(117669474124038145)), INT64_C(117669474124038145));
}

/* A millisecond's first id is not the one that a program which does not stand apart begins with. */
static void stands_apart(void **state MAYBE_UNUSED)
{
	id_stand_apart();
	for (int64_t borrowed = id_next(); clock_now() <= id_time(borrowed);)
		;
	assert_int_not_equal(id_next() & 0xffff, 0);
}

/* Last: what it sees stays seen. */
static void continues_after_what_it_has_seen(void **state MAYBE_UNUSED)
{
	int64_t later = id_at(clock_now() + 3600 * 1000);
	id_seen(later);
	assert_int_equal(id_next(), later + 1);
	id_seen(1);
	id_seen(-1);
	id_seen(INT64_MAX);
	assert_int_equal(id_next(), later + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_clock),
		cmocka_unit_test(is_unique_and_increasing_across_threads),
		cmocka_unit_test(round_ones_survive_javascript),
		cmocka_unit_test(stands_apart),
		cmocka_unit_test(continues_after_what_it_has_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
