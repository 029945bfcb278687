/*
 * tongue_test.c - words are found, in the language that was asked for.
 */
#include "base/base.h"

#include "text/tongue.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"

static void test_languages(void **state)
{
	static const struct {
		struct view header;
		enum tongue best;
	} cases[] = {
		{V(""), TONGUE_EN},
		{V("id"), TONGUE_ID},
		{V("id-ID,id;q=0.9,en;q=0.8"), TONGUE_ID},
		{V("en-GB,en;q=0.9,id;q=0.8"), TONGUE_EN},
		{V("fr, de;q=0.9, id;q=0.1"), TONGUE_ID},
		{V("fr"), TONGUE_EN},
		{V("id;q=0, en;q=0.1"), TONGUE_EN},
		{V("id;q=x, en;q=2"), TONGUE_EN},
		{V(",;;,q=,id ; q=0.5"), TONGUE_ID},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (tongue_accepted(cases[i].header) != cases[i].best)
			fail_msg("%.*s", VIEW_ARG(cases[i].header));
	assert_int_equal(tongue_of(V("id_ID")), TONGUE_ID);
	assert_int_equal(tongue_of(V("idn")), TONGUE_EN);
	assert_int_equal(tongue_of(V("")), TONGUE_EN);
	assert_string_equal(tongue_code(TONGUE_ID), "id");
}

static void test_words(void **state)
{
	struct arena a;
	(void)state;
	arena_init(&a, LIMIT_MIB);
	assert_true(view_is(say(TONGUE_EN, V("Log in")), "Log in"));
	assert_true(view_is(say(TONGUE_ID, V("Log in")), "Masuk"));
	assert_true(view_is(say(TONGUE_ID, V("nobody has translated this")), "nobody has translated this"));
	assert_true(view_is(say(TONGUE_ID, V("")), "")); /* not the catalogue's own head */
	assert_true(view_is(SAY_WITH(TONGUE_EN, &a, V("%s and %s, 100%"), V("%s"), V("b")), "%s and b, 100%"));
	assert_true(view_is(SAY_WITH(TONGUE_EN, &a, V("%s and %s"), V("a")), "a and %s"));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
