/*
 * html.c - see html.h. The output is also well-formed XML where that costs nothing: void elements end in " />", as in
 * Mastodon's posts.
 */
#include "base/base.h"
#include "text/html.h"

#include "text/utf8.h"

/* Literals that are the same are mostly one. */
static bool is_same(const char *a, const char *b)
{
	return a == b || strcmp(a, b) == 0;
}

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*name == *names[i] && strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_void(const char *element)
{
	static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr", "img",
					    "input", "link", "meta", "source", "track", "wbr"};
	return is_one_of(element, names, ARRAY_LEN(names));
}

static bool is_url_attr(const char *name)
{
	static const char *const names[] = {"href",   "src",  "action", "formaction",
					    "poster", "cite", "data",	"manifest"};
	return is_one_of(name, names, ARRAY_LEN(names));
}

/* Values of these are programs or style sheets, where escaping for HTML is not enough. */
static bool is_forbidden_attr(const char *name)
{
	static const char *const names[] = {"style", "srcdoc", "ping"};
	return strncmp(name, "on", 2) == 0 || is_one_of(name, names, ARRAY_LEN(names));
}

static bool is_raw_text(const char *element)
{
	static const char *const names[] = {"script", "style", "noscript", "iframe", "xmp", "plaintext"};
	return is_one_of(element, names, ARRAY_LEN(names));
}

static bool is_in_raw_text(const struct html *h)
{
	return !h->xml && h->depth && is_raw_text(h->open[h->depth - 1]);
}

static const struct view entities[256] = {
	['&'] = V("&amp;"), ['<'] = V("&lt;"),	 ['>'] = V("&gt;"),
	['"'] = V("&quot;"), ['\''] = V("&#39;"), ['\0'] = V("\xEF\xBF\xBD"),
};

static void escape_valid(struct buf *out, struct view v)
{
	size_t plain = 0;
	for (size_t i = 0; i < v.len; i++) {
		const struct view *e = &entities[(unsigned char)v.p[i]];
		if (!e->p)
			continue;
		buf_add(out, view_sub(v, plain, i - plain));
		buf_add(out, *e);
		plain = i + 1;
	}
	buf_add(out, view_sub(v, plain, v.len - plain));
}

/* XML 1.0 2.2, Char: others cannot even be written as references. */
static bool is_xml_char(ucs4_t c)
{
	return c < 0x20 ? c == '\t' || c == '\n' || c == '\r' : c != 0xFFFE && c != 0xFFFF;
}

/* Character by character: a decoding error is one U+FFFD, and is told from a U+FFFD that was written by its length. */
static void escape_chars(struct buf *out, struct view v, bool xml)
{
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		bool good = c != 0xFFFD && (!xml || is_xml_char(c));
		escape_valid(out, good ? view_sub(v, at, n) : V("\xEF\xBF\xBD"));
		at += n;
	}
}

static void escape(struct html *h, struct view v)
{
	if (h->xml || !utf8_valid(v))
		escape_chars(h->out, v, h->xml);
	else
		escape_valid(h->out, v);
}

static void finish_tag(struct html *h)
{
	if (h->state == HTML_IN_TAG)
		buf_add_c(h->out, '>');
	else if (h->state == HTML_IN_VOID_TAG)
		buf_add(h->out, V(" />"));
	h->state = HTML_IN_CONTENT;
}

struct html html_to(struct buf *out)
{
	return (struct html){.out = out, .begin = out->len};
}

struct html xml_to(struct buf *out)
{
	struct html h = {.out = out, .begin = out->len, .xml = true};
	buf_add(out, V("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	return h;
}

enum err html_done(struct html *h)
{
	finish_tag(h);
	if (h->depth)
		BUG("html: <%s> was not closed", h->open[h->depth - 1]);
	return buf_err(h->out);
}

enum err html_result(struct html *h, struct safe_html *ret)
{
	TRY(html_done(h));
	ret->reviewed = view_sub(buf_view(h->out), h->begin, h->out->len - h->begin);
	return OK;
}

void html_doctype(struct html *h)
{
	buf_add(h->out, V("<!DOCTYPE html>\n"));
}

void html_open(struct html *h, const char *element)
{
	finish_tag(h);
	if (is_in_raw_text(h))
		BUG("html: <%s> in <%s>", element, h->open[h->depth - 1]);
	buf_add_c(h->out, '<');
	buf_add_str(h->out, element);
	if (!h->xml && is_void(element)) {
		h->state = HTML_IN_VOID_TAG;
		return;
	}
	if (h->depth == HTML_DEPTH)
		BUG("html: elements more than %d deep", HTML_DEPTH);
	h->open[h->depth++] = element;
	h->state = HTML_IN_TAG;
}

void html_close(struct html *h, const char *element)
{
	finish_tag(h);
	if (!h->depth || !is_same(h->open[h->depth - 1], element))
		BUG("html: </%s> closes <%s>", element, h->depth ? h->open[h->depth - 1] : "");
	h->depth--;
	buf_add(h->out, V("</"));
	buf_add_str(h->out, element);
	buf_add_c(h->out, '>');
}

/*
 * Browsers drop tabs and line ends inside a URL and control characters and spaces before it, so none of them may be
 * there; a colon before the first '/', '?' or '#' makes what is before it a scheme (WHATWG URL, basic URL parser).
 */
static bool is_harmless_url(struct view v)
{
	static const struct view schemes[] = {V("http"), V("https"), V("mailto")};
	size_t colon = v.len;
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] <= 0x20 || v.p[i] == 0x7F)
			return false;
	for (size_t i = 0; i < v.len && colon == v.len; i++) {
		if (v.p[i] == '/' || v.p[i] == '?' || v.p[i] == '#')
			return true;
		if (v.p[i] == ':')
			colon = i;
	}
	for (size_t i = 0; colon < v.len && i < ARRAY_LEN(schemes); i++)
		if (view_eq_nocase(view_sub(v, 0, colon), schemes[i]))
			return true;
	return colon == v.len;
}

static void begin_attr(struct html *h, const char *name)
{
	if (h->state == HTML_IN_CONTENT)
		BUG("html: attribute %s outside a tag", name);
	if (is_forbidden_attr(name))
		BUG("html: attribute %s", name);
	buf_add_c(h->out, ' ');
	buf_add_str(h->out, name);
}

void html_attr(struct html *h, const char *name, struct view value)
{
	if (is_url_attr(name) && !is_harmless_url(value))
		return;
	begin_attr(h, name);
	buf_add(h->out, V("=\""));
	escape(h, value);
	buf_add_c(h->out, '"');
}

void html_attr_document(struct html *h, struct safe_html document)
{
	if (h->state == HTML_IN_CONTENT || !h->depth || strcmp(h->open[h->depth - 1], "iframe") != 0)
		BUG("html: a document in what is no frame");
	buf_add(h->out, V(" srcdoc=\""));
	escape(h, document.reviewed);
	buf_add_c(h->out, '"');
}

void html_style(struct html *h, const char *sheet)
{
	if (strchr(sheet, '<'))
		BUG("html: a style sheet with tags");
	html_open(h, "style");
	finish_tag(h);
	buf_add_str(h->out, sheet);
	html_close(h, "style");
}

void html_attr_int(struct html *h, const char *name, int64_t value)
{
	begin_attr(h, name);
	buf_add(h->out, V("=\""));
	buf_add_i64(h->out, value);
	buf_add_c(h->out, '"');
}

void html_flag(struct html *h, const char *name, bool on)
{
	if (on)
		begin_attr(h, name);
}

static void begin_content(struct html *h)
{
	finish_tag(h);
	if (is_in_raw_text(h))
		BUG("html: text in <%s>", h->open[h->depth - 1]);
}

void html_text(struct html *h, struct view text)
{
	if (text.len == 0)
		return;
	begin_content(h);
	escape(h, text);
}

void html_int(struct html *h, int64_t n)
{
	begin_content(h);
	buf_add_i64(h->out, n);
}

void html_safe(struct html *h, struct safe_html s)
{
	begin_content(h);
	if (h->xml)
		BUG("html: HTML in XML, where it is text");
	buf_add(h->out, s.reviewed);
}

void html_tag_with(struct html *h, const char *element, const struct html_attr *attrs)
{
	html_open(h, element);
	for (; attrs->name; attrs++)
		html_attr(h, attrs->name, attrs->value);
}

void html_elem_with(struct html *h, const char *element, struct view text, const struct html_attr *attrs)
{
	html_tag_with(h, element, attrs);
	html_text(h, text);
	html_close(h, element);
}
