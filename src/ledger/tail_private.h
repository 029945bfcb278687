/*
 * tail_private.h - what tail.c and tail_load.c share.
 */
#ifndef LEDGER_TAIL_PRIVATE_H
#define LEDGER_TAIL_PRIVATE_H

#include "ledger/tail.h"

#include <sodium.h>

#define TAIL_MAGIC "kicautl1"

static inline uint64_t frame_check(const unsigned char *p, size_t n)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t v;

	crypto_shorthash(hash, p, n, key);
	memcpy(&v, hash, sizeof(v));
	return le64toh(v);
}

struct tail *tail_make(const char *path, uint64_t first, size_t segment);
void tail_head(uint64_t first, unsigned char ret[TAIL_HEAD_LEN]);
/* Counts what was added as committed. */
void tail_publish(struct tail *t);

#endif
