/*
 * clock_test.c - dates against the C library's, and what RFC 3339 allows and does not.
 */
#include "base/base.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

#define LAST_MS INT64_C(253402300799999)

static void splits_as_the_c_library(void **state MAYBE_UNUSED)
{
	for (int64_t ms = 0; ms <= LAST_MS; ms += INT64_C(86399) * 1000 * 37 + 123) {
		time_t t = (time_t)(ms / 1000);
		struct tm tm;
		assert_non_null(gmtime_r(&t, &tm));
		struct clock_date d = clock_split(ms);
		assert_int_equal(d.year, tm.tm_year + 1900);
		assert_int_equal(d.month, tm.tm_mon + 1);
		assert_int_equal(d.day, tm.tm_mday);
		assert_int_equal(d.hour, tm.tm_hour);
		assert_int_equal(d.minute, tm.tm_min);
		assert_int_equal(d.second, tm.tm_sec);
		assert_int_equal(d.ms, ms % 1000);
		assert_int_equal(d.weekday, tm.tm_wday);
		assert_int_equal(clock_join(&d), ms);
	}
}

static void clamps(void **state MAYBE_UNUSED)
{
	char text[CLOCK_ISO_LEN + 1];
	clock_iso(INT64_MIN, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	clock_iso(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void writes(void **state MAYBE_UNUSED)
{
	char iso[CLOCK_ISO_LEN + 1], http[CLOCK_HTTP_LEN + 1];
	clock_iso(1714979289123, iso);
	clock_http(1714979289123, http);
	assert_string_equal(iso, "2024-05-06T07:08:09.123Z");
	assert_string_equal(http, "Mon, 06 May 2024 07:08:09 GMT");
	clock_http(784111777000, http); /* the example of RFC 9110 5.6.7 */
	assert_string_equal(http, "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void reads(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"1970-01-01", 0},
		{"2024-02-29", 1709164800000},
		{"2024-05-06T07:08:09Z", 1714979289000},
		{"2024-05-06t07:08:09z", 1714979289000},
		{"2024-05-06 07:08:09Z", 1714979289000},
		{"2024-05-06T07:08:09.1Z", 1714979289100},
		{"2024-05-06T07:08:09.123999999999999Z", 1714979289123},
		{"2024-05-06T14:08:09.123+07:00", 1714979289123},
		{"2024-05-05T23:38:09.123-07:30", 1714979289123},
		{"2016-12-31T23:59:60Z", 1483228800000},
		{"9999-12-31T23:59:59.999Z", LAST_MS},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t ms = -1;
		assert_true(clock_parse_iso(view_of(cases[i].text), &ms));
		assert_int_equal(ms, cases[i].ms);
	}
}

static void refuses(void **state MAYBE_UNUSED)
{
	static const char *const cases[] = {
		"", "2024", "2024-05", "2024-5-6", "2024-13-01", "2024-00-01", "2024-05-00", "2024-05-32", "2023-02-29",
		"1900-02-28", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
		"2024-05-06T", "2024-05-06T07:08:09", "2024-05-06T07:08Z", "2024-05-06T24:00:00Z",
		"2024-05-06T07:60:00Z",
		"2024-05-06T07:08:61Z", "2024-05-06T07:08:09.Z", "2024-05-06T07:08:09,5Z", "2024-05-06T07:08:09+7:00",
		"2024-05-06T07:08:09+0700", "2024-05-06T07:08:09+24:00", "2024-05-06T07:08:09Zx", " 2024-05-06",
		"2024-05-06T07:08:09Z ", "+024-05-06", "2024-05-06T-1:00:00Z", "10000-01-01",
	};
	int64_t ms = 42;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_false(clock_parse_iso(view_of(cases[i]), &ms));
	assert_false(clock_parse_iso(V("2024-05-06\0T07:08:09Z"), &ms));
	assert_int_equal(ms, 42);
}

static void ticks(void **state MAYBE_UNUSED)
{
	int64_t before = clock_mono_ns();
	assert_true(clock_mono_ns() >= before);
	assert_true(clock_now() / 1000 >= (int64_t)time(NULL) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_as_the_c_library), cmocka_unit_test(clamps),  cmocka_unit_test(writes),
		cmocka_unit_test(reads),		   cmocka_unit_test(refuses), cmocka_unit_test(ticks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
