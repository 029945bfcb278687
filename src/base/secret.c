/*
 * secret.c - randomness, digests and passwords: names of ours for what libsodium and OpenSSL do, with the parameters chosen
 * once, here.
 */
#include "base/base.h"

#define OPENSSL_SUPPRESS_DEPRECATED /* SHA-256 without EVP, see secret.h */
#include "base/secret.h"

#include <assert.h>
#include <openssl/sha.h>
#include <semaphore.h>
#include <sodium.h>

/*
 * argon2id, 19 MiB and 5 passes, 20 to 30 ms of one core: the memory of the first choice in OWASP's Password Storage
 * Cheat Sheet, and more passes, because that still costs a login nothing that a person notices. libsodium's
 * INTERACTIVE (64 MiB) would let a dozen logins at once take more memory than the rest of the server.
 */
#define PASSWORD_OPS 5
#define PASSWORD_MEMORY ((size_t)19 * 1024 * 1024)

static_assert(PASSWORD_HASH_LEN == crypto_pwhash_STRBYTES, "libsodium's string form");
static_assert(DIGEST_LEN == SHA256_DIGEST_LENGTH, "SHA-256");

/* A hash takes PASSWORD_MEMORY and a core for its time: more at once than this would only take memory from others. */
#define PASSWORDS_AT_ONCE 4
static sem_t hashing;

enum err secret_init(void)
{
	return sodium_init() < 0 || sem_init(&hashing, 0, PASSWORDS_AT_ONCE) != 0 ? ERR_INTERNAL : OK;
}

void rand_bytes(void *p, size_t n)
{
	randombytes_buf(p, n);
}

uint64_t rand_u64(void)
{
	uint64_t n;
	randombytes_buf(&n, sizeof(n));
	return n;
}

void token_make(char ret[TOKEN_LEN + 1])
{
	unsigned char bits[32];
	static_assert(TOKEN_LEN == BASE64URL_LEN(sizeof(bits)), "256 bits");
	do {
		rand_bytes(bits, sizeof(bits));
		base64url_encode(bits, sizeof(bits), ret);
	} while (ret[0] == '-'); /* the command line would take it for an option */
	secret_wipe(bits, sizeof(bits));
}

struct digest digest_sha256(struct view v)
{
	struct digest d;
	SHA256_CTX c;
	SHA256_Init(&c);
	SHA256_Update(&c, v.p, v.len);
	SHA256_Final(d.b, &c);
	return d;
}

struct digest digest_hmac(const unsigned char key[DIGEST_LEN], struct view v)
{
	unsigned char pad[SHA256_CBLOCK], sum[DIGEST_LEN];
	struct digest d;
	SHA256_CTX c;
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] = (unsigned char)((i < DIGEST_LEN ? key[i] : 0) ^ 0x36);
	SHA256_Init(&c);
	SHA256_Update(&c, pad, sizeof(pad));
	SHA256_Update(&c, v.p, v.len);
	SHA256_Final(sum, &c);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	SHA256_Init(&c);
	SHA256_Update(&c, pad, sizeof(pad));
	SHA256_Update(&c, sum, sizeof(sum));
	SHA256_Final(d.b, &c);
	secret_wipe(pad, sizeof(pad));
	return d;
}

struct digest digest_token(struct view token)
{
	static const unsigned char personal[crypto_generichash_blake2b_PERSONALBYTES] = "kicau token v1";
	struct digest d;
	crypto_generichash_blake2b_salt_personal(d.b, sizeof(d.b), (const unsigned char *)token.p, token.len, NULL, 0,
						 NULL, personal);
	return d;
}

void token_hash(struct view token, char ret[TOKEN_HASH_LEN + 1])
{
	struct digest d = digest_token(token);

	hex_encode(d.b, DIGEST_LEN, ret);
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
	return sodium_memcmp(a->b, b->b, DIGEST_LEN) == 0;
}

bool secret_eq(struct view a, struct view b)
{
	return a.len == b.len && sodium_memcmp(a.p, b.p, a.len) == 0;
}

void secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

void hex_encode(const void *p, size_t n, char *ret)
{
	sodium_bin2hex(ret, HEX_LEN(n) + 1, p, n);
}

/* 0-15, or -1. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct view v, void *ret, size_t n)
{
	if (v.len % 2 != 0 || v.len / 2 != n)
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (hex_value(v.p[i]) < 0)
			return false;
	unsigned char *out = ret;
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)(hex_value(v.p[2 * i]) << 4 | hex_value(v.p[2 * i + 1]));
	return true;
}

void base64url_encode(const void *p, size_t n, char *ret)
{
	sodium_bin2base64(ret, BASE64URL_LEN(n) + 1, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* 0-63, or -1. Both alphabets of RFC 4648. */
static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Cuts padding off *v. False when there is some and it does not fill the last group of four. */
static bool base64_unpad(struct view *v)
{
	size_t padding = 0;
	while (padding < 2 && padding < v->len && v->p[v->len - 1 - padding] == '=')
		padding++;
	if (padding && v->len % 4 != 0)
		return false;
	v->len -= padding;
	return true;
}

bool base64_decode(struct view v, void *ret, size_t cap, size_t *ret_len)
{
	if (!base64_unpad(&v) || v.len % 4 == 1)
		return false;
	size_t n = v.len / 4 * 3 + (v.len % 4 ? v.len % 4 - 1 : 0);
	if (n > cap)
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (base64_value(v.p[i]) < 0)
			return false;
	/* The last character carries 2 or 4 bits too many; RFC 4648 3.5 lets us refuse them: one text, one form. */
	int spare = v.len % 4 == 2 ? 15 : v.len % 4 == 3 ? 3 : 0;
	if (spare && (base64_value(v.p[v.len - 1]) & spare))
		return false;

	unsigned char *out = ret;
	unsigned bits = 0, held = 0;
	for (size_t i = 0; i < v.len; i++) {
		bits = bits << 6 | (unsigned)base64_value(v.p[i]);
		held += 6;
		if (held >= 8) {
			held -= 8;
			*out++ = (unsigned char)(bits >> held);
		}
	}
	*ret_len = n;
	return true;
}

static void hashing_begin(void)
{
	while (sem_wait(&hashing) != 0) /* a signal */
		;
}

static void hashing_end(void)
{
	sem_post(&hashing);
}

enum err password_hash(struct view password, char ret[PASSWORD_HASH_LEN])
{
	char hash[PASSWORD_HASH_LEN];
	hashing_begin();
	int failed = crypto_pwhash_argon2id_str(hash, password.p, password.len, PASSWORD_OPS, PASSWORD_MEMORY);
	hashing_end();
	if (failed)
		return ERR_BUSY; /* no memory for it now */
	memcpy(ret, hash, sizeof(hash));
	return OK;
}

bool password_verify(const char *hash, struct view password)
{
	hashing_begin();
	bool right = crypto_pwhash_argon2id_str_verify(hash, password.p, password.len) == 0;
	hashing_end();
	return right;
}

void password_waste_time(struct view password)
{
	static const unsigned char salt[crypto_pwhash_argon2id_SALTBYTES];
	unsigned char out[crypto_pwhash_argon2id_BYTES_MIN * 2];
	hashing_begin();
	/* Nobody wants the result, so a failure for lack of memory changes nothing. */
	int ignored = crypto_pwhash_argon2id(out, sizeof(out), password.p, password.len, salt, PASSWORD_OPS,
					     PASSWORD_MEMORY, crypto_pwhash_argon2id_ALG_ARGON2ID13);
	hashing_end();
	(void)ignored;
	secret_wipe(out, sizeof(out));
}
