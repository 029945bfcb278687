/*
 * compose_fuzz.c - tokens of any bytes, counted and written as HTML, which must be balanced and escaped.
 */
#include "base/base.h"
#include "text/post_html.h"

#include "base/limits.h"
#include "text/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tokens(struct view text, struct tokens tokens)
{
	size_t behind = 0;
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];
		if (t->at < behind || t->len == 0 || t->at + t->len > text.len)
			BUG("token %zu out of place", i);
		if (t->name.len == 0 || t->name.p < text.p + t->at || t->name.len > t->len)
			BUG("name of token %zu out of place", i);
		behind = t->at + t->len;
	}
}

static void check_keys(struct tokens tokens)
{
	for (size_t i = 0; i < tokens.n; i++) {
		struct buf CLEANUP(buf_release) key = {.max = COMPOSE_TAG_BYTES}, again = {.max = COMPOSE_TAG_BYTES};
		if (tokens.v[i].kind != TOKEN_TAG || compose_tag_key(&key, tokens.v[i].name) != OK)
			continue;
		if (compose_tag_key(&again, buf_view(&key)) != OK || !view_eq(buf_view(&key), buf_view(&again)))
			BUG("a key that is not its own key");
	}
}

/* Tags open and close in pairs, no markup comes from the text, and every link has its target. */
static void check_html(struct view html)
{
	int depth = 0;
	for (size_t at = 0; (at = view_find(html, at, '<')) < html.len;) {
		size_t end = view_find(html, at, '>');
		struct view tag = view_sub(html, at, end + 1 - at);
		if (end == html.len)
			BUG("a tag without end");
		if (view_starts(tag, V("<a ")) && !view_eq_nocase(view_sub(tag, 0, 13), V("<a href=\"http")))
			BUG("a link to nowhere");
		if (view_starts(tag, V("</")))
			depth--;
		else if (!view_is(tag, "<br />"))
			depth++;
		if (depth < 0 || depth > 4)
			BUG("unbalanced");
		at = end + 1;
	}
	if (depth != 0 || !utf8_valid(html))
		BUG("not balanced, or not UTF-8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = view_make((const char *)data, size);
	struct arena a;
	arena_init(&a, 64 * LIMIT_MIB);
	struct tokens tokens = compose_tokens(&a, text, LIMIT_POST_TOKENS);
	check_tokens(text, tokens);
	check_keys(tokens);
	if (compose_length(text, V("")) > COMPOSE_URL_CHARS * size)
		BUG("longer than possible");
	struct post_link *links = ARENA_ARRAY(&a, tokens.n + 1, struct post_link);
	for (size_t i = 0; i < tokens.n; i++)
		links[i] = (struct post_link){tokens.v[i].domain.len ? V("https://b.example/@x") : V(""),
					      tokens.v[i].name};
	for (int flags = 0; flags < 4; flags++) {
		struct post_style style = {V("https://k.example"), flags & 1, flags & 2};
		struct buf CLEANUP(buf_release) out = {.max = POST_HTML_BYTES(size, tokens.n)};
		struct buf CLEANUP(buf_release) plain = {.max = out.max};
		struct safe_html html;
		if (post_html(&out, text, tokens, links, &style, &html) != OK || plain_text(&plain, html) != OK)
			BUG("more than promised");
		check_html(html.reviewed);
	}
	arena_release(&a);
	return 0;
}
