/* What is one text in other clothes has one normal form; what is another has not. */
#include "base/base.h"
#include "trace/normal.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

static const char *normal(struct view text, bool row)
{
	static char out[4096];
	struct buf b = {.max = sizeof(out) - 1};
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	enum err err = row ? normal_of_row(&b, &a, text) : normal_of_post(&b, text);
	snprintf(out, sizeof(out), "%s", err == OK ? b.p ? b.p : "" : err_name(err));
	buf_release(&b);
	arena_release(&a);
	return out;
}

static void posts(void **state)
{
	static const struct {
		const char *text, *normal;
	} cases[] = {
		{"", ""},
		{"Hello,  World!\n", "helloworld"},
		{"Caf\xc3\xa9 cr\xc3\xa8me", "cafecreme"},
		{"\xef\xbc\xa6\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x8c width", "fullwidth"},
		{"see https://example.org/a?b=c#d and http://x.y", "seeand"},
		{"(https://example.org/x) there", "there"},
		{"www.example.org or example.org/path or and/or v1.2", "ororandorv12"},
		{"@alice and @bob@example.org: hi", "andhi"},
		{"mail me@example.org", "mailmeexampleorg"},
		{"sun \xf0\x9f\x8c\xbb\xf0\x9f\x91\x8d\xef\xb8\x8f flower :blobcat: 10:30:45", "sunflower103045"},
		{"RT @alice: the words", "thewords"},
		{"#Tag stays", "tagstays"},
		{"\xe4\xbd\xa0\xe5\xa5\xbdhttps://example.org/x\xe4\xb8\x96\xe7\x95\x8c",
		 "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96\xe7\x95\x8c"},
		{"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, \xd0\x9c\xd0\x98\xd0\xa0!",
		 "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\xd0\xbc\xd0\xb8\xd1\x80"},
		{"\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x80\x94 dash\xe2\x80\xa6", "quoteddash"},
		{"a < b && c > d", "abcd"},
		{"\xff\xfe", "malformed request"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = normal(view_of(cases[i].text), false);
		if (cases[i].text[0] != '\xff')
			assert_string_equal(got, cases[i].normal);
		else
			assert_string_equal(got, err_name(ERR_INVALID));
	}
}

/* The same post as each client's API shows it. */
static void rows(void **state)
{
	static const char post[] = "Look: \"R&B\" at https://example.org/a @bob #music <3";
	static const char *const shown[] = {
		post,
		"Look: &quot;R&amp;B&quot; at https://t.co/abc @bob #music &lt;3",
		"<p>Look: &quot;R&amp;B&quot; at <a href=\"https://example.org/a\" rel=\"nofollow\"><span class=\"invisible\">https://"
		"</span><span class=\"\">example.org/a</span></a> <span class=\"h-card\"><a href=\"https://example.org/@bob\" "
		"class=\"u-url mention\">@<span>bob</span></a></span> <a href=\"https://example.org/tags/music\" class=\"mention "
		"hashtag\" rel=\"tag\">#<span>music</span></a> &lt;3</p>",
	};
	char first[256];

	(void)state;
	snprintf(first, sizeof(first), "%s", normal(view_of(post), false));
	assert_string_equal(first, "lookrbatmusic3");
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		assert_string_equal(normal(view_of(shown[i]), true), first);
}

static void long_ones(void **state)
{
	static char text[3 * NORMAL_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	struct buf b = {.max = 8 * NORMAL_MAX};
	assert_int_equal(normal_of_post(&b, view_make(text, sizeof(text))), OK);
	assert_int_equal(b.len, NORMAL_MAX / 2);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts),
		cmocka_unit_test(rows),
		cmocka_unit_test(long_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
