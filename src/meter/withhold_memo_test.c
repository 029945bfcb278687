/*
 * withhold_memo_test.c - what is remembered is what was said of that very post, and there are no more memories than allowed.
 */
#include "base/base.h"
#include "meter/withhold_memo.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/secret.h"

#define POSTS 100000
#define FIRST INT64_C(115661418475356160)

static bool said(int64_t post)
{
	return (uint64_t)post * UINT64_C(0x9e3779b1) & 64;
}

static void test_exact(void **state)
{
	struct withhold_memos *all = withhold_memos_new(1);
	struct withhold_memo *m = withhold_memo_new(all);
	bool withheld;
	int found = 0;
	(void)state;

	assert_false(withhold_memo_find(m, FIRST, &withheld));
	for (int64_t i = 0; i < POSTS; i++)
		withhold_memo_keep(m, FIRST + i, said(FIRST + i));
	withhold_memo_keep(m, INT64_MAX, true);
	assert_true(withhold_memo_find(m, INT64_MAX, &withheld) && withheld);
	withhold_memo_keep(m, 1, false);
	assert_true(withhold_memo_find(m, 1, &withheld) && !withheld);
	for (int64_t i = 0; i < POSTS; i++) {
		if (!withhold_memo_find(m, FIRST + i, &withheld))
			continue;
		assert_int_equal(withheld, said(FIRST + i));
		found++;
	}
	/* It has room for two thirds of them, and is full. */
	assert_in_range(found, POSTS / 2, POSTS * 2 / 3);
	withhold_memo_free(m);
	withhold_memos_unref(all);
}

static void test_bounded(void **state)
{
	struct withhold_memos *all = withhold_memos_new(2);
	struct withhold_memo *a = withhold_memo_new(all), *b = withhold_memo_new(all);
	(void)state;

	assert_non_null(a);
	assert_non_null(b);
	assert_null(withhold_memo_new(all));
	withhold_memo_free(a);
	a = withhold_memo_new(all);
	assert_non_null(a);
	assert_null(withhold_memo_new(all));
	withhold_memos_unref(all);
	withhold_memo_free(a);
	withhold_memo_free(b);
}

static void *use(void *memo)
{
	for (int64_t i = 0; i < 4 * POSTS; i++) {
		int64_t post = FIRST + i * 31 % POSTS;
		bool withheld;

		if (!withhold_memo_find(memo, post, &withheld))
			withhold_memo_keep(memo, post, said(post));
		else if (withheld != said(post))
			return memo;
	}
	return NULL;
}

static void test_many_at_once(void **state)
{
	struct withhold_memos *all = withhold_memos_new(1);
	struct withhold_memo *m = withhold_memo_new(all);
	pthread_t threads[4];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, m), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *wrong;

		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	withhold_memo_free(m);
	withhold_memos_unref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_many_at_once),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
