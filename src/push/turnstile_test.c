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

static bool enter(uint64_t place, int64_t now)
{
	struct visitor v;
	enum admission a = turnstile_enter(t, place, &v, now, &wait_ms);

	assert_int_not_equal(a, HELD);
	return a == ADMITTED;
}

static void leave(uint64_t place, enum visit visit, int64_t rest_ms, int64_t now)
{
	int64_t wait;

	assert_null(turnstile_leave(t, place, visit, rest_ms, now, &wait));
}

static int setup(void **state MAYBE_UNUSED)
{
	t = turnstile_new((struct turnstile_limits){.at_once = 4, .at_most = 8});
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
		assert_true(enter(HERE, 0));
	assert_false(enter(HERE, 0));
	assert_in_range(wait_ms, 1, 10 * SECOND);
	assert_true(enter(THERE, 0));
	leave(HERE, VISIT_UNKNOWN, 0, 0);
	assert_true(enter(HERE, 0));
}

static void a_place_that_fails_is_left_alone_then_tried_by_one(void **state MAYBE_UNUSED)
{
	int64_t now = 0;

	for (int i = 0; i < 4; i++)
		assert_true(enter(HERE, now));
	for (int i = 0; i < 4; i++)
		leave(HERE, VISIT_BAD, 0, now);
	assert_false(enter(HERE, now));
	assert_in_range(wait_ms, 30 * SECOND, 45 * SECOND);
	now += 31 * SECOND;
	assert_true(enter(HERE, now));
	assert_false(enter(HERE, now));
	leave(HERE, VISIT_BAD, 0, now);
	assert_false(enter(HERE, now));
	assert_in_range(wait_ms, 60 * SECOND, 90 * SECOND);
	now += 61 * SECOND;
	assert_true(enter(HERE, now));
	leave(HERE, VISIT_GOOD, 0, now);
	for (int i = 0; i < 4; i++)
		assert_true(enter(HERE, now));
}

static void the_rest_grows_to_a_quarter_of_an_hour(void **state MAYBE_UNUSED)
{
	int64_t now = 0;

	for (int i = 0; i < 40; i++) {
		assert_true(enter(HERE, now));
		leave(HERE, VISIT_BAD, 0, now);
		now += 16 * 60 * SECOND;
	}
	now -= 16 * 60 * SECOND;
	assert_false(enter(HERE, now + 15 * 60 * SECOND));
}

static void a_place_may_ask_for_rest(void **state MAYBE_UNUSED)
{
	assert_true(enter(HERE, 0));
	leave(HERE, VISIT_BAD, 10 * SECOND, 0);
	assert_false(enter(HERE, 9 * SECOND));
	assert_true(enter(HERE, 10 * SECOND));
	leave(HERE, VISIT_BAD, INT64_MAX, 10 * SECOND);
	assert_true(enter(HERE, 7200 * SECOND));
}

/* ---- those that wait before a place ---- */

static int setup_held(void **state MAYBE_UNUSED)
{
	t = turnstile_new((struct turnstile_limits){.at_once = 2, .at_most = 4, .held = 3});
	return 0;
}

static struct visitor visitors[5];

/* Two are in, three wait. */
static void fill(void)
{
	assert_true(enter(HERE, 0));
	assert_true(enter(HERE, 0));
	for (int i = 0; i < 3; i++)
		assert_int_equal(turnstile_enter(t, HERE, &visitors[i], 0, &wait_ms), HELD);
	assert_int_equal(turnstile_enter(t, HERE, &visitors[3], 0, &wait_ms), SENT_AWAY);
}

static size_t count(const struct visitor *list)
{
	size_t n = 0;

	for (; list; list = list->next)
		n++;
	return n;
}

static void who_waits_is_let_in_by_who_leaves(void **state MAYBE_UNUSED)
{
	fill();
	/* The place answers: it takes one more than before. */
	struct visitor *list = turnstile_leave(t, HERE, VISIT_GOOD, 0, 0, &wait_ms);
	assert_ptr_equal(list, &visitors[0]);
	assert_ptr_equal(list->next, &visitors[1]);
	assert_int_equal(count(list), 2);
	assert_int_equal(wait_ms, 0);
	assert_ptr_equal(turnstile_leave(t, HERE, VISIT_GOOD, 0, 0, &wait_ms), &visitors[2]);
	assert_true(enter(HERE, 0)); /* the fourth */
	assert_int_equal(turnstile_enter(t, HERE, &visitors[3], 0, &wait_ms), HELD);
	assert_ptr_equal(turnstile_leave(t, HERE, VISIT_UNKNOWN, 0, 0, &wait_ms), &visitors[3]);
	for (int i = 0; i < 4; i++)
		assert_null(turnstile_leave(t, HERE, VISIT_GOOD, 0, 0, &wait_ms));
}

static void who_waits_is_sent_away_when_the_place_fails(void **state MAYBE_UNUSED)
{
	fill();
	struct visitor *list = turnstile_leave(t, HERE, VISIT_BAD, 5 * SECOND, 0, &wait_ms);
	assert_int_equal(count(list), 3);
	assert_in_range(wait_ms, 5 * SECOND, 8 * SECOND);
	assert_null(turnstile_leave(t, HERE, VISIT_BAD, 0, 0, &wait_ms));
}

static void who_is_sent_away_comes_back_in_turn(void **state MAYBE_UNUSED)
{
	int64_t before;

	fill();
	before = wait_ms;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(turnstile_enter(t, HERE, &visitors[3], 0, &wait_ms), SENT_AWAY);
		assert_true(wait_ms > before);
		before = wait_ms;
	}
	assert_in_range(wait_ms, 2 * SECOND, 20 * SECOND);
}

static void at_the_end_nobody_waits(void **state MAYBE_UNUSED)
{
	fill();
	for (int i = 0; i < 2; i++)
		assert_true(enter(THERE, 0));
	assert_int_equal(turnstile_enter(t, THERE, &visitors[3], 0, &wait_ms), HELD);
	assert_int_equal(count(turnstile_close(t)), 4);
	assert_int_equal(turnstile_enter(t, HERE, &visitors[0], 0, &wait_ms), SENT_AWAY);
	assert_null(turnstile_leave(t, HERE, VISIT_GOOD, 0, 0, &wait_ms));
}

static void many_places_are_forgotten(void **state MAYBE_UNUSED)
{
	for (uint64_t place = 1; place < 30000; place++) {
		int64_t now = (int64_t)place * SECOND;
		assert_true(enter(place, now));
		leave(place, VISIT_BAD, 0, now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_place_keeps_nobody_from_another, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_that_fails_is_left_alone_then_tried_by_one, setup, teardown),
		cmocka_unit_test_setup_teardown(the_rest_grows_to_a_quarter_of_an_hour, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_may_ask_for_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(who_waits_is_let_in_by_who_leaves, setup_held, teardown),
		cmocka_unit_test_setup_teardown(who_waits_is_sent_away_when_the_place_fails, setup_held, teardown),
		cmocka_unit_test_setup_teardown(who_is_sent_away_comes_back_in_turn, setup_held, teardown),
		cmocka_unit_test_setup_teardown(at_the_end_nobody_waits, setup_held, teardown),
		cmocka_unit_test_setup_teardown(many_places_are_forgotten, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
