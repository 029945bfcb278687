/*
 * archive_sums.h - the list of SHA-256 sums while an archive is written or read.
 */
#ifndef CLI_ARCHIVE_SUMS_H
#define CLI_ARCHIVE_SUMS_H

#include <sodium.h>

#include "base/base.h"

#define ARCHIVE_CHUNK ((size_t)256 * 1024)

/* "hex  name\n" to sums. */
static inline void sums_add(FILE *sums, crypto_hash_sha256_state *state, const char *name)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(digest) + 1];

	crypto_hash_sha256_final(state, digest);
	sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
	fprintf(sums, "%s  %s\n", hex, name);
}

#endif
