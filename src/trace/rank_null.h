/*
 * rank_null.h - the distribution of a sum of ranks when labels are exchanged inside blocks: exactly by convolution, or by drawing. Of each block
 * some posts are marked; which ones is equally likely. See permutation.h.
 */
#ifndef TRACE_RANK_NULL_H
#define TRACE_RANK_NULL_H

#include "base/base.h"

/* Values are ranks above the least of the block, in a common unit. */
struct rank_block {
	size_t n, marked;  /* 0 < marked < n */
	const uint32_t *v; /* [n] */
};
struct rank_null {
	size_t n;
	const struct rank_block *blocks;
};

double rank_null_mean(const struct rank_null *r);
double rank_null_variance(const struct rank_null *r);

/* About so many multiplications the exact way takes. */
double rank_null_steps(const struct rank_null *r);

/* ln P(sum <= s), or P(sum >= s) with up. By exponential tilting: small tails are no differences of large numbers. */
double rank_null_ln_tail(const struct rank_null *r, int64_t s, bool up);

/* All of it: chances of at, at + 1, … (what is below 1e-30 of the largest is cut off). free(p) */
struct rank_pmf {
	int64_t at;
	size_t n;
	double *p;
};
struct rank_pmf rank_null_pmf(const struct rank_null *r);

/* The sum of one drawing; state of four words (rank_random_seed). scratch[the largest n of a block]. */
void rank_random_seed(uint64_t seed, uint64_t state[4]);
int64_t rank_null_draw(const struct rank_null *r, uint64_t state[4], uint32_t *scratch);

#endif
