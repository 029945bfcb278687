/*
 * copy.h - a copy of a ledger's files that a backup can pack in peace, while the ledger is written.
 */
#ifndef LEDGER_COPY_H
#define LEDGER_COPY_H

#include "base/base.h"

/*
 * Gives every file of a ledger a second name under `to`, an empty folder of the same file system: what is never changed
 * costs nothing, and what is packed or removed meanwhile stays. The checkpoint is first, so that the copy has all that
 * it covers. The open file goes on growing under both names. ERR_NOT_FOUND: there is no ledger.
 */
enum err ledger_copy(const char *dir, const char *to, struct problem *problem);

#endif
