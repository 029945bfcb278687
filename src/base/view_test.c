/*
 * view_test.c
 */
#include "base/base.h"
#include "base/view.h"

#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#define assert_view(v, s) assert_true(view_is((v), (s)))

static void compares(void **state MAYBE_UNUSED)
{
	assert_true(view_eq(V(""), view_make(NULL, 0)));
	assert_true(view_eq_nocase(V("Host"), V("hOST")));
	assert_false(view_eq_nocase(V("Host"), V("Hos")));
	assert_false(view_eq_nocase(V("["), V("{")));
	assert_true(view_cmp(V("a"), V("b")) < 0);
	assert_true(view_cmp(V("ab"), V("a")) > 0);
	assert_true(view_cmp(V("\xff"), V("a")) > 0);
	assert_int_equal(view_cmp(V(""), view_make(NULL, 0)), 0);
	assert_true(view_starts(V("abc"), V("ab")) && view_starts(V("abc"), V("")));
	assert_false(view_starts(V("ab"), V("abc")));
	assert_true(view_ends(V("abc"), V("bc")) && view_ends(V("abc"), V("")));
	assert_false(view_ends(V("bc"), V("abc")));
	assert_view(view_of(NULL), "");
}

static void cuts(void **state MAYBE_UNUSED)
{
	assert_view(view_trim(V(" \t\r\n a b \v\f")), "a b");
	assert_view(view_trim(V("  ")), "");
	assert_view(view_sub(V("abc"), 1, 1), "b");
	assert_view(view_sub(V("abc"), 1, SIZE_MAX), "bc");
	assert_view(view_sub(V("abc"), 9, 1), "");
	assert_view(view_sub(view_make(NULL, 0), 1, 1), "");
	assert_int_equal(view_find(V("a,b,c"), 2, ','), 3);
	assert_int_equal(view_find(V("a,b,c"), 4, ','), 5);
	assert_int_equal(view_find(V("abc"), SIZE_MAX, 'a'), 3);
}

static void splits(void **state MAYBE_UNUSED)
{
	struct view rest = V("a,,b,"), piece = V("untouched");
	assert_true(view_split(&rest, ',', &piece));
	assert_view(piece, "a");
	assert_true(view_split(&rest, ',', &piece));
	assert_view(piece, "");
	assert_true(view_split(&rest, ',', &piece));
	assert_view(piece, "b");
	assert_false(view_split(&rest, ',', &piece));
	assert_view(piece, "b");
}

/* At each place of a number of each length, each byte there is. */
static void reads_digits_alone(void **state MAYBE_UNUSED)
{
	for (size_t n = 1; n <= 19; n++)
		for (size_t at = 0; at < n; at++)
			for (int byte = 0; byte < 256; byte++) {
				char text[20] = "9182736450918273645";
				uint64_t u = 7;
				text[at] = (char)byte;
				text[n] = '\0';
				bool good = byte >= '0' && byte <= '9';
				assert_int_equal(parse_u64(view_make(text, n), UINT64_MAX, &u), good);
				assert_true(u == (good ? strtoull(text, NULL, 10) : 7));
			}
}

static void reads_integers(void **state MAYBE_UNUSED)
{
	uint64_t u = 7;
	assert_true(parse_u64(V("18446744073709551615"), UINT64_MAX, &u) && u == UINT64_MAX);
	assert_true(parse_u64(V("9999999999999999999"), UINT64_MAX, &u) && u == UINT64_C(9999999999999999999));
	assert_true(parse_u64(V("000000000000000000000000000012"), UINT64_MAX, &u) && u == 12);
	assert_false(parse_u64(V("18446744073709551616"), UINT64_MAX, &u));
	assert_false(parse_u64(V("99999999999999999999"), UINT64_MAX, &u));
	assert_false(parse_u64(V("12345678901234567890123"), UINT64_MAX, &u));
	assert_false(parse_u64(V("123456789012345678a"), UINT64_MAX, &u));
	assert_true(parse_u64(V("007"), 7, &u) && u == 7);
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616", "8", "99999999999999999999999999"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(parse_u64(view_of(bad[i]), i == 7 ? UINT64_MAX : 7, &u));
	assert_int_equal(u, 7);

	int64_t n = 3;
	assert_true(parse_i64(V("-9223372036854775808"), INT64_MIN, INT64_MAX, &n) && n == INT64_MIN);
	assert_true(parse_i64(V("9223372036854775807"), INT64_MIN, INT64_MAX, &n) && n == INT64_MAX);
	assert_true(parse_i64(V("-0"), 0, 0, &n) && n == 0);
	assert_false(parse_i64(V("9223372036854775808"), INT64_MIN, INT64_MAX, &n));
	assert_false(parse_i64(V("-9223372036854775809"), INT64_MIN, INT64_MAX, &n));
	assert_false(parse_i64(V("--1"), INT64_MIN, INT64_MAX, &n));
	assert_false(parse_i64(V("-"), INT64_MIN, INT64_MAX, &n));
	assert_false(parse_i64(V("5"), 6, 9, &n));
	assert_int_equal(n, 0);
}

static void reads_doubles(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text;
		double value;
	} good[] = {{"0", 0}, {"-0.5", -0.5}, {"+1.25", 1.25}, {".5", 0.5}, {"5.", 5}, {"-1.1e-16", -1.1e-16}};
	double d = 9;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(parse_double(view_of(good[i].text), &d));
		assert_true(fabs(d - good[i].value) < 1e-20);
	}
	static const char *const bad[] = {
		"", ".", "-", "e5", "1e", "1e+", "nan", "inf", "0x1", "1,5", " 1", "1 ", "1e999",
		"1.2.3", "0.00000000000000000000000000000000000000000000000000000000000000000000000001",
	};
	d = 9;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(parse_double(view_of(bad[i]), &d));
	assert_true(d > 8.9 && d < 9.1);
}

static void reads_booleans(void **state MAYBE_UNUSED)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "on", "ON"};
	static const char *const no[] = {"", "0", "f", "F", "false", "FALSE", "off", "OFF"};
	bool b = false;
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		assert_true(parse_bool(view_of(yes[i]), &b) && b);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		assert_true(parse_bool(view_of(no[i]), &b) && !b);
	assert_false(parse_bool(V("2"), &b) || parse_bool(V("1\0"), &b) || parse_bool(V("yes"), &b));
}

static void judges_utf8(void **state MAYBE_UNUSED)
{
	static const char *const good[] = {"",
					   "abc",
					   "\xc2\x80",
					   "\xdf\xbf",
					   "\xe0\xa0\x80",
					   "\xed\x9f\xbf",
					   "\xee\x80\x80",
					   "\xef\xbf\xbf",
					   "\xf0\x90\x80\x80",
					   "\xf4\x8f\xbf\xbf"};
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(utf8_valid(view_of(good[i])));
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe1\x80", "\xe1\x80\x41", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf1\x80\x80", "\xff", "a\xfe",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(utf8_valid(view_of(bad[i])));
	assert_false(utf8_valid(V("a\0b")));
	/* Wherever it stands among plain letters. */
	for (size_t n = 1; n < 40; n++)
		for (size_t at = 0; at < n; at++) {
			char text[41];
			memset(text, 'a', n);
			assert_true(utf8_valid(view_make(text, n)));
			text[at] = '\0';
			assert_false(utf8_valid(view_make(text, n)));
			text[at] = '\x80';
			assert_false(utf8_valid(view_make(text, n)));
			text[at] = '\x7f';
			assert_true(utf8_valid(view_make(text, n)));
			if (at + 1 < n) {
				memcpy(text + at, "\xc3\xa4", 2);
				assert_true(utf8_valid(view_make(text, n)));
				assert_false(utf8_valid(view_make(text, at + 1)));
			}
		}
	assert_int_equal(utf8_step(V("\xf0\x9f\x90\xa6"), 0), 4);
	assert_int_equal(utf8_step(V("\xf0\x9f\x90\xa6"), 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares), cmocka_unit_test(cuts), cmocka_unit_test(splits),
		cmocka_unit_test(reads_integers), cmocka_unit_test(reads_doubles), cmocka_unit_test(reads_booleans),
		cmocka_unit_test(judges_utf8), cmocka_unit_test(reads_digits_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
