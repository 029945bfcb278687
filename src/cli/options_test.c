/*
 * options_test.c - the option parser.
 */
#include "base/base.h"
#include "cli/options.h"

#include <setjmp.h>

#include <cmocka.h>

static const struct option_row own[] = {{"email", "ADDRESS", ""}, {"json", NULL, ""}, {0}};
static const struct option_row common[] = {{"data", "DIR", ""}, {"help", NULL, ""}, {0}};

static enum err parse(struct options *o, struct problem *problem, int argc, char *const *argv)
{
	return options_parse(o, own, common, argc, argv, problem);
}
#define PARSE(o, problem, ...) parse((o), (problem), (int)ARRAY_LEN(((char *[]){__VA_ARGS__})), (char *[]){__VA_ARGS__})

static void options_and_operands_mix(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, NULL, "a", "--email", "x@y", "--data=/d=e", "b", "--json"), OK);
	assert_int_equal(o.n_operands, 2);
	assert_string_equal(o.operands[1], "b");
	assert_string_equal(option_text(&o, "email"), "x@y");
	assert_string_equal(option_text(&o, "data"), "/d=e");
	assert_true(option_given(&o, "json"));
	assert_false(option_given(&o, "help"));
}

static void dashes_end_options(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, NULL, "--", "--json", "-x"), OK);
	assert_int_equal(o.n_operands, 2);
	assert_false(option_given(&o, "json"));
	assert_int_equal(PARSE(&o, NULL, "-"), OK);
	assert_string_equal(o.operands[0], "-");
}

static void misuse_is_named(void **state)
{
	struct options o;
	struct problem p = {0};

	(void)state;
	assert_int_equal(PARSE(&o, &p, "--emial", "x"), ERR_INVALID);
	assert_non_null(strstr(p.text, "--emial"));
	assert_int_equal(PARSE(&o, &p, "--email"), ERR_INVALID);
	assert_non_null(strstr(p.text, "--email ADDRESS"));
	assert_int_equal(PARSE(&o, &p, "--json=1"), ERR_INVALID);
	assert_int_equal(PARSE(&o, &p, "--json", "--json"), ERR_INVALID);
	assert_non_null(strstr(p.text, "twice"));
	assert_int_equal(PARSE(&o, &p, "-j"), ERR_INVALID);
	char *many[OPERANDS_MAX + 1];
	for (size_t i = 0; i <= OPERANDS_MAX; i++)
		many[i] = (char *)"x";
	assert_int_equal(options_parse(&o, NULL, NULL, OPERANDS_MAX, many, &p), OK);
	assert_int_equal(options_parse(&o, NULL, NULL, OPERANDS_MAX + 1, many, &p), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_mix),
		cmocka_unit_test(dashes_end_options),
		cmocka_unit_test(misuse_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
