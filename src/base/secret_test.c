/*
 * secret_test.c - published vectors where there are some.
 */
#include "base/base.h"
#include "base/secret.h"

#include <setjmp.h>
#include <cmocka.h>

static int setup(void **state MAYBE_UNUSED)
{
	return secret_init() == OK ? 0 : -1;
}

static void digests(void **state MAYBE_UNUSED)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	struct digest d = digest_sha256(V("abc")); /* FIPS 180-4 */
	hex_encode(d.b, DIGEST_LEN, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	d = digest_sha256(view_make(NULL, 0));
	hex_encode(d.b, DIGEST_LEN, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

	struct digest a = digest_token(V("abc")), b = digest_token(V("abc")), c = digest_token(V("abd"));
	assert_true(digest_eq(&a, &b));
	assert_false(digest_eq(&a, &c));
	/* Stored tokens are found again by this value: it may not change without a migration. */
	hex_encode(a.b, DIGEST_LEN, hex);
	assert_string_equal(hex, "ed6bac7eaa486a2aca1c9bf17cbaa5dc911b185322f0945acd65ba641d38087a");
}

/* RFC 7636 appendix B. */
/* RFC 4231, cases 1 and 2: shorter keys, which HMAC fills with zeros. */
static void authenticates(void **state MAYBE_UNUSED)
{
	unsigned char key[DIGEST_LEN] = {0};
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	memset(key, 0x0b, 20);
	hex_encode(digest_hmac(key, V("Hi There")).b, DIGEST_LEN, hex);
	assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	memset(key, 0, sizeof(key));
	memcpy(key, "Jefe", 4);
	hex_encode(digest_hmac(key, V("what do ya want for nothing?")).b, DIGEST_LEN, hex);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void makes_a_pkce_challenge(void **state MAYBE_UNUSED)
{
	char text[BASE64URL_LEN(DIGEST_LEN) + 1];
	struct digest d = digest_sha256(V("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
	base64url_encode(d.b, DIGEST_LEN, text);
	assert_string_equal(text, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void makes_tokens(void **state MAYBE_UNUSED)
{
	char a[TOKEN_LEN + 1], b[TOKEN_LEN + 1];
	token_make(a);
	token_make(b);
	assert_int_equal(strlen(a), TOKEN_LEN);
	assert_string_not_equal(a, b);
	assert_true(rand_u64() != rand_u64());
	for (int i = 0; i < 1000; i++) {
		token_make(a);
		assert_int_not_equal(a[0], '-');
	}
}

static void compares_secrets(void **state MAYBE_UNUSED)
{
	assert_true(secret_eq(V("abc"), V("abc")) && secret_eq(V(""), view_make(NULL, 0)));
	assert_false(secret_eq(V("abc"), V("abd")) || secret_eq(V("abc"), V("ab")));
	char secret[] = "secret";
	secret_wipe(secret, sizeof(secret));
	assert_int_equal(secret[0] | secret[5], 0);
}

static void reads_hex(void **state MAYBE_UNUSED)
{
	unsigned char out[3] = {9, 9, 9};
	static const char *const bad[] = {"",	    "00",	 "0011223", "00112", "00112g",
					  "0011 2", "00112\xff", "00112`",  "00112:"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(hex_decode(view_of(bad[i]), out, sizeof(out)));
	assert_int_equal(out[0], 9);
	assert_true(hex_decode(V("00aBfF"), out, sizeof(out)));
	assert_memory_equal(out, "\x00\xab\xff", 3);
}

static void reads_base64(void **state MAYBE_UNUSED)
{
	/* RFC 4648 section 10, and both alphabets. */
	static const struct {
		const char *text, *bytes;
	} good[] = {{"", ""},
		    {"Zg==", "f"},
		    {"Zg", "f"},
		    {"Zm8=", "fo"},
		    {"Zm9v", "foo"},
		    {"Zm9vYg==", "foob"},
		    {"Zm9vYmE", "fooba"},
		    {"Zm9vYmFy", "foobar"},
		    {"-_-_", "\xfb\xff\xbf"},
		    {"+/+/", "\xfb\xff\xbf"}};
	unsigned char out[6];
	size_t n;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		n = 99;
		assert_true(base64_decode(view_of(good[i].text), out, sizeof(out), &n));
		assert_int_equal(n, strlen(good[i].bytes));
		assert_memory_equal(out, good[i].bytes, n);
	}
	static const char *const bad[] = {"Z",	  "Zg=",  "Zg===", "=",	     "==",   "====", "Zm9v=",	 "Zm9v==",
					  "Zh==", "Zm9=", "Zm 9",  "Zm9v\n", "Z=g=", "Z*8=", "Zm9vYmFyZ"};
	n = 99;
	out[0] = 7;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(base64_decode(view_of(bad[i]), out, sizeof(out), &n));
	assert_false(base64_decode(V("Zm9vYmFy"), out, 5, &n));
	assert_int_equal(n, 99);
	assert_int_equal(out[0], 7);
}

static void keeps_passwords(void **state MAYBE_UNUSED)
{
	char a[PASSWORD_HASH_LEN], b[PASSWORD_HASH_LEN];
	assert_int_equal(password_hash(V("correct horse"), a), OK);
	assert_int_equal(password_hash(V("correct horse"), b), OK);
	assert_true(view_starts(view_of(a), V("$argon2id$v=19$m=19456,t=5,p=1$")));
	assert_string_not_equal(a, b);
	assert_true(password_verify(a, V("correct horse")));
	assert_false(password_verify(a, V("correct hors")));
	assert_false(password_verify(a, V("")));
	assert_false(password_verify("", V("correct horse")));
	assert_false(password_verify("$argon2id$v=19$m=", V("correct horse")));
	password_waste_time(V("correct horse"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests), cmocka_unit_test(authenticates), cmocka_unit_test(makes_a_pkce_challenge),
		cmocka_unit_test(makes_tokens), cmocka_unit_test(compares_secrets),
		cmocka_unit_test(reads_hex), cmocka_unit_test(reads_base64),
		cmocka_unit_test(keeps_passwords),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
