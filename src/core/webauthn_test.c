/*
 * webauthn_test.c - a key made here with OpenSSL: what it signs is taken, and nothing else.
 */
#include "base/base.h"

#include "core/webauthn.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/secret.h"

#define AUTH_LEN 37 /* without a key */
static const struct webauthn_site site = {.origin = V("https://kicau.example"), .host = V("kicau.example")};
static const char challenge[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct device {
	struct arena arena;
	EVP_PKEY *key;
};

static struct view client_data(struct device *d, const char *type, const char *origin)
{
	return arena_printf(&d->arena, "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"}", type, challenge,
			    origin);
}

/* Hash of the site, flags, counter; for a new key its id (16 bytes) and the COSE key behind. */
static struct view auth_data(struct device *d, const char *host, unsigned char flags, unsigned char counter, bool key)
{
	static const unsigned char cose[] = {0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
	unsigned char *p = arena_alloc(&d->arena, 512), point[65];
	struct digest h = digest_sha256(view_of(host));
	size_t n = AUTH_LEN, len;

	memcpy(p, h.b, DIGEST_LEN);
	p[32] = key ? flags | 0x40 : flags;
	p[36] = counter;
	if (!key)
		return view_make((const char *)p, n);
	p[n + 17] = 16; /* behind 16 bytes of AAGUID */
	memset(p + n + 18, 'i', 16);
	n += 34;
	assert_int_equal(EVP_PKEY_get_octet_string_param(d->key, "pub", point, sizeof(point), &len), 1);
	assert_int_equal(len, 65);
	memcpy(p + n, cose, sizeof(cose));
	memcpy(p + n + 10, point + 1, 32);
	memcpy(p + n + 42, "\x22\x58\x20", 3);
	memcpy(p + n + 45, point + 33, 32);
	return view_make((const char *)p, n + 77);
}

static struct view sign(struct device *d, struct view auth, struct view client)
{
	struct digest h = digest_sha256(client);
	unsigned char *text = arena_alloc(&d->arena, auth.len + DIGEST_LEN), *sig = arena_alloc(&d->arena, 80);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = 80;

	memcpy(text, auth.p, auth.len);
	memcpy(text + auth.len, h.b, DIGEST_LEN);
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, d->key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &len, text, auth.len + DIGEST_LEN), 1);
	EVP_MD_CTX_free(ctx);
	return view_make((const char *)sig, len);
}

static int make_device(void **state)
{
	struct device *d = xcalloc(1, sizeof(*d));

	assert_int_equal(secret_init(), OK);
	arena_init(&d->arena, LIMIT_MIB);
	d->key = EVP_EC_gen("P-256");
	assert_non_null(d->key);
	*state = d;
	return 0;
}

static int end_device(void **state)
{
	struct device *d = *state;

	EVP_PKEY_free(d->key);
	arena_release(&d->arena);
	free(d);
	return 0;
}

static void test_client_data(void **state)
{
	struct device *d = *state;
	struct webauthn_client c;
	static const char *const bad[] = {
		"", "x", "[]", "{}", "{\"type\":\"webauthn.get\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"short\",\"origin\":\"https://kicau.example\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"origin\":"
		"\"https://kicau.example\",\"crossOrigin\":true}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"origin\":"
		"\"https://kicau.example\",\"type\":\"webauthn.get\"}"};

	assert_int_equal(webauthn_client_data(&site, &d->arena, client_data(d, "webauthn.get", "https://kicau.example"),
					      "webauthn.get", &c),
			 OK);
	assert_true(view_is(c.challenge, challenge));
	assert_int_equal(webauthn_client_data(&site, &d->arena, client_data(d, "webauthn.get", "https://kicau.example"),
					      "webauthn.create", &c),
			 ERR_INVALID);
	assert_int_equal(webauthn_client_data(&site, &d->arena, client_data(d, "webauthn.get", "https://evil.example"),
					      "webauthn.get", &c),
			 ERR_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (webauthn_client_data(&site, &d->arena, view_of(bad[i]), "webauthn.get", &c) != ERR_INVALID)
			fail_msg("%s", bad[i]);
}

static void test_register(void **state)
{
	struct device *d = *state;
	struct webauthn_key k;
	struct view good = auth_data(d, "kicau.example", 5, 1, true);

	assert_int_equal(webauthn_register(&site, &d->arena, good, &k), OK);
	assert_true(k.algorithm == -7 && k.counter == 1 && k.credential.len == 16 && k.key.len == 64);
	assert_int_equal(webauthn_register(&site, &d->arena, auth_data(d, "evil.example", 5, 1, true), &k), ERR_INVALID);
	assert_int_equal(webauthn_register(&site, &d->arena, auth_data(d, "kicau.example", 1, 1, true), &k), ERR_INVALID);
	assert_int_equal(webauthn_register(&site, &d->arena, auth_data(d, "kicau.example", 4, 1, true), &k), ERR_INVALID);
	for (size_t n = 0; n < good.len; n++)
		assert_int_equal(webauthn_register(&site, &d->arena, view_sub(good, 0, n), &k), ERR_INVALID);
}

static void test_verify(void **state)
{
	struct device *d = *state;
	struct webauthn_key k;
	uint32_t counter = 0;
	struct view client = client_data(d, "webauthn.get", "https://kicau.example");
	struct view auth = auth_data(d, "kicau.example", 5, 9, false), sig = sign(d, auth, client);

	assert_int_equal(webauthn_register(&site, &d->arena, auth_data(d, "kicau.example", 5, 1, true), &k), OK);
	assert_int_equal(webauthn_verify(&site, &k, client, auth, sig, &counter), OK);
	assert_int_equal(counter, 9);
	assert_int_equal(webauthn_verify(&site, &k, V("{}"), auth, sig, &counter), ERR_UNAUTHORIZED);
	assert_int_equal(webauthn_verify(&site, &k, client, auth_data(d, "kicau.example", 5, 10, false), sig, &counter),
			 ERR_UNAUTHORIZED);
	for (size_t n = 0; n < sig.len; n++)
		assert_int_equal(webauthn_verify(&site, &k, client, auth, view_sub(sig, 0, n), &counter), ERR_UNAUTHORIZED);
	/* Signed rightly, but for another site, or by somebody the device did not know. */
	static const struct {
		const char *host;
		unsigned char flags;
	} others[] = {{"evil.example", 5}, {"kicau.example", 1}, {"kicau.example", 4}};
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		auth = auth_data(d, others[i].host, others[i].flags, 9, false);
		assert_int_equal(webauthn_verify(&site, &k, client, auth, sign(d, auth, client), &counter),
				 ERR_UNAUTHORIZED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_client_data, make_device, end_device),
		cmocka_unit_test_setup_teardown(test_register, make_device, end_device),
		cmocka_unit_test_setup_teardown(test_verify, make_device, end_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
