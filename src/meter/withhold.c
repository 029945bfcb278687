/*
 * withhold.c - see withhold.h. HMAC (RFC 2104) by hand over OpenSSL's compression function: both messages fit one block
 * behind the key's, so that a decision is two blocks, and OpenSSL's uses the processor's instructions.
 */
#include "base/base.h"

#define OPENSSL_SUPPRESS_DEPRECATED /* the block function: what replaces it allocates for each use */
#include "meter/withhold.h"

#include <endian.h>
#include <openssl/sha.h>

#define BLOCK 64
#define STATE_WORDS 8

struct digest withhold_commitment(const struct withhold_key *key, const struct withhold_salt *salt)
{
	unsigned char both[WITHHOLD_KEY_LEN + WITHHOLD_SALT_LEN];

	memcpy(both, key->b, WITHHOLD_KEY_LEN);
	memcpy(both + WITHHOLD_KEY_LEN, salt->b, WITHHOLD_SALT_LEN);
	struct digest d = digest_sha256(view_make((const char *)both, sizeof(both)));
	secret_wipe(both, sizeof(both));
	return d;
}

static void begin(const struct withhold_key *key, unsigned char pad, uint32_t ret[STATE_WORDS])
{
	unsigned char block[BLOCK];
	SHA256_CTX c;

	for (size_t i = 0; i < BLOCK; i++)
		block[i] = (unsigned char)((i < WITHHOLD_KEY_LEN ? key->b[i] : 0) ^ pad);
	SHA256_Init(&c);
	SHA256_Transform(&c, block);
	memcpy(ret, c.h, sizeof(c.h));
	secret_wipe(block, sizeof(block));
	secret_wipe(&c, sizeof(c));
}

void withhold_prepare(const struct withhold_key *key, struct withhold_state *ret)
{
	begin(key, 0x36, ret->inner);
	begin(key, 0x5c, ret->outer);
}

/* The last block of a message of n bytes behind one whole block: the bytes, a one, zeros, the length in bits. */
static void finish(const uint32_t from[STATE_WORDS], const void *bytes, size_t n, uint32_t ret[STATE_WORDS])
{
	unsigned char block[BLOCK] = {0};
	uint64_t bits = htobe64((BLOCK + n) * 8);
	SHA256_CTX c;

	memcpy(block, bytes, n);
	block[n] = 0x80;
	memcpy(block + BLOCK - sizeof(bits), &bits, sizeof(bits));
	memcpy(c.h, from, sizeof(c.h));
	SHA256_Transform(&c, block);
	memcpy(ret, c.h, sizeof(c.h));
}

uint32_t withhold_draw(const struct withhold_state *state, struct post_id post)
{
	uint64_t id = htobe64((uint64_t)post.v), carry = 0;
	uint32_t mac[STATE_WORDS], big[STATE_WORDS];

	finish(state->inner, &id, sizeof(id), mac);
	for (size_t i = 0; i < STATE_WORDS; i++)
		big[i] = htobe32(mac[i]);
	finish(state->outer, big, sizeof(big), mac);
	/* What the product with 10^6 has above 2^256; the first word is the highest. */
	for (size_t i = STATE_WORDS; i-- > 0;)
		carry = (mac[i] * (uint64_t)WITHHOLD_PPM + carry) >> 32;
	return (uint32_t)carry;
}
