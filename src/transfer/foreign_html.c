/*
 * foreign_html.c - text of the HTML in an archive. It is not shown as HTML again: only its words are kept, so that
 * everything in it that is no text is nothing. One pass, and no more written than read, but for the names of links.
 */
#include "base/base.h"

#include "transfer/foreign.h"

#include <unistr.h>

#include "base/buf.h"

struct reader {
	struct view html;
	size_t at;
	struct buf out;
	struct view (*name_of)(const void *arg, struct view href);
	const void *arg;
	struct view href; /* of the link we are in, p NULL outside */
	size_t link_at;	  /* where its words begin in out */
	bool plain_link;  /* a mention or tag: its words are what it is */
	int breaks;	  /* line ends to come before the next word */
	const char *skip; /* the element whose inside is no text, or NULL */
};

static const struct {
	const char *name;
	unsigned code;
} entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xa0}};

static void put_char(struct buf *out, unsigned code)
{
	uint8_t bytes[8];
	int n = code && code < 0x110000 ? u8_uctomb(bytes, code, sizeof(bytes)) : -1;

	if (n > 0)
		buf_add(out, view_make((const char *)bytes, (size_t)n));
	else
		buf_add_str(out, "\xef\xbf\xbd");
}

static bool entity_code(struct view name, unsigned *ret)
{
	uint64_t code = 0;

	if (view_starts(name, V("#x")) || view_starts(name, V("#X"))) {
		for (size_t i = 2; i < name.len; i++) {
			char c = name.p[i] | 0x20;
			int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

			if (digit < 0)
				return false;
			code = code * 16 + (unsigned)digit;
		}
		*ret = (unsigned)code;
		return name.len > 2;
	}
	if (view_starts(name, V("#")) && parse_u64(view_sub(name, 1, name.len), 0x10ffff, &code)) {
		*ret = (unsigned)code;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		if (!view_is(name, entities[i].name))
			continue;
		*ret = entities[i].code;
		return true;
	}
	return false;
}

static void decode(struct buf *out, struct view text)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = text.p[at] == '&' ? view_find(view_sub(text, 0, at + 10), at, ';') : 0;
		unsigned code;

		if (end > at && end < text.len && text.p[end] == ';' &&
		    entity_code(view_sub(text, at + 1, end - at - 1), &code)) {
			put_char(out, code);
			at = end + 1;
		} else {
			buf_add_c(out, text.p[at++]);
		}
	}
}

/* Line ends that are due, unless nothing stands before them. */
static void put_breaks(struct reader *r)
{
	for (; r->breaks > 0; r->breaks--)
		if (r->out.len)
			buf_add_c(&r->out, '\n');
}

static void put_text(struct reader *r, struct view text)
{
	if (r->skip || !text.len)
		return;
	/* White space between paragraphs is none. */
	if (r->breaks && !view_trim(text).len)
		return;
	put_breaks(r);
	decode(&r->out, text);
}

/* The value of an attribute of a tag; p NULL without. */
static struct view attribute(struct view tag, struct view name)
{
	for (size_t at = 0; at + name.len < tag.len; at++) {
		size_t eq = at + name.len;

		if (memcmp(tag.p + at, name.p, name.len) != 0 || tag.p[eq] != '=' || eq + 1 >= tag.len ||
		    (at && (unsigned char)tag.p[at - 1] > ' '))
			continue;
		char quote = tag.p[eq + 1];
		if (quote != '"' && quote != '\'')
			continue;
		size_t end = view_find(tag, eq + 2, quote);
		return view_sub(tag, eq + 2, end - eq - 2);
	}
	return (struct view){0};
}

static bool has_word(struct view list, struct view word)
{
	struct view one;

	while (view_split(&list, ' ', &one))
		if (view_eq(one, word))
			return true;
	return false;
}

static void open_link(struct reader *r, struct view tag)
{
	struct view href = attribute(tag, V("href")), classes = attribute(tag, V("class"));

	if (r->skip || !href.p)
		return;
	put_breaks(r);
	r->href = href;
	r->link_at = r->out.len;
	r->plain_link = has_word(classes, V("mention")) || has_word(classes, V("hashtag"));
}

/* Words that are the address, as Mastodon cuts them up, are the address; others stand before it. */
static void close_link(struct reader *r)
{
	struct view href = r->href;

	if (!href.p)
		return;
	r->href = (struct view){0};
	struct view name = r->name_of ? r->name_of(r->arg, href) : V("");
	if (name.len && !r->out.over) {
		r->out.len = r->link_at;
		buf_add(&r->out, name);
		return;
	}
	if (r->plain_link)
		return;
	struct buf address = {.max = 2 * href.len + 16};
	decode(&address, href);
	struct view url = buf_view(&address), words = view_sub(buf_view(&r->out), r->link_at, r->out.len);
	bool same = view_eq(words, url) || (url.len > words.len && words.len && view_ends(url, words) &&
					    url.len - words.len <= sizeof("https://www.") - 1);
	if (!same && (view_starts(url, V("https://")) || view_starts(url, V("http://")))) {
		if (words.len)
			buf_add_c(&r->out, ' ');
		buf_add(&r->out, url);
	} else if (same) {
		r->out.len = r->link_at;
		buf_add(&r->out, url);
	}
	buf_release(&address);
}

static void at_least(struct reader *r, int breaks)
{
	if (r->breaks < breaks)
		r->breaks = breaks;
}

static bool is_block(struct view name)
{
	static const char *const blocks[] = {"p", "div", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4"};

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		if (view_eq_nocase(name, view_of(blocks[i])))
			return true;
	return false;
}

static void read_tag(struct reader *r, struct view tag)
{
	bool closes = view_starts(tag, V("/"));
	size_t len = 0;

	tag = view_sub(tag, closes, tag.len);
	while (len < tag.len && tag.p[len] != ' ' && tag.p[len] != '/' && tag.p[len] != '\n')
		len++;
	struct view name = view_sub(tag, 0, len);
	if (r->skip) {
		if (closes && view_eq_nocase(name, view_of(r->skip)))
			r->skip = NULL;
	} else if (!closes && view_eq_nocase(name, V("script"))) {
		r->skip = "script";
	} else if (!closes && view_eq_nocase(name, V("style"))) {
		r->skip = "style";
	} else if (view_eq_nocase(name, V("br"))) {
		r->breaks++;
	} else if (is_block(name)) {
		at_least(r, 2);
	} else if (view_eq_nocase(name, V("li"))) {
		at_least(r, 1);
		if (!closes)
			put_text(r, V("- "));
	} else if (view_eq_nocase(name, V("a"))) {
		if (closes)
			close_link(r);
		else
			open_link(r, tag);
	}
}

struct view foreign_html_text(struct arena *a, struct view html,
			      struct view (*name_of)(const void *arg, struct view href), const void *arg)
{
	struct reader r = {.html = html, .out = {.max = FOREIGN_TEXT_BYTES}, .name_of = name_of, .arg = arg};

	while (r.at < html.len && !r.out.over) {
		size_t tag = view_find(html, r.at, '<'), end = view_find(html, tag, '>');

		put_text(&r, view_sub(html, r.at, tag - r.at));
		if (tag < html.len && end < html.len)
			read_tag(&r, view_sub(html, tag + 1, end - tag - 1));
		else
			put_text(&r, view_sub(html, tag, html.len));
		r.at = end < html.len ? end + 1 : html.len;
	}
	close_link(&r);
	struct view text = arena_view(a, view_trim(buf_view(&r.out)));
	buf_release(&r.out);
	return text;
}
