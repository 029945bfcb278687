/*
 * utf16.c - see utf16.h.
 */
#include "base/base.h"

#include "trace/utf16.h"

#define REPLACEMENT 0xfffd

struct utf16 utf16_begin(char *p, size_t *n)
{
	struct view v = view_make(p, *n);
	size_t mark = 0;
	struct utf16 u = {0};

	if (view_starts(v, V("\xef\xbb\xbf"))) {
		mark = 3;
	} else if (view_starts(v, V("\xff\xfe")) || view_starts(v, V("\xfe\xff"))) {
		mark = 2;
		u.on = true;
		u.big = v.p[0] == '\xfe';
	}
	*n -= mark;
	memmove(p, p + mark, *n);
	return u;
}

static size_t put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

static size_t unit(struct utf16 *u, uint32_t c, char *out)
{
	size_t n = 0;

	if (u->high && c >= 0xdc00 && c < 0xe000) {
		n = put(out, 0x10000 + ((u->high - 0xd800) << 10) + (c - 0xdc00));
		u->high = 0;
		return n;
	}
	if (u->high)
		n = put(out, REPLACEMENT);
	u->high = c >= 0xd800 && c < 0xdc00 ? c : 0;
	if (u->high)
		return n;
	return n + put(out + n, c >= 0xdc00 && c < 0xe000 ? REPLACEMENT : c);
}

size_t utf16_decode(struct utf16 *u, const char *p, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (!u->odd) {
			u->waiting = c;
			u->odd = true;
			continue;
		}
		u->odd = false;
		len += unit(u, u->big ? (uint32_t)u->waiting << 8 | c : (uint32_t)c << 8 | u->waiting, out + len);
	}
	return len;
}

void cp1252_decode(struct buf *out, struct view v)
{
	/* 0x80 … 0x9f; those that it leaves open are control characters, as browsers have it. */
	static const uint16_t upper[32] = {
		0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160,
		0x2039, 0x152,	0x8d,	0x17d,	0x8f,	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e,	0x178,
	};
	char bytes[4];

	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.p[i];

		buf_add(out, view_make(bytes, put(bytes, c >= 0x80 && c < 0xa0 ? upper[c - 0x80] : c)));
	}
}
