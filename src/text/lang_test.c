/*
 * lang_test.c
 */
#include "base/base.h"
#include "text/lang.h"

#include <setjmp.h>
#include <cmocka.h>

static void codes(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text, *code; /* NULL: unknown */
	} cases[] = {
		{"en", "en"},	      {"EN", "en"},	 {"en-US", "en"}, {"pt_BR", "pt"},	  {"id", "id"},
		{"zh-tw", "zh-TW"},   {"zh-Hant", "zh"}, {"zh_CN", "zh"}, {"ms-arab", "ms-Arab"}, {"jbo", "jbo"},
		{"sr-Latn-RS", "sr"}, {"", NULL},	 {"-", NULL},	  {"xx", NULL},		  {"eng", NULL},
		{"e", NULL},	      {"english", NULL}, {"-en", NULL},	  {" en", NULL},	  {"en ", NULL},
		{"und", NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char code[LANG_BYTES] = "?";
		bool known = lang_normalise(view_of(cases[i].text), code);
		assert_int_equal(known, cases[i].code != NULL);
		assert_string_equal(code, known ? cases[i].code : "?");
	}
	char code[LANG_BYTES];
	assert_false(lang_normalise(V("en\0"), code));
	assert_false(lang_normalise(view_make(NULL, 0), code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(codes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
