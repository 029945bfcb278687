/*
 * leaving_test.c - thirty days to come back; a moderator's suspension is none of the owner's business.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "core/leaving.h"

#include "base/clock.h"
#include "core/account_delete.h"
#include "core/account_marks.h"

static bool is_hidden(struct fixture *f, struct account_id id)
{
	struct account a;

	assert_int_equal(account_load(f->db, &f->arena, id, &a), OK);
	return a.suspended;
}

static bool stays(struct fixture *f, struct account_id id)
{
	bool was_leaving;

	assert_int_equal(account_stay(f->core, id, &was_leaving), OK);
	return was_leaving;
}

static enum err may_login(struct fixture *f, struct account_id id)
{
	return account_may_login(f->db, id, NULL);
}

static void test_back(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "back");

	assert_false(stays(f, id));
	assert_int_equal(account_leave(f->core, id), OK);
	assert_true(is_hidden(f, id));
	assert_int_equal(account_leave(f->core, id), ERR_CONFLICT);
	assert_int_equal(may_login(f, id), OK);
	assert_int_equal(leaving_sweep(f->core, f->db, &f->arena, clock_now() + LEAVING_MS - 60000), OK);
	assert_true(stays(f, id));
	assert_false(is_hidden(f, id));
	assert_int_equal(leaving_sweep(f->core, f->db, &f->arena, clock_now() + 2 * LEAVING_MS), OK);
	assert_false(is_hidden(f, id));
}

static void test_moderators(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "bad"), other = fixture_account(f, "worse");

	assert_int_equal(account_leave(f->core, id), OK);
	assert_int_equal(account_mark(f->core, id, MARK_SUSPENDED, true), OK);
	assert_int_equal(may_login(f, id), ERR_FORBIDDEN);
	assert_false(stays(f, id));
	assert_true(is_hidden(f, id));

	assert_int_equal(account_mark(f->core, other, MARK_SUSPENDED, true), OK);
	assert_int_equal(account_leave(f->core, other), ERR_CONFLICT);
	assert_int_equal(may_login(f, other), ERR_FORBIDDEN);
}

static void test_gone(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "gone");
	bool waits = false;

	assert_int_equal(account_leave(f->core, id), OK);
	assert_int_equal(leaving_sweep(f->core, f->db, &f->arena, clock_now() + LEAVING_MS + 1000), OK);
	assert_int_equal(chore_waits(f->db, ACCOUNT_DELETE_KIND, id.v, &waits), OK);
	assert_true(waits);
	assert_false(stays(f, id));
	assert_int_equal(may_login(f, id), ERR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_moderators),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
