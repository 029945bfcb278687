/*
 * gaps.h - a list of gaps: a byte that says how it is coded, and Rice codes up to a whole byte. Either all with one k
 * (the byte), or (GAPS_ADAPTIVE + the first k) each with a k that follows what came before it: for lists that begin
 * dense and end sparse, or the other way.
 */
#ifndef LEDGER_GAPS_H
#define LEDGER_GAPS_H

#include "base/base.h"
#include "ledger/bits.h"
#include "ledger/codec.h"

#define GAPS_ADAPTIVE 128

/* The sum of the last few gaps, older ones less and less; half of their mean has as many bits as the next k. */
static inline uint64_t gaps_begin(unsigned k) { return (uint64_t)1 << k << 2; }
static inline uint64_t gaps_seen(uint64_t sum, uint64_t gap) { return sum - sum / 4 + gap; }
static inline unsigned gaps_k(uint64_t sum)
{
	unsigned k = bit_width(sum >> 3);

	return k < RICE_K_MAX ? k : RICE_K_MAX;
}

/* The shorter of the two. Values are below 2^32. */
void put_gaps(struct buf *out, const uint64_t *v, size_t n);
size_t gaps_len(const uint64_t *v, size_t n); /* bytes of it, with the first */

struct gap_reader {
	struct bit_reader in;
	unsigned k;
	bool adaptive;
	uint64_t sum;
};
/* Reads what stands before in->end, which has BIT_SLACK bytes behind it. coding: the first byte. */
static inline struct gap_reader gaps_of(const struct reader *in, unsigned coding)
{
	struct gap_reader r = {.in = {.p = in->p, .end = 8 * reader_left(in)}, .k = coding % GAPS_ADAPTIVE};

	r.adaptive = coding >= GAPS_ADAPTIVE;
	r.in.bad = r.k > RICE_K_MAX;
	r.k = r.in.bad ? 0 : r.k;
	r.sum = gaps_begin(r.k);
	return r;
}
static inline uint64_t get_gap(struct gap_reader *r)
{
	uint64_t gap = get_rice(&r->in, r->adaptive ? gaps_k(r->sum) : r->k);

	r->sum = gaps_seen(r->sum, gap);
	return gap;
}

#endif
