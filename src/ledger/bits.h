/*
 * bits.h - Rice codes in bytes, lowest bit first: v is v >> k ones, a zero, and the k low bits of v. What would take
 * RICE_ONES ones or more is so many ones and its 48 bits.
 */
#ifndef LEDGER_BITS_H
#define LEDGER_BITS_H

#include "base/base.h"
#include "base/buf.h"

#include <endian.h>

#define RICE_ONES 24
#define RICE_K_MAX 32
#define RICE_WIDE 48 /* bits: larger values have no code */

struct bit_writer {
	struct buf *out;
	uint64_t acc;
	unsigned n; /* bits in acc, < 8 between calls */
};
static inline void put_bits(struct bit_writer *w, uint64_t v, unsigned n) /* n <= 56 */
{
	w->acc |= v << w->n;
	for (w->n += n; w->n >= 8; w->n -= 8, w->acc >>= 8)
		buf_add_c(w->out, (char)(w->acc & 255));
}
static inline void put_rice(struct bit_writer *w, uint64_t v, unsigned k)
{
	uint64_t ones = v >> k;

	if (ones >= RICE_ONES) {
		put_bits(w, ((uint64_t)1 << RICE_ONES) - 1, RICE_ONES);
		put_bits(w, v, RICE_WIDE);
	} else {
		put_bits(w, ((uint64_t)1 << ones) - 1, (unsigned)ones + 1);
		put_bits(w, v & (((uint64_t)1 << k) - 1), k);
	}
}
static inline void put_bits_end(struct bit_writer *w) /* to a whole byte, with zeros */
{
	if (w->n)
		buf_add_c(w->out, (char)w->acc);
	w->acc = w->n = 0;
}

static inline uint64_t rice_cost(uint64_t v, unsigned k) /* bits */
{
	return v >> k >= RICE_ONES ? RICE_ONES + RICE_WIDE : (v >> k) + 1 + k;
}

/* Reads 8 bytes at a time: behind what it is given there are BIT_SLACK more bytes. */
#define BIT_SLACK 8
struct bit_reader {
	const unsigned char *p;
	uint64_t at, end; /* bits */
	bool bad;
};
static inline uint64_t peek_bits(const struct bit_reader *r) /* at least 57 good ones */
{
	uint64_t v;

	memcpy(&v, r->p + r->at / 8, sizeof(v));
	return le64toh(v) >> r->at % 8;
}
static inline uint64_t get_rice(struct bit_reader *r, unsigned k)
{
	uint64_t v = r->at < r->end ? peek_bits(r) : 0, got;
	unsigned ones = ~v ? (unsigned)__builtin_ctzll(~v) : 64;

	if (ones < RICE_ONES) {
		got = (uint64_t)ones << k | (v >> (ones + 1) & (((uint64_t)1 << k) - 1));
		r->at += ones + 1 + k;
	} else {
		r->at += RICE_ONES;
		got = (r->at < r->end ? peek_bits(r) : 0) & (((uint64_t)1 << RICE_WIDE) - 1);
		r->at += RICE_WIDE;
		r->bad |= got >> k < RICE_ONES;
	}
	r->bad |= r->at > r->end;
	return r->bad ? 0 : got;
}

#endif
