/*
 * binomial.c - see binomial.h. Tails add terms by their ratio, from the largest on, until what follows does not show any more.
 */
#include "base/base.h"
#include "trace/binomial.h"

#include <math.h>

#define LN_2PI 1.8378770664093454836
#define NEGLIGIBLE 1e-18

/* ---- one term ---- */

/* ln(n!) - ln(sqrt(2 pi n) (n/e)^n): what Stirling's formula lacks. */
static double stirling_error(double n)
{
	if (n < 16)
		return lgamma(n + 1) - (n + 0.5) * log(n) + n - LN_2PI / 2;
	double r = 1 / (n * n);
	return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / n;
}

/* x ln(x/m) + m - x, also where x is close to m. */
static double deviance(double x, double m)
{
	if (fabs(x - m) >= 0.1 * (x + m))
		return x * log(x / m) + m - x;
	double v = (x - m) / (x + m), sum = (x - m) * v, term = 2 * x * v;
	for (int i = 3;; i += 2) {
		term *= v * v;
		double next = sum + term / i;
		if (next == sum)
			return sum;
		sum = next;
	}
}

double binomial_ln_pmf(uint64_t n, double p, uint64_t k)
{
	double dn = (double)n, dk = (double)k, rest = (double)(n - k);

	if (k > n)
		return -INFINITY;
	if (p <= 0)
		return k ? -INFINITY : 0;
	if (k == 0)
		return dn * log1p(-p);
	if (k == n)
		return dn * log(p);
	return stirling_error(dn) - stirling_error(dk) - stirling_error(rest) - deviance(dk, dn * p) -
	       deviance(rest, dn * (1 - p)) + (log(dn / dk / rest) - LN_2PI) / 2;
}

/* ---- tails ---- */

/* 1 + r + r r' + …: all terms from k on (towards 0, or n), where the term at k counts 1. */
static double terms_from(uint64_t n, double p, uint64_t k, bool up)
{
	double odds = p / (1 - p), term = 1, sum = 1;

	for (uint64_t j = k; up ? j < n : j > 0; j += up ? 1 : -1) {
		term *= up ? (double)(n - j) / (double)(j + 1) * odds : (double)j / (double)(n - j + 1) / odds;
		sum += term;
		if (term < sum * NEGLIGIBLE)
			break;
	}
	return sum;
}

static double ln_complement(double ln_p)
{
	return ln_p < 0 ? log1p(-exp(ln_p)) : -INFINITY;
}

static double not_above_1(double ln_p)
{
	return ln_p > 0 ? 0 : ln_p;
}

double binomial_ln_low(uint64_t n, double p, uint64_t k)
{
	if (k >= n || p <= 0)
		return 0;
	if ((double)k < (double)n * p)
		return not_above_1(binomial_ln_pmf(n, p, k) + log(terms_from(n, p, k, false)));
	return ln_complement(binomial_ln_high(n, p, k + 1));
}

double binomial_ln_high(uint64_t n, double p, uint64_t k)
{
	if (k == 0)
		return 0;
	if (k > n || p <= 0)
		return -INFINITY;
	if ((double)k > (double)n * p)
		return not_above_1(binomial_ln_pmf(n, p, k) + log(terms_from(n, p, k, true)));
	return ln_complement(binomial_ln_low(n, p, k - 1));
}

/* ---- several coins ---- */

double tosses_mean(const struct tosses *t, size_t kinds)
{
	double mean = 0;

	for (size_t i = 0; i < kinds; i++)
		mean += (double)t[i].n * t[i].p;
	return mean;
}

/* Each p once, without what never falls. The caller frees. */
static struct tosses *merged(const struct tosses *t, size_t kinds, size_t *ret_kinds, uint64_t *ret_n)
{
	struct tosses *m = xcalloc(kinds, sizeof(*m));
	size_t n = 0;

	*ret_n = 0;
	for (size_t i = 0; i < kinds; i++) {
		size_t at = 0;
		if (t[i].p <= 0 || !t[i].n)
			continue;
		while (at < n && m[at].p != t[i].p)
			at++;
		m[at].p = t[i].p;
		m[at].n += t[i].n;
		*ret_n += t[i].n;
		n += at == n;
	}
	*ret_kinds = n;
	return m;
}

static double tilted(double p, double theta)
{
	return p < 1 ? 1 / (1 + (1 - p) / p * exp(-theta)) : 1;
}

/* The tilt under which the mean is k; 0 < k < all tosses. */
static double tilt_for(const struct tosses *t, size_t kinds, double k)
{
	double low = -700, high = 700;

	for (int i = 0; i < 200; i++) {
		double theta = (low + high) / 2, mean = 0;
		for (size_t j = 0; j < kinds; j++)
			mean += (double)t[j].n * tilted(t[j].p, theta);
		if (mean < k)
			low = theta;
		else
			high = theta;
	}
	return (low + high) / 2;
}

/* Probabilities of at, at + 1, … */
struct window {
	uint64_t at;
	size_t n;
	double *p;
};

/* Ten deviations to each side, and some: what is outside is below 1e-20. */
static struct window window_of(uint64_t n, double p)
{
	double mean = (double)n * p, wide = 10 * sqrt(mean * (1 - p)) + 30;
	struct window w = {.at = mean > wide ? (uint64_t)(mean - wide) : 0};
	uint64_t end = mean + wide < (double)n ? (uint64_t)(mean + wide) : n;

	w.n = (size_t)(end - w.at + 1);
	w.p = xcalloc(w.n, sizeof(*w.p));
	for (size_t i = 0; i < w.n; i++)
		w.p[i] = exp(binomial_ln_pmf(n, p, w.at + i));
	return w;
}

static struct window sum_of(struct window a, struct window b)
{
	struct window w = {.at = a.at + b.at, .n = a.n + b.n - 1};

	w.p = xcalloc(w.n, sizeof(*w.p));
	for (size_t i = 0; i < a.n; i++)
		for (size_t j = 0; j < b.n; j++)
			w.p[i + j] += a.p[i] * b.p[j];
	free(a.p);
	free(b.p);
	return w;
}

/* Under the tilt the tail at k is a sum of probabilities about 1/2, weighted down with the distance from k. */
static double tilted_tail(const struct tosses *t, size_t kinds, uint64_t k, bool up)
{
	double theta = tilt_for(t, kinds, (double)k), ln_scale = -theta * (double)k, sum = 0;
	struct window all = {.n = 1, .p = xcalloc(1, sizeof(double))};

	all.p[0] = 1;
	for (size_t i = 0; i < kinds; i++) {
		ln_scale += (double)t[i].n * log1p(t[i].p * expm1(theta));
		all = sum_of(all, window_of(t[i].n, tilted(t[i].p, theta)));
	}
	for (size_t i = 0; i < all.n; i++) {
		uint64_t s = all.at + i;
		if (up ? s >= k : s <= k)
			sum += all.p[i] * exp(-theta * ((double)s - (double)k));
	}
	free(all.p);
	return not_above_1(ln_scale + log(sum));
}

static double tail(const struct tosses *t, size_t kinds, uint64_t n, uint64_t k, bool up)
{
	double ln = 0, mean = tosses_mean(t, kinds);

	if (up ? k == 0 : k >= n)
		return 0;
	if (up && k > n)
		return -INFINITY;
	if (kinds == 1)
		return (up ? binomial_ln_high : binomial_ln_low)(t->n, t->p, k);
	if (up ? (double)k <= mean : (double)k >= mean)
		return ln_complement(tail(t, kinds, n, up ? k - 1 : k + 1, !up));
	if (k != 0 && k != n)
		return tilted_tail(t, kinds, k, up);
	for (size_t i = 0; i < kinds; i++)
		ln += (double)t[i].n * (k ? log(t[i].p) : log1p(-t[i].p));
	return ln;
}

static double tosses_tail(const struct tosses *t, size_t kinds, uint64_t k, bool up)
{
	uint64_t n;
	struct tosses *m = merged(t, kinds, &kinds, &n);
	double ln = tail(m, kinds, n, k, up);

	free(m);
	return ln;
}

double tosses_ln_low(const struct tosses *t, size_t kinds, uint64_t k)
{
	return tosses_tail(t, kinds, k, false);
}

double tosses_ln_high(const struct tosses *t, size_t kinds, uint64_t k)
{
	return tosses_tail(t, kinds, k, true);
}

/* ---- what k says about n ---- */

uint64_t binomial_most_n(double p, uint64_t k, double ln_level, uint64_t most)
{
	uint64_t low = k, high = most;

	if (k >= most || binomial_ln_low(most, p, k) >= ln_level)
		return most;
	while (high - low > 1) {
		uint64_t n = low + (high - low) / 2;
		if (binomial_ln_low(n, p, k) >= ln_level)
			low = n;
		else
			high = n;
	}
	return low;
}

uint64_t binomial_least_n(double p, uint64_t k, double ln_level, uint64_t most)
{
	uint64_t low = k, high = most;

	if (k >= most || binomial_ln_high(most, p, k) < ln_level)
		return most;
	if (binomial_ln_high(k, p, k) >= ln_level)
		return k;
	while (high - low > 1) {
		uint64_t n = low + (high - low) / 2;
		if (binomial_ln_high(n, p, k) >= ln_level)
			high = n;
		else
			low = n;
	}
	return high;
}
