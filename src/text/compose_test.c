/*
 * compose_test.c - tokens, lengths and tag names, against what Mastodon makes of the same texts.
 */
#include "base/base.h"
#include "text/compose.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

/* Each token as kind, name and domain between bars: "m alice@b.org|t tag|u https://x.org". */
static void describe(struct view text, struct buf *out)
{
	struct arena a;
	arena_init(&a, LIMIT_MIB);
	struct tokens tokens = compose_tokens(&a, text, LIMIT_POST_TOKENS);
	size_t behind = 0;
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];
		assert_true(t->at >= behind && t->len > 0 && t->at + t->len <= text.len);
		behind = t->at + t->len;
		buf_printf(out, "%s%c %.*s", i ? "|" : "", "mtu"[t->kind], VIEW_ARG(t->name));
		if (t->domain.len)
			buf_printf(out, "@%.*s", VIEW_ARG(t->domain));
	}
	arena_release(&a);
}

struct token_case {
	const char *text, *tokens;
};

static void check_cases(const struct token_case *cases, size_t n)
{
	struct buf out;
	buf_init(&out, LIMIT_MIB);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&out);
		buf_add_str(&out, "");
		describe(view_of(cases[i].text), &out);
		if (!view_is(buf_view(&out), cases[i].tokens))
			fail_msg("%s\n gives    %.*s\n expected %s", cases[i].text, VIEW_ARG(buf_view(&out)),
				 cases[i].tokens);
	}
	buf_release(&out);
}

static void mentions(void **state MAYBE_UNUSED)
{
	static const struct token_case cases[] = {
		{"@alice", "m alice"},
		{"hi @alice, @bob_1!", "m alice|m bob_1"},
		{"@alice@example.com", "m alice@example.com"},
		{"@alice@example.com.", "m alice@example.com"},
		{"@Alice.B-c@Sub.Example.co-op", "m Alice.B-c@Sub.Example.co-op"},
		{"@alice.", "m alice"},
		{"@alice...", "m alice"},
		{"@alice--bob", "m alice--bob"},
		{"@alice@müller.de", "m alice@müller.de"},
		{"@alice@みんな", "m alice@みんな"},
		{"(@alice)", "m alice"},
		{".@alice", "m alice"},
		{"日本@alice", ""},
		{"a@example.com", ""},
		{"_@alice", ""},
		{"/@alice", ""},
		{"=@alice", ""},
		{"https://example.com/@alice", "u https://example.com/@alice"},
		{"@", ""},
		{"@ alice", ""},
		{"@@alice", "m alice"},
		{"@@@", ""},
		{"@alice@", ""},
		{"@alice@@", ""},
		{"@a@b@c @d", "m d"},
		{"@alice://", ""},
		{"@aliceé", ""},
		{"@alice日", "m alice"},
		{"@alice\xEF\xBC\xA0", ""},
		{"@alice\n@bob", "m alice|m bob"},
		{"@.alice", ""},
		{"\xff@alice\xff", "m alice"},
	};
	check_cases(cases, ARRAY_LEN(cases));
}

static void long_domain(void **state MAYBE_UNUSED)
{
	char text[300];
	struct buf out;
	buf_init(&out, LIMIT_MIB);
	for (size_t len = 253; len <= 254; len++) {
		memset(text, 'a', sizeof(text));
		memcpy(text, "@u@", 3);
		buf_clear(&out);
		describe(view_make(text, 3 + len), &out);
		assert_int_equal(out.len, len == 253 ? 4 + len : 0);
	}
	buf_release(&out);
}

static void tags(void **state MAYBE_UNUSED)
{
	static const struct token_case cases[] = {
		{"#tag", "t tag"},
		{"a #tag, #other.", "t tag|t other"},
		{"\xEF\xBC\x83tag", "t tag"},
		{"日本\xEF\xBC\x83タグ", ""},
		{"、#タグ。", "t タグ"},
		{"#日本語タグ", "t 日本語タグ"},
		{"#हिन्दी", "t हिन्दी"},
		{"#ประเทศไทย", "t ประเทศไทย"},
		{"#cafe\xCC\x81", "t cafe\xCC\x81"},
		{"#naïve", "t naïve"},
		{"#1", ""},
		{"#123", ""},
		{"#1a", "t 1a"},
		{"#a1", "t a1"},
		{"#1_2", "t 1_2"},
		{"#_", ""},
		{"#__", ""},
		{"#___", "t ___"},
		{"#a_", "t a_"},
		{"#one·two", "t one·two"},
		{"#one·", "t one"},
		{"#·one", ""},
		{"#スター・ウォーズ", "t スター・ウォーズ"},
		{"#می\xE2\x80\x8Cخواهم", "t می\xE2\x80\x8Cخواهم"},
		{"#a-b", "t a"},
		{"#a#b", "t a"},
		{"##a", "t a"},
		{"# a", ""},
		{"#", ""},
		{"x#tag", ""},
		{"/#tag", ""},
		{")#tag", ""},
		{"=#tag", ""},
		{"(#tag)", "t tag"},
		{"_#tag", "t tag"},
		{"$AAPL", ""},
		{"#🎉", ""},
		{"#a🎉", "t a"},
		{"#taghttps://example.com", "t tag"},
		{"#タグhttps://example.com", "t タグ|u https://example.com"},
		{"#1https://example.com", ""},
		{"#https://example.com", "t https"},
		{"https://example.com/#tag", "u https://example.com/#tag"},
	};
	check_cases(cases, ARRAY_LEN(cases));
}

static void links(void **state MAYBE_UNUSED)
{
	static const struct token_case cases[] = {
		{"http://google.com", "u http://google.com"},
		{"HTTPS://Example.COM/X", "u HTTPS://Example.COM/X"},
		{"(http://google.com/)", "u http://google.com/"},
		{"http://www.google.com!", "u http://www.google.com"},
		{"http://www.google.com'", "u http://www.google.com"},
		{"http://www.google.com>", "u http://www.google.com"},
		{"see https://a.example.org/x-y. Then", "u https://a.example.org/x-y"},
		{"https://nic.みんな/", "u https://nic.みんな/"},
		{"https://müller.de/ä", "u https://müller.de/ä"},
		{"https://xn--mller-kva.de/", "u https://xn--mller-kva.de/"},
		{"https://nic.xn--q9jyb4c", "u https://nic.xn--q9jyb4c"},
		{"https://i❤.ws/", "u https://i❤.ws/"},
		{"https://example.comを見て", "u https://example.com"},
		{"https://example.com/　abc", "u https://example.com/"},
		{"「[https://example.org/」", "u https://example.org/"},
		{"https://ja.wikipedia.org/wiki/日本", "u https://ja.wikipedia.org/wiki/日本"},
		{"https://en.wikipedia.org/wiki/Diaspora_(software)",
		 "u https://en.wikipedia.org/wiki/Diaspora_(software)"},
		{"(https://en.wikipedia.org/wiki/Diaspora_(software))",
		 "u https://en.wikipedia.org/wiki/Diaspora_(software)"},
		{"https://a.com/a(b(c)d)e", "u https://a.com/a(b(c)d)e"},
		{"https://a.com/a(b(c(d)))", "u https://a.com/a"},
		{"https://a.com/a(b", "u https://a.com/a"},
		{"https://a.com/()", "u https://a.com/"},
		{"https://a.com/?q=1&r=(2)", "u https://a.com/?q=1&r=(2"},
		{"https://a.com?q=1", "u https://a.com?q=1"},
		{"https://a.com/x?utf8=✓", "u https://a.com/x?utf8=✓"},
		{"https://a.com/x?", "u https://a.com/x"},
		{"https://a.com/.?x", "u https://a.com/"},
		{"https://a.com#frag", "u https://a.com#frag"},
		{"https://a.com:8080/x", "u https://a.com:8080/x"},
		{"https://a.com:", "u https://a.com"},
		{"https://a.com:123456/", "u https://a.com"},
		{"http://example.com/b<del>b</del>", "u http://example.com/b"},
		{"https://a.com/,,,,b,,,,", "u https://a.com/,,,,b"},
		{"https://a.com/!!!!!", "u https://a.com/"},
		{"https://a.com/x\xE2\x80\xAEtxt", "u https://a.com/x"},
		{"https://a.com/x\x01y", "u https://a.com/x"},
		{"https://a.com/x\xffy", "u https://a.com/x"},
		{"http://www\\.google\\.com", ""},
		{"http://localhost:3000/", ""},
		{"http://127.0.0.1/", ""},
		{"http://[::1]/", ""},
		{"http://a.c/", ""},
		{"http://-.com/", ""},
		{"http://..com/", ""},
		{"http://", ""},
		{"http://user@example.com/", ""},
		{"http://good.com@evil.com/", ""},
		{"xhttps://a.com/", ""},
		{"@https://a.com/", ""},
		{"ftp://a.com/", ""},
		{"javascript://a.com/", ""},
		{"example.com", ""},
		{"https://a.com/ https://b.com/", "u https://a.com/|u https://b.com/"},
		{"https://a.com,https://b.com", "u https://a.com|u https://b.com"},
		{"https://a.com/https://b.com/", "u https://a.com/https://b.com/"},
		{"https://a.com/@x@y.z#t", "u https://a.com/@x@y.z#t"},
	};
	check_cases(cases, ARRAY_LEN(cases));
}

static void limits(void **state MAYBE_UNUSED)
{
	struct arena a;
	arena_init(&a, LIMIT_KIB);
	struct tokens t = compose_tokens(&a, V("#a #b #c"), 2);
	assert_int_equal(t.n, 2);
	assert_true(view_is(t.v[1].name, "b"));
	assert_int_equal(compose_tokens(&a, V("#a"), 0).n, 0);
	assert_int_equal(compose_tokens(&a, V(""), 9).n, 0);
	assert_int_equal(compose_tokens(&a, view_make(NULL, 0), 9).n, 0);
	arena_release(&a);
}

/* Repetitions of these must be as fast as any text; a quadratic scan of a megabyte would take minutes. */
static void nasty(void **state MAYBE_UNUSED)
{
	static const char *const pieces[] = {
		"@",
		"#",
		"@a",
		"@a@",
		"@a@b",
		"#1",
		"#_",
		"#·",
		"h",
		"http://",
		"http://a.",
		"http://a.b/(",
		"https://a.co/(x",
		"https://a.co/((",
		".",
		"-",
		"(",
		")",
		"\xCC\x81",
		"\xff",
		"\xEF\xBC\x83",
		"👨‍👩‍👧‍👦",
		"🇮🇩",
		"a.-",
		"#a://",
		"\xE2\x80\xAE",
		"\xF0\x9F",
		"http://a.co?",
		"\r",
		"　",
	};
	size_t size = LIMIT_POST_TEXT_BYTES;
	char *text = xmalloc(size);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]);
		for (size_t at = 0; at < size; at++)
			text[at] = pieces[i][at % len];
		struct token t;
		for (size_t at = 0, before = 0; compose_next(view_make(text, size), &at, &t); before = at)
			assert_true(at > before && t.at >= before && t.at + t.len == at);
		compose_length(view_make(text, size), view_make(text, 9));
	}
	free(text);
}

static void lengths(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text, *spoiler;
		size_t length;
	} cases[] = {
		{"", "", 0},
		{"hello", "", 5},
		{"hello", "cw", 7},
		{"e\xCC\x81", "", 1},
		{"👨‍👩‍👧‍👦", "", 1},
		{"🇮🇩🇯🇵", "", 2},
		{"👍🏽", "", 1},
		{"한국어", "", 3},
		{"a\r\nb", "", 3},
		{"http://a.bc", "", 23},
		{"https://example.com/a/very/long/path/that/goes/on/and/on?x=y", "", 23},
		{"see https://example.com/, https://b.org", "", 4 + 23 + 2 + 23},
		{"@alice", "", 6},
		{"@alice@social.example.com hi", "", 9},
		{"#tag", "", 4},
		{"@bob@x.org", "@bob@x.org", 14},
		{"\xff\xff", "", 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(compose_length(view_of(cases[i].text), view_of(cases[i].spoiler)), cases[i].length);
	assert_int_equal(compose_chars(V("🇮🇩 abc")), 5);
	assert_int_equal(compose_chars(view_make(NULL, 0)), 0);
}

static void tag_keys(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *name, *key; /* NULL: ERR_INVALID */
	} cases[] = {
		{"Cafe", "cafe"},
		{"Café", "cafe"},
		{"CAFE\xCC\x81", "cafe"},
		{"ＣＡＦＥ", "cafe"},
		{"Straße", "strasse"},
		{"東京", "東京"},
		{"ﾃｽﾄ", "テスト"},
		{"が", "が"},
		{"мой", "мой"},
		{"ЁЛКА", "елка"},
		{"one·two", "one·two"},
		{"a_b", "a_b"},
		{"می\xE2\x80\x8Cخواهم", "میخواهم"},
		{"İstanbul", "istanbul"},
		{"a b", "ab"},
		{"1", NULL},
		{"", NULL},
		{"!", NULL},
		{"\xCC\x81", NULL},
		{"\xff", NULL},
	};
	struct buf out;
	buf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_clear(&out);
		enum err err = compose_tag_key(&out, view_of(cases[i].name));
		assert_int_equal(err, cases[i].key ? OK : ERR_INVALID);
		if (cases[i].key && !view_is(buf_view(&out), cases[i].key))
			fail_msg("%s gives %.*s", cases[i].name, VIEW_ARG(buf_view(&out)));
	}
	char big[COMPOSE_TAG_BYTES + 1];
	memset(big, 'a', sizeof(big));
	buf_clear(&out);
	assert_int_equal(compose_tag_key(&out, view_make(big, sizeof(big) - 1)), OK);
	assert_int_equal(compose_tag_key(&out, view_make(big, sizeof(big))), ERR_TOO_LARGE);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mentions), cmocka_unit_test(long_domain), cmocka_unit_test(tags),
		cmocka_unit_test(links),    cmocka_unit_test(limits),	   cmocka_unit_test(nasty),
		cmocka_unit_test(lengths),  cmocka_unit_test(tag_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
