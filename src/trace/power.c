/*
 * power.c - see power.h. Everything is found by halving, as chances grow with posts and shares.
 */
#include "base/base.h"
#include "trace/power.h"

#include <math.h>

#include "trace/binomial.h"

bool power_critical(uint64_t n, double p, double ln_level, uint64_t *ret_k)
{
	uint64_t low = 0, high = (uint64_t)((double)n * p) + 1;

	if (binomial_ln_low(n, p, 0) > ln_level)
		return false;
	while (high - low > 1) {
		uint64_t k = low + (high - low) / 2;
		if (binomial_ln_low(n, p, k) <= ln_level)
			low = k;
		else
			high = k;
	}
	*ret_k = low;
	return true;
}

double power_share(uint64_t n, double p, double share, double ln_level)
{
	uint64_t k;

	if (!power_critical(n, p, ln_level, &k))
		return 0;
	return exp(binomial_ln_low((uint64_t)llround((double)n * (1 - share)), p, k));
}

double power_merged(uint64_t n, double p, unsigned members, double ln_level)
{
	double needed = ceil(ln_level / log1p(-p)), others = pow(p, members - 1), missing;

	if (needed < 0 || needed > (double)n)
		return 0;
	/* What is withheld from all others, and as it leaked not from all: that is all there is to toss for. */
	others *= (1 - p) / (1 - others * p);
	/* That one of them has too few is at most the sum of the chances. */
	missing = -expm1(binomial_ln_high(n, others, (uint64_t)needed));
	return fmax(0, 1 - members * missing);
}

/* The chance for n posts; what the two searches have in common. */
struct leak_plan {
	double p, share, ln_level;
	unsigned members; /* 0: a share */
};

static double chance(const struct leak_plan *f, uint64_t n)
{
	return f->members ? power_merged(n, f->p, f->members, f->ln_level)
			  : power_share(n, f->p, f->share, f->ln_level);
}

static uint64_t fewest(const struct leak_plan *f, double power)
{
	uint64_t low = 0, high = 64;

	if (f->p <= 0 || f->p >= 1)
		return 0;
	while (chance(f, high) < power) {
		low = high;
		high *= 2;
		if (high > POWER_POSTS_MAX)
			return 0;
	}
	while (high - low > 1) {
		uint64_t n = low + (high - low) / 2;
		if (chance(f, n) < power)
			low = n;
		else
			high = n;
	}
	return high;
}

uint64_t power_posts(double p, double share, double ln_level, double power)
{
	if (share <= 0)
		return 0;
	return fewest(&(struct leak_plan){.p = p, .share = share, .ln_level = ln_level}, power);
}

uint64_t power_posts_merged(double p, unsigned members, double ln_level, double power)
{
	return fewest(&(struct leak_plan){.p = p, .members = members, .ln_level = ln_level}, power);
}

double power_smallest_share(uint64_t n, double p, double ln_level, double power)
{
	double low = 0, high = 1;

	if (p <= 0 || power_share(n, p, 1, ln_level) < power)
		return 2;
	for (int i = 0; i < 40; i++) {
		double share = (low + high) / 2;
		if (power_share(n, p, share, ln_level) < power)
			low = share;
		else
			high = share;
	}
	return high;
}
