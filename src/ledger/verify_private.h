/*
 * verify_private.h - what the parts of verifying share.
 */
#ifndef LEDGER_VERIFY_PRIVATE_H
#define LEDGER_VERIFY_PRIVATE_H

#include "ledger/segment.h"
#include "ledger/verify.h"

struct verifying {
	const char *dir;
	ledger_finding_fn *fn;
	void *arg;
	struct ledger_verified *sums;
	int64_t last_ms; /* of the records so far */
};

void verify_found(struct verifying *v, const char *file, uint64_t offset, uint64_t index, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
/* One file of records. *ret_n: how many it holds, as far as it can be read. */
void verify_tail(struct verifying *v, const char *path, uint64_t first, bool last, uint64_t *ret_n);
void verify_packed(struct verifying *v, const char *path, uint64_t first, uint64_t *ret_n);
/* Both when all files are whole. Commitments against those in the tiles: which record is another. */
void verify_entries(struct verifying *v, struct ledger *l);
/* The keys, all tiles, and the signed root. ERR_CORRUPT, ERR_FORBIDDEN with the words; ERR_UNAVAILABLE. */
enum err verify_signed(struct verifying *v, struct ledger *l, struct problem *problem);

#endif
