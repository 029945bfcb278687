/*
 * buf_test.c
 */
#include "base/base.h"
#include "base/buf.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/vec.h"

static void appends(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, LIMIT_KIB);
	assert_true(view_is(buf_view(&b), ""));
	buf_add(&b, V("ab"));
	buf_add(&b, view_make(NULL, 0));
	buf_add_c(&b, '-');
	buf_add_str(&b, "cd");
	buf_printf(&b, "<%s %d>", "x", 7);
	assert_string_equal(b.p, "ab-cd<x 7>");
	memcpy(buf_reserve(&b, 100), "!!", 2);
	buf_grow(&b, 2);
	assert_string_equal(b.p, "ab-cd<x 7>!!");
	buf_clear(&b);
	assert_string_equal(b.p, "");
	buf_release(&b);
	buf_release(NULL);
}

static void writes_numbers(void **state MAYBE_UNUSED)
{
	static const int64_t numbers[] = {0, 1, 9, 10, 99, 100, 101, 12345, -1, -10, INT64_MAX, INT64_MIN};
	char expected[32];
	struct buf b;
	buf_init(&b, LIMIT_KIB);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		buf_clear(&b);
		buf_add_i64(&b, numbers[i]);
		snprintf(expected, sizeof(expected), "%" PRId64, numbers[i]);
		assert_string_equal(b.p, expected);
		buf_clear(&b);
		buf_add_u64(&b, (uint64_t)numbers[i]);
		snprintf(expected, sizeof(expected), "%" PRIu64, (uint64_t)numbers[i]);
		assert_string_equal(b.p, expected);
	}
	buf_release(&b);
}

static void keeps_its_maximum(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, 4);
	buf_add(&b, V("abcd"));
	assert_int_equal(buf_err(&b), OK);
	assert_true(b.alloc <= 5);
	buf_add_c(&b, 'e');
	assert_int_equal(buf_err(&b), ERR_TOO_LARGE);
	buf_add(&b, V(""));
	assert_null(buf_reserve(&b, 0));
	assert_string_equal(b.p, "abcd");
	buf_clear(&b);
	buf_printf(&b, "%s", "12345");
	assert_true(b.over);
	buf_clear(&b);
	assert_null(buf_reserve(&b, SIZE_MAX));
	buf_release(&b);
	buf_add(&b, V("abc"));
	assert_int_equal(buf_err(&b), OK);
	buf_release(&b);
}

static void grows(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, 100000);
	for (size_t i = 0; i < 100000; i++)
		buf_add_c(&b, (char)('a' + i % 26));
	assert_int_equal(buf_err(&b), OK);
	assert_int_equal(strlen(b.p), 100000);
	assert_int_equal(b.p[99999], 'a' + 99999 % 26);
	buf_add_c(&b, 'x');
	assert_true(b.over);
	buf_release(&b);
}

static void hands_over(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, 100);
	char *p = buf_detach(&b);
	assert_string_equal(p, "");
	free(p);
	buf_add(&b, V("mine"));
	p = buf_detach(&b);
	assert_string_equal(p, "mine");
	free(p);
	assert_null(b.p);
	assert_int_equal(b.max, 100);
}

static void vector_grows(void **state MAYBE_UNUSED)
{
	struct VEC(int64_t) ids = {0};
	for (int64_t i = 0; i < 1000; i++)
		VEC_PUSH(&ids, i * i);
	assert_int_equal(ids.n, 1000);
	assert_int_equal(ids.v[0], 0);
	assert_int_equal(ids.v[999], 999 * 999);
	VEC_FREE(&ids);
	assert_null(ids.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends), cmocka_unit_test(writes_numbers), cmocka_unit_test(keeps_its_maximum),
		cmocka_unit_test(grows),   cmocka_unit_test(hands_over),     cmocka_unit_test(vector_grows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
