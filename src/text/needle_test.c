/*
 * needle_test.c - words of filters in texts, and that the grams never rule out what is there.
 */
#include "base/base.h"
#include "text/needle.h"

#include <setjmp.h>
#include <cmocka.h>

struct made {
	struct buf text;
	uint64_t grams[256];
	struct haystack haystack;
};

static void make(struct made *m, struct view text)
{
	m->text = (struct buf){.max = 4 * text.len + 64};
	assert_int_equal(needle_fold(&m->text, text), OK);
	size_t words = haystack_gram_words(m->text.len);
	assert_true(words <= ARRAY_LEN(m->grams));
	haystack_fill(buf_view(&m->text), m->grams, words);
	m->haystack = (struct haystack){buf_view(&m->text), m->grams, words};
}

static bool finds(struct view text, struct view word, bool whole)
{
	struct made m;
	struct buf folded = {.max = 4 * word.len + 64};

	make(&m, text);
	assert_int_equal(needle_fold(&folded, word), OK);
	struct needle n = needle_make(buf_view(&folded), whole);
	bool found = needle_in(&n, &m.haystack);
	buf_release(&folded);
	buf_release(&m.text);
	return found;
}

static void words_are_found(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text, *word;
		bool part, whole; /* found as a part, and as a whole word */
	} cases[] = {
		{"", "a", false, false},
		{"a", "", false, false},
		{"a", "a", true, true},
		{"a", "ab", false, false},
		{"Hello World", "WORLD", true, true},
		{"helloworld", "world", true, false},
		{"worlds", "world", true, false},
		{"world-wide", "world", true, true},
		{"the world", "the world", true, true},
		{"the  world", "the world", false, false},
		{"xaxa axa", "axa", true, true},
		{"STRASSE", "straße", true, true},
		{"école", "ÉCOLE", true, true},
		{"école", "ecole", false, false},
		{"e\xCC\x81"
		 "cole",
		 "école", true, true}, /* composed either way */
		{"año", "ano", false, false},
		{"今日は日本語", "日本", true, false}, /* where words are not parted, none stands alone */
		{"日本", "日本", true, true},
		{"c++11", "c++", true, true},
		{"#tag", "#tag", true, true},
		{"x#tag", "#tag", true, true}, /* the end that is no word needs no boundary */
		{"a_b", "a", true, false},
		{"snake_case", "case", true, false},
		{"it's", "it", true, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool part = finds(view_of(cases[i].text), view_of(cases[i].word), false);
		bool whole = finds(view_of(cases[i].text), view_of(cases[i].word), true);

		if (part != cases[i].part || whole != cases[i].whole)
			fail_msg("\"%s\" in \"%s\": %d %d", cases[i].word, cases[i].text, part, whole);
	}
}

/* Every piece of a text is found in it, however long the text is. */
static void grams_rule_out_nothing_that_is_there(void **state MAYBE_UNUSED)
{
	static char text[40000];
	uint32_t seed = 12345;

	for (size_t i = 0; i < sizeof(text); i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (char)(seed >> 24 & 31) ? (char)('a' + (seed >> 24) % 26) : ' ';
	}
	for (size_t len = 1; len <= sizeof(text); len = len * 3 + 1) {
		struct made m;

		make(&m, view_make(text, len));
		for (size_t at = 0; at < len; at += 1 + len / 50) {
			size_t n = len - at < 17 ? len - at : 17;
			struct needle needle = needle_make(view_make(text + at, n), false);

			assert_true(needle_in(&needle, &m.haystack));
		}
		buf_release(&m.text);
	}
}

static void what_is_no_text_is_refused(void **state MAYBE_UNUSED)
{
	struct buf out = {.max = 64};

	assert_int_equal(needle_fold(&out, V("a\xFF")), ERR_INVALID);
	buf_release(&out);
	out = (struct buf){.max = 4};
	assert_int_equal(needle_fold(&out, V("too long")), ERR_TOO_LARGE);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(grams_rule_out_nothing_that_is_there),
		cmocka_unit_test(what_is_no_text_is_refused),
	};

	return cmocka_run_group_tests_name("needle", tests, NULL, NULL);
}
