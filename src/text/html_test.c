/*
 * html_test.c
 */
#include "base/base.h"
#include "text/html.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void writes(void **state MAYBE_UNUSED)
{
	struct buf out;
	buf_init(&out, 10000);
	struct html h = html_to(&out);
	struct safe_html safe;
	html_doctype(&h);
	html_tag(&h, "main", A("class", V("a \"b\"")));
	html_elem(&h, "h1", V("<&>\"'"), A("id", V("x")), A("lang", V("id")));
	html_elem(&h, "p", V(""));
	html_open(&h, "input");
	html_attr(&h, "name", V("n"));
	html_attr_int(&h, "value", -7);
	html_flag(&h, "checked", true);
	html_flag(&h, "disabled", false);
	html_open(&h, "br");
	html_text(&h, V("a\0b\xff€"));
	html_int(&h, 42);
	html_open(&h, "div");
	html_safe(&h, html_trust_stored(V("<b>bold</b>")));
	html_close(&h, "div");
	html_elem(&h, "script", V(""), A("src", V("/x.js")));
	html_close(&h, "main");
	assert_int_equal(html_result(&h, &safe), OK);
	assert_string_equal(out.p,
			    "<!DOCTYPE html>\n<main class=\"a &quot;b&quot;\"><h1 id=\"x\" lang=\"id\">&lt;&amp;&gt;"
			    "&quot;&#39;</h1><p></p><input name=\"n\" value=\"-7\" checked /><br />"
			    "a\xEF\xBF\xBD"
			    "b\xEF\xBF\xBD€42<div><b>bold</b></div><script src=\"/x.js\"></script></main>");
	assert_int_equal(safe.reviewed.len, out.len);
	buf_release(&out);
}

static void document_in_frame(void **state MAYBE_UNUSED)
{
	struct buf inner = {.max = 1024}, out = {.max = 1024};
	struct html h = html_to(&inner);
	struct safe_html inside;

	html_style(&h, "p{margin:0}");
	html_elem(&h, "p", V("\"a\" & <b>"));
	assert_int_equal(html_result(&h, &inside), OK);
	h = html_to(&out);
	html_tag(&h, "iframe", A("src", V("/x")));
	html_attr_document(&h, inside);
	html_close(&h, "iframe");
	assert_int_equal(html_done(&h), OK);
	assert_string_equal(
		out.p,
		"<iframe src=\"/x\" srcdoc=\"&lt;style&gt;p{margin:0}&lt;/style&gt;&lt;p&gt;&amp;quot;a&amp;quot; "
		"&amp;amp; &amp;lt;b&amp;gt;&lt;/p&gt;\"></iframe>");
	buf_release(&inner);
	buf_release(&out);
}

static void urls(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *url;
		bool kept;
	} cases[] = {
		{"https://example.com/", true},
		{"HTTP://example.com/", true},
		{"mailto:a@b.org", true},
		{"/path", true},
		{"//host/path", true},
		{"?q=a:b", true},
		{"#a:b", true},
		{"path/with:colon", true},
		{"", true},
		{"javascript:alert(1)", false},
		{"JavaScript:alert(1)", false},
		{" javascript:alert(1)", false},
		{"java\nscript:alert(1)", false},
		{"java\tscript:alert(1)", false},
		{"\x01javascript:alert(1)", false},
		{"data:text/html,x", false},
		{"vbscript:x", false},
		{"blob:https://x", false},
		{":", false},
		{"https :x", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 1000);
		struct html h = html_to(&out);
		html_elem(&h, "a", V(""), A("href", view_of(cases[i].url)), A("title", view_of(cases[i].url)));
		assert_int_equal(html_done(&h), OK);
		if ((strstr(out.p, "href") != NULL) != cases[i].kept)
			fail_msg("%s", out.p);
		buf_release(&out);
	}
}

static void full(void **state MAYBE_UNUSED)
{
	struct buf out;
	struct safe_html safe = {V("untouched")};
	buf_init(&out, 10);
	struct html h = html_to(&out);
	html_elem(&h, "p", V("longer than ten"));
	assert_int_equal(html_result(&h, &safe), ERR_TOO_LARGE);
	assert_true(view_is(safe.reviewed, "untouched"));
	buf_release(&out);
}

static void xml(void **state MAYBE_UNUSED)
{
	struct buf CLEANUP(buf_release) out = {.max = 1000};
	struct html h = xml_to(&out);
	html_tag(&h, "rss", A("version", V("2.0")));
	html_elem(&h, "link", V("https://x/?a&b"));
	html_elem(&h, "title",
		  V("a\x01"
		    "b\t<p>\xEF\xBF\xBF\xFF"));
	html_close(&h, "rss");
	assert_int_equal(html_done(&h), OK);
	assert_string_equal(out.p, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">"
				   "<link>https://x/?a&amp;b</link><title>a\xEF\xBF\xBD"
				   "b\t&lt;p&gt;\xEF\xBF\xBD\xEF\xBF\xBD</title></rss>");
}

static void html_in_xml(struct html *h)
{
	*h = xml_to(h->out);
	html_open(h, "p");
	html_safe(h, (struct safe_html){V("<br>")});
}

static void wrong_close(struct html *h)
{
	html_open(h, "p");
	html_close(h, "div");
}

static void not_closed(struct html *h)
{
	html_open(h, "p");
	enum err err = html_done(h);
	(void)err;
}

static void late_attr(struct html *h)
{
	html_open(h, "p");
	html_text(h, V("x"));
	html_attr(h, "id", V("x"));
}

static void handler(struct html *h)
{
	html_tag(h, "p", A("onclick", V("x")));
}

static void style(struct html *h)
{
	html_tag(h, "p", A("style", V("x")));
}

static void script_text(struct html *h)
{
	html_elem(h, "script", V("x"));
}

static void too_deep(struct html *h)
{
	for (size_t i = 0; i <= HTML_DEPTH; i++)
		html_open(h, "p");
}

static void misuse(void **state MAYBE_UNUSED)
{
	static void (*const cases[])(struct html *) = {wrong_close, not_closed,	 late_attr, handler,
						       style,	    script_text, too_deep,  html_in_xml};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int status = 0;
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct buf out;
			if (!freopen("/dev/null", "w", stderr))
				_exit(1);
			signal(SIGABRT, SIG_DFL);
			buf_init(&out, 10000);
			struct html h = html_to(&out);
			cases[i](&h);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			fail_msg("case %zu went unnoticed", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(document_in_frame),
		cmocka_unit_test(urls),
		cmocka_unit_test(full),
		cmocka_unit_test(xml),
		cmocka_unit_test(misuse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
