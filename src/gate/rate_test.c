#include "base/base.h"
#include "gate/rate.h"

#include "base/secret.h"

#include <setjmp.h>
#include <cmocka.h>

#define NOW INT64_C(1700000100000) /* the beginning of a window of ten minutes, not of one of thirty */

static struct rate *rate;

static int set_up(void **state)
{
	(void)state;
	rate = rate_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	rate_free(rate);
	return 0;
}

/* How many of n calls get through. */
static unsigned through(enum rate_class class, const struct rate_caller *who, unsigned n, int64_t now,
			struct rate_left *left)
{
	unsigned ok = 0;
	for (unsigned i = 0; i < n; i++)
		ok += rate_take(rate, class, who, now, left) == OK;
	return ok;
}

static void tokens(void **state)
{
	(void)state;
	struct auth_info auth = {.token_id = 1, .account = {7}}, other = {.token_id = 2, .account = {7}};
	struct rate_caller who = {&auth, V("192.0.2.1")}, second = {&other, V("192.0.2.1")};
	struct rate_left left;
	assert_int_equal(rate_take(rate, RATE_DEFAULT, &who, NOW, &left), OK);
	assert_int_equal(left.limit, 300);
	assert_int_equal(left.remaining, 299);
	assert_true(left.reset_ms > NOW && left.reset_ms <= NOW + 300000 && left.reset_ms % 300000 == 0);
	assert_int_equal(through(RATE_DEFAULT, &who, 400, NOW, &left), 299);
	assert_int_equal(left.remaining, 0);
	/* Another token of the same person is another counter, up to what the person may. */
	assert_int_equal(through(RATE_DEFAULT, &second, 10, NOW, &left), 10);
	/* The next window begins anew. */
	assert_int_equal(through(RATE_DEFAULT, &who, 400, NOW + 300000, &left), 300);
}

static void users(void **state)
{
	(void)state;
	unsigned ok = 0;
	struct rate_left left;
	for (int64_t token = 1; token <= 10; token++) {
		struct auth_info auth = {.token_id = token, .account = {7}};
		struct rate_caller who = {&auth, V("192.0.2.1")};
		ok += through(RATE_DEFAULT, &who, 300, NOW, &left);
	}
	assert_int_equal(ok, 1500);
	assert_int_equal(left.remaining, 0);
}

static void addresses(void **state)
{
	(void)state;
	struct auth_info nobody = {0};
	struct rate_caller one = {&nobody, V("192.0.2.1")}, two = {&nobody, V("192.0.2.2")};
	struct rate_caller six = {&nobody, V("2001:db8::1")}, neighbour = {&nobody, V("2001:db8::ffff:1")};
	struct rate_left left;
	assert_int_equal(through(RATE_DEFAULT, &one, 400, NOW, &left), 300);
	assert_int_equal(through(RATE_DEFAULT, &two, 1, NOW, &left), 1);
	assert_int_equal(through(RATE_DEFAULT, &six, 400, NOW, &left), 300);
	assert_int_equal(through(RATE_DEFAULT, &neighbour, 1, NOW, &left), 0);
	assert_int_equal(through(RATE_NONE, &one, 400, NOW, &left), 400);
	assert_int_equal(left.limit, 0);
}

static void classes(void **state)
{
	(void)state;
	struct auth_info nobody = {0}, user = {.token_id = 1, .account = {7}}, app = {.token_id = 9, .app_id = 3};
	struct rate_caller anonymous = {&nobody, V("192.0.2.1")}, someone = {&user, V("192.0.2.1")},
			   client = {&app, V("192.0.2.9")};
	struct rate_left left;
	assert_int_equal(through(RATE_MEDIA, &someone, 40, NOW, &left), 30);
	assert_int_equal(left.limit, 30);
	assert_true(left.reset_ms % 1800000 == 0);
	assert_int_equal(through(RATE_DELETE, &someone, 40, NOW, &left), 30);
	assert_int_equal(through(RATE_APP, &anonymous, 10, NOW, &left), 5);
	assert_int_equal(through(RATE_SIGN_UP, &client, 10, NOW, &left), 5);
	assert_int_equal(through(RATE_LOGIN, &anonymous, 40, NOW, &left), 25);
}

static void names(void **state)
{
	(void)state;
	struct rate_left left;
	unsigned ok = 0;
	for (unsigned i = 0; i < 40; i++) {
		left = (struct rate_left){0};
		ok += rate_take_name(rate, i % 2 ? V("Alice@Example.org") : V(" alice@example.ORG "), NOW, &left) == OK;
	}
	assert_int_equal(ok, 25);
	assert_int_equal(rate_take_name(rate, V("bob"), NOW, &left), OK);
}

/* A million strangers do not make the table grow, nor the one who has used up his calls be forgotten first. */
static void many(void **state)
{
	(void)state;
	struct auth_info heavy = {.token_id = INT64_C(1) << 40};
	struct rate_caller who = {&heavy, V("192.0.2.1")};
	struct rate_left left;
	through(RATE_DEFAULT, &who, 400, NOW, &left);
	for (int64_t i = 1; i < 1000000; i++) {
		struct auth_info auth = {.token_id = i};
		struct rate_caller stranger = {&auth, V("192.0.2.1")};
		assert_int_equal(rate_take(rate, RATE_DEFAULT, &stranger, NOW, &left), OK);
	}
	assert_int_equal(rate_take(rate, RATE_DEFAULT, &who, NOW, &left), ERR_TOO_MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tokens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(users, set_up, tear_down),
		cmocka_unit_test_setup_teardown(addresses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(classes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many, set_up, tear_down),
	};
	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
