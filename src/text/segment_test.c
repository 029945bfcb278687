/*
 * segment_test.c - tokens of texts and queries, and the folding beneath them.
 */
#include "base/base.h"
#include "text/segment.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"
#include "text/fold.h"

static void folds(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {
		{"", ""},
		{"Hello World", "hello world"},
		{"ÀÉÎõü", "aeiou"},
		{"Straße", "strasse"},
		{"ﬁne", "fine"},
		{"ＡＢＣ１２３", "abc123"},
		{"™", "tm"},
		{"Ἀθῆναι", "αθηναι"},
		{"ЁЖИК мой", "ежик мой"},
		{"Việt Nam", "viet nam"},
		{"שָׁלוֹם", "שלום"},
		{"مُحَمَّد", "محمد"},
		{"آأإ", "ااا"},
		{"مـحمد", "محمد"},
		{"हिन्दी", "हिन्दी"},
		{"がぎぐ", "がぎぐ"},
		{"ｶﾞ", "ガ"},
		{"한국", "한국"},
		{"co\xC2\xADop", "coop"},
		{"a\xE2\x80\x8B"
		 "b",
		 "a\xE2\x80\x8B"
		 "b"},
		{"\xCC\x81", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 1000);
		assert_int_equal(fold(&out, view_of(cases[i].text)), OK);
		if (!view_is(buf_view(&out), cases[i].folded))
			fail_msg("%s gives %.*s", cases[i].text, VIEW_ARG(buf_view(&out)));
		buf_release(&out);
	}
	struct buf out;
	buf_init(&out, 4);
	assert_int_equal(fold(&out, V("a\xff")), ERR_INVALID);
	assert_int_equal(fold(&out, V("a\0")), ERR_INVALID);
	assert_int_equal(fold(&out, V("\xEF\xB7\xBA")), ERR_TOO_LARGE); /* U+FDFA: 18 characters */
	buf_release(&out);
}

static void texts(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
		{"", ""},
		{" .,!? ", ""},
		{"Hello, World!", "hello world"},
		{"don't", "don t"},
		{"snake_case #Tag @user@b.org", "snake case tag user b org"},
		{"C++ 3.14 x²", "c 3 14 x2"},
		{"日本語", "日 本 語"},
		{"ラーメン", "ラ ー メ ン"},
		{"ｶﾞﾝﾀﾞﾑ", "ガ ン ダ ム"},
		{"東京Tower２", "東 京 tower2"},
		{"人々〆", "人 々 〆"},
		{"한국어 공부", "한국어 공부"},
		{"ที่นี่", "ที่ นี่"},
		{"ខ្មែរ", "ខ្ មែ រ"},
		{"မြန်မာ", "မြ န် မာ"},
		{"ລາວ", "ລ າ ວ"},
		{"हिन्दी भाषा", "हिन्दी भाषा"},
		{"a\xE2\x80\x8B"
		 "b",
		 "a b"},
		{"🎉 party🎉time", "party time"},
		{"\xCC\x81"
		 "a",
		 "a"},
		{"https://example.com/a?b=c", "https example com a b c"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 1000);
		assert_int_equal(segment(&out, view_of(cases[i].text)), OK);
		if (!view_is(buf_view(&out), cases[i].tokens))
			fail_msg("%s gives %.*s", cases[i].text, VIEW_ARG(buf_view(&out)));
		buf_release(&out);
	}
}

static void token_limits(void **state MAYBE_UNUSED)
{
	char text[LIMIT_KIB];
	struct buf out;
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 2, " y", 2);
	buf_init(&out, LIMIT_KIB);
	assert_int_equal(segment(&out, view_make(text, sizeof(text))), OK);
	assert_int_equal(out.len, SEGMENT_TOKEN_BYTES + 2);
	assert_true(view_ends(buf_view(&out), V("x y")));
	buf_release(&out);
	buf_init(&out, 10);
	assert_int_equal(segment(&out, view_make(text, sizeof(text))), ERR_TOO_LARGE);
	buf_release(&out);
	buf_init(&out, 10);
	assert_int_equal(segment(&out, V("a\xff")), ERR_INVALID);
	buf_release(&out);
}

static void nasty(void **state MAYBE_UNUSED)
{
	static const char *const pieces[] = {"@", "a ",		  "日", "\xCC\x81",	      "e\xCC\x81",
					     "ﷺ", "\xE0\xB9\x88", "𝕬",	"👨‍👩‍👧", "Ω\xCD\x85"};
	size_t size = 64 * LIMIT_KIB;
	char *text = xmalloc(size);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]), whole = size - size % len;
		struct buf out;
		for (size_t at = 0; at < whole; at++)
			text[at] = pieces[i][at % len];
		buf_init(&out, 20 * size);
		assert_int_equal(segment(&out, view_make(text, whole)), OK);
		buf_release(&out);
	}
	free(text);
}

/* Terms as -from=alice "a b"*; the star is prefix. */
static void describe(struct view query, size_t max, struct buf *out)
{
	struct arena a;
	struct segment_term terms[LIMIT_QUERY_TERMS];
	arena_init(&a, LIMIT_MIB);
	size_t n = segment_query(&a, query, max, terms);
	buf_add_str(out, "");
	for (size_t i = 0; i < n; i++) {
		buf_add_str(out, i ? "|" : "");
		buf_add_str(out, terms[i].negated ? "-" : "");
		if (terms[i].op.len)
			buf_printf(out, "%.*s=%.*s", VIEW_ARG(terms[i].op), VIEW_ARG(terms[i].value));
		buf_add(out, terms[i].phrase);
		buf_add_str(out, terms[i].prefix ? "*" : "");
	}
	arena_release(&a);
}

static void queries(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *query, *terms;
	} cases[] = {
		{"", ""},
		{"  ", ""},
		{"Hello World", "hello|world"},
		{"\"Hello World\" x", "hello world|x"},
		{"“Hello World” x", "hello world|x"},
		{"\"open end", "open end"},
		{"a\"b c\"d", "a|b c|d"},
		{"-foo -\"bar baz\" qux", "-foo|-bar baz|qux"},
		{"- foo", "foo"},
		{"--foo", "-foo"},
		{"foo-bar", "foo bar"},
		{"don't", "don t"},
		{"kic*", "kic*"},
		{"*", ""},
		{"東京タワー", "東 京 タ ワ ー"},
		{"東京　大阪", "東 京|大 阪"},
		{"東京tower", "東 京 tower"},
		{"한국어", "한국어*"},
		{"\"한국어\"", "한국어"},
		{"#Tag @user", "tag|user"},
		{"from:alice@b.org cats", "from=alice@b.org|cats"},
		{"-HAS:media", "-has=media"},
		{"from: x", "from|x"},
		{"foo:bar", "foo bar"},
		{"before:2024-01-02", "before=2024-01-02"},
		{"https://a.com", "https a com"},
		{"\"\" \"!\" ' x", "x"},
		{"\xff ok", "ok"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, LIMIT_MIB);
		describe(view_of(cases[i].query), LIMIT_QUERY_TERMS, &out);
		if (!view_is(buf_view(&out), cases[i].terms))
			fail_msg("%s gives %.*s", cases[i].query, VIEW_ARG(buf_view(&out)));
		buf_release(&out);
	}
}

static void query_limits(void **state MAYBE_UNUSED)
{
	struct buf out;
	char text[64 * 1024];
	buf_init(&out, LIMIT_MIB);
	describe(V("a b c"), 2, &out);
	assert_string_equal(out.p, "a|b");
	buf_clear(&out);
	describe(V("a"), 0, &out);
	assert_int_equal(out.len, 0);
	memset(text, '"', sizeof(text));
	describe(view_make(text, sizeof(text)), LIMIT_QUERY_TERMS, &out);
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "ﷺ"[i % 3];
	describe(view_make(text, sizeof(text)), LIMIT_QUERY_TERMS, &out);
	assert_true(out.len > LIMIT_QUERY_BYTES && utf8_valid(buf_view(&out)));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds), cmocka_unit_test(texts),   cmocka_unit_test(token_limits),
		cmocka_unit_test(nasty), cmocka_unit_test(queries), cmocka_unit_test(query_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
