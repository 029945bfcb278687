#include "base/base.h"
#include "http/range.h"

#include <setjmp.h>
#include <cmocka.h>

static void ranges(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		uint64_t size;
		enum range range;
		uint64_t first, last;
	} cases[] = {
		{"bytes=0-0", 10, RANGE_PART, 0, 0},
		{"bytes=2-5", 10, RANGE_PART, 2, 5},
		{"bytes=2-", 10, RANGE_PART, 2, 9},
		{"bytes=-3", 10, RANGE_PART, 7, 9},
		{"bytes=-30", 10, RANGE_PART, 0, 9},
		{"bytes=5-99999", 10, RANGE_PART, 5, 9},
		{"Bytes= 5-6 ", 10, RANGE_PART, 5, 6},
		{"bytes=10-", 10, RANGE_NONE, 0, 0},
		{"bytes=-0", 10, RANGE_NONE, 0, 0},
		{"bytes=0-", 0, RANGE_NONE, 0, 0},
		{"bytes=-1", 0, RANGE_NONE, 0, 0},
		{"bytes=5-2", 10, RANGE_WHOLE, 0, 0},
		{"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 0},
		{"bytes=-", 10, RANGE_WHOLE, 0, 0},
		{"bytes=", 10, RANGE_WHOLE, 0, 0},
		{"", 10, RANGE_WHOLE, 0, 0},
		{"items=0-1", 10, RANGE_WHOLE, 0, 0},
		{"bytes=a-b", 10, RANGE_WHOLE, 0, 0},
		{"bytes=18446744073709551616-", 10, RANGE_WHOLE, 0, 0},
		{"bytes=0-18446744073709551615", 10, RANGE_PART, 0, 9},
		{"bytes=+1-2", 10, RANGE_WHOLE, 0, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t first = 0, last = 0;
		assert_int_equal(range_parse(view_of(cases[i].header), cases[i].size, &first, &last), cases[i].range);
		assert_int_equal(first, cases[i].first);
		assert_int_equal(last, cases[i].last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(ranges)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
