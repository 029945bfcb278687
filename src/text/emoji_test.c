/*
 * emoji_test.c
 */
#include "base/base.h"
#include "text/emoji.h"

#include <setjmp.h>
#include <cmocka.h>

static void one_emoji(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{"", false},
		{"a", false},
		{"1", false},
		{"!", false},
		{"é", false},
		{"日", false},
		{"👍", true},
		{"👍🏽", true},	      /* with a colour of skin */
		{"👨‍👩‍👧", true}, /* joined to a family */
		{"🇮🇩", true},
		{"🇮", false}, /* half a flag */
		{"1\xEF\xB8\x8F\xE2\x83\xA3", true},
		{"❤\xEF\xB8\x8F", true},
		{"❤", false}, /* as text */
		{"👍👍", false},
		{"👍a", false},
		{"\xFF", false},
		{"©", false},
		{"©\xEF\xB8\x8F", true},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (emoji_is_one(view_of(cases[i].text)) != cases[i].is)
			fail_msg("\"%s\" is %sone emoji", cases[i].text, cases[i].is ? "" : "not ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_emoji)};

	return cmocka_run_group_tests_name("emoji", tests, NULL, NULL);
}
