/*
 * probes.c - see probes.h.
 */
#include "base/base.h"

#include "trace/probes.h"

#include <math.h>
#include <sodium.h>

#include "base/vec.h"

#define WITHHELD_PER_BLOCK 4
#define BLOCK_LEAST 16
#define BLOCK_MOST 100000
#define ID_BITS 16 /* below them, an id is milliseconds */

size_t probes_block_size(uint32_t ppm, size_t candidates)
{
	size_t size = ppm ? (size_t)WITHHELD_PER_BLOCK * 1000000 / ppm : BLOCK_MOST;

	size = size < BLOCK_LEAST ? BLOCK_LEAST : size;
	size = size > BLOCK_MOST ? BLOCK_MOST : size;
	return size > candidates && candidates >= 2 ? candidates : size;
}

/* 0, 1, 2-3, 4-7 …: posts of one step are alike. */
static uint32_t steps(uint32_t v)
{
	return v ? 32 - (uint32_t)__builtin_clz(v) : 0;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_likeness(const void *pa, const void *pb)
{
	const struct probe_candidate *a = pa, *b = pb;
	int order = compare(a->stratum, b->stratum);

	order = order ? order : compare(a->language, b->language);
	order = order ? order : compare(steps(a->popularity), steps(b->popularity));
	order = order ? order : compare(steps(a->length), steps(b->length));
	return order ? order : compare((uint64_t)a->post, (uint64_t)b->post);
}

/* The first k of n become a random choice of them, in random order. */
static void draw_candidates(struct probe_candidate *v, size_t n, size_t k)
{
	for (size_t i = 0; i < k; i++) {
		size_t j = i + randombytes_uniform((uint32_t)(n - i));
		struct probe_candidate c = v[i];

		v[i] = v[j];
		v[j] = c;
	}
}

static void shuffle_probes(struct probe *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = randombytes_uniform((uint32_t)i);
		struct probe p = v[i - 1];

		v[i - 1] = v[j];
		v[j] = p;
	}
}

/* Withheld ones first; returns how many. */
static size_t part(struct probe_candidate *v, size_t n)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].delivered)
			continue;
		struct probe_candidate c = v[i];
		v[i] = v[m];
		v[m++] = c;
	}
	return m;
}

struct block {
	struct probe_candidate *v;
	size_t n, withheld;
};
struct blocks VEC(struct block);

/* Of one stratum. */
static void cut_stratum(struct probe_candidate *c, size_t n, size_t size, struct blocks *ret)
{
	for (size_t at = 0; at < n; at += size) {
		/* What is left over at the end goes to the last block. */
		size_t len = n - at < 2 * size ? n - at : size;
		struct block b = {c + at, len, part(c + at, len)};

		if (b.withheld && b.withheld < len)
			VEC_PUSH(ret, b);
		if (len != size)
			break;
	}
}

static void cut_blocks(struct probe_candidate *c, size_t n, size_t size, struct blocks *ret)
{
	for (size_t at = 0, end; at < n; at = end) {
		for (end = at + 1; end < n && c[end].stratum == c[at].stratum; end++)
			;
		cut_stratum(c + at, end - at, size, ret);
	}
}

static size_t count_withheld(const struct blocks *blocks)
{
	size_t sum = 0;

	for (size_t i = 0; i < blocks->n; i++)
		sum += blocks->v[i].withheld;
	return sum;
}

/* How many delivered ones for each withheld one, when there is room for `want`. */
static size_t times_of(size_t want, size_t withheld)
{
	size_t times = withheld && want > withheld ? (want - withheld) / withheld : 1;

	return times < 1 ? 1 : times > PROBES_TIMES_MAX ? PROBES_TIMES_MAX : times;
}

static void shuffle_blocks(struct blocks *blocks)
{
	for (size_t i = blocks->n; i > 1; i--) {
		size_t j = randombytes_uniform((uint32_t)i);
		struct block b = blocks->v[i - 1];

		blocks->v[i - 1] = blocks->v[j];
		blocks->v[j] = b;
	}
}

static void take(struct probes *p, const struct probe_candidate *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p->v[p->n++] = (struct probe){v[i], (uint32_t)p->blocks};
}

/* False: it has no room any more. */
static bool take_block(struct probes *p, const struct block *b, size_t want, size_t times)
{
	size_t withheld = b->withheld, delivered = b->n - b->withheld, room = want - p->n;

	if (delivered > times * withheld)
		delivered = times * withheld;
	if (withheld > delivered)
		withheld = delivered;
	if (withheld + delivered > room) {
		if (p->n)
			return false;
		withheld = withheld > room / 2 ? room / 2 : withheld; /* the first block alone is too large */
		delivered = delivered > room - withheld ? room - withheld : delivered;
	}
	draw_candidates(b->v, b->withheld, withheld);
	draw_candidates(b->v + b->withheld, b->n - b->withheld, delivered);
	take(p, b->v, withheld);
	take(p, b->v + b->withheld, delivered);
	p->withheld += withheld;
	p->delivered += delivered;
	p->blocks++;
	return true;
}

enum err probes_choose(struct probe_candidate *c, size_t n, size_t want, size_t block_size, struct probes *ret)
{
	struct probes p = {.block_size = block_size};
	struct blocks blocks = {0};

	if (block_size < 2 || want < 2)
		return ERR_INVALID;
	if (n)
		qsort(c, n, sizeof(*c), by_likeness);
	cut_blocks(c, n, block_size, &blocks);
	p.v = xcalloc(n < want ? n + 1 : want, sizeof(*p.v));
	shuffle_blocks(&blocks);
	size_t times = times_of(want, count_withheld(&blocks));
	for (size_t i = 0; i < blocks.n && take_block(&p, &blocks.v[i], want, times); i++)
		;
	VEC_FREE(&blocks);
	if (!p.blocks) {
		free(p.v);
		return ERR_NOT_FOUND;
	}
	shuffle_probes(p.v, p.n);
	*ret = p;
	return OK;
}

void probes_free(struct probes *p)
{
	free(p->v);
	*p = (struct probes){0};
}

/* ---- balance ---- */

enum covariate { LENGTH, POPULARITY, AGE, COVARIATES };

static double covariate(const struct probe *p, enum covariate which)
{
	switch (which) {
	case LENGTH:
		return log1p(p->of.length);
	case POPULARITY:
		return log1p(p->of.popularity);
	default:
		return (double)(p->of.post >> ID_BITS);
	}
}

/* Blocks weigh as many withheld ones they have, so both groups have the same blocks. */
static double difference(const struct probes *p, enum covariate which, const double *weight)
{
	double sum[2] = {0}, square = 0, all = 0, n[2] = {0};

	for (size_t i = 0; i < p->n; i++) {
		bool d = p->v[i].of.delivered;
		double w = d ? weight[p->v[i].block] : 1;

		sum[d] += w * covariate(&p->v[i], which);
		n[d] += w;
		all += covariate(&p->v[i], which) / (double)p->n;
	}
	for (size_t i = 0; i < p->n; i++)
		square += pow(covariate(&p->v[i], which) - all, 2) / (double)p->n;
	return square > 0 ? (sum[1] / n[1] - sum[0] / n[0]) / sqrt(square) : 0;
}

void probes_balance(const struct probes *p, struct probes_balance *ret)
{
	double *withheld = xcalloc(p->blocks + 1, sizeof(double)), *delivered = xcalloc(p->blocks + 1, sizeof(double));

	for (size_t i = 0; i < p->n; i++)
		(p->v[i].of.delivered ? delivered : withheld)[p->v[i].block]++;
	for (size_t i = 0; i < p->blocks; i++)
		withheld[i] /= fmax(1, delivered[i]);
	ret->length = difference(p, LENGTH, withheld);
	ret->popularity = difference(p, POPULARITY, withheld);
	ret->age = difference(p, AGE, withheld);
	free(withheld);
	free(delivered);
}
