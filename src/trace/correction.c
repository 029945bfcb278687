/*
 * correction.c - Holm's and Hommel's corrections. See correction.h.
 */
#include "base/base.h"
#include "trace/correction.h"

#include <math.h>

void holm(const double *ln_p, size_t n, uint64_t m, double *ret_corrected)
{
	double largest = -INFINITY;

	for (size_t i = 0; i < n; i++) {
		double ln = ln_p[i] + log((double)(m - i));
		if (ln > largest)
			largest = ln;
		ret_corrected[i] = largest < 0 ? largest : 0;
	}
}

/* Is Simes' test of the size largest p-values silent: p[n - size + j] > j alpha / size for each j from 1? */
static bool silent(const double *ln_p, size_t n, size_t size, double ln_alpha)
{
	for (size_t j = 1; j <= size; j++)
		if (ln_p[n - size + j - 1] + log((double)size) <= ln_alpha + log((double)j))
			return false;
	return true;
}

size_t hommel_smallest_set(const double *ln_p, size_t n, double ln_alpha)
{
	size_t h = n;

	while (h > 0 && !silent(ln_p, n, h, ln_alpha))
		h--;
	if (h == 0) /* nothing withstands: the smallest alone is a set */
		return n > 0;
	for (size_t k = 1; k <= n; k++)
		if (ln_p[k - 1] + log((double)h) <= ln_alpha + log((double)k))
			return k;
	return 0;
}
