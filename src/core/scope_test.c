/*
 * scope_test.c - which scope opens which door.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "core/scope.h"

static scope_set parsed(const char *text)
{
	scope_set set = 0;
	assert_int_equal(scope_parse(view_of(text), &set), OK);
	return set;
}

static void broad_contains_narrow(void **state)
{
	(void)state;
	assert_true(scope_has(parsed("read"), SCOPE_READ_STATUSES));
	assert_true(scope_has(parsed("read"), SCOPE_READ_COLLECTIONS));
	assert_true(scope_has(parsed("read"), SCOPE_PROFILE));
	assert_false(scope_has(parsed("read"), SCOPE_WRITE_STATUSES));
	assert_false(scope_has(parsed("read:statuses"), SCOPE_READ));
	assert_false(scope_has(parsed("read:statuses"), SCOPE_READ_ACCOUNTS));
	assert_false(scope_has(parsed("profile"), SCOPE_READ_ACCOUNTS));
	assert_true(scope_has(parsed("write"), SCOPE_WRITE_MUTES));
	assert_false(scope_has(parsed("write"), SCOPE_PUSH));
	assert_true(scope_has(0, SCOPE_NONE));
}

static void follow_is_six_scopes(void **state)
{
	(void)state;
	scope_set set = parsed("follow");
	assert_true(scope_has(set, SCOPE_READ_BLOCKS));
	assert_true(scope_has(set, SCOPE_WRITE_FOLLOWS));
	assert_true(scope_has(set, SCOPE_WRITE_MUTES));
	assert_false(scope_has(set, SCOPE_READ_LISTS));
}

static void words_and_separators(void **state)
{
	(void)state;
	scope_set set = 0;
	assert_true(parsed("read write") == parsed("write+read"));
	assert_true(parsed("  read  ") == parsed("read"));
	assert_true(parsed("") == 0);
	assert_int_equal(scope_parse(V("read nonsense"), &set), ERR_INVALID);
	assert_int_equal(scope_parse(V("READ"), &set), ERR_INVALID);
	assert_true(scope_subset(parsed("read:lists"), parsed("read write")));
	assert_false(scope_subset(parsed("read push"), parsed("read write")));
}

static void names_round_trip(void **state)
{
	(void)state;
	for (enum scope s = SCOPE_NONE + 1; s < SCOPE_COUNT; s++)
		assert_true(scope_has(parsed(scope_name(s)), s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broad_contains_narrow),
		cmocka_unit_test(follow_is_six_scopes),
		cmocka_unit_test(words_and_separators),
		cmocka_unit_test(names_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
