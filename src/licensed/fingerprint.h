/*
 * fingerprint.h - 16 bits of what changes by itself on a post: whoever leaks a copy with its counters leaks which
 * delivery it is from. docs/design/data.md, "Fingerprints".
 */
#ifndef LICENSED_FINGERPRINT_H
#define LICENSED_FINGERPRINT_H

#include "core/core.h"

struct fingerprint_of {
	int64_t post;
	uint32_t version;
	int64_t likes, replies, boosts, quotes, followers; /* of the author */
};
/* 16 random bytes of this server, made at the first start, kept in settings; secret, or counters could be guessed. */
struct fingerprint_salt {
	unsigned char bytes[16];
};
enum err fingerprint_salt_init(struct store *store, struct fingerprint_salt *ret);
/* The low 16 bits of SipHash-2-4 under the salt, of the seven numbers as 64-bit little-endian, in their order. */
uint16_t fingerprint(const struct fingerprint_salt *salt, const struct fingerprint_of *of);

#endif
