/*
 * power_test.c - the figures that the design counts on, and that chances are what their definitions say.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "trace/binomial.h"
#include "trace/power.h"

static void test_critical(void **state MAYBE_UNUSED)
{
	uint64_t k = 99;

	assert_false(power_critical(100, 0.01, log(0.01), &k));
	assert_int_equal(k, 99);
	assert_true(power_critical(20000, 0.01, log(1e-6), &k));
	assert_true(binomial_ln_low(20000, 0.01, k) <= log(1e-6) && binomial_ln_low(20000, 0.01, k + 1) > log(1e-6));
}

/* 0.99^n <= 0.005 / 200: the whole of a lone source's posts. */
static void test_lone(void **state MAYBE_UNUSED)
{
	double level = log(0.005 / 200);
	uint64_t n = power_posts(0.01, 1, level, 0.95);

	assert_int_equal(n, (uint64_t)ceil(level / log1p(-0.01)));
	assert_int_equal(n, 1055);
	assert_true(power_posts(0.01, 0.5, level, 0.95) > 4 * n);
	assert_int_equal(power_posts(0.01, 0, level, 0.95), 0);
	assert_int_equal(power_posts(0, 1, level, 0.95), 0);
}

static void test_merged(void **state MAYBE_UNUSED)
{
	uint64_t two = power_posts_merged(0.01, 2, log(0.003 / 19900), 0.95);
	uint64_t three = power_posts_merged(0.01, 3, log(0.001 / 1313400), 0.95);

	assert_in_range(two, 150000, 180000);
	assert_in_range(three, 19000000, 23000000);
	assert_true(power_merged(two, 0.01, 2, log(0.003 / 19900)) >= 0.95);
	assert_true(power_merged(two - 1, 0.01, 2, log(0.003 / 19900)) < 0.95);
}

static void test_smallest_share(void **state MAYBE_UNUSED)
{
	double level = log(0.005 / 200), s = power_smallest_share(20000, 0.01, level, 0.95);

	assert_true(s > 0.3 && s < 0.5);
	assert_true(power_share(20000, 0.01, s, level) >= 0.95 && power_share(20000, 0.01, s - 0.01, level) < 0.95);
	assert_true(power_smallest_share(500, 0.01, level, 0.95) > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_critical), cmocka_unit_test(test_lone),
					   cmocka_unit_test(test_merged), cmocka_unit_test(test_smallest_share)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
