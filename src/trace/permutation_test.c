/*
 * permutation_test.c - exact p against counting all choices, tiny ones against their formula, drawing against counting, and that nothing is
 * found where nothing is.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "trace/evidence_fixture.h"
#include "trace/permutation.h"
#include "trace/rank_null.h"

#define SMALL 12

/* Middle ranks by counting: twice the number below, plus those alike, plus one. */
static int rank_of(const struct permutation_score *s, size_t n, size_t i)
{
	int rank = 1;

	for (size_t j = 0; j < n; j++)
		if (s[j].block == s[i].block)
			rank += 2 * (s[j].score < s[i].score) + (s[j].score == s[i].score);
	return rank;
}

/* Of all ways to choose as many delivered ones in each of two blocks: how many have at least, and at most, the observed sum. */
static void by_counting(const struct permutation_score *s, size_t n, double *ret_high, double *ret_low)
{
	int want[2] = {0}, observed = 0, all = 0, high = 0, low = 0;

	for (size_t i = 0; i < n; i++)
		if (s[i].delivered) {
			want[s[i].block]++;
			observed += rank_of(s, n, i);
		}
	for (unsigned set = 0; set < 1U << n; set++) {
		int got[2] = {0}, sum = 0;
		for (size_t i = 0; i < n; i++)
			if (set >> i & 1) {
				got[s[i].block]++;
				sum += rank_of(s, n, i);
			}
		if (got[0] != want[0] || got[1] != want[1])
			continue;
		all++;
		high += sum >= observed;
		low += sum <= observed;
	}
	*ret_high = (double)high / all;
	*ret_low = (double)low / all;
}

static void test_against_counting(void **state MAYBE_UNUSED)
{
	uint64_t random = 11;

	for (int round = 0; round < 60; round++) {
		struct permutation_score s[SMALL];
		struct permutation_result r;
		double high, low;
		for (size_t i = 0; i < SMALL; i++)
			s[i] = (struct permutation_score){
				.score = (double)(fixture_random(&random) % (round % 2 ? 5 : 1000000)),
				.block = i >= 7,
				.delivered = i % 7 < 1 + (size_t)round % 4};
		by_counting(s, SMALL, &high, &low);
		assert_int_equal(permutation_test(s, SMALL, PERMUTATION_HIGHER, 0.01, &r), OK);
		assert_true(r.exact && fabs(r.p - high) < 1e-12 && fabs(r.log10_p - log10(high)) < 1e-10);
		assert_int_equal(permutation_test(s, SMALL, PERMUTATION_LOWER, 0.01, &r), OK);
		assert_true(fabs(r.p - low) < 1e-12);
		assert_int_equal(permutation_test(s, SMALL, PERMUTATION_BOTH, 0.01, &r), OK);
		assert_true(fabs(r.p - fmin(1, 2 * fmin(low, high))) < 1e-12);
	}
}

/* Sets of ten with one withheld, which is always the least: a tenth to the power of the sets. */
static void test_tiny(void **state MAYBE_UNUSED)
{
	enum { SETS = 2000, OF = 10 };
	struct permutation_score *s = xcalloc(SETS * OF, sizeof(*s));
	struct permutation_result r;

	for (size_t i = 0; i < SETS * OF; i++)
		s[i] = (struct permutation_score){
			.score = (double)(i % OF), .block = (uint32_t)(i / OF), .delivered = i % OF > 0};
	assert_int_equal(permutation_test(s, SETS * OF, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(r.exact && fabs(r.log10_p + SETS) < 1e-6 && fabs(r.log10_p_least + SETS) < 1e-6);
	assert_true(r.auc == 1);
	assert_int_equal(permutation_test(s, SETS * OF, PERMUTATION_LOWER, 0.01, &r), OK);
	assert_true(fabs(r.p - 1) < 1e-9);
	free(s);
}

/* Several of each block are withheld, and always the least: one choice of all. The sums in the middle of the range cannot all be. */
static void test_extremes(void **state MAYBE_UNUSED)
{
	enum { SETS = 70, OF = 20, LEAST = 4 };
	struct permutation_score s[SETS * OF];
	struct permutation_result r;

	for (size_t i = 0; i < SETS * OF; i++)
		s[i] = (struct permutation_score){
			.score = (double)(i % OF), .block = (uint32_t)(i / OF), .delivered = i % OF >= LEAST};
	assert_int_equal(permutation_test(s, SETS * OF, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(fabs(r.log10_p + SETS * log10(4845)) < 1e-6); /* 20 choose 4 */
	s[3].delivered = true; /* and one of them by one: as there are 70 blocks, 71 choices are as good */
	s[4].delivered = false;
	assert_int_equal(permutation_test(s, SETS * OF, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(fabs(r.log10_p + SETS * log10(4845) - log10(71)) < 1e-6);
}

/* The normal approximation is good in the middle: with several withheld in each block, both ways. */
static void test_middle(void **state MAYBE_UNUSED)
{
	uint64_t random = 21;

	for (int round = 0; round < 20; round++) {
		struct permutation_score *s = xcalloc(1000, sizeof(*s));
		struct permutation_result r;
		for (size_t i = 0; i < 1000; i++)
			s[i] = (struct permutation_score){fixture_uniform(&random) + (i % 5 ? 0.02 : 0),
							  (uint32_t)(i / 20), i % 5};
		assert_int_equal(permutation_test(s, 1000, PERMUTATION_HIGHER, 0.01, &r), OK);
		double z = ((double)r.statistic - 1 - r.expected) / r.deviation;
		assert_true(fabs(r.p - erfc(z / M_SQRT2) / 2) < 0.01);
		free(s);
	}
}

/* Blocks of n with one in `one_of` withheld; delivered ones score higher by effect deviations of a triangular distribution. */
static struct permutation_score *scores(size_t blocks, size_t n, size_t one_of, double effect, uint64_t *random)
{
	struct permutation_score *s = xcalloc(blocks * n, sizeof(*s));

	for (size_t i = 0; i < blocks * n; i++) {
		s[i] = (struct permutation_score){.block = (uint32_t)(i / n), .delivered = (i % n) % one_of > 0};
		s[i].score = fixture_uniform(random) + fixture_uniform(random) + (s[i].delivered ? effect : 0);
	}
	return s;
}

static void test_null_is_uniform(void **state MAYBE_UNUSED)
{
	enum { TIMES = 400 };
	uint64_t random = 5;
	size_t below[10] = {0};

	for (int t = 0; t < TIMES; t++) {
		struct permutation_result r;
		struct permutation_score *s = scores(40, 10, 10, 0, &random);
		assert_int_equal(permutation_test(s, 400, PERMUTATION_HIGHER, 0.01, &r), OK);
		below[(size_t)fmin(9, r.p * 10)]++;
		free(s);
	}
	for (size_t i = 0; i < 10; i++)
		assert_in_range(below[i], 15, 70); /* 40; four deviations and more */
}

static void test_effect_and_power(void **state MAYBE_UNUSED)
{
	uint64_t random = 6;
	struct permutation_result r;
	struct permutation_score *s = scores(300, 10, 10, 0.3, &random);

	assert_int_equal(permutation_test(s, 3000, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_int_equal(r.delivered, 2700);
	assert_int_equal(r.withheld, 300);
	assert_int_equal(r.pairs, 2700);
	assert_true(r.auc > 0.6 && r.auc_low > 0.5 && r.auc_low < r.auc && r.auc < r.auc_high && r.p < 1e-6);
	assert_true(r.smallest_auc > 0.5 && r.smallest_auc < r.auc);
	assert_true(fabs(permutation_power(&r, r.smallest_auc, 0.01) - 0.8) < 1e-6);
	assert_true(fabs(permutation_power(&r, 0.5, 0.01) - 0.01) < 1e-6);
	free(s);
	s = scores(1, 10, 10, 9, &random); /* one of ten cannot be seen at 1 % */
	assert_int_equal(permutation_test(s, 10, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(fabs(r.p - 0.1) < 1e-12 && r.smallest_auc > 1 && permutation_power(&r, 1, 0.01) == 0);
	free(s);
}

/* One large block: too many steps. Its drawing agrees with the normal approximation, which is good there. */
static void test_by_drawing(void **state MAYBE_UNUSED)
{
	uint64_t random = 8;
	struct permutation_result r, again;
	struct permutation_score *s = scores(1, 6000, 10, 0.03, &random);

	assert_int_equal(permutation_test(s, 6000, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(!r.exact && r.rounds >= 1000 && r.p_low < r.p && r.p <= r.p_high);
	double normal = erfc(((double)r.statistic - r.expected) / r.deviation / M_SQRT2) / 2;
	assert_true(normal > r.p_low * 0.9 && normal < r.p_high * 1.1 + 1e-4);
	assert_int_equal(permutation_test(s, 6000, PERMUTATION_HIGHER, 0.01, &again), OK);
	assert_true(again.p == r.p);
	free(s);
}

/* What tools/verify/draws.py has to draw too: tests/data/trace-report.test.mjs has the same numbers. */
static void test_known_drawings(void **state MAYBE_UNUSED)
{
	static const uint32_t values[][7] = {{0, 1, 2, 3, 4, 5, 6}, {0, 2, 4, 4, 8}, {0, 0, 2}};
	static const int64_t sums[] = {11, 23, 25, 13, 15, 16};
	struct rank_block blocks[] = {{7, 3, values[0]}, {5, 2, values[1]}, {3, 1, values[2]}};
	struct rank_null null = {ARRAY_LEN(blocks), blocks};
	uint32_t scratch[7];
	uint64_t random[4];

	rank_random_seed(PERMUTATION_SEED, random);
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		assert_int_equal(rank_null_draw(&null, random, scratch), sums[i]);
}

static void test_drawing_is_fair(void **state MAYBE_UNUSED)
{
	static const uint32_t v[] = {0, 1, 2, 3, 3, 7}, v2[] = {0, 0, 5, 9};
	static const struct rank_block blocks[] = {{6, 2, v}, {4, 1, v2}};
	struct rank_null null = {2, blocks};
	struct rank_pmf d = rank_null_pmf(&null);
	uint64_t state4[4], counts[64] = {0};
	uint32_t scratch[6];
	double sum = 0;
	enum { ROUNDS = 200000 };

	rank_random_seed(3, state4);
	for (int i = 0; i < ROUNDS; i++)
		counts[rank_null_draw(&null, state4, scratch)]++;
	for (size_t i = 0; i < d.n; i++) {
		double expected = d.p[i] * ROUNDS, got = (double)counts[d.at + (int64_t)i];
		assert_true(fabs(got - expected) <= 5 * sqrt(expected) + 1e-9);
		sum += d.p[i];
	}
	assert_true(fabs(sum - 1) < 1e-12);
	assert_true(fabs(rank_null_mean(&null) - (16.0 / 3 + 3.5)) < 1e-12);
	free(d.p);
}

static void test_figure(void **state MAYBE_UNUSED)
{
	uint64_t random = 9;
	struct permutation_score *s = scores(100, 10, 10, 0, &random);
	struct permutation_result r;
	double at[40], chance[40], sum = 0, mean = 0;

	assert_int_equal(permutation_test(s, 1000, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_int_equal(permutation_null(s, 1000, 40, at, chance), OK);
	for (size_t i = 0; i < 40; i++) {
		sum += chance[i];
		mean += at[i] * chance[i];
	}
	assert_true(fabs(sum - 1) < 1e-4 && fabs(mean - r.expected) < r.deviation / 4);
	free(s);
}

static void test_refused(void **state MAYBE_UNUSED)
{
	struct permutation_score s[3] = {{1, 0, true}, {2, 0, true}, {3, 1, false}};
	struct permutation_result r;

	assert_int_equal(permutation_test(s, 0, PERMUTATION_HIGHER, 0.01, &r), ERR_INVALID);
	assert_int_equal(permutation_test(s, 3, PERMUTATION_HIGHER, 0.01, &r), ERR_INVALID);
	s[1].delivered = false;
	assert_int_equal(permutation_test(s, 3, PERMUTATION_HIGHER, 0.01, &r), OK);
	assert_true(r.blocks == 1 && r.withheld == 1 && r.p == 1);
	s[2].score = NAN;
	assert_int_equal(permutation_test(s, 3, PERMUTATION_HIGHER, 0.01, &r), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_counting), cmocka_unit_test(test_tiny),
		cmocka_unit_test(test_extremes),	 cmocka_unit_test(test_middle),
		cmocka_unit_test(test_null_is_uniform),	 cmocka_unit_test(test_effect_and_power),
		cmocka_unit_test(test_by_drawing),	 cmocka_unit_test(test_known_drawings),
		cmocka_unit_test(test_drawing_is_fair),
		cmocka_unit_test(test_figure),		 cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
