/*
 * withhold.h - which posts a licensee never gets. Each has a secret key, and a post is withheld from it iff
 *
 *	HMAC-SHA-256(key, id of the post as 8 bytes, big-endian) < rate · 2^256
 *
 * as a big-endian number. So what a licensee lacks is random, the same for ever on every endpoint, stored nowhere, and,
 * as the key was committed to in the ledger before the first delivery, nobody can say that it was chosen afterwards.
 * docs/design/withholding.md says why, and what follows. These are pure functions; keys are kept by withhold_keys.h.
 */
#ifndef METER_WITHHOLD_H
#define METER_WITHHOLD_H

#include "base/base.h"
#include "base/id.h"
#include "base/secret.h"

#define WITHHOLD_KEY_LEN 32
#define WITHHOLD_SALT_LEN 32
#define WITHHOLD_PPM 1000000 /* rates are parts of this */

/* A secret until it is revealed: never logged, wiped by who held it. */
struct withhold_key {
	unsigned char b[WITHHOLD_KEY_LEN];
};
struct withhold_salt {
	unsigned char b[WITHHOLD_SALT_LEN];
};

/* SHA-256(key ‖ salt): what the ledger has of a key before its first use. */
struct digest withhold_commitment(const struct withhold_key *key, const struct withhold_salt *salt);

/* A key as it is used: what of the HMAC does not depend on the post, done once. As secret as the key. */
struct withhold_state {
	uint32_t inner[8], outer[8];
};
void withhold_prepare(const struct withhold_key *key, struct withhold_state *ret);
/* floor(HMAC · 10^6 / 2^256): 0 … 999 999. About 0.1 µs where the processor helps with SHA-256. */
uint32_t withhold_draw(const struct withhold_state *state, struct post_id post);
/* Exact: HMAC < ppm / 10^6 · 2^256 iff the draw is below ppm. */
static inline bool withhold_is_withheld(const struct withhold_state *state, uint32_t ppm, struct post_id post)
{
	return withhold_draw(state, post) < ppm;
}

#endif
