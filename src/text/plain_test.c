/*
 * plain_test.c
 */
#include "base/base.h"
#include "text/plain.h"

#include <setjmp.h>
#include <cmocka.h>

static void texts(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *html, *text, *line;
	} cases[] = {
		{"", "", ""},
		{"<p>a</p>", "a", "a"},
		{"<p>a<br />b</p><p>c</p>", "a\nb\n\nc", "a b c"},
		{"<p>a<br><br>b</p>", "a\n\nb", "a b"},
		{"<p>&lt;b&gt; &amp;amp; &quot;&#39;&nbsp;&x;&</p>", "<b> &amp; \"'\xC2\xA0&x;&", "<b> &amp; \"' &x;&"},
		{"<p>@<span>bob</span> <a href=\"x\">#<span>t</span></a></p>", "@bob #t", "@bob #t"},
		{"<p>  a \n b  </p>", "  a \n b  ", "a b"},
		{"a<unclosed", "a", "a"},
		{"<", "", ""},
		{"a>b", "a>b", "a>b"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 1000);
		assert_int_equal(plain_text(&out, html_trust_stored(view_of(cases[i].html))), OK);
		assert_true(view_is(buf_view(&out), cases[i].text));
		buf_clear(&out);
		assert_int_equal(plain_line(&out, html_trust_stored(view_of(cases[i].html)), 100), OK);
		assert_true(view_is(buf_view(&out), cases[i].line));
		buf_release(&out);
	}
}

static void cuts(void **state MAYBE_UNUSED)
{
	static const struct {
		size_t max;
		const char *line;
	} cases[] = {{0, "…"}, {1, "é…"}, {2, "é日…"}, {4, "é日 c…"}, {5, "é日 cd"}, {6, "é日 cd"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 1000);
		assert_int_equal(plain_line(&out, html_trust_stored(V("<p>é日</p><p>cd</p>")), cases[i].max), OK);
		assert_true(view_is(buf_view(&out), cases[i].line));
		buf_release(&out);
	}
	struct buf out;
	buf_init(&out, 3);
	assert_int_equal(plain_text(&out, html_trust_stored(V("abcd"))), ERR_TOO_LARGE);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(cuts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
