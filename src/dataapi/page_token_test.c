/*
 * page_token_test.c - tokens of pages: what was given out is read, nothing else is.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "dataapi/page_token.h"

static void test_round(void **state MAYBE_UNUSED)
{
	const int64_t places[] = {1, 17, INT64_C(117697038613020700), INT64_MAX};

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		for (int back = 0; back < 2; back++) {
			struct page_token t = {back, places[i]}, read = {0};
			char text[PAGE_TOKEN_LEN + 1];

			page_token_write(&t, text);
			assert_true(page_token_read(view_of(text), &read));
			assert_int_equal(read.back, t.back);
			assert_int_equal(read.place, t.place);
		}
}

static void test_others(void **state MAYBE_UNUSED)
{
	const char *const wrong[] = {
		"",		      "n",		     "zzz",
		"n000000000000001",   "n00000000000000001",  "x0000000000000001",
		"N0000000000000001",  "n000000000000000G",   "n00000000000000A1",
		"n0000000000000000",  "n8000000000000000",   "p-000000000000001",
		"n 000000000000001",  "0000000000000000n",
	};
	struct page_token t = {true, 5};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(page_token_read(view_of(wrong[i]), &t));
	assert_false(page_token_read(view_make("n000000000000000\0", 17), &t));
	assert_true(t.back && t.place == 5); /* untouched */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_round), cmocka_unit_test(test_others)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
