/*
 * view.c - comparing, cutting and reading borrowed text.
 */
#include "base/base.h"
#include "base/view.h"

#include <endian.h>
#include <errno.h>
#include <locale.h>
#include <math.h>

/* A double never needs more to be read exactly enough; longer input is noise. */
#define DOUBLE_CHARS_MAX 64

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool view_eq_nocase(struct view a, struct view b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int view_cmp(struct view a, struct view b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool view_starts(struct view v, struct view prefix)
{
	return v.len >= prefix.len && view_eq(view_make(v.p, prefix.len), prefix);
}

bool view_ends(struct view v, struct view suffix)
{
	return v.len >= suffix.len && view_eq(view_sub(v, v.len - suffix.len, suffix.len), suffix);
}

struct view view_trim(struct view v)
{
	while (v.len && is_space(v.p[0]))
		v.p++, v.len--;
	while (v.len && is_space(v.p[v.len - 1]))
		v.len--;
	return v;
}

struct view view_sub(struct view v, size_t from, size_t len)
{
	if (from >= v.len)
		return view_make(v.len ? v.p + v.len : v.p, 0);
	size_t rest = v.len - from;
	return view_make(v.p + from, len < rest ? len : rest);
}

size_t view_find(struct view v, size_t from, char c)
{
	if (from >= v.len)
		return v.len;
	const char *at = memchr(v.p + from, c, v.len - from);
	return at ? (size_t)(at - v.p) : v.len;
}

bool view_split(struct view *rest, char sep, struct view *ret_piece)
{
	if (rest->len == 0)
		return false;
	size_t end = view_find(*rest, 0, sep);
	*ret_piece = view_sub(*rest, 0, end);
	*rest = view_sub(*rest, end + 1, SIZE_MAX);
	return true;
}

#define DIGITS_SAFE 19 /* so many fit 64 bits, whichever they are */

/*
 * Eight digits, the first in the lowest byte: each step joins neighbours, in pairs, fours, and all. False when one of them is none: it
 * is below '0', or above '9' and then six more carry into its upper half.
 */
static bool eight_digits(const char *p, uint64_t *ret)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w;
	memcpy(&w, p, sizeof(w));
	w = le64toh(w);
	if (((w & ones * 0xf0) | ((w + ones * 6) & ones * 0xf0) >> 4) != ones * 0x33)
		return false;
	w -= ones * '0';
	w = w * 10 + (w >> 8);
	w = ((w & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
	     (w >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
	    32;
	*ret = w;
	return true;
}

bool parse_u64(struct view v, uint64_t max, uint64_t *ret)
{
	if (v.len == 0)
		return false;
	uint64_t n = 0, eight;
	size_t safe = v.len < DIGITS_SAFE ? v.len : DIGITS_SAFE, at = 0;
	for (; safe - at >= sizeof(eight) && eight_digits(v.p + at, &eight); at += sizeof(eight))
		n = n * 100000000 + eight;
	for (const char *p = v.p + at; p < v.p + safe; p++) {
		unsigned digit = (unsigned)*p - '0';
		if (digit > 9)
			return false;
		n = n * 10 + digit;
	}
	for (size_t i = safe; i < v.len; i++) {
		if (!is_digit(v.p[i]) || __builtin_mul_overflow(n, UINT64_C(10), &n) ||
		    __builtin_add_overflow(n, (uint64_t)(v.p[i] - '0'), &n))
			return false;
	}
	if (n > max)
		return false;
	*ret = n;
	return true;
}

bool parse_i64(struct view v, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = v.len && v.p[0] == '-';
	uint64_t n;
	if (!parse_u64(negative ? view_sub(v, 1, SIZE_MAX) : v, (uint64_t)INT64_MAX + negative, &n))
		return false;
	int64_t value = negative ? (int64_t)(0 - n) : (int64_t)n;
	if (value < min || value > max)
		return false;
	*ret = value;
	return true;
}

static size_t skip_digits(struct view v, size_t at)
{
	while (at < v.len && is_digit(v.p[at]))
		at++;
	return at;
}

static size_t skip_sign(struct view v, size_t at)
{
	return at < v.len && (v.p[at] == '-' || v.p[at] == '+') ? at + 1 : at;
}

/* [sign] digits [. digits] [e [sign] digits], with a digit on at least one side of the point. */
static bool is_decimal(struct view v)
{
	size_t from = skip_sign(v, 0), at = skip_digits(v, from), digits = at - from;
	if (at < v.len && v.p[at] == '.') {
		from = at + 1;
		at = skip_digits(v, from);
		digits += at - from;
	}
	if (digits && at < v.len && lower(v.p[at]) == 'e') {
		from = skip_sign(v, at + 1);
		at = skip_digits(v, from);
		digits = at - from;
	}
	return digits && at == v.len;
}

bool parse_double(struct view v, double *ret)
{
	char text[DOUBLE_CHARS_MAX + 1];
	if (v.len > DOUBLE_CHARS_MAX || !is_decimal(v))
		return false;
	memcpy(text, v.p, v.len);
	text[v.len] = '\0';
	/* glibc hands out one static object for "C": nothing to free, nothing to fail. */
	double d = strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", (locale_t)0));
	if (!isfinite(d))
		return false;
	*ret = d;
	return true;
}

bool parse_bool(struct view v, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{"1", true},  {"t", true},	{"T", true},	  {"true", true}, {"TRUE", true},
		{"on", true}, {"ON", true},	{"", false},	  {"0", false},	  {"f", false},
		{"F", false}, {"false", false}, {"FALSE", false}, {"off", false}, {"OFF", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (view_is(v, words[i].word)) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

/* What the first byte of a sequence says: its length, and the range of the second byte (RFC 3629 section 4). */
struct utf8_lead {
	unsigned char first, last, len, second_min, second_max;
};

static const struct utf8_lead utf8_leads[] = {
	{0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
	{0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

size_t utf8_step(struct view v, size_t at)
{
	if (at >= v.len)
		return 0;
	const unsigned char *p = (const unsigned char *)v.p + at;
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(utf8_leads); i++) {
		const struct utf8_lead *l = &utf8_leads[i];
		if (p[0] < l->first || p[0] > l->last)
			continue;
		if (v.len - at < l->len || p[1] < l->second_min || p[1] > l->second_max)
			return 0;
		for (size_t k = 2; k < l->len; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return l->len;
	}
	return 0;
}

/* Eight bytes of ASCII, and no NUL: of those bytes alone neither the word nor the word less one each has a highest bit. */
static bool is_plain(const char *p)
{
	uint64_t word, ones = UINT64_C(0x0101010101010101);
	memcpy(&word, p, sizeof(word));
	return ((word | (word - ones)) & ones << 7) == 0;
}

bool utf8_valid(struct view v)
{
	for (size_t at = 0, n; at < v.len; at += n) {
		while (v.len - at >= sizeof(uint64_t) && is_plain(v.p + at))
			at += sizeof(uint64_t);
		if (at == v.len)
			break;
		n = utf8_step(v, at);
		if (n == 0 || v.p[at] == '\0')
			return false;
	}
	return true;
}
