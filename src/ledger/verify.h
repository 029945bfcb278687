/*
 * verify.h - looks at every byte of a ledger's files: that they fit together, are what their records give, and that the
 * records give the tree that was signed. Writes nothing; a server may run meanwhile.
 */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "base/base.h"
#include "ledger/ledger.h"

struct ledger_finding {
	const char *file; /* its path */
	uint64_t offset;  /* of the byte; 0 when it is the file as a whole */
	uint64_t index;	  /* of the first record that is touched; LEDGER_NO_INDEX: none is */
	const char *what;
};
#define LEDGER_NO_INDEX UINT64_MAX
typedef void ledger_finding_fn(void *arg, const struct ledger_finding *f);

struct ledger_verified {
	uint64_t files, bytes; /* of records */
	uint64_t records, reads;
	uint64_t unsalted; /* records whose salts were destroyed: that they are what was committed to cannot be seen */
	uint64_t half_written; /* bytes that a crash left, or a commit under way */
	uint64_t findings;
};
/* ERR_CORRUPT when there is a finding; every one is told. ERR_NOT_FOUND without a ledger; ERR_UNAVAILABLE. */
enum err ledger_verify(const char *dir, const char *archive, ledger_finding_fn *fn, void *arg,
		       struct ledger_verified *ret, struct problem *problem);

#endif
