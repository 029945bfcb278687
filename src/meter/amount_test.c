/*
 * amount_test.c - amounts and counts as texts, months and the shares of a fee.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "meter/amount.h"
#include "meter/calendar.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t micro;
	} good[] = {{"0", 0}, {"12", 12000000}, {"12.5", 12500000}, {"0.000001", 1}, {"1000", 1000000000}};
	static const char *const bad[] = {"",	 ".",	      "1.",	     ".5",  "-1", "+1",
					  "1,5", "1.0000001", "1000.000001", "1e3", " 1", "1 "};
	int64_t micro;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(amount_parse(view_of(good[i].text), 1000000000, &micro));
		assert_int_equal(micro, good[i].micro);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(amount_parse(view_of(bad[i]), 1000000000, &micro));
}

static void test_text(void **state)
{
	char text[AMOUNT_MAX];
	(void)state;

	amount_text(-12500000, text);
	assert_string_equal(text, "-12.50");
	amount_text(INT64_MIN, text);
	assert_string_equal(text, "-9223372036854.775808");
	amount_said(TONGUE_EN, 1234567891000, text);
	assert_string_equal(text, "1,234,567.891");
	amount_said(TONGUE_ID, -1234500000, text);
	assert_string_equal(text, "-1.234,50");
	count_said(TONGUE_EN, 100000, text);
	assert_string_equal(text, "100,000");
}

static void test_minor(void **state)
{
	int64_t n;
	(void)state;

	assert_true(amount_to_minor(12500000, currency_digits(V("USD")), &n));
	assert_int_equal(n, 1250);
	assert_false(amount_to_minor(12505001, 2, &n));
	assert_true(amount_to_minor(12000000, currency_digits(V("JPY")), &n));
	assert_int_equal(n, 12);
	assert_true(amount_of_minor(1250, 2, &n));
	assert_int_equal(n, 12500000);
	assert_false(amount_of_minor(INT64_MAX, 2, &n));
	assert_false(amount_of_minor(-1, 2, &n));
	assert_true(currency_valid(V("IDR")));
	assert_false(currency_valid(V("idr")));
	assert_false(currency_valid(V("EURO")));
}

static void test_months(void **state)
{
	char text[MONTH_LEN + 1];
	int32_t month;
	(void)state;

	assert_true(month_parse(V("2028-02"), &month));
	assert_int_equal(month_days(month), 29);
	assert_int_equal(month_of_day(month_first_day(month) + 28), month);
	assert_int_equal(month_of_day(month_first_day(month) + 29), month + 1);
	assert_true(month_parse(V("2100-02"), &month));
	assert_int_equal(month_days(month), 28);
	assert_true(month_parse(V("2026-12"), &month));
	assert_int_equal(month_first_day(month + 1), day_of(INT64_C(1798761600000)));
	month_text(month, text);
	assert_string_equal(text, "2026-12");
	assert_false(month_parse(V("2026-13"), &month));
	assert_false(month_parse(V("2026-00"), &month));
	assert_false(month_parse(V("1969-12"), &month));
	assert_false(month_parse(V("2026-1"), &month));
}

static void test_shares(void **state)
{
	static const int64_t fees[] = {0, 1, 27, 31, 100, 99999999, 200000000, INT64_C(1000000000000000)};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(fees); i++)
		for (int32_t days = 28; days <= 31; days++) {
			int64_t sum = 0;

			for (int32_t at = 0; at < days; at++) {
				int64_t share = fee_of_day(fees[i], at, days);

				assert_true(share >= fees[i] / days && share <= fees[i] / days + 1);
				sum += share;
			}
			assert_int_equal(sum, fees[i]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),  cmocka_unit_test(test_text),   cmocka_unit_test(test_minor),
		cmocka_unit_test(test_months), cmocka_unit_test(test_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
