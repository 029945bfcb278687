/*
 * archive.h - what a ledger's files amount to, and moving old ones elsewhere.
 */
#ifndef LEDGER_ARCHIVE_H
#define LEDGER_ARCHIVE_H

#include "base/base.h"

struct ledger_status {
	uint64_t first, size;	/* records first … size - 1 are here */
	uint64_t reads;		/* of posts, in packed files and open ones */
	int64_t min_ms, max_ms; /* 0 without records */
	uint64_t packed, packed_bytes, open, open_bytes;
};
enum err ledger_status(const char *dir, const char *archive, struct ledger_status *ret, struct problem *problem);

struct ledger_archived {
	uint64_t files, records, bytes;
};
/*
 * Moves packed segments whose last record is older than this to a directory (made when missing), oldest first, with their
 * salts: copied and durable there before they go here. ERR_CONFLICT while a process writes the ledger.
 */
enum err ledger_archive(const char *dir, const char *to, int64_t before_ms, struct ledger_archived *ret,
			struct problem *problem);

#endif
