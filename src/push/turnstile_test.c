/*
 * turnstile_test.c
 */
#include "base/base.h"
#include "push/turnstile.h"

#include <setjmp.h>

#include <cmocka.h>

#define SECOND 1000
#define HERE 1
#define THERE 2

static struct turnstile *t;
static int64_t wait_ms;

static int setup(void **state MAYBE_UNUSED)
{
	t = turnstile_new(4);
	return 0;
}

static int teardown(void **state MAYBE_UNUSED)
{
	turnstile_free(t);
	return 0;
}

static void a_full_place_keeps_nobody_from_another(void **state MAYBE_UNUSED)
{
	for (int i = 0; i < 4; i++)
		assert_true(turnstile_enter(t, HERE, 0, &wait_ms));
	assert_false(turnstile_enter(t, HERE, 0, &wait_ms));
	assert_in_range(wait_ms, 1, 10 * SECOND);
	assert_true(turnstile_enter(t, THERE, 0, &wait_ms));
	turnstile_leave(t, HERE, VISIT_UNKNOWN, 0, 0);
	assert_true(turnstile_enter(t, HERE, 0, &wait_ms));
}

static void a_place_that_fails_is_left_alone_then_tried_by_one(void **state MAYBE_UNUSED)
{
	int64_t now = 0;

	for (int i = 0; i < 4; i++)
		assert_true(turnstile_enter(t, HERE, now, &wait_ms));
	for (int i = 0; i < 4; i++)
		turnstile_leave(t, HERE, VISIT_BAD, 0, now);
	assert_false(turnstile_enter(t, HERE, now, &wait_ms));
	assert_in_range(wait_ms, 30 * SECOND, 45 * SECOND);
	now += 31 * SECOND;
	assert_true(turnstile_enter(t, HERE, now, &wait_ms));
	assert_false(turnstile_enter(t, HERE, now, &wait_ms));
	turnstile_leave(t, HERE, VISIT_BAD, 0, now);
	assert_false(turnstile_enter(t, HERE, now, &wait_ms));
	assert_in_range(wait_ms, 60 * SECOND, 90 * SECOND);
	now += 61 * SECOND;
	assert_true(turnstile_enter(t, HERE, now, &wait_ms));
	turnstile_leave(t, HERE, VISIT_GOOD, 0, now);
	for (int i = 0; i < 4; i++)
		assert_true(turnstile_enter(t, HERE, now, &wait_ms));
}

static void the_rest_grows_to_a_quarter_of_an_hour(void **state MAYBE_UNUSED)
{
	int64_t now = 0;

	for (int i = 0; i < 40; i++) {
		assert_true(turnstile_enter(t, HERE, now, &wait_ms));
		turnstile_leave(t, HERE, VISIT_BAD, 0, now);
		now += 16 * 60 * SECOND;
	}
	now -= 16 * 60 * SECOND;
	assert_false(turnstile_enter(t, HERE, now + 15 * 60 * SECOND, &wait_ms));
}

static void a_place_may_ask_for_rest(void **state MAYBE_UNUSED)
{
	assert_true(turnstile_enter(t, HERE, 0, &wait_ms));
	turnstile_leave(t, HERE, VISIT_BAD, 10 * SECOND, 0);
	assert_false(turnstile_enter(t, HERE, 9 * SECOND, &wait_ms));
	assert_true(turnstile_enter(t, HERE, 10 * SECOND, &wait_ms));
	turnstile_leave(t, HERE, VISIT_BAD, INT64_MAX, 10 * SECOND);
	assert_true(turnstile_enter(t, HERE, 7200 * SECOND, &wait_ms));
}

static void many_places_are_forgotten(void **state MAYBE_UNUSED)
{
	for (uint64_t place = 1; place < 30000; place++) {
		int64_t now = (int64_t)place * SECOND;
		assert_true(turnstile_enter(t, place, now, &wait_ms));
		turnstile_leave(t, place, VISIT_BAD, 0, now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_place_keeps_nobody_from_another, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_that_fails_is_left_alone_then_tried_by_one, setup, teardown),
		cmocka_unit_test_setup_teardown(the_rest_grows_to_a_quarter_of_an_hour, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_may_ask_for_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(many_places_are_forgotten, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
