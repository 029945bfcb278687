/*
 * destroy.h - destroying the salts of old records, so that nobody can ever prove again, to anybody, what was in them; the tree,
 * and all proofs about other records, stay as they are. Salts of terms and statements are kept (ledger/kept.h). For good:
 * whoever calls has asked.
 */
#ifndef LEDGER_DESTROY_H
#define LEDGER_DESTROY_H

#include "base/base.h"

struct ledger_salts {
	uint64_t files;
	uint64_t first, until;	/* records [first, until) */
	uint64_t records, kept; /* of these: whose salts are destroyed, and kept */
	int64_t max_ms;		/* time of the last */
};
/*
 * What would be destroyed: packed segments, oldest first, whose last record is older, and that have their salts. Every record
 * of them is published: ERR_UNAVAILABLE where not (a server that was killed publishes when it starts again), because from then
 * on tiles are the only place of their commitments. ERR_CONFLICT while a process writes the ledger.
 */
enum err ledger_salts_before(const char *dir, const char *archive, int64_t before_ms, struct ledger_salts *ret,
			     struct problem *problem);
/* Destroys what that has said. Interrupted, it is called again. */
enum err ledger_salts_destroy(const char *dir, const char *archive, const struct ledger_salts *what,
			      struct problem *problem);

#endif
