/*
 * binomial.h - tails of sums of coin tosses, as natural logarithms, exact to about 12 digits from 1 down to 1e-100000.
 *
 * Single terms by Loader's saddle-point form (C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000), which loses no digits
 * where differences of lgamma() lose eight; tails by adding terms from the largest on. No approximation to another distribution.
 */
#ifndef TRACE_BINOMIAL_H
#define TRACE_BINOMIAL_H

#include "base/base.h"

/* 0 <= p < 1. -INFINITY for what cannot be. */
double binomial_ln_pmf(uint64_t n, double p, uint64_t k);
double binomial_ln_low(uint64_t n, double p, uint64_t k);  /* ln P(K <= k) */
double binomial_ln_high(uint64_t n, double p, uint64_t k); /* ln P(K >= k) */

/*
 * Tosses of several coins (a Poisson binomial distribution): t[i].n with probability t[i].p. Exact likewise, by convolution after
 * exponential tilting, which moves the mean to k so that no small tail is a difference of large ones.
 */
struct tosses {
	uint64_t n;
	double p;
};
double tosses_mean(const struct tosses *t, size_t kinds);
double tosses_ln_low(const struct tosses *t, size_t kinds, uint64_t k);
double tosses_ln_high(const struct tosses *t, size_t kinds, uint64_t k);

/*
 * What k says about n when p is known. The largest n with P(K <= k) >= level, and the smallest (from k on) with P(K >= k) >= level. At most `most`.
 */
uint64_t binomial_most_n(double p, uint64_t k, double ln_level, uint64_t most);
uint64_t binomial_least_n(double p, uint64_t k, double ln_level, uint64_t most);

#endif
