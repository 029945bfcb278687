/*
 * webauthn.c - see webauthn.h.
 */
#include "base/base.h"

#include "core/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <jansson.h>

#include "base/secret.h"

#define FLAG_PRESENT 0x01
#define FLAG_KNOWN 0x04
#define HASH_LEN 32
#define AUTH_DATA_MIN 37 /* hash, flags, counter: level 2, 6.1 */

/* --- what the browser says --- */

static struct view text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value) ? view_make(json_string_value(value), json_string_length(value)) : V("");
}

enum err webauthn_client_data(const struct webauthn_site *site, struct arena *a, struct view client_data,
			      const char *type, struct webauthn_client *ret)
{
	if (client_data.len > WEBAUTHN_CLIENT_DATA_MAX)
		return ERR_INVALID;
	json_t *json = json_loadb(client_data.p, client_data.len, JSON_REJECT_DUPLICATES, NULL);
	bool good = json_is_object(json) && view_is(text_of(json, "type"), type) &&
		    view_eq(text_of(json, "origin"), site->origin) &&
		    !json_is_true(json_object_get(json, "crossOrigin")) && text_of(json, "challenge").len == TOKEN_LEN;

	if (good)
		ret->challenge = arena_view(a, text_of(json, "challenge"));
	json_decref(json);
	return good ? OK : ERR_INVALID;
}

/* --- what the device says --- */

static bool is_for_site(const struct webauthn_site *site, struct view auth_data)
{
	struct digest d = digest_sha256(site->host);

	return auth_data.len >= AUTH_DATA_MIN && auth_data.len <= WEBAUTHN_AUTH_DATA_MAX &&
	       secret_eq(view_sub(auth_data, 0, HASH_LEN), view_make((const char *)d.b, DIGEST_LEN)) &&
	       (auth_data.p[HASH_LEN] & FLAG_PRESENT) && (auth_data.p[HASH_LEN] & FLAG_KNOWN);
}

static struct view bytes(struct arena *a, const unsigned char *p, size_t len)
{
	return p ? arena_view(a, view_make((const char *)p, len)) : V("");
}

/* libfido2 wants to know the algorithm before it reads the key. */
static bool read_key(fido_cred_t *cred, int algorithm, struct arena *a, struct view auth_data, struct webauthn_key *ret)
{
	if (fido_cred_set_type(cred, algorithm) != FIDO_OK ||
	    fido_cred_set_authdata_raw(cred, (const unsigned char *)auth_data.p, auth_data.len) != FIDO_OK)
		return false;
	*ret = (struct webauthn_key){
		.credential = bytes(a, fido_cred_id_ptr(cred), fido_cred_id_len(cred)),
		.algorithm = algorithm,
		.key = bytes(a, fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred)),
		.counter = fido_cred_sigcount(cred),
	};
	return ret->credential.len && ret->credential.len <= WEBAUTHN_CREDENTIAL_MAX && ret->key.len;
}

enum err webauthn_register(const struct webauthn_site *site, struct arena *a, struct view auth_data,
			   struct webauthn_key *ret)
{
	static const int algorithms[] = {COSE_ES256, COSE_RS256, COSE_EDDSA};
	struct webauthn_key key;
	bool read = false;

	if (!is_for_site(site, auth_data))
		return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(algorithms) && !read; i++) {
		fido_cred_t *cred = fido_cred_new();

		read = cred && read_key(cred, algorithms[i], a, auth_data, &key);
		fido_cred_free(&cred);
	}
	if (!read)
		return ERR_INVALID;
	*ret = key;
	return OK;
}

#define VERIFY_WITH(kind)                                                                                              \
	static bool verify_##kind(const fido_assert_t *assert, int algorithm, struct view key)                         \
	{                                                                                                              \
		kind##_pk_t *pk = kind##_pk_new();                                                                     \
		bool good = pk && kind##_pk_from_ptr(pk, key.p, key.len) == FIDO_OK &&                                 \
			    fido_assert_verify(assert, 0, algorithm, pk) == FIDO_OK;                                   \
                                                                                                                       \
		kind##_pk_free(&pk);                                                                                   \
		return good;                                                                                           \
	}
VERIFY_WITH(es256)
VERIFY_WITH(rs256)
VERIFY_WITH(eddsa)

static bool verify(const fido_assert_t *assert, const struct webauthn_key *key)
{
	static const struct {
		int algorithm;
		bool (*verify)(const fido_assert_t *assert, int algorithm, struct view key);
	} kinds[] = {{COSE_ES256, verify_es256}, {COSE_RS256, verify_rs256}, {COSE_EDDSA, verify_eddsa}};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].algorithm == key->algorithm)
			return kinds[i].verify(assert, key->algorithm, key->key);
	return false;
}

static bool fill(fido_assert_t *assert, const char *host, struct view client_data, struct view auth_data,
		 struct view signature)
{
	struct digest hash = digest_sha256(client_data);

	return fido_assert_set_rp(assert, host) == FIDO_OK &&
	       fido_assert_set_clientdata_hash(assert, hash.b, DIGEST_LEN) == FIDO_OK &&
	       fido_assert_set_count(assert, 1) == FIDO_OK &&
	       fido_assert_set_authdata_raw(assert, 0, (const unsigned char *)auth_data.p, auth_data.len) == FIDO_OK &&
	       fido_assert_set_sig(assert, 0, (const unsigned char *)signature.p, signature.len) == FIDO_OK &&
	       fido_assert_set_up(assert, FIDO_OPT_TRUE) == FIDO_OK &&
	       fido_assert_set_uv(assert, FIDO_OPT_TRUE) == FIDO_OK;
}

enum err webauthn_verify(const struct webauthn_site *site, const struct webauthn_key *key, struct view client_data,
			 struct view auth_data, struct view signature, uint32_t *ret_counter)
{
	char host[256];

	if (!is_for_site(site, auth_data) || !signature.len || site->host.len >= sizeof(host))
		return ERR_UNAUTHORIZED;
	snprintf(host, sizeof(host), "%.*s", VIEW_ARG(site->host));
	fido_assert_t *assert = fido_assert_new();
	bool good = assert &&fill(assert, host, client_data, auth_data, signature) && verify(assert, key);
	if (good)
		*ret_counter = fido_assert_sigcount(assert, 0);
	fido_assert_free(&assert);
	return good ? OK : ERR_UNAUTHORIZED;
}
