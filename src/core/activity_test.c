/*
 * activity_test.c - weeks are counted by the task, and only read by who asks.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/activity.h"
#include "core/posts.h"

static void counted_weeks_are_read(void **state)
{
	struct fixture *f = *state;
	struct account_id who = fixture_account(f, "somebody");
	struct new_post np = {.author = who, .text = V("this week")};
	struct activity_week weeks[ACTIVITY_WEEKS];
	int64_t now = clock_now(), week = INT64_C(7) * 24 * 3600 * 1000;
	struct problem problem = {0};
	struct post_id id;

	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &problem), OK);
	assert_int_equal(activity_read(f->db, now, weeks), OK);
	assert_int_equal(weeks[0].posts, 0); /* not counted yet */
	assert_true(weeks[0].begin <= now && weeks[0].begin > now - week && weeks[1].begin == weeks[0].begin - week);
	assert_int_equal(activity_count(f->core, f->db, &f->arena, now), OK);
	assert_int_equal(activity_read(f->db, now, weeks), OK);
	assert_true(weeks[0].posts == 1 && weeks[0].registrations == 1 && weeks[1].posts == 0);
	assert_int_equal(activity_read(f->db, now + week, weeks), OK); /* a week later, before it is counted */
	assert_true(weeks[0].posts == 0 && weeks[1].posts == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counted_weeks_are_read),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
