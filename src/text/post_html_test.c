/*
 * post_html_test.c - the HTML of posts, to the byte.
 */
#include "base/base.h"
#include "text/post_html.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

/* As the caller would: alice is here, bob@b.org is known, nobody else is. */
static void resolve(struct tokens tokens, struct post_link *links)
{
	for (size_t i = 0; i < tokens.n; i++) {
		links[i] = (struct post_link){V(""), V("")};
		if (tokens.v[i].kind != TOKEN_MENTION)
			continue;
		if (view_is(tokens.v[i].name, "alice") && tokens.v[i].domain.len == 0)
			links[i] = (struct post_link){V("https://k.example/@alice"), V("alice")};
		if (view_is(tokens.v[i].name, "bob") && view_is(tokens.v[i].domain, "b.org"))
			links[i] = (struct post_link){V("https://b.org/users/bob?a&b"), V("bob")};
	}
}

static enum err make(struct buf *out, struct view text, bool paragraphs, bool rel_me, struct safe_html *ret)
{
	struct arena a;
	struct post_style style = {V("https://k.example"), paragraphs, rel_me};
	arena_init(&a, LIMIT_MIB);
	struct tokens tokens = compose_tokens(&a, text, LIMIT_POST_TOKENS);
	struct post_link *links = ARENA_ARRAY(&a, tokens.n + 1, struct post_link);
	resolve(tokens, links);
	enum err err = post_html(out, text, tokens, links, &style, ret);
	arena_release(&a);
	return err;
}

static void check(const char *text, bool paragraphs, bool rel_me, const char *expected)
{
	struct buf out;
	struct safe_html html;
	buf_init(&out, LIMIT_MIB);
	buf_add_str(&out, "before");
	assert_int_equal(make(&out, view_of(text), paragraphs, rel_me, &html), OK);
	if (!view_is(html.reviewed, expected))
		fail_msg("%s\n gives    %.*s\n expected %s", text, VIEW_ARG(html.reviewed), expected);
	buf_release(&out);
}

static void paragraphs(void **state MAYBE_UNUSED)
{
	check("", true, false, "");
	check(" \n\t　 ", true, false, "");
	check("text", true, false, "<p>text</p>");
	check("a\nb", true, false, "<p>a<br />b</p>");
	check("a\r\nb\rc", true, false, "<p>a<br />b<br />c</p>");
	check("a\n\nb", true, false, "<p>a</p><p>b</p>");
	check("a\n\n\n\nb\nc", true, false, "<p>a</p><p>b<br />c</p>");
	check("\n\na\n\n", true, false, "<p>a</p>");
	check("a\n \nb", true, false, "<p>a<br /> <br />b</p>");
	check("<b>&\"'", true, false, "<p>&lt;b&gt;&amp;&quot;&#39;</p>");
	check("a\xff", true, false, "<p>a\xEF\xBF\xBD</p>");
	check("a\nb", false, false, "a\nb");
	check("  ", false, false, "");
}

#define ALICE                                                                                                          \
	"<span class=\"h-card\" translate=\"no\"><a href=\"https://k.example/@alice\" class=\"u-url mention\">"        \
	"@<span>alice</span></a></span>"

static void mentions(void **state MAYBE_UNUSED)
{
	check("@alice", true, false, "<p>" ALICE "</p>");
	check("@alice\n\n@alice hi", true, false, "<p>" ALICE "</p><p>" ALICE " hi</p>");
	check("a\n@alice\nb", true, false, "<p>a<br />" ALICE "<br />b</p>");
	check("@alice", false, false, ALICE);
	check("@bob@b.org", false, false,
	      "<span class=\"h-card\" translate=\"no\"><a href=\"https://b.org/users/bob?a&amp;b\" "
	      "class=\"u-url mention\">@<span>bob</span></a></span>");
	check("@nobody @carol@c.org", true, false, "<p>@nobody @carol@c.org</p>");
}

static void tags(void **state MAYBE_UNUSED)
{
	check("#Tag", true, false,
	      "<p><a href=\"https://k.example/tags/Tag\" class=\"mention hashtag\" "
	      "rel=\"tag\">#<span>Tag</span></a></p>");
	check("＃タグ", false, false,
	      "<a href=\"https://k.example/tags/%E3%82%BF%E3%82%B0\" class=\"mention hashtag\" rel=\"tag\">"
	      "#<span>タグ</span></a>");
}

#define LINK(url, rel, prefix, class, shown, rest)                                                                     \
	"<a href=\"" url "\" target=\"_blank\" rel=\"" rel "\" translate=\"no\"><span class=\"invisible\">" prefix     \
	"</span><span class=\"" class "\">" shown "</span><span class=\"invisible\">" rest "</span></a>"
#define REL "nofollow noopener"
#define THIRTY "a.example/90123456789012345678"

static void links(void **state MAYBE_UNUSED)
{
	check("https://example.com/", true, false,
	      "<p>" LINK("https://example.com/", REL, "https://", "", "example.com/", "") "</p>");
	check("http://www.example.com/?a=1&b=2", false, false,
	      LINK("http://www.example.com/?a=1&amp;b=2", REL, "http://www.", "", "example.com/?a=1&amp;b=2", ""));
	check("https://example.com", false, true,
	      LINK("https://example.com", REL " me", "https://", "", "example.com", ""));
	check("https://" THIRTY, false, false, LINK("https://" THIRTY, REL, "https://", "", THIRTY, ""));
	check("https://" THIRTY "1", false, false, LINK("https://" THIRTY "1", REL, "https://", "", THIRTY "1", ""));
	check("https://" THIRTY "12", false, false,
	      LINK("https://" THIRTY "12", REL, "https://", "ellipsis", THIRTY, "12"));
	check("https://ja.example/ああああああああああああああああああああああああ", false, false,
	      LINK("https://ja.example/ああああああああああああああああああああああああ", REL, "https://", "ellipsis",
		   "ja.example/あああああああああああああああああああ", "あああああ"));
	check("(https://x.org/a\"b'c)", false, false,
	      "(" LINK("https://x.org/a&quot;b&#39;c", REL, "https://", "", "x.org/a&quot;b&#39;c", "") ")");
	check("javascript:alert(1)", true, false, "<p>javascript:alert(1)</p>");
}

static void limits(void **state MAYBE_UNUSED)
{
	struct buf out;
	struct safe_html html = {V("untouched")};
	buf_init(&out, 40);
	assert_int_equal(make(&out, V("@alice @alice"), true, false, &html), ERR_TOO_LARGE);
	assert_true(view_is(html.reviewed, "untouched"));
	buf_release(&out);
	buf_init(&out, 100);
	struct post_style style = {V("https://k.example"), true, false};
	assert_int_equal(post_html(&out, V("@alice"), (struct tokens){NULL, 0}, NULL, &style, &html), OK);
	assert_true(view_is(html.reviewed, "<p>@alice</p>"));
	buf_release(&out);
}

static void grows_as_promised(void **state MAYBE_UNUSED)
{
	static const char *const pieces[] = {"@alice ", "#a ",	 "https://a.bc ", "\"",
					     "\n",	"a\n\n", "'\n",		  "https://a.bc/x "};
	char text[7 * 500];
	struct safe_html html;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct buf out;
		size_t len = strlen(pieces[i]), tokens = i < 3 || i == 7 ? sizeof(text) / len + 1 : 0;
		for (size_t at = 0; at < sizeof(text); at++)
			text[at] = pieces[i][at % len];
		buf_init(&out, POST_HTML_BYTES(sizeof(text), tokens));
		assert_int_equal(make(&out, view_make(text, sizeof(text)), true, false, &html), OK);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs), cmocka_unit_test(mentions), cmocka_unit_test(tags),
		cmocka_unit_test(links),      cmocka_unit_test(limits),	  cmocka_unit_test(grows_as_promised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
