/*
 * trend_score.c - see trend_score.h.
 */
#include "base/base.h"

#include "core/trend_score.h"

#include <math.h>

double trend_surprise(int64_t observed, int64_t expected, int64_t threshold)
{
	if (expected < 1)
		expected = 1;
	if (observed < threshold || observed < expected)
		return 0;
	double more = (double)(observed - expected);
	return more * more / (double)expected;
}

double trend_decayed(double score, int64_t age_ms, int64_t halflife_ms)
{
	return age_ms <= 0 ? score : score * exp2(-(double)age_ms / (double)halflife_ms);
}
