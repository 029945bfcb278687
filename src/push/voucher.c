/*
 * voucher.c - signing, and a memory of what was signed.
 */
#include "base/base.h"
#include "push/voucher.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <pthread.h>

#include "base/json.h"
#include "base/map.h"
#include "push/p256.h"

#define GOOD_MS ((int64_t)12 * 3600 * 1000)
#define USED_MS (GOOD_MS / 2)
#define KEPT_MAX 256 /* push services; with more of them all are forgotten */
#define SIGNATURE_LEN 64
#define DER_MAX 80

struct kept {
	int64_t until;
	char text[VOUCHER_MAX];
};

struct vouchers {
	unsigned char point[P256_POINT_LEN], scalar[P256_SCALAR_LEN];
	char public[BASE64URL_LEN(P256_POINT_LEN) + 1];
	char *subject;
	pthread_mutex_t lock; /* of what follows */
	EVP_PKEY *key;	      /* made when it is needed: OpenSSL takes 2 MB for its first */
	struct strmap kept;   /* by audience */
};

/* ---- the key ---- */

static OSSL_PARAM *key_params(const unsigned char point[P256_POINT_LEN], const BIGNUM *scalar)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;

	if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, P256_POINT_LEN) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, scalar))
		params = OSSL_PARAM_BLD_to_param(b);
	OSSL_PARAM_BLD_free(b);
	return params;
}

static EVP_PKEY *make_key(const unsigned char point[P256_POINT_LEN], const unsigned char scalar[P256_SCALAR_LEN])
{
	BIGNUM *number = BN_bin2bn(scalar, P256_SCALAR_LEN, NULL);
	OSSL_PARAM *params = number ? key_params(point, number) : NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	BN_clear_free(number);
	return key;
}

static bool decode(const char *text, unsigned char *ret, size_t len)
{
	size_t n;

	return base64_decode(view_of(text), ret, len, &n) && n == len;
}

enum err vouchers_new(const struct vapid_pair *pair, const char *subject, struct vouchers **ret)
{
	struct vouchers *v = xcalloc(1, sizeof(*v));

	if (!decode(pair->public, v->point, sizeof(v->point)) || !decode(pair->private, v->scalar, sizeof(v->scalar))) {
		free(v);
		return ERR_INVALID;
	}
	v->subject = xstrdup(subject);
	snprintf(v->public, sizeof(v->public), "%s", pair->public);
	pthread_mutex_init(&v->lock, NULL);
	strmap_init(&v->kept);
	*ret = v;
	return OK;
}

/* NULL: the pair is none. */
static EVP_PKEY *key_of(struct vouchers *v)
{
	pthread_mutex_lock(&v->lock);
	if (!v->key)
		v->key = make_key(v->point, v->scalar);
	EVP_PKEY *key = v->key;
	pthread_mutex_unlock(&v->lock);
	return key;
}

static void forget_all(struct vouchers *v)
{
	struct view audience;
	size_t at = 0;
	void *kept;

	while (strmap_next(&v->kept, &at, &audience, &kept))
		free(kept);
	strmap_release(&v->kept);
	strmap_init(&v->kept);
}

void vouchers_free(struct vouchers *v)
{
	if (!v)
		return;
	forget_all(v);
	strmap_release(&v->kept);
	pthread_mutex_destroy(&v->lock);
	EVP_PKEY_free(v->key);
	free(v->subject);
	secret_wipe(v, sizeof(*v));
	free(v);
}

const char *vouchers_key(const struct vouchers *v)
{
	return v->public;
}

/* ---- signing ---- */

/* OpenSSL signs in DER; JWS wants the two numbers one behind the other. */
static bool numbers_of(const unsigned char *der, size_t len, unsigned char ret[SIGNATURE_LEN])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, SIGNATURE_LEN / 2) == SIGNATURE_LEN / 2 &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + SIGNATURE_LEN / 2, SIGNATURE_LEN / 2) == SIGNATURE_LEN / 2;

	ECDSA_SIG_free(sig);
	return ok;
}

static bool sign(struct vouchers *v, struct view text, unsigned char ret[SIGNATURE_LEN])
{
	unsigned char der[DER_MAX];
	size_t len = sizeof(der);
	EVP_PKEY *key = key_of(v);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = key && ctx && EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
		  EVP_DigestSign(ctx, der, &len, (const unsigned char *)text.p, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok && numbers_of(der, len, ret);
}

static void add_claims(const struct vouchers *v, struct view audience, int64_t now, struct buf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_str(&j, "aud", audience);
	jw_kv_int(&j, "exp", (now + GOOD_MS) / 1000);
	jw_kv_cstr(&j, "sub", v->subject);
	jw_object_end(&j);
}

/* {"typ":"JWT","alg":"ES256"} */
#define HEADER "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9"

enum err voucher_sign(struct vouchers *v, struct view audience, int64_t now, char ret[VOUCHER_MAX])
{
	unsigned char signature[SIGNATURE_LEN];
	char part[BASE64URL_LEN(VOUCHER_MAX / 2) + 1];
	struct buf claims, text;

	buf_init(&claims, VOUCHER_MAX / 2);
	add_claims(v, audience, now, &claims);
	if (!claims.over)
		base64url_encode(claims.p, claims.len, part);
	enum err err = buf_err(&claims);
	buf_release(&claims);
	TRY(err);
	buf_init(&text, VOUCHER_MAX - 1);
	buf_printf(&text, HEADER ".%s", part);
	if (!sign(v, buf_view(&text), signature)) {
		buf_release(&text);
		return ERR_INTERNAL;
	}
	base64url_encode(signature, sizeof(signature), part);
	buf_printf(&text, ".%s", part);
	err = buf_err(&text);
	if (!err)
		snprintf(ret, VOUCHER_MAX, "%s", text.p);
	buf_release(&text);
	return err;
}

static bool find(struct vouchers *v, struct view audience, int64_t now, char ret[VOUCHER_MAX])
{
	pthread_mutex_lock(&v->lock);
	const struct kept *k = strmap_get(&v->kept, audience);
	bool found = k && k->until > now;
	if (found)
		memcpy(ret, k->text, VOUCHER_MAX);
	pthread_mutex_unlock(&v->lock);
	return found;
}

static void keep(struct vouchers *v, struct view audience, int64_t now, const char text[VOUCHER_MAX])
{
	struct kept *k = xcalloc(1, sizeof(*k));

	k->until = now + USED_MS;
	snprintf(k->text, sizeof(k->text), "%s", text);
	pthread_mutex_lock(&v->lock);
	if (v->kept.count >= KEPT_MAX)
		forget_all(v);
	free(strmap_put(&v->kept, audience, k));
	pthread_mutex_unlock(&v->lock);
}

enum err voucher_for(struct vouchers *v, struct view audience, int64_t now, char ret[VOUCHER_MAX])
{
	if (find(v, audience, now, ret))
		return OK;
	TRY(voucher_sign(v, audience, now, ret));
	keep(v, audience, now, ret);
	return OK;
}
