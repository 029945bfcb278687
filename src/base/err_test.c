/*
 * err_test.c - fail stands in brackets because cmocka has a macro of that name.
 */
#include "base/base.h"
#include "base/err.h"

#include <setjmp.h>
#include <cmocka.h>

static void names_every_error(void **state MAYBE_UNUSED)
{
	for (int e = OK; e < ERR_COUNT; e++)
		assert_string_not_equal(err_name((enum err)e), "unknown error");
	assert_string_equal(err_name(ERR_COUNT), "unknown error");
	assert_string_equal(err_name((enum err) - 1), "unknown error");
}

static void carries_words(void **state MAYBE_UNUSED)
{
	struct problem p;
	assert_int_equal((fail)(&p, ERR_GONE, "%0300d", 7), ERR_GONE);
	assert_int_equal(strlen(p.text), sizeof(p.text) - 1);
	assert_int_equal((fail)(NULL, ERR_GONE, "x"), ERR_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names_every_error), cmocka_unit_test(carries_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
