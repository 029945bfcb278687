/*
 * post_html.c - see post_html.h.
 */
#include "base/base.h"
#include "text/post_html.h"

#include "text/url.h"
#include "text/utf8.h"

#define LINK_SHOWN_CHARS 30

struct formatter {
	struct html html;
	const struct post_style *style;
	bool in_paragraph;
	size_t newlines; /* read and not yet written */
};

/* Before anything that is not a line end: two line ends part paragraphs, one is a break, those at the ends nothing. */
static void begin_inline(struct formatter *f)
{
	if (f->style->paragraphs && f->in_paragraph && f->newlines == 1)
		html_open(&f->html, "br");
	if (f->style->paragraphs && f->in_paragraph && f->newlines > 1)
		html_close(&f->html, "p");
	if (f->style->paragraphs && (!f->in_paragraph || f->newlines > 1))
		html_open(&f->html, "p");
	f->in_paragraph = true;
	f->newlines = 0;
}

/* Length of the line end at `at`: LF, CR or CRLF. */
static size_t newline_len(struct view v, size_t at)
{
	if (v.p[at] == '\r')
		return at + 1 < v.len && v.p[at + 1] == '\n' ? 2 : 1;
	return v.p[at] == '\n' ? 1 : 0;
}

static void write_plain(struct formatter *f, struct view v)
{
	size_t at = 0;
	while (at < v.len) {
		size_t n = newline_len(v, at), begin = at;
		if (n && f->style->paragraphs) {
			f->newlines++;
			at += n;
			continue;
		}
		do
			at++;
		while (at < v.len && !(f->style->paragraphs && newline_len(v, at)));
		begin_inline(f);
		html_text(&f->html, view_sub(v, begin, at - begin));
	}
}

static void write_mention(struct formatter *f, struct post_link link)
{
	html_tag(&f->html, "span", A("class", V("h-card")), A("translate", V("no")));
	html_tag(&f->html, "a", A("href", link.url), A("class", V("u-url mention")));
	html_text(&f->html, V("@"));
	html_elem(&f->html, "span", link.shown);
	html_close(&f->html, "a");
	html_close(&f->html, "span");
}

static void write_tag(struct formatter *f, struct view name)
{
	/* A tag of LIMIT_POST_TEXT_BYTES is no use to anybody; the link is cut, the text is not. */
	size_t max = f->style->base_url.len + sizeof("/tags/") + 3 * COMPOSE_TAG_BYTES;
	struct buf CLEANUP(buf_release) url = {.max = max};
	buf_add(&url, f->style->base_url);
	buf_add(&url, V("/tags/"));
	url_encode(&url, name);
	html_tag(&f->html, "a", A("href", buf_view(&url)), A("class", V("mention hashtag")), A("rel", V("tag")));
	html_text(&f->html, V("#"));
	html_elem(&f->html, "span", name);
	html_close(&f->html, "a");
}

static size_t invisible_prefix(struct view url)
{
	static const struct view prefixes[] = {V("https://www."), V("http://www."), V("https://"), V("http://")};
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (view_eq_nocase(view_sub(url, 0, prefixes[i].len), prefixes[i]))
			return prefixes[i].len;
	return 0;
}

/* Bytes of the first max characters. */
static size_t chars_len(struct view v, size_t max)
{
	size_t at = 0;
	for (ucs4_t c; at < v.len && max > 0; max--)
		at += utf8_at(v, at, &c);
	return at;
}

static void write_link(struct formatter *f, struct view url)
{
	size_t prefix = invisible_prefix(url);
	struct view rest = view_sub(url, prefix, url.len - prefix);
	size_t shown = chars_len(rest, LINK_SHOWN_CHARS);
	if (chars_len(rest, LINK_SHOWN_CHARS + 1) == rest.len)
		shown = rest.len; /* an ellipsis is no shorter than the one character it would stand for */
	struct view rel = f->style->rel_me ? V("nofollow noopener me") : V("nofollow noopener");
	html_tag(&f->html, "a", A("href", url), A("target", V("_blank")), A("rel", rel), A("translate", V("no")));
	html_elem(&f->html, "span", view_sub(url, 0, prefix), A("class", V("invisible")));
	html_elem(&f->html, "span", view_sub(rest, 0, shown), A("class", shown < rest.len ? V("ellipsis") : V("")));
	html_elem(&f->html, "span", view_sub(rest, shown, rest.len - shown), A("class", V("invisible")));
	html_close(&f->html, "a");
}

static void write_token(struct formatter *f, struct view text, const struct token *t, const struct post_link *link)
{
	begin_inline(f);
	if (t->kind == TOKEN_TAG)
		write_tag(f, t->name);
	else if (t->kind == TOKEN_URL)
		write_link(f, t->name);
	else if (link && link->url.len)
		write_mention(f, *link);
	else
		html_text(&f->html, view_sub(text, t->at, t->len));
}

static bool is_blank(struct view v)
{
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		at += utf8_at(v, at, &c);
		if (!utf8_is_space(c))
			return false;
	}
	return true;
}

enum err post_html(struct buf *out, struct view text, struct tokens tokens, const struct post_link *links,
		   const struct post_style *style, struct safe_html *ret)
{
	struct formatter f = {.html = html_to(out), .style = style};
	size_t plain = 0;
	if (is_blank(text))
		return html_result(&f.html, ret);
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];
		write_plain(&f, view_sub(text, plain, t->at - plain));
		write_token(&f, text, t, links ? &links[i] : NULL);
		plain = t->at + t->len;
	}
	write_plain(&f, view_sub(text, plain, text.len - plain));
	if (style->paragraphs)
		html_close(&f.html, "p");
	return html_result(&f.html, ret);
}
