#include "base/base.h"

#include "links/webpage.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_CALL_ARENA);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct webpage_info read_page(const char *html)
{
	struct webpage_info page;

	webpage_read(&arena, view_of(html), V(""), V("https://example.org/news/1"), &page);
	return page;
}

static void same(struct view got, const char *expected)
{
	if (!view_is(got, expected))
		fail_msg("\"%.*s\" is not \"%s\"", VIEW_ARG(got), expected);
}

static void open_graph(void **state MAYBE_UNUSED)
{
	struct webpage_info p = read_page(
		"<!DOCTYPE html><html lang=id-ID><head><title>  plain\n title </title>"
		"<meta property='og:title' content='Birds &amp; bread'><meta name=description content=plain>"
		"<META PROPERTY=OG:DESCRIPTION CONTENT='All about  them'><meta property=og:site_name content=Kampung>"
		"<meta property='og:image' content='/bird.png'><meta property='og:image:alt' content='a bird'>"
		"<meta property='article:published_time' content='2026-05-06T07:08:09+02:00'>"
		"<meta name='fediverse:creator' content='@sari@kicau.example'><meta name=author content=Sari>"
		"<link rel=canonical href='../story'><link rel='alternate nofollow' type='application/json+oembed' "
		"href='https://example.org/oembed?u=1&amp;f=json'></head><body><svg><title>no</title></svg>");
	same(p.title, "Birds & bread");
	same(p.description, "All about them");
	same(p.site, "Kampung");
	same(p.image, "https://example.org/bird.png");
	same(p.image_text, "a bird");
	same(p.canonical, "https://example.org/story");
	same(p.oembed, "https://example.org/oembed?u=1&f=json");
	same(p.creator, "@sari@kicau.example");
	same(p.author, "Sari");
	assert_string_equal(p.language, "id");
	assert_int_equal(p.published_at, 1778044089000);
}

static void ranks(void **state MAYBE_UNUSED)
{
	same(read_page("<title>one</title><title>two</title>").title, "one");
	same(read_page("<svg><title>icon</title></svg><title>page</title>").title, "page");
	same(read_page("<title>a</title><meta name=twitter:title content=b>").title, "b");
	same(read_page("<meta property=og:title content=c><meta name=twitter:title content=b>").title, "c");
	same(read_page("<meta property=og:title content=c><meta property=og:title content=d>").title, "c");
	same(read_page("<meta property=og:title content=''><title>a</title>").title, "a");
	same(read_page("words only").title, "");
	same(read_page("").title, "");
}

static void json_ld(void **state MAYBE_UNUSED)
{
	struct webpage_info p = read_page(
		"<script type='application/ld+json'>{\"@type\":\"BreadcrumbList\",\"headline\":\"no\"}</script>"
		"<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebSite\",\"headline\":\"no\"},"
		"{\"@type\":[\"NewsArticle\"],\"headline\":\"A "
		"<b>story</b>\",\"description\":\"d\",\"inLanguage\":\"en-GB\","
		"\"datePublished\":\"2026-05-06\",\"author\":[{\"@type\":\"Person\",\"name\":\"Ana\",\"url\":\"/"
		"ana\"}],"
		"\"publisher\":{\"name\":\"Paper\"}}]}</script><meta property=og:title content=t>");
	same(p.title, "A <b>story</b>");
	same(p.author, "Ana");
	same(p.author_url, "https://example.org/ana");
	same(p.site, "Paper");
	assert_string_equal(p.language, "en");
	assert_int_equal(p.published_at, 1778025600000);
	same(read_page("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":\"Ben\"}</script>").author,
	     "Ben");
	same(read_page("<script type=application/ld+json>{broken</script><title>t</title>").title, "t");
	same(read_page("<script type=application/ld+json>[[[[1]]]]</script><title>t</title>").title, "t");
	same(read_page("<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"x\"}").title, "x");
}

static void encodings(void **state MAYBE_UNUSED)
{
	static const struct {
		struct view html;
		const char *charset, *title;
	} cases[] = {
		{V("<title>caf\xC3\xA9</title>"), "", "café"},
		{V("<title>caf\xC3\xA9</title>"), "utf-8", "café"},
		{V("<meta charset=iso-8859-1><title>caf\xE9</title>"), "", "café"},
		{V("<title>caf\xE9</title>"), "ISO-8859-1", "café"},
		{V("<title>caf\xE9</title>"), "no-such-thing", "café"},
		{V("<meta charset=utf-8><title>caf\xE9</title>"), "windows-1252", "café"},
		{V("<title>\x93\xFA\x96{</title>"), "Shift_JIS", "日本"},
		{V("<title>caf\xC3\xA9</title><p>\xC3"), "", "café"}, /* cut */
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct webpage_info p;

		webpage_read(&arena, cases[i].html, view_of(cases[i].charset), V("https://example.org/"), &p);
		same(p.title, cases[i].title);
	}
}

static void urls(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *reference, *expected;
	} cases[] = {
		{"/a", "https://example.org/a"},
		{"a?b", "https://example.org/news/a?b"},
		{"//cdn.example/x", "https://cdn.example/x"},
		{" https://x.example/ ", "https://x.example/"},
		{"javascript:alert(1)", ""},
		{"data:image/png;base64,AA", ""},
		{"file:///etc/passwd", ""},
		{"https://user:secret@x.example/", ""},
		{"", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		same(webpage_url(&arena, view_of(cases[i].reference), V("https://example.org/news/1")),
		     cases[i].expected);
}

static void frames(void **state MAYBE_UNUSED)
{
	struct webpage_frame f;

	assert_true(webpage_frame(&arena,
				  V("<div onclick=x><iframe width=480 height='270px' onload='x()' "
				    "src='https://video.example/e?1&amp;2'></iframe><iframe src=https://y/>"),
				  &f));
	same(f.src, "https://video.example/e?1&2");
	assert_int_equal(f.width, 480);
	assert_int_equal(f.height, 0);
	assert_true(webpage_frame(&arena, V("<iframe src='//video.example/e'>"), &f));
	assert_false(webpage_frame(&arena, V("<iframe src='javascript:x'></iframe>"), &f));
	assert_false(webpage_frame(&arena, V("<iframe src='http://plain.example/'></iframe>"), &f));
	assert_false(webpage_frame(&arena, V("<iframe src='/own'></iframe><script src=https://x/></script>"), &f));
	assert_false(webpage_frame(&arena, V(""), &f));
}

static void long_texts_are_cut(void **state MAYBE_UNUSED)
{
	struct buf CLEANUP(buf_release) html = {.max = LIMIT_MIB};

	buf_add(&html, V("<title>"));
	for (size_t i = 0; i < WEBPAGE_TITLE_BYTES; i++)
		buf_add(&html, V("é"));
	buf_add(&html, V("</title>"));
	struct webpage_info p;
	webpage_read(&arena, buf_view(&html), V(""), V("https://example.org/"), &p);
	assert_int_equal(p.title.len, WEBPAGE_TITLE_BYTES);
	assert_true(utf8_valid(p.title));
	same(webpage_line(&arena, V(" a \n\t b\xFF"), 100), "a b\xEF\xBF\xBD");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_graph), cmocka_unit_test(ranks),	cmocka_unit_test(json_ld),
		cmocka_unit_test(encodings),  cmocka_unit_test(urls),	cmocka_unit_test(frames),
		cmocka_unit_test(long_texts_are_cut),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
