/*
 * rank_null.c - see rank_null.h.
 */
#include "base/base.h"
#include "trace/rank_null.h"

#include <math.h>

#define CUT 1e-30 /* of the largest chance: what is smaller at the ends is left away */
#define TILT_MAX 60.0

/* ---- moments ---- */

static void moments(const struct rank_block *b, double *ret_mean, double *ret_variance)
{
	double sum = 0, squares = 0, n = (double)b->n, m = (double)b->marked;

	for (size_t i = 0; i < b->n; i++)
		sum += b->v[i];
	for (size_t i = 0; i < b->n; i++)
		squares += ((double)b->v[i] - sum / n) * ((double)b->v[i] - sum / n);
	*ret_mean = m * sum / n;
	*ret_variance = b->n > 1 ? m * (n - m) / (n * (n - 1)) * squares : 0;
}

double rank_null_mean(const struct rank_null *r)
{
	double sum = 0, mean, variance;

	for (size_t i = 0; i < r->n; i++) {
		moments(&r->blocks[i], &mean, &variance);
		sum += mean;
	}
	return sum;
}

double rank_null_variance(const struct rank_null *r)
{
	double sum = 0, mean, variance;

	for (size_t i = 0; i < r->n; i++) {
		moments(&r->blocks[i], &mean, &variance);
		sum += variance;
	}
	return sum;
}

static size_t largest(const struct rank_block *b)
{
	size_t most = 0;

	for (size_t i = 0; i < b->n; i++)
		most = b->v[i] > most ? b->v[i] : most;
	return most;
}

double rank_null_steps(const struct rank_null *r)
{
	double steps = 0, variance = 0, range = 0, mean, v;

	for (size_t i = 0; i < r->n; i++) {
		double own = (double)r->blocks[i].marked * (double)largest(&r->blocks[i]) + 1;
		moments(&r->blocks[i], &mean, &v);
		variance += v;
		range += own;
		steps += (double)r->blocks[i].n * (double)r->blocks[i].marked * own;
		steps += own * fmin(range, 26 * sqrt(variance) + own);
	}
	return steps;
}

/* ---- one block ---- */

/* Takes away what is at both ends and at most so much of the largest chance. */
static void cut(struct rank_pmf *d, double part)
{
	double most = 0;
	size_t from = 0, to = d->n;

	for (size_t i = 0; i < d->n; i++)
		most = fmax(most, d->p[i]);
	while (d->p[from] <= most * part)
		from++;
	while (d->p[to - 1] <= most * part)
		to--;
	memmove(d->p, d->p + from, (to - from) * sizeof(*d->p));
	d->at += (int64_t)from;
	d->n = to - from;
}

/* Posts are marked one after the other, each with the chance that what is left to mark has among what is left. */
static struct rank_pmf block_pmf(const struct rank_block *b)
{
	size_t m = b->marked, range = m * largest(b) + 1;
	double *by = xcalloc((m + 1) * range, sizeof(*by)); /* [marked so far][sum] */
	struct rank_pmf d = {.n = range, .p = xcalloc(range, sizeof(double))};

	by[0] = 1;
	for (size_t i = 0; i < b->n; i++)
		for (size_t done = m + 1; done-- > 0;) {
			double chance = (double)(m - done) / (double)(b->n - i);
			double *from = by + done * range, *to = from + range;
			if (done > i || chance > 1) /* nobody is there */
				continue;
			for (size_t s = 0; chance > 0 && s + b->v[i] < range; s++)
				to[s + b->v[i]] += from[s] * chance;
			for (size_t s = 0; s < range; s++)
				from[s] *= 1 - chance;
		}
	memcpy(d.p, by + m * range, range * sizeof(*d.p));
	free(by);
	cut(&d, 0);
	return d;
}

/* Of exp(theta * sum): its logarithm, and the mean under the tilt. */
static double tilt(const struct rank_pmf *d, double theta, double *ret_mean)
{
	double at = theta > 0 ? (double)d->n - 1 : 0, sum = 0,
	       mean = 0; /* the largest weight is that of a sum that can be */

	for (size_t s = 0; s < d->n; s++) {
		double w = d->p[s] * exp(theta * ((double)s - at));
		sum += w;
		mean += w * (double)s;
	}
	*ret_mean = mean / sum + (double)d->at;
	return log(sum) + theta * (at + (double)d->at);
}

/* ---- all blocks ---- */

static struct rank_pmf *all_pmfs(const struct rank_null *r)
{
	struct rank_pmf *all = xcalloc(r->n, sizeof(*all));

	for (size_t i = 0; i < r->n; i++)
		all[i] = block_pmf(&r->blocks[i]);
	return all;
}

static void free_pmfs(struct rank_pmf *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(all[i].p);
	free(all);
}

static double tilt_for(const struct rank_pmf *all, size_t n, double s)
{
	double low = -TILT_MAX, high = TILT_MAX;

	for (int i = 0; i < 60; i++) {
		double theta = (low + high) / 2, sum = 0, mean;
		for (size_t b = 0; b < n; b++) {
			tilt(&all[b], theta, &mean);
			sum += mean;
		}
		if (sum < s)
			low = theta;
		else
			high = theta;
	}
	return (low + high) / 2;
}

static void add(struct rank_pmf *sum, const struct rank_pmf *d)
{
	struct rank_pmf next = {.at = sum->at + d->at, .n = sum->n + d->n - 1};

	next.p = xcalloc(next.n, sizeof(*next.p));
	for (size_t j = 0; j < d->n; j++)
		for (size_t i = 0; d->p[j] > 0 && i < sum->n; i++)
			next.p[i + j] += sum->p[i] * d->p[j];
	free(sum->p);
	*sum = next;
	cut(sum, CUT);
}

/* The sum of all blocks under a tilt; each block's distribution is changed into its tilted one. Adds up what the tilt divides by. */
static struct rank_pmf convolve(struct rank_pmf *all, size_t n, double theta, double *ret_ln_scale)
{
	struct rank_pmf sum = {.n = 1, .p = xcalloc(1, sizeof(double))};
	double mean;

	sum.p[0] = 1;
	*ret_ln_scale = 0;
	for (size_t b = 0; b < n; b++) {
		double ln = tilt(&all[b], theta, &mean);
		for (size_t s = 0; s < all[b].n; s++)
			all[b].p[s] *= exp(theta * (double)(all[b].at + (int64_t)s) - ln);
		*ret_ln_scale += ln;
		add(&sum, &all[b]);
	}
	return sum;
}

double rank_null_ln_tail(const struct rank_null *r, int64_t s, bool up)
{
	struct rank_pmf *all = all_pmfs(r), sum;
	double mean = rank_null_mean(r), theta = 0, ln_scale, tail = 0;

	if (up ? (double)s > mean : (double)s < mean)
		theta = tilt_for(all, r->n, (double)s);
	sum = convolve(all, r->n, theta, &ln_scale);
	for (size_t i = 0; i < sum.n; i++) {
		int64_t at = sum.at + (int64_t)i;
		if (up ? at >= s : at <= s)
			tail += sum.p[i] * exp(-theta * (double)(at - s));
	}
	free(sum.p);
	free_pmfs(all, r->n);
	return fmin(0, log(tail) + ln_scale - theta * (double)s);
}

struct rank_pmf rank_null_pmf(const struct rank_null *r)
{
	struct rank_pmf *all = all_pmfs(r);
	double ln_scale;
	struct rank_pmf sum = convolve(all, r->n, 0, &ln_scale);

	free_pmfs(all, r->n);
	return sum;
}

/* ---- drawing ---- */

static uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

/* xoshiro256** 1.0 */
static uint64_t next(uint64_t s[4])
{
	uint64_t ret = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return ret;
}

void rank_random_seed(uint64_t seed, uint64_t state[4])
{
	for (size_t i = 0; i < 4; i++) {
		uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
		z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
		state[i] = z ^ z >> 31;
	}
}

/* Below n, each alike: the high 32 bits, those past the last whole multiple of n thrown away. */
static uint32_t below(uint64_t s[4], uint32_t n)
{
	uint32_t threshold = -n % n;

	for (;;) {
		uint64_t m = (next(s) >> 32) * n;
		if ((uint32_t)m >= threshold)
			return (uint32_t)(m >> 32);
	}
}

int64_t rank_null_draw(const struct rank_null *r, uint64_t state[4], uint32_t *scratch)
{
	int64_t sum = 0;

	for (size_t b = 0; b < r->n; b++) {
		const struct rank_block *block = &r->blocks[b];
		memcpy(scratch, block->v, block->n * sizeof(*scratch));
		for (size_t i = 0; i < block->marked; i++) {
			size_t j = i + below(state, (uint32_t)(block->n - i));
			sum += scratch[j];
			scratch[j] = scratch[i];
		}
	}
	return sum;
}
