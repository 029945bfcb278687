#include "base/base.h"

#include "core/ring.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct ring *new_ring(void **state)
{
	struct ring *r = xcalloc(1, sizeof(*r));

	*state = r;
	r->whole = r->complete = true;
	return r;
}

static int setup(void **state)
{
	new_ring(state);
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void test_order_and_repeats(void **state)
{
	struct ring *r = *state;
	struct ring_entry page[10];
	bool enough;

	assert_true(ring_push(r, (struct ring_entry){10, 0}));
	assert_true(ring_push(r, (struct ring_entry){30, 0}));
	assert_true(ring_push(r, (struct ring_entry){20, 0}));
	assert_false(ring_push(r, (struct ring_entry){20, 0}));
	assert_int_equal(ring_page(r, 0, INT64_MAX, false, page, 10, &enough), 3);
	assert_true(enough);
	assert_int_equal(page[0].id, 30);
	assert_int_equal(page[1].id, 20);
	assert_int_equal(page[2].id, 10);
	assert_int_equal(ring_page(r, 10, INT64_MAX, true, page, 1, &enough), 1);
	assert_int_equal(page[0].id, 20);
	assert_int_equal(ring_page(r, 10, 30, false, page, 10, &enough), 1);
}

static void test_boosts_are_shown_once(void **state)
{
	struct ring *r = *state;

	assert_true(ring_push(r, (struct ring_entry){1, 0}));
	assert_false(ring_push(r, (struct ring_entry){2, 1}));
	for (int64_t id = 3; id < 3 + RING_BOOST_DISTANCE; id++)
		assert_true(ring_push(r, (struct ring_entry){id, 0}));
	assert_true(ring_push(r, (struct ring_entry){100, 1}));
	assert_false(ring_push(r, (struct ring_entry){101, 1}));
}

/* Against a plain look through the newest entries, over wraps, late arrivals, removals and marks that collide. */
static void test_boosts_as_a_plain_look_finds_them(void **state)
{
	struct ring *r = *state;
	struct ring_entry page[RING_BOOST_DISTANCE];
	unsigned seed = 7;
	bool enough;

	for (int64_t id = 1000; id < 9000; id++) {
		int64_t wanted = id - 1 - rand_r(&seed) % (2 * RING_BOOST_DISTANCE);
		size_t n = ring_page(r, 0, INT64_MAX, false, page, ARRAY_LEN(page), &enough);
		bool shown = false;

		for (size_t i = 0; i < n; i++)
			shown = shown || (page[i].boost_of ? page[i].boost_of : page[i].id) == wanted;
		switch (rand_r(&seed) % 8) {
		case 0:
			ring_forget(r, wanted);
			break;
		case 1: /* one that comes late, if it is not there */
			ring_push(r, (struct ring_entry){wanted, 0});
			break;
		case 2:
		case 3:
			assert_int_equal(ring_push(r, (struct ring_entry){id, wanted}), !shown);
			break;
		default:
			assert_true(ring_push(r, (struct ring_entry){id, 0}));
		}
	}
}

static void test_overflow_forgets_the_oldest(void **state)
{
	struct ring *r = *state;
	struct ring_entry page[LIMIT_TIMELINE_RING + 5];
	bool enough;

	for (int64_t id = 1; id <= LIMIT_TIMELINE_RING + 5; id++)
		assert_true(ring_push(r, (struct ring_entry){id, 0}));
	assert_int_equal(ring_page(r, 0, INT64_MAX, false, page, ARRAY_LEN(page), &enough), LIMIT_TIMELINE_RING);
	assert_false(enough); /* older ones exist in the database */
	assert_int_equal(page[LIMIT_TIMELINE_RING - 1].id, 6);
	assert_false(ring_push(r, (struct ring_entry){2, 0}));
	ring_page(r, 5, INT64_MAX, true, page, 5, &enough);
	assert_false(enough);
	ring_page(r, 6, INT64_MAX, true, page, 5, &enough);
	assert_true(enough);
}

static void test_fill_goes_beneath_what_arrived(void **state)
{
	struct ring *r = *state;
	struct ring_entry page[10], older[] = {{6, 0}, {5, 0}, {4, 0}};
	bool enough;

	r->whole = r->complete = false;
	ring_push(r, (struct ring_entry){6, 0});
	ring_push(r, (struct ring_entry){7, 0});
	ring_page(r, 0, INT64_MAX, false, page, 2, &enough);
	assert_false(enough);
	ring_fill(r, older, 3, true);
	assert_int_equal(ring_page(r, 0, INT64_MAX, false, page, 10, &enough), 4);
	assert_true(enough);
	assert_int_equal(page[0].id, 7);
	assert_int_equal(page[3].id, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order_and_repeats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_boosts_are_shown_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_boosts_as_a_plain_look_finds_them, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overflow_forgets_the_oldest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fill_goes_beneath_what_arrived, setup, teardown),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
