/*
 * permutation.c - ranks inside blocks, the test, effect and power. See permutation.h; the null distribution is in rank_null.c.
 */
#include "base/base.h"
#include "trace/permutation.h"

#include <math.h>

#include "trace/binomial.h"
#include "trace/rank_null.h"

#define Z_95 1.959963984540054
#define LN_SIDE (-5.298317366548036) /* ln 0.005 */
#define POWER_OF_SMALLEST 0.8
#define BLOCKS_FOR_SPREAD 10 /* fewer do not show how much blocks differ */

/* Scores in the order of block and score, and what follows from it. */
struct sample {
	struct permutation_score *s;
	size_t n;
	uint32_t *value; /* [n]: doubled rank above 2, divided by unit */
	struct rank_block *blocks;
	size_t n_blocks;
	struct rank_null null;
	bool mark_delivered; /* the fewer are marked: their sums are smaller */
	uint32_t unit;
	int64_t marked_sum; /* values of marked ones */
	int64_t total;	    /* doubled ranks of all */
	struct permutation_result r;
};

static int by_block(const void *a, const void *b)
{
	const struct permutation_score *x = a, *y = b;

	if (x->block != y->block)
		return x->block > y->block ? 1 : -1;
	return (x->score > y->score) - (x->score < y->score);
}

static size_t end_of_block(const struct sample *m, size_t from)
{
	size_t to = from;

	while (to < m->n && m->s[to].block == m->s[from].block)
		to++;
	return to;
}

static size_t delivered_in(const struct sample *m, size_t from, size_t to)
{
	size_t d = 0;

	for (size_t i = from; i < to; i++)
		d += m->s[i].delivered;
	return d;
}

/* Only blocks that have both kinds, packed to the front. */
static void drop_blocks(struct sample *m)
{
	size_t kept = 0;

	for (size_t from = 0, to; from < m->n; from = to) {
		to = end_of_block(m, from);
		size_t d = delivered_in(m, from, to), n = to - from;
		if (d == 0 || d == n)
			continue;
		memmove(m->s + kept, m->s + from, n * sizeof(*m->s));
		kept += n;
		m->r.delivered += d;
		m->r.withheld += n - d;
		m->r.pairs += (uint64_t)d * (n - d);
		m->r.blocks++;
	}
	m->n = kept;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* Doubled middle ranks from 2 on, less 2. */
static void set_ranks(struct sample *m)
{
	for (size_t from = 0, to; from < m->n; from = to) {
		to = end_of_block(m, from);
		for (size_t i = from, j; i < to; i = j) {
			for (j = i + 1; j < to && m->s[j].score == m->s[i].score;)
				j++;
			for (size_t k = i; k < j; k++)
				m->value[k] = (uint32_t)((i - from) + (j - from) - 1);
			m->unit = common_divisor((uint32_t)((i - from) + (j - from) - 1), m->unit);
		}
	}
	m->unit = m->unit ? m->unit : 1;
}

static void set_blocks(struct sample *m)
{
	m->mark_delivered = m->r.delivered < m->r.withheld;
	m->blocks = xcalloc(m->r.blocks, sizeof(*m->blocks));
	for (size_t from = 0, to; from < m->n; from = to) {
		to = end_of_block(m, from);
		size_t d = delivered_in(m, from, to), n = to - from;
		m->blocks[m->n_blocks++] = (struct rank_block){n, m->mark_delivered ? d : n - d, m->value + from};
		m->r.log10_p_least -=
			(lgamma((double)n + 1) - lgamma((double)d + 1) - lgamma((double)(n - d) + 1)) / M_LN10;
	}
	for (size_t i = 0; i < m->n; i++) {
		m->total += m->value[i] + 2;
		if (m->s[i].delivered)
			m->r.statistic += m->value[i] + 2;
		m->value[i] /= m->unit;
		if (m->s[i].delivered == m->mark_delivered)
			m->marked_sum += m->value[i];
	}
	m->null = (struct rank_null){m->n_blocks, m->blocks};
}

/* The statistic that belongs to a sum of marked ones. */
static double statistic_of(const struct sample *m, double sum)
{
	size_t marked = m->mark_delivered ? m->r.delivered : m->r.withheld;
	double ranks = sum * m->unit + 2 * (double)marked;

	return m->mark_delivered ? ranks : (double)m->total - ranks;
}

static enum err sample_init(struct sample *m, const struct permutation_score *s, size_t n)
{
	*m = (struct sample){.n = n};
	if (n > INT32_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(s[i].score))
			return ERR_INVALID;
	m->s = xcalloc(n, sizeof(*m->s));
	m->value = xcalloc(n, sizeof(*m->value));
	if (n)
		memcpy(m->s, s, n * sizeof(*s));
	qsort(m->s, n, sizeof(*m->s), by_block);
	drop_blocks(m);
	if (m->r.blocks == 0)
		return ERR_INVALID;
	set_ranks(m);
	set_blocks(m);
	m->r.expected = statistic_of(m, rank_null_mean(&m->null));
	m->r.deviation = sqrt(rank_null_variance(&m->null)) * m->unit;
	return OK;
}

static void sample_release(struct sample *m)
{
	free(m->s);
	free(m->value);
	free(m->blocks);
}

static bool can_be_exact(const struct sample *m)
{
	return rank_null_steps(&m->null) <= PERMUTATION_STEPS_MAX;
}

/* ---- p ---- */

/* Do marked ones score high where delivered ones do? */
static bool marked_up(const struct sample *m, bool delivered_up)
{
	return m->mark_delivered == delivered_up;
}

static void test_exactly(struct sample *m, enum permutation_side side)
{
	double high = 0, low = 0, ln;

	if (side != PERMUTATION_LOWER)
		high = rank_null_ln_tail(&m->null, m->marked_sum, marked_up(m, true));
	if (side != PERMUTATION_HIGHER)
		low = rank_null_ln_tail(&m->null, m->marked_sum, marked_up(m, false));
	ln = side == PERMUTATION_HIGHER ? high : side == PERMUTATION_LOWER ? low : fmin(0, fmin(high, low) + M_LN2);
	m->r.exact = true;
	m->r.log10_p = ln / M_LN10;
	m->r.p = m->r.p_low = m->r.p_high = exp(ln);
}

/* Clopper and Pearson: the p for which so many, or so few, of the rounds have a chance of 0.5 %. */
static double bound(uint64_t rounds, uint64_t hits, bool upper)
{
	double low = 0, high = 1;

	if (upper ? hits >= rounds : hits == 0)
		return upper;
	for (int i = 0; i < 100; i++) {
		double p = (low + high) / 2;
		double ln = upper ? binomial_ln_low(rounds, p, hits) : binomial_ln_high(rounds, p, hits);
		if (upper ? ln > LN_SIDE : ln < LN_SIDE)
			low = p;
		else
			high = p;
	}
	return upper ? high : low;
}

static uint64_t rounds_of(const struct sample *m)
{
	uint64_t rounds = PERMUTATION_DRAWS / m->n;

	return rounds > PERMUTATION_ROUNDS_MAX ? PERMUTATION_ROUNDS_MAX : rounds < 1000 ? 1000 : rounds;
}

static uint32_t *scratch_for(const struct sample *m)
{
	return xcalloc(m->n, sizeof(uint32_t));
}

/* The observed one counts as a round: so p is never too small, and never 0 (Phipson, Smyth 2010). */
static void test_by_drawing(struct sample *m, enum permutation_side side)
{
	uint64_t state[4], rounds = rounds_of(m), up = 0, down = 0, hits, two = side == PERMUTATION_BOTH ? 2 : 1;
	uint32_t *scratch = scratch_for(m);

	rank_random_seed(PERMUTATION_SEED, state);
	for (uint64_t i = 0; i < rounds; i++) {
		int64_t sum = rank_null_draw(&m->null, state, scratch);
		up += sum >= m->marked_sum;
		down += sum <= m->marked_sum;
	}
	free(scratch);
	uint64_t high = marked_up(m, true) ? up : down, low = marked_up(m, true) ? down : up;
	hits = side == PERMUTATION_HIGHER ? high : side == PERMUTATION_LOWER ? low : high < low ? high : low;
	m->r.rounds = rounds;
	m->r.seed = PERMUTATION_SEED;
	m->r.p = fmin(1, (double)(two * (hits + 1)) / (double)(rounds + 1));
	m->r.log10_p = log10(m->r.p);
	m->r.p_low = fmin(1, (double)two * bound(rounds, hits, false));
	m->r.p_high = fmin(1, (double)two * bound(rounds, hits, true));
}

/* ---- effect ---- */

/* Of one block: pairs that a delivered one wins (ties by half), and DeLong's variance of that share. -1 where there is none. */
static double wins_of_block(const struct sample *m, size_t from, size_t to, double *ret_variance)
{
	size_t d = delivered_in(m, from, to), w = to - from - d, d_below = 0, w_below = 0;
	double wins = 0, d_squares = 0, w_squares = 0;

	for (size_t i = from, j; i < to; i = j) {
		size_t d_here = 0, w_here = 0;
		for (j = i; j < to && m->s[j].score == m->s[i].score; j++) {
			d_here += m->s[j].delivered;
			w_here += !m->s[j].delivered;
		}
		double beats = ((double)w_below + (double)w_here / 2) / (double)w;
		double beaten = ((double)(d - d_below - d_here) + (double)d_here / 2) / (double)d;
		wins += (double)d_here * beats * (double)w;
		d_squares += (double)d_here * beats * beats;
		w_squares += (double)w_here * beaten * beaten;
		d_below += d_here;
		w_below += w_here;
	}
	double auc = wins / (double)d / (double)w;
	*ret_variance = -1;
	if (d > 1 && w > 1)
		*ret_variance = (d_squares / (double)d - auc * auc) / (double)(d - 1) +
				(w_squares / (double)w - auc * auc) / (double)(w - 1);
	return wins;
}

/*
 * The interval is by the spread of blocks among each other when there are ten, as blocks are independent; by DeLong's variance inside blocks
 * when each has two of each kind; else nothing is known.
 */
static void set_effect(struct sample *m)
{
	struct permutation_result *r = &m->r;
	double pairs = (double)r->pairs, inside = 0, spread = 0, wins = 0, v;
	bool has_inside = true;

	for (size_t from = 0, to; from < m->n; from = to) {
		to = end_of_block(m, from);
		wins += wins_of_block(m, from, to, &v);
	}
	r->auc = wins / pairs;
	for (size_t from = 0, to; from < m->n; from = to) {
		to = end_of_block(m, from);
		double d = (double)delivered_in(m, from, to), of = d * ((double)(to - from) - d);
		double off = wins_of_block(m, from, to, &v) - r->auc * of;
		spread += off * off;
		inside += of * of * v;
		has_inside &= v >= 0;
	}
	if (r->blocks >= BLOCKS_FOR_SPREAD)
		v = spread / (pairs * pairs) * (double)r->blocks / (double)(r->blocks - 1);
	else
		v = has_inside ? inside / (pairs * pairs) : 1;
	r->auc_low = fmax(0, r->auc - Z_95 * sqrt(v));
	r->auc_high = fmin(1, r->auc + Z_95 * sqrt(v));
}

/* ---- power ---- */

static double normal(double z)
{
	return erfc(-z / M_SQRT2) / 2;
}

/* z with normal(z) = p */
static double quantile(double p)
{
	double low = -40, high = 40;

	for (int i = 0; i < 100; i++) {
		double z = (low + high) / 2;
		if (normal(z) < p)
			low = z;
		else
			high = z;
	}
	return (low + high) / 2;
}

double permutation_power(const struct permutation_result *r, double auc, double alpha)
{
	double two = r->side == PERMUTATION_BOTH ? 2 : 1;
	double shift = 2 * (double)r->pairs * (auc - 0.5), up, down;

	if (r->deviation <= 0 || r->log10_p_least + log10(two) > log10(alpha))
		return 0;
	double critical = -quantile(alpha / two);
	up = normal(shift / r->deviation - critical);
	down = normal(-shift / r->deviation - critical);
	return r->side == PERMUTATION_HIGHER ? up : r->side == PERMUTATION_LOWER ? down : up + down;
}

static double smallest(const struct permutation_result *r, double alpha)
{
	double low = 0, high = 0.5, sign = r->side == PERMUTATION_LOWER ? -1 : 1;

	if (permutation_power(r, 0.5 + sign * high, alpha) < POWER_OF_SMALLEST)
		return 0.5 + sign;
	for (int i = 0; i < 50; i++) {
		double effect = (low + high) / 2;
		if (permutation_power(r, 0.5 + sign * effect, alpha) < POWER_OF_SMALLEST)
			low = effect;
		else
			high = effect;
	}
	return 0.5 + sign * high;
}

/* ---- what is public ---- */

enum err permutation_test(const struct permutation_score *s, size_t n, enum permutation_side side, double alpha,
			  struct permutation_result *ret)
{
	struct sample m;
	enum err err = sample_init(&m, s, n);

	if (err == OK) {
		m.r.side = side;
		if (can_be_exact(&m))
			test_exactly(&m, side);
		else
			test_by_drawing(&m, side);
		set_effect(&m);
		m.r.smallest_auc = smallest(&m.r, alpha);
		*ret = m.r;
	}
	sample_release(&m);
	return err;
}

struct bins {
	double from, width;
	size_t n;
	double *chance;
};

static void add_to_bin(const struct bins *b, double at, double chance)
{
	double i = (at - b->from) / b->width;

	if (i >= 0 && i < (double)b->n)
		b->chance[(size_t)i] += chance;
}

static struct bins bins_for(const struct sample *m, size_t n, double *chance)
{
	double five = 5 * m->r.deviation + 1, from = m->r.expected - five, to = m->r.expected + five;

	from = fmin(from, (double)m->r.statistic - 1);
	to = fmax(to, (double)m->r.statistic + 1);
	memset(chance, 0, n * sizeof(*chance));
	return (struct bins){from, (to - from) / (double)n, n, chance};
}

enum err permutation_null(const struct permutation_score *s, size_t n_scores, size_t n, double *ret_at,
			  double *ret_chance)
{
	struct sample m;
	enum err err = sample_init(&m, s, n_scores);

	if (err == OK) {
		struct bins bins = bins_for(&m, n, ret_chance);
		for (size_t i = 0; i < n; i++)
			ret_at[i] = bins.from + bins.width * ((double)i + 0.5);
		if (can_be_exact(&m)) {
			struct rank_pmf d = rank_null_pmf(&m.null);
			for (size_t i = 0; i < d.n; i++)
				add_to_bin(&bins, statistic_of(&m, (double)(d.at + (int64_t)i)), d.p[i]);
			free(d.p);
		} else {
			uint64_t state[4], rounds = rounds_of(&m);
			uint32_t *scratch = scratch_for(&m);
			rank_random_seed(PERMUTATION_SEED, state);
			for (uint64_t i = 0; i < rounds; i++)
				add_to_bin(&bins, statistic_of(&m, (double)rank_null_draw(&m.null, state, scratch)),
					   1 / (double)rounds);
			free(scratch);
		}
	}
	sample_release(&m);
	return err;
}
