#include "base/base.h"

#include "core/trend_score.h"

#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

#define HOUR ((int64_t)3600 * 1000)

static void surprises(void **state MAYBE_UNUSED)
{
	static const struct {
		int64_t observed, expected;
		double score;
	} cases[] = {
		{0, 0, 0}, {4, 0, 0},  {5, 0, 16},  {5, 1, 16},	     {5, 5, 0},
		{5, 6, 0}, {10, 5, 5}, {20, 5, 45}, {1000, 1000, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double score = trend_surprise(cases[i].observed, cases[i].expected, 5);
		if (fabs(score - cases[i].score) > 0.0001)
			fail_msg("%" PRId64 " of %" PRId64 ": %f", cases[i].observed, cases[i].expected, score);
	}
}

static void wears_off(void **state MAYBE_UNUSED)
{
	assert_true(fabs(trend_decayed(16, 0, 4 * HOUR) - 16) < 0.0001);
	assert_true(fabs(trend_decayed(16, 4 * HOUR, 4 * HOUR) - 8) < 0.0001);
	assert_true(fabs(trend_decayed(16, 8 * HOUR, 4 * HOUR) - 4) < 0.0001);
	assert_true(fabs(trend_decayed(16, -HOUR, 4 * HOUR) - 16) < 0.0001); /* a clock that was put back */
	assert_true(trend_decayed(1e18, 4000 * HOUR, 2 * HOUR) < 0.0001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surprises),
		cmocka_unit_test(wears_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
