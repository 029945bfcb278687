/*
 * correction_test.c - corrections against worked examples and against closed testing over all subsets.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <sodium.h>

#include "trace/correction.h"

static void test_holm(void **state MAYBE_UNUSED)
{
	double ln_p[4] = {log(0.01), log(0.02), log(0.022), log(0.5)}, got[4];
	static const double want[4] = {0.04, 0.06, 0.06, 0.5};

	holm(ln_p, 4, 4, got);
	for (size_t i = 0; i < 4; i++)
		assert_true(fabs(exp(got[i]) - want[i]) < 1e-12);
	holm(ln_p, 1, 1000, got); /* the smallest of a thousand */
	assert_true(got[0] == 0);
}

#define N 8

static bool simes_rejects(const double *ln_p, unsigned set, double ln_alpha)
{
	size_t size = (size_t)__builtin_popcount(set), j = 0;

	for (size_t i = 0; i < N; i++)
		if (set >> i & 1 && ln_p[i] + log((double)size) <= ln_alpha + log((double)++j))
			return true;
	return false;
}

/* By the definition: every superset is rejected. */
static size_t smallest_by_hand(const double *ln_p, double ln_alpha)
{
	for (size_t k = 1; k <= N; k++) {
		unsigned set = (1U << k) - 1;
		bool all = true;
		for (unsigned super = 1; super < 1U << N; super++)
			all &= (super & set) != set || simes_rejects(ln_p, super, ln_alpha);
		if (all)
			return k;
	}
	return 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void test_hommel(void **state MAYBE_UNUSED)
{
	static const unsigned char seed[randombytes_SEEDBYTES] = "hommel";
	static uint32_t random[3000][N];
	size_t found[N + 1] = {0};

	randombytes_buf_deterministic(random, sizeof(random), seed);
	for (size_t r = 0; r < ARRAY_LEN(random); r++) {
		double ln_p[N];
		for (size_t i = 0; i < N; i++)
			ln_p[i] = log((random[r][i] + 1.0) / 4294967296.0 * (r % 3 ? 0.3 : 1));
		qsort(ln_p, N, sizeof(*ln_p), by_size);
		size_t k = hommel_smallest_set(ln_p, N, log(0.1));
		assert_int_equal(k, smallest_by_hand(ln_p, log(0.1)));
		found[k]++;
	}
	assert_true(found[0] && found[1] && found[2] && found[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_holm), cmocka_unit_test(test_hommel)};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
