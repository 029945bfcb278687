/*
 * voucher_test.c - what is signed can be verified with the public key alone, and is used again until it is half as old as
 * it may become.
 */
#include "base/base.h"
#include "push/voucher.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <setjmp.h>

#include <cmocka.h>

#include "push/p256.h"

#define NOW INT64_C(1795000000000)
#define HOUR INT64_C(3600000)
#define PUSH V("https://push.example")

static struct vouchers *vouchers;
static unsigned char point[P256_POINT_LEN];

static int setup(void **state MAYBE_UNUSED)
{
	unsigned char scalar[P256_SCALAR_LEN];
	struct vapid_pair pair;

	if (secret_init() != OK || p256_make(scalar, point) != OK)
		return -1;
	base64url_encode(point, sizeof(point), pair.public);
	base64url_encode(scalar, sizeof(scalar), pair.private);
	return vouchers_new(&pair, "mailto:a@example.org", &vouchers);
}

static int teardown(void **state MAYBE_UNUSED)
{
	vouchers_free(vouchers);
	return 0;
}

/* By OpenSSL's other functions. */
static bool verifies(struct view text, struct view signature)
{
	unsigned char numbers[64];
	size_t n;
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM params[] = {OSSL_PARAM_utf8_string("group", (char[]){"P-256"}, 5),
			       OSSL_PARAM_octet_string("pub", point, sizeof(point)), OSSL_PARAM_END};

	assert_true(base64_decode(signature, numbers, sizeof(numbers), &n));
	assert_int_equal(n, sizeof(numbers));
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	ECDSA_SIG_set0(sig, BN_bin2bn(numbers, 32, NULL), BN_bin2bn(numbers + 32, 32, NULL));
	unsigned char *der = NULL;
	int der_len = i2d_ECDSA_SIG(sig, &der);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key), 1);
	bool ok = EVP_DigestVerify(md, der, (size_t)der_len, (const unsigned char *)text.p, text.len) == 1;
	EVP_MD_CTX_free(md);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static void it_is_signed_and_says_for_whom_and_how_long(void **state MAYBE_UNUSED)
{
	char text[VOUCHER_MAX], claims[512];
	size_t n;

	assert_int_equal(voucher_sign(vouchers, PUSH, NOW, text), OK);
	struct view v = view_of(text);
	size_t first = view_find(v, 0, '.'), second = view_find(v, first + 1, '.');
	assert_true(verifies(view_sub(v, 0, second), view_sub(v, second + 1, v.len)));
	assert_false(verifies(view_sub(v, 0, second - 1), view_sub(v, second + 1, v.len)));
	assert_true(base64_decode(view_sub(v, 0, first), claims, sizeof(claims), &n));
	assert_true(view_is(view_make(claims, n), "{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
	assert_true(base64_decode(view_sub(v, first + 1, second - first - 1), claims, sizeof(claims), &n));
	assert_true(view_is(view_make(claims, n),
			    "{\"aud\":\"https://push.example\",\"exp\":1795043200,\"sub\":\"mailto:a@example.org\"}"));
}

static void it_is_kept_for_each_service(void **state MAYBE_UNUSED)
{
	char first[VOUCHER_MAX], second[VOUCHER_MAX];

	assert_int_equal(voucher_for(vouchers, PUSH, NOW, first), OK);
	assert_int_equal(voucher_for(vouchers, PUSH, NOW + 5 * HOUR, second), OK);
	assert_string_equal(first, second);
	assert_int_equal(voucher_for(vouchers, V("https://other.example"), NOW, second), OK);
	assert_string_not_equal(first, second);
	assert_int_equal(voucher_for(vouchers, PUSH, NOW + 7 * HOUR, second), OK);
	assert_string_not_equal(first, second);
	for (int i = 0; i < 600; i++) {
		char audience[40];
		snprintf(audience, sizeof(audience), "https://%d.example", i);
		assert_int_equal(voucher_for(vouchers, view_of(audience), NOW, second), OK);
	}
}

static void what_is_no_pair_is_refused(void **state MAYBE_UNUSED)
{
	struct vapid_pair pair = {.public = "", .private = "AAAA"};
	struct vouchers *v;

	assert_int_equal(vouchers_new(&pair, "mailto:a@example.org", &v), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_signed_and_says_for_whom_and_how_long),
		cmocka_unit_test(it_is_kept_for_each_service),
		cmocka_unit_test(what_is_no_pair_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
