/*
 * withhold_test.c - answers made by Python's hmac and hashlib, how often, and where rates end.
 */
#include "base/base.h"
#include "meter/withhold.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct withhold_key counting(void)
{
	struct withhold_key key;

	for (size_t i = 0; i < WITHHOLD_KEY_LEN; i++)
		key.b[i] = (unsigned char)i;
	return key;
}

static struct withhold_key ones(void)
{
	struct withhold_key key;

	memset(key.b, 0xff, sizeof(key.b));
	return key;
}

/* int.from_bytes(hmac.new(key, id.to_bytes(8, "big"), "sha256").digest(), "big") * 10**6 >> 256 */
static const struct {
	bool ones;
	int64_t id;
	uint32_t draw;
} known[] = {
	{false, 1, 766401},	    {false, 2, 973309},
	{false, 123456789, 159828}, {false, INT64_C(115661418475356160), 302745},
	{false, INT64_MAX, 139360}, {true, 1, 340787},
	{true, 7, 286220},	    {true, INT64_C(115661418475356161), 671375},
};

static void test_known_answers(void **state)
{
	struct withhold_key keys[] = {counting(), ones()};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct post_id id = {known[i].id};
		struct withhold_state s;

		withhold_prepare(&keys[known[i].ones], &s);
		assert_int_equal(withhold_draw(&s, id), known[i].draw);
		assert_false(withhold_is_withheld(&s, known[i].draw, id));
		assert_true(withhold_is_withheld(&s, known[i].draw + 1, id));
		assert_false(withhold_is_withheld(&s, 0, id));
		assert_true(withhold_is_withheld(&s, WITHHOLD_PPM, id));
	}
}

static void test_commitment(void **state)
{
	struct withhold_key key = counting();
	struct withhold_salt salt;
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	(void)state;

	for (size_t i = 0; i < WITHHOLD_SALT_LEN; i++)
		salt.b[i] = (unsigned char)(i + WITHHOLD_KEY_LEN);
	struct digest d = withhold_commitment(&key, &salt);
	hex_encode(d.b, DIGEST_LEN, hex);
	assert_string_equal(hex, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108");
}

/* 200 000 posts at 1 %, by two keys: each within five standard deviations (222), both together as if by chance. */
static void test_how_often(void **state)
{
	struct withhold_state a, b;
	struct withhold_key keys[] = {counting(), ones()};
	int n_a = 0, n_b = 0, n_both = 0;
	(void)state;

	withhold_prepare(&keys[0], &a);
	withhold_prepare(&keys[1], &b);
	for (int64_t i = 1; i <= 200000; i++) {
		struct post_id id = {INT64_C(115661418475356160) + i * 65536};
		bool by_a = withhold_is_withheld(&a, 10000, id), by_b = withhold_is_withheld(&b, 10000, id);

		n_a += by_a;
		n_b += by_b;
		n_both += by_a && by_b;
	}
	assert_in_range(n_a, 1778, 2222);
	assert_in_range(n_b, 1778, 2222);
	assert_in_range(n_both, 3, 45);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_commitment),
		cmocka_unit_test(test_how_often),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
