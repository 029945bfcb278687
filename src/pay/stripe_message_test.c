/*
 * stripe_message_test.c - signatures good and bad, events whole and broken. tests/data/money.test.mjs has those that
 * Stripe's own library signs.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/secret.h"
#include "pay/stripe_message.h"

#define NOW INT64_C(1700000000000)
#define BODY "{\"id\":\"evt_1\"}"
/* printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test */
#define GOOD "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925"
#define OTHER "0000000000000000000000000000000000000000000000000000000000000000"

static bool is_signed(const char *header, int64_t now)
{
	return stripe_signed(view_of(header), V(BODY), V("whsec_test"), now);
}

static void test_signature(void **state)
{
	(void)state;
	assert_true(is_signed("t=1700000000,v1=" GOOD, NOW));
	assert_true(is_signed("t=1700000000,v1=" OTHER ",v0=x,v1=" GOOD, NOW));
	assert_true(is_signed("t=1700000000,v1=" GOOD, NOW + 300000));
	assert_true(is_signed("t=1700000000,v1=" GOOD, NOW - 300000));
	assert_false(is_signed("t=1700000000,v1=" GOOD, NOW + 301000));
	assert_false(is_signed("t=1700000000,v1=" GOOD, NOW - 301000));
	assert_false(is_signed("t=1700000001,v1=" GOOD, NOW));
	assert_false(is_signed("t=1700000000,v1=" OTHER, NOW));
	assert_false(is_signed("t=1700000000,v0=" GOOD, NOW));
	assert_false(is_signed("t=1700000000,v1=" GOOD "00", NOW));
	assert_false(is_signed("v1=" GOOD, NOW));
	assert_false(is_signed("t=,v1=" GOOD, NOW));
	assert_false(is_signed("t=-1,v1=" GOOD, NOW));
	assert_false(is_signed("", NOW));
	assert_false(stripe_signed(V("t=1700000000,v1=" GOOD), V(BODY "x"), V("whsec_test"), NOW));
	assert_false(stripe_signed(V("t=1700000000,v1=" GOOD), V(BODY), V(""), NOW));
}

static void test_event(void **state)
{
	static const char *const bad[] = {
		"", "[]", "{", "{}", BODY, "{\"id\":\"evt_1\",\"type\":\"x\"}", "{\"id\":\"\",\"type\":\"x\",\"data\":{\"object\":{}}}",
		"{\"id\":\"evt:1\",\"type\":\"x\",\"data\":{\"object\":{}}}", "{\"id\":\"a\",\"id\":\"b\",\"type\":\"x\",\"data\":{\"object\":{}}}",
		"{\"id\":\"a\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"amount_refunded\":-1}}}",
		"{\"id\":\"a\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"amount_refunded\":\"5\"}}}"};
	struct stripe_event e;
	struct arena a;
	(void)state;

	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(stripe_event_read(&a, view_of(bad[i]), &e), ERR_INVALID);
	assert_int_equal(stripe_event_read(&a, V("{\"id\":\"evt_1\",\"type\":\"charge.dispute.created\",\"data\":{\"object\":{"
						 "\"id\":\"dp_1\",\"amount\":1250,\"currency\":\"usd\",\"metadata\":{\"checkout\":\"77\"},"
						 "\"payment_intent\":{\"id\":\"pi_1\"}}}}"), &e), OK);
	assert_true(view_is(e.payment_intent, "pi_1"));
	assert_int_equal(e.amount, 1250);
	assert_int_equal(e.checkout, 77);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_signature), cmocka_unit_test(test_event)};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
