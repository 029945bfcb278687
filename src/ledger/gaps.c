/*
 * gaps.c - see gaps.h.
 */
#include "base/base.h"
#include "ledger/gaps.h"

#include "ledger/pack_private.h"

static uint64_t adaptive_cost(const uint64_t *v, size_t n, unsigned first)
{
	uint64_t bits = 0, sum = gaps_begin(first);

	for (size_t i = 0; i < n; i++) {
		bits += rice_cost(v[i], gaps_k(sum));
		sum = gaps_seen(sum, v[i]);
	}
	return bits;
}

static uint64_t plain_cost(const uint64_t *v, size_t n, unsigned k)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits += rice_cost(v[i], k);
	return bits;
}

struct plan {
	unsigned k, first;
	bool adaptive;
	uint64_t bits;
};

static struct plan plan(const uint64_t *v, size_t n)
{
	struct plan p = {.k = rice_best(v, n), .first = n ? bit_width(v[0] / 2) : 0};

	if (p.first > RICE_K_MAX)
		p.first = RICE_K_MAX;
	uint64_t adaptive = adaptive_cost(v, n, p.first);
	p.bits = plain_cost(v, n, p.k);
	p.adaptive = adaptive < p.bits;
	if (p.adaptive)
		p.bits = adaptive;
	return p;
}

size_t gaps_len(const uint64_t *v, size_t n)
{
	return 1 + (plan(v, n).bits + 7) / 8;
}

void put_gaps(struct buf *out, const uint64_t *v, size_t n)
{
	struct plan p = plan(v, n);
	struct bit_writer w = {.out = out};
	uint64_t sum = gaps_begin(p.first);

	buf_add_c(out, (char)(p.adaptive ? GAPS_ADAPTIVE + p.first : p.k));
	for (size_t i = 0; i < n; i++) {
		put_rice(&w, v[i], p.adaptive ? gaps_k(sum) : p.k);
		sum = gaps_seen(sum, v[i]);
	}
	put_bits_end(&w);
}
