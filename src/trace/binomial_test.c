/*
 * binomial_test.c - tails against values that were computed with fractions of whole numbers (Python's fractions and 80-digit
 * decimals; the p are the doubles' exact values), and against themselves.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "trace/binomial.h"

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-11 * (1 + fabs(b));
}

static void check(double got, double want)
{
	if (!near(got, want))
		fail_msg("%.15g is not %.15g", got, want);
}

static void test_against_fractions(void **state MAYBE_UNUSED)
{
	static const struct {
		uint64_t n;
		double p;
		uint64_t k;
		double low, high;
	} t[] = {
		{1000, 0.01, 0, -10.0503358535014, 0},
		{1000, 0.01, 2, -5.92215044953748, -0.000479359327905455},
		{1000, 0.01, 10, -0.539498106571124, -0.61119968907772},
		{1000, 0.01, 25, -1.5586772002445e-05, -10.0771457421399},
		{300, 0.01, 0, -3.01510075605043, 0},
		{2000, 0.005, 3, -4.58497618807687, -0.00272792221714648},
		{40, 0.3, 5, -4.75389605375817, -0.00256418077430523},
		{40, 0.3, 20, -0.00242229127728638, -5.07445337522346},
		{20, 0.5, 10, -0.530860783894174, -0.530860783894174},
		{17, 0.25, 16, -5.82076609151615e-11, -19.6157604204567},
		{2000, 0.01, 20, -0.581438857333214, -0.63452081985051},
		{3000, 0.01, 5, -17.7121791898951, -3.23352287938671e-09},
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		check(binomial_ln_low(t[i].n, t[i].p, t[i].k), t[i].low);
		check(binomial_ln_high(t[i].n, t[i].p, t[i].k), t[i].high);
	}
}

static void test_large(void **state MAYBE_UNUSED)
{
	check(binomial_ln_low(20000, 0.01, 100), -33.4785890247452);
	check(binomial_ln_low(200000, 0.01, 1500), -72.3065797195208);
	check(binomial_ln_low(200000, 0.01, 0), -2010.06717070029);
	check(binomial_ln_low(2000000, 0.01, 19000), -28.5519359325425);
	check(binomial_ln_low(20000000, 0.01, 199000), -4.39834010251671);
}

static void test_edges(void **state MAYBE_UNUSED)
{
	check(binomial_ln_low(0, 0.01, 0), 0);
	check(binomial_ln_low(5, 0, 0), 0);
	check(binomial_ln_low(5, 0.5, 9), 0);
	check(binomial_ln_high(5, 0.5, 0), 0);
	assert_true(isinf(binomial_ln_high(5, 0.5, 6)));
	assert_true(isinf(binomial_ln_high(5, 0, 1)));
	check(binomial_ln_pmf(4, 0.5, 4), log(1.0 / 16));
}

static void test_several_coins(void **state MAYBE_UNUSED)
{
	static const struct tosses two[] = {{100, 0.01}, {50, 0.02}};
	static const struct tosses three[] = {{60, 0.1}, {40, 0.3}, {30, 0.05}};
	static const struct tosses overlap[] = {{200, 0.01}, {150, 0.0199}};

	check(tosses_ln_low(two, 2, 0), -2.01516895122612);
	check(tosses_ln_low(two, 2, 1), -0.906438301807367);
	check(tosses_ln_high(two, 2, 1), -0.143059937503891);
	check(tosses_ln_low(two, 2, 6), -0.00418745407246364);
	check(tosses_ln_high(two, 2, 6), -4.15067905719611);
	check(tosses_ln_low(three, 3, 4), -12.2752525493104);
	check(tosses_ln_low(three, 3, 19), -0.673165574864253);
	check(tosses_ln_high(three, 3, 19), -0.524437675825017);
	check(tosses_ln_high(three, 3, 45), -19.2836968881617);
	check(tosses_ln_low(overlap, 2, 1), -3.22249990418458);
	check(tosses_ln_high(overlap, 2, 1), -0.00659216368650476);
}

/* One coin in parts, and coins that never fall, change nothing. Two coins nearly alike are one. */
static void test_parts(void **state MAYBE_UNUSED)
{
	static const struct tosses parts[] = {{7000, 0.01}, {500, 0}, {13000, 0.01}};
	static const struct tosses alike[] = {{7000, 0.01}, {13000, 0.01 + 1e-16}};

	check(tosses_ln_low(parts, 3, 100), binomial_ln_low(20000, 0.01, 100));
	check(tosses_ln_high(parts, 3, 300), binomial_ln_high(20000, 0.01, 300));
	check(tosses_ln_low(alike, 2, 100), binomial_ln_low(20000, 0.01, 100));
	check(tosses_ln_high(alike, 2, 300), binomial_ln_high(20000, 0.01, 300));
	check(tosses_ln_low(alike, 2, 0), binomial_ln_low(20000, 0.01, 0));
}

static void test_bounds(void **state MAYBE_UNUSED)
{
	double level = log(0.005);

	for (uint64_t k = 0; k < 300; k += 37) {
		uint64_t most = binomial_most_n(0.01, k, level, 1000000);
		uint64_t least = binomial_least_n(0.01, k, level, 1000000);
		assert_true(binomial_ln_low(most, 0.01, k) >= level && binomial_ln_low(most + 1, 0.01, k) < level);
		assert_true(binomial_ln_high(least, 0.01, k) >= level);
		assert_true(least == k || binomial_ln_high(least - 1, 0.01, k) < level);
	}
	assert_int_equal(binomial_most_n(0.01, 50, level, 1000), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_fractions), cmocka_unit_test(test_large), cmocka_unit_test(test_edges),
		cmocka_unit_test(test_several_coins),	  cmocka_unit_test(test_parts), cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
