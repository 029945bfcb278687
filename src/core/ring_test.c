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
		cmocka_unit_test_setup_teardown(test_overflow_forgets_the_oldest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fill_goes_beneath_what_arrived, setup, teardown),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
