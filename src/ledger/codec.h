/*
 * codec.h - numbers in bytes and bits: shortest LEB128, zigzag, and Rice codes. Readers never go past their end: they turn
 * `bad` and answer 0 from there on.
 */
#ifndef LEDGER_CODEC_H
#define LEDGER_CODEC_H

#include "base/base.h"

#include <endian.h>

#define VARINT_MAX 10 /* bytes */

struct reader {
	const unsigned char *p, *end;
	bool bad;
};
static inline struct reader reader_of(struct view v)
{
	const unsigned char *p = (const unsigned char *)v.p;

	return (struct reader){p, p + v.len, false};
}
static inline size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->p);
}
static inline uint64_t reader_fail(struct reader *r)
{
	r->bad = true;
	r->p = r->end;
	return 0;
}
static inline uint8_t get_byte(struct reader *r)
{
	return (uint8_t)(r->p < r->end ? *r->p++ : reader_fail(r));
}
static inline struct view get_bytes_view(struct reader *r, size_t n)
{
	if (n > reader_left(r)) {
		reader_fail(r);
		n = 0;
	}
	r->p += n;
	return view_make((const char *)r->p - n, n);
}
/* Eight bytes at r->p, one of which ends the number: groups of seven bits are joined in pairs, fours, and all. */
static inline uint64_t get_short_varint(struct reader *r, uint64_t w, uint64_t ends)
{
	unsigned n = (unsigned)__builtin_ctzll(ends) / 8;

	w &= ends ^ (ends - 1);
	if (n && !(w >> 8 * n))
		return reader_fail(r);
	r->p += n + 1;
	w = (w & UINT64_C(0x007f007f007f007f)) | (w & UINT64_C(0x7f007f007f007f00)) >> 1;
	w = (w & UINT64_C(0x00003fff00003fff)) | (w & UINT64_C(0x3fff00003fff0000)) >> 2;
	return (w & UINT64_C(0x0fffffff)) | (w & UINT64_C(0x0fffffff00000000)) >> 4;
}
/* The shortest form only. */
static inline uint64_t get_varint(struct reader *r)
{
	uint64_t v = 0;

	if (reader_left(r) >= sizeof(v)) {
		memcpy(&v, r->p, sizeof(v));
		v = le64toh(v);
		uint64_t ends = ~v & UINT64_C(0x8080808080808080);
		if (ends)
			return get_short_varint(r, v, ends);
		v = 0;
	}

	for (unsigned shift = 0; r->p < r->end && shift < 64; shift += 7) {
		unsigned b = *r->p++;
		if (shift == 63 && b > 1)
			break;
		v |= (uint64_t)(b & 127) << shift;
		if (b < 128)
			return shift && !b ? reader_fail(r) : v;
	}
	return reader_fail(r);
}
/* One that is at most max. */
static inline uint64_t get_varint_to(struct reader *r, uint64_t max)
{
	uint64_t v = get_varint(r);

	return v > max ? reader_fail(r) : v;
}
static inline uint64_t get_u64(struct reader *r)
{
	struct view v = get_bytes_view(r, 8);
	uint64_t n = 0;

	memcpy(&n, v.p, v.len);
	return le64toh(n);
}

static inline unsigned char *put_varint(unsigned char *p, uint64_t v)
{
	for (; v > 127; v >>= 7)
		*p++ = (unsigned char)(v | 128);
	*p++ = (unsigned char)v;
	return p;
}
static inline unsigned char *put_u64(unsigned char *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, 8);
	return p + 8;
}
static inline unsigned char *put_bytes(unsigned char *p, const void *from, size_t n)
{
	if (n)
		memcpy(p, from, n);
	return p + n;
}

static inline uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}
static inline int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}
/* How many bits v needs; 0 needs none. */
static inline unsigned bit_width(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

#endif
