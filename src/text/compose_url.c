/*
 * compose_url.c - see compose_url.h. One pass from left to right: each part remembers the last place where the link
 * may end, and reading goes on for as long as it could still become longer.
 */
#include "base/base.h"
#include "text/compose_url.h"

#include <unictype.h>

#include "text/utf8.h"

static bool in_set(ucs4_t c, const char *ascii_set)
{
	return c != 0 && c < 0x80 && strchr(ascii_set, (int)c) != NULL;
}

static size_t scheme_len(struct view t, size_t at)
{
	static const struct view schemes[] = {V("http://"), V("https://")};
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (view_eq_nocase(view_sub(t, at, schemes[i].len), schemes[i]))
			return schemes[i].len;
	return 0;
}

/* What may stand before a link: not the middle of a word, an address or a tag. */
static bool may_follow(ucs4_t before)
{
	return !ascii_is_alnum(before) && !in_set(before, "@$#") && before != 0xFF20 && before != 0xFF03;
}

/* Letters, digits, marks, and symbols, for there are hosts named by an emoji. */
static bool is_host_char(ucs4_t c)
{
	if (c < 0x80)
		return ascii_is_alnum(c);
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
							   UC_CATEGORY_MASK_S) &&
	       c != 0xFFFD;
}

/* End of the label at `at`, which may have '-' and '_' inside; `at` when there is none. */
static size_t label_end(struct view t, size_t at)
{
	size_t end = at, begin = at;
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		bool inside = c == '-' || c == '_';
		if (!is_host_char(c) && !(inside && at > begin))
			break;
		at += n;
		if (!inside)
			end = at;
	}
	return end;
}

/*
 * Where the top-level domain that this label begins with ends, or 0. Latin ones end where another script begins:
 * people write "https://example.comを見て".
 */
static size_t tld_end(struct view t, size_t begin, size_t end)
{
	struct view label = view_sub(t, begin, end - begin);
	if (view_eq_nocase(view_sub(label, 0, 4), V("xn--")))
		return label.len > 4 ? end : 0;
	bool latin = ascii_is_alpha((unsigned char)label.p[0]);
	size_t at = begin;
	while (at < end) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		if (latin ? !ascii_is_alpha(c) : c < 0x80 || !(utf8_is_alpha(c) || utf8_is_mark(c)))
			break;
		at += n;
	}
	if (latin)
		return at - begin >= 2 && (at == end || (unsigned char)t.p[at] >= 0x80) ? at : 0;
	return at == end ? end : 0;
}

/* End of the host at `at`: its last label that is a top-level domain and has a label before it. 0: no host. */
static size_t host_end(struct view t, size_t at)
{
	size_t best = 0;
	for (size_t labels = 0;; labels++) {
		size_t end = label_end(t, at);
		if (end == at)
			break;
		size_t tld = labels > 0 ? tld_end(t, at, end) : 0;
		if (tld)
			best = tld;
		at = end;
		if (at >= t.len || t.p[at] != '.')
			break;
		at++;
	}
	if (best && best < t.len && in_set((unsigned char)t.p[best], "@-+"))
		return 0; /* "http://a.com@b.org" is made to be misread */
	return best;
}

static size_t port_end(struct view t, size_t at)
{
	size_t end = at + 1;
	if (at >= t.len || t.p[at] != ':')
		return at;
	while (end < t.len && end - at <= 6 && ascii_is_digit((unsigned char)t.p[end]))
		end++;
	return end - at > 1 && end - at <= 6 ? end : at;
}

static bool is_path_char(ucs4_t c)
{
	return !in_set(c, "<>()?") && !utf8_is_space(c) && !utf8_is_control(c) && c != 0xFFFD;
}

/* 「 and 」: quotation marks of running Japanese text. */
static bool is_path_ending(ucs4_t c)
{
	return !in_set(c, "()?!*\"'<>;:=,.$%[]~&|@") && c != 0x300C && c != 0x300D;
}

static size_t path_chars_end(struct view t, size_t at)
{
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		if (!is_path_char(c))
			break;
		at += n;
	}
	return at;
}

static bool is_char(struct view t, size_t at, char c)
{
	return at < t.len && t.p[at] == c;
}

/* End of the pair of parentheses that opens at `at`, with at most one pair inside; 0 when it is not that. */
static size_t parens_end(struct view t, size_t at)
{
	size_t in = path_chars_end(t, at + 1);
	if (is_char(t, in, ')'))
		return in > at + 1 ? in + 1 : 0;
	if (!is_char(t, in, '('))
		return 0;
	size_t inner = path_chars_end(t, in + 1);
	if (inner == in + 1 || !is_char(t, inner, ')'))
		return 0;
	size_t out = path_chars_end(t, inner + 1);
	return is_char(t, out, ')') ? out + 1 : 0;
}

static size_t path_end(struct view t, size_t at)
{
	size_t end = at;
	if (!is_char(t, at, '/'))
		return at;
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		if (c == '(') {
			at = parens_end(t, at);
			if (at == 0)
				break;
			end = at;
			continue;
		}
		if (!is_path_char(c))
			break;
		at += n;
		if (is_path_ending(c))
			end = at;
	}
	return end;
}

static bool is_query_char(ucs4_t c)
{
	if (c < 0x80)
		return ascii_is_alnum(c) || in_set(c, "!?*'();:&=+$/%#[]-_.,~|@^");
	return is_path_char(c);
}

static bool is_query_ending(ucs4_t c)
{
	return c < 0x80 ? ascii_is_alnum(c) || in_set(c, "_&=#/-") : is_path_ending(c);
}

/* The query behind '?', or the fragment behind '#'. */
static size_t query_end(struct view t, size_t at)
{
	size_t end = at;
	if (!is_char(t, at, '?') && !is_char(t, at, '#'))
		return at;
	at++;
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		if (!is_query_char(c))
			break;
		at += n;
		if (is_query_ending(c))
			end = at;
	}
	return end;
}

size_t compose_url(struct view text, size_t at)
{
	size_t scheme = scheme_len(text, at);
	if (!scheme || !may_follow(utf8_before(text, at)))
		return 0;
	size_t end = host_end(text, at + scheme);
	if (!end)
		return 0;
	end = port_end(text, end);
	end = path_end(text, end);
	end = query_end(text, end);
	return end - at;
}
