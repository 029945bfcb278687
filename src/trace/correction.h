/*
 * correction.h - many tests at once: what each p-value is worth when all of them were looked at. p-values are natural logarithms.
 */
#ifndef TRACE_CORRECTION_H
#define TRACE_CORRECTION_H

#include "base/base.h"

/*
 * Holm (1979): the corrected value is at most alpha exactly for what may be rejected so that the chance of any wrong rejection is at
 * most alpha, whatever depends on what. ln_p ascending: the n smallest of m.
 */
void holm(const double *ln_p, size_t n, uint64_t m, double *ret_corrected);

/*
 * The smallest k such that "all of the k smallest are innocent" is rejected by closed testing with Simes' test (Hommel 1988; sets chosen
 * after the fact: Goeman and others 2019, theorem 1). Simes needs independent p-values: keys of innocents are. ln_p ascending, all n. 0: no set.
 */
size_t hommel_smallest_set(const double *ln_p, size_t n, double ln_alpha);

#endif
