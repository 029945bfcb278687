/*
 * normal.c - see normal.h. Words are pieces between white space; what a word is decides what of it is kept. The same rules
 * hold for posts and for rows, so that a rule that takes too much takes it from both.
 */
#include "base/base.h"

#include "trace/normal.h"

#include <unictype.h>

#include "text/fold.h"
#include "text/utf8.h"
#include "transfer/foreign.h"

#define EMOJI_NAME_MIN 2

static bool is_name(char c) { return ascii_is_alnum((unsigned char)c) || c == '_'; }

static bool is_kept(ucs4_t c)
{
	if (c < 0x80)
		return ascii_is_alnum(c);
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
}

/* Where a link ends: at what no address has. */
static size_t link_end(struct view v, size_t at)
{
	while (at < v.len && (unsigned char)v.p[at] > ' ' && (unsigned char)v.p[at] < 0x80)
		at++;
	return at;
}

/* Bytes of a link that begins here, 0 without: "https://…", "www.…", "example.com/…". The byte before is no letter. */
static size_t link_at(struct view v, size_t at)
{
	size_t i = at, dot = 0;

	while (i < v.len && (is_name(v.p[i]) || v.p[i] == '-' || v.p[i] == '.')) {
		if (v.p[i] == '.' && i > at)
			dot = i;
		i++;
	}
	if (i == at)
		return 0;
	bool scheme = view_starts(view_sub(v, i, v.len), V("://"));
	bool www = view_starts(view_sub(v, at, v.len), V("www.")) && i > at + 4;
	bool path = dot && dot + 1 < i && i < v.len && v.p[i] == '/';
	return scheme || www || path ? link_end(v, i) - at : 0;
}

/* Bytes of "@name" or "@name@domain"; 0 without. */
static size_t mention_at(struct view v, size_t at)
{
	size_t i = at + 1;

	if (v.p[at] != '@' || i >= v.len || !is_name(v.p[i]))
		return 0;
	while (i < v.len && is_name(v.p[i]))
		i++;
	if (i + 1 < v.len && v.p[i] == '@' && is_name(v.p[i + 1]))
		for (i++; i < v.len && (is_name(v.p[i]) ||
					((v.p[i] == '.' || v.p[i] == '-') && i + 1 < v.len && is_name(v.p[i + 1])));)
			i++;
	return i - at;
}

/* Bytes of ":name:"; 0 without. */
static size_t emoji_at(struct view v, size_t at)
{
	size_t i = at + 1;

	if (v.p[at] != ':')
		return 0;
	while (i < v.len && is_name(v.p[i]))
		i++;
	return i < v.len && v.p[i] == ':' && i - at > EMOJI_NAME_MIN ? i + 1 - at : 0;
}

static size_t dropped_at(struct view v, size_t at)
{
	size_t n = link_at(v, at);

	if (!n)
		n = mention_at(v, at);
	return n ? n : emoji_at(v, at);
}

/* "RT @name: " is how a boost begins. */
static size_t boost_head(struct view v)
{
	return view_starts(v, V("rt @")) ? 3 : 0;
}

/* Writes no more than v has. */
static size_t keep_letters(char *out, struct view v)
{
	bool inside = false; /* behind a letter, where nothing begins */
	size_t len = 0;

	for (size_t at = boost_head(v); at < v.len;) {
		ucs4_t c;
		size_t n = inside ? 0 : dropped_at(v, at);

		if (n) {
			at += n;
			continue;
		}
		n = utf8_at(v, at, &c);
		bool kept = is_kept(c);
		/* Scripts without spaces put links right behind a letter. */
		inside = kept && c < 0x2000;
		if (kept) {
			memcpy(out + len, v.p + at, n);
			len += n;
		}
		at += n;
	}
	return len;
}

/* Dashes and quotation marks, signs and emoji that stand for themselves: no letters, however they are folded. */
static bool is_sign(ucs4_t c)
{
	return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f300 && c <= 0x1faff) ||
	       c == 0x200d || c == 0xfe0f;
}

/* Most texts are ASCII but for signs; without them folding is a hundred times faster. */
static void drop_signs(struct buf *out, struct view v)
{
	ucs4_t c;

	for (size_t at = 0, n; at < v.len; at += n) {
		n = (unsigned char)v.p[at] < 0x80 ? 1 : utf8_at(v, at, &c);
		if (n == 1)
			buf_add_c(out, v.p[at]);
		else if (is_sign(c))
			buf_add_c(out, ' ');
		else
			buf_add(out, view_sub(v, at, n));
	}
}

static bool is_ascii(struct view v)
{
	unsigned char all = 0;

	for (size_t i = 0; i < v.len; i++)
		all |= (unsigned char)v.p[i];
	return all < 0x80;
}

static struct view cut(struct view text)
{
	size_t len = text.len;

	if (len <= NORMAL_MAX)
		return text;
	for (len = NORMAL_MAX; len && ((unsigned char)text.p[len] & 0xc0) == 0x80;)
		len--;
	return view_sub(text, 0, len);
}

enum err normal_of_post(struct buf *out, struct view text)
{
	struct buf CLEANUP(buf_release) folded = {.max = 8 * NORMAL_MAX};
	struct buf CLEANUP(buf_release) plain = {.max = NORMAL_MAX};

	text = cut(text);
	if (!is_ascii(text)) {
		if (!utf8_valid(text))
			return ERR_INVALID;
		drop_signs(&plain, text);
		text = buf_view(&plain);
	}
	TRY(fold(&folded, text));
	char *to = buf_reserve(out, folded.len);
	if (!to)
		return ERR_TOO_LARGE;
	buf_grow(out, keep_letters(to, buf_view(&folded)));
	return OK;
}

static bool has_tag(struct view v)
{
	static const char *const tags[] = {"</", "<br", "<p>", "<p ", "<a ", "<span", "<div"};

	for (size_t at = view_find(v, 0, '<'); at < v.len; at = view_find(v, at + 1, '<'))
		for (size_t i = 0; i < ARRAY_LEN(tags); i++)
			if (view_starts(view_sub(v, at, v.len), view_of(tags[i])))
				return true;
	return false;
}

enum err normal_of_row(struct buf *out, struct arena *a, struct view text)
{
	text = cut(text);
	bool entities = view_find(text, 0, '&') < text.len && view_find(text, 0, '<') == text.len;

	if (entities || has_tag(text))
		text = foreign_html_text(a, text, NULL, NULL);
	return normal_of_post(out, text);
}
