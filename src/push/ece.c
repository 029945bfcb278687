/*
 * ece.c - the two codings differ in how the key is derived, in where salt and point travel, and in the padding.
 */
#include "base/base.h"
#include "push/ece.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>

#include "base/secret.h"

#define KEY_LEN 16
#define NONCE_LEN 12
#define TAG_LEN 16
#define HASH_LEN crypto_auth_hmacsha256_BYTES
#define HEADER_LEN (ECE_SALT_LEN + 4 + 1 + P256_POINT_LEN)
#define RECORD_SIZE 4096 /* there is one record, the last one */

bool ece_receiver_parse(struct view p256dh, struct view auth, struct ece_receiver *ret)
{
	struct ece_receiver r;
	size_t point_len, auth_len;

	if (!base64_decode(p256dh, r.point, sizeof(r.point), &point_len) || point_len != sizeof(r.point) ||
	    !base64_decode(auth, r.auth, sizeof(r.auth), &auth_len) || auth_len != sizeof(r.auth) ||
	    !p256_is_point(r.point))
		return false;
	*ret = r;
	return true;
}

enum err ece_sender_make(struct ece_sender *ret)
{
	rand_bytes(ret->salt, sizeof(ret->salt));
	return p256_make(ret->scalar, ret->point);
}

const char *ece_coding_name(enum ece_coding c)
{
	static const char *const names[] = {[ECE_AES128GCM] = "aes128gcm", [ECE_AESGCM] = "aesgcm"};

	return names[c];
}

/* ---- keys ---- */

/* HMAC-SHA-256 of the pieces one behind the other; the last has no bytes. */
struct piece {
	const void *p;
	size_t len;
};
#define BYTES(a) ((struct piece){(a), sizeof(a)})

static void hmac(const void *key, size_t key_len, const struct piece *pieces, unsigned char ret[HASH_LEN])
{
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, key, key_len);
	for (; pieces->p; pieces++)
		crypto_auth_hmacsha256_update(&s, pieces->p, pieces->len);
	crypto_auth_hmacsha256_final(&s, ret);
	secret_wipe(&s, sizeof(s));
}
#define HMAC(key, key_len, ret, ...) hmac(key, key_len, (const struct piece[]){__VA_ARGS__, {0}}, ret)

static const unsigned char one[1] = {1}; /* HKDF's counter (RFC 5869 2.3): no output here is longer than a hash */

struct secrets {
	unsigned char key[HASH_LEN], nonce[HASH_LEN]; /* their first bytes are used */
};

/* RFC 8291 3.4. Strings of the specifications end in NUL, as C's do. */
static void derive_standard(const unsigned char prk[HASH_LEN], const struct ece_receiver *to,
			    const struct ece_sender *from, struct secrets *ret)
{
	unsigned char ikm[HASH_LEN], base[HASH_LEN];

	HMAC(prk, HASH_LEN, ikm, BYTES("WebPush: info"), BYTES(to->point), BYTES(from->point), BYTES(one));
	HMAC(from->salt, ECE_SALT_LEN, base, BYTES(ikm));
	HMAC(base, HASH_LEN, ret->key, BYTES("Content-Encoding: aes128gcm"), BYTES(one));
	HMAC(base, HASH_LEN, ret->nonce, BYTES("Content-Encoding: nonce"), BYTES(one));
	secret_wipe(ikm, sizeof(ikm));
	secret_wipe(base, sizeof(base));
}

/* draft-ietf-webpush-encryption-04 3.3, draft-ietf-httpbis-encryption-encoding-03 4.2. */
static void derive_draft(const unsigned char prk[HASH_LEN], const struct ece_receiver *to,
			 const struct ece_sender *from, struct secrets *ret)
{
	static const unsigned char len[2] = {0, P256_POINT_LEN};
	unsigned char ikm[HASH_LEN], base[HASH_LEN];

	HMAC(prk, HASH_LEN, ikm, BYTES("Content-Encoding: auth"), BYTES(one));
	HMAC(from->salt, ECE_SALT_LEN, base, BYTES(ikm));
	HMAC(base, HASH_LEN, ret->key, BYTES("Content-Encoding: aesgcm"), BYTES("P-256"), BYTES(len), BYTES(to->point),
	     BYTES(len), BYTES(from->point), BYTES(one));
	HMAC(base, HASH_LEN, ret->nonce, BYTES("Content-Encoding: nonce"), BYTES("P-256"), BYTES(len), BYTES(to->point),
	     BYTES(len), BYTES(from->point), BYTES(one));
	secret_wipe(ikm, sizeof(ikm));
	secret_wipe(base, sizeof(base));
}

static enum err derive(enum ece_coding coding, const struct ece_receiver *to, const struct ece_sender *from,
		       struct secrets *ret)
{
	static void (*const derivations[])(const unsigned char prk[HASH_LEN], const struct ece_receiver *to,
					   const struct ece_sender *from, struct secrets *ret) = {
		[ECE_AES128GCM] = derive_standard,
		[ECE_AESGCM] = derive_draft,
	};
	unsigned char shared[P256_SCALAR_LEN], prk[HASH_LEN];

	TRY(p256_shared(from->scalar, to->point, shared));
	HMAC(to->auth, ECE_AUTH_LEN, prk, BYTES(shared));
	derivations[coding](prk, to, from, ret);
	secret_wipe(shared, sizeof(shared));
	secret_wipe(prk, sizeof(prk));
	return OK;
}

/* ---- the message ---- */

static EVP_CIPHER *cipher;
static pthread_once_t cipher_once = PTHREAD_ONCE_INIT;

static void find_cipher(void)
{
	cipher = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	if (!cipher)
		BUG("OpenSSL has no AES-128-GCM");
}

static bool encrypt_piece(EVP_CIPHER_CTX *ctx, struct view plain, unsigned char *to)
{
	int n = 0;

	return plain.len == 0 || (EVP_EncryptUpdate(ctx, to, &n, (const unsigned char *)plain.p, (int)plain.len) == 1 &&
				  (size_t)n == plain.len);
}

/* Two pieces, one of which is the padding, and the tag behind them. */
static enum err seal(const struct secrets *s, const struct view pieces[2], struct buf *out)
{
	size_t len = pieces[0].len + pieces[1].len;
	unsigned char *to = (unsigned char *)buf_reserve(out, len + TAG_LEN);
	int n = 0;

	if (!to)
		return ERR_TOO_LARGE;
	pthread_once(&cipher_once, find_cipher);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = ctx && EVP_EncryptInit_ex2(ctx, cipher, s->key, s->nonce, NULL) == 1 &&
		  encrypt_piece(ctx, pieces[0], to) && encrypt_piece(ctx, pieces[1], to + pieces[0].len) &&
		  EVP_EncryptFinal_ex(ctx, to + len, &n) == 1 && n == 0 &&
		  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, to + len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (!ok)
		return ERR_INTERNAL;
	buf_grow(out, len + TAG_LEN);
	return OK;
}

/* RFC 8188 2.1: salt, size of a record, length of the key's name, and as its name the sender's point. */
static void add_header(const struct ece_sender *from, struct buf *out)
{
	static const unsigned char sizes[5] = {0, 0, RECORD_SIZE >> 8, RECORD_SIZE & 0xff, P256_POINT_LEN};

	buf_add(out, view_make((const char *)from->salt, ECE_SALT_LEN));
	buf_add(out, view_make((const char *)sizes, sizeof(sizes)));
	buf_add(out, view_make((const char *)from->point, P256_POINT_LEN));
}

enum err ece_encrypt(enum ece_coding coding, const struct ece_receiver *to, const struct ece_sender *from,
		     struct view plain, struct buf *out)
{
	/* RFC 8188 2: the last record ends in 2. The draft begins with the length of the padding. */
	const struct view last = V("\2"), no_padding = V("\0\0");
	const struct view standard[2] = {plain, last}, draft[2] = {no_padding, plain};
	struct secrets s;

	if (plain.len > ECE_PLAIN_MAX)
		return ERR_TOO_LARGE;
	TRY(derive(coding, to, from, &s));
	if (coding == ECE_AES128GCM)
		add_header(from, out);
	enum err err = seal(&s, coding == ECE_AES128GCM ? standard : draft, out);
	secret_wipe(&s, sizeof(s));
	return err ? err : buf_err(out);
}
