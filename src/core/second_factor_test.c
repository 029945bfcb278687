/*
 * second_factor_test.c - a right code is taken once, a wrong one counts, and a written one works once.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "core/second_factor.h"

#include "base/clock.h"

/* The code of now, or of so many steps beside it. */
static struct view code_of(struct fixture *f, const char *secret, int64_t beside)
{
	unsigned char bytes[OTP_SECRET_LEN];

	assert_true(base32_decode(view_of(secret), bytes, sizeof(bytes)));
	return arena_printf(&f->arena, "%06u", otp_code(bytes, clock_now() / OTP_STEP_MS + beside));
}

static enum err check(struct fixture *f, struct account_id who, struct view code)
{
	bool recovery;

	return second_factor_check(f->core, who, code, &recovery);
}

static void test_all(void **state)
{
	struct fixture *f = *state;
	struct account_id who = fixture_account(f, "sari");
	char secret[OTP_BASE32_LEN + 1], again[OTP_BASE32_LEN + 1];
	struct recovery_codes codes, other;
	struct second_factor sf;
	bool recovery;

	assert_int_equal(check(f, who, V("123456")), ERR_UNAUTHORIZED);
	assert_int_equal(second_factor_enable(f->core, who, V("123456"), &codes), ERR_UNAUTHORIZED);
	assert_int_equal(second_factor_begin(f->core, who, secret), OK);
	assert_int_equal(second_factor_load(f->db, who, &sf), OK);
	assert_false(sf.on);
	assert_int_equal(second_factor_enable(f->core, who, code_of(f, secret, 7), &codes), ERR_UNAUTHORIZED);
	struct view first = code_of(f, secret, -1);
	assert_int_equal(second_factor_enable(f->core, who, first, &codes), OK);
	assert_int_equal(second_factor_begin(f->core, who, again), ERR_CONFLICT);
	assert_int_equal(second_factor_load(f->db, who, &sf), OK);
	assert_true(sf.on && sf.recovery_left == RECOVERY_CODES);

	assert_int_equal(check(f, who, first), ERR_UNAUTHORIZED); /* replayed */
	struct view now = code_of(f, secret, 1);
	assert_int_equal(check(f, who, arena_printf(&f->arena, " %.3s %.3s", now.p, now.p + 3)), OK);
	assert_int_equal(check(f, who, now), ERR_UNAUTHORIZED);
	assert_int_equal(check(f, who, code_of(f, secret, 0)), ERR_UNAUTHORIZED); /* older than the last */
	assert_int_equal(check(f, who, V("")), ERR_UNAUTHORIZED);

	assert_int_equal(second_factor_check(f->core, who, view_of(codes.v[3]), &recovery), OK);
	assert_true(recovery);
	assert_int_equal(check(f, who, view_of(codes.v[3])), ERR_UNAUTHORIZED);
	char loud[RECOVERY_CODE_LEN + 1];
	for (size_t i = 0; i <= RECOVERY_CODE_LEN; i++)
		loud[i] = codes.v[4][i] == '-'	 ? ' '
			  : codes.v[4][i] >= 'a' ? (char)(codes.v[4][i] - 32)
						 : codes.v[4][i];
	assert_int_equal(check(f, who, view_of(loud)), OK);
	assert_int_equal(second_factor_renew(f->core, who, &other), OK);
	assert_int_equal(check(f, who, view_of(codes.v[5])), ERR_UNAUTHORIZED);
	assert_int_equal(check(f, who, view_of(other.v[5])), OK);

	for (int i = 0; i < SECOND_FACTOR_FAILURES; i++)
		(void)!check(f, who, V("000000"));
	assert_int_equal(check(f, who, view_of(other.v[6])), ERR_TOO_MANY);
	assert_int_equal(second_factor_disable(f->core, who), OK);
	assert_int_equal(second_factor_load(f->db, who, &sf), OK);
	assert_true(!sf.on && sf.recovery_left == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
