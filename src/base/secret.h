/*
 * secret.h - randomness, digests and passwords over libsodium, and SHA-256 over OpenSSL. secret_init() runs before everything else.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/base.h"

enum err secret_init(void);
void rand_bytes(void *p, size_t n);
uint64_t rand_u64(void);

#define TOKEN_LEN 43 /* 256 random bits, base64url without padding; never begins with '-' */
void token_make(char ret[TOKEN_LEN + 1]);

#define DIGEST_LEN 32
struct digest {
	unsigned char b[DIGEST_LEN];
};
/*
 * For PKCE S256, files, and the trees of the ledger: OpenSSL's, which uses the processor's instructions where it has them (several
 * times as fast as libsodium's), and not through EVP, which allocates for each use and takes 3 MB when it is first used.
 */
struct digest digest_sha256(struct view v);
struct digest digest_hmac(const unsigned char key[DIGEST_LEN], struct view v); /* HMAC-SHA-256, RFC 2104 */
struct digest digest_token(struct view token); /* how tokens are stored: BLAKE2b-256, domain-separated */
#define TOKEN_HASH_LEN (2 * DIGEST_LEN)
void token_hash(struct view token, char ret[TOKEN_HASH_LEN + 1]); /* digest_token() as tables have it: in hex */
bool digest_eq(const struct digest *a, const struct digest *b);	  /* constant time */
bool secret_eq(struct view a, struct view b);			  /* constant time for equal lengths */
void secret_wipe(void *p, size_t n);

#define HEX_LEN(n) (2 * (n))
void hex_encode(const void *p, size_t n, char *ret); /* 2n characters and NUL */
bool hex_decode(struct view v, void *ret, size_t n); /* exactly n bytes */
#define BASE64URL_LEN(n) (((n)*4 + 2) / 3)
void base64url_encode(const void *p, size_t n, char *ret); /* no padding, NUL-terminated */
/* Decodes RFC 4648 base64 (std or url alphabet, padding optional) into at most cap bytes. */
bool base64_decode(struct view v, void *ret, size_t cap, size_t *ret_len);

#define PASSWORD_HASH_LEN 128
/* argon2id with the parameters in secret.c; slow on purpose: never on an HTTP loop. ERR_BUSY when memory is short. */
enum err password_hash(struct view password, char ret[PASSWORD_HASH_LEN]);
bool password_verify(const char *hash, struct view password);
/* Costs as much as a real check; for names that do not exist, so that time tells nothing. */
void password_waste_time(struct view password);

#endif
