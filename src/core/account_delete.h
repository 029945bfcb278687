/*
 * account_delete.h - the end of an account of this server: everything it made, said, marked and followed goes. What is
 * left is a suspended, empty row, so that its name is not given to somebody else.
 *
 * Nobody sees the account from the first transaction on; the rest is a chore of many small ones (chores.h), so that
 * others can go on, and what is interrupted is finished by the job.
 */
#ifndef CORE_ACCOUNT_DELETE_H
#define CORE_ACCOUNT_DELETE_H

#include "core/chores.h"

/*
 * Suspends it, logs it out, and writes the chore down; once more: nothing. The chore is left to the caller for
 * ACCOUNT_DELETE_LEASE_MS. ERR_NOT_FOUND: not of this server, or gone.
 */
#define ACCOUNT_DELETE_LEASE_MS ((int64_t)10 * 60 * 1000)
enum err account_delete_begin(struct core *c, struct db *db, struct account_id id);

/* Leaves the chore to the job: for who does not call account_delete_some(). */
enum err account_delete_leave(struct core *c, struct account_id id);

/*
 * Some of it, and with *ret_more false all of it. Its media are left to media_sweep(); the files of its pictures (avatar,
 * header) are the caller's to delete before, as their names go last.
 */
enum err account_delete_some(struct core *c, struct db *db, struct account_id id, size_t *ret_gone, bool *ret_more);

#define ACCOUNT_DELETE_KIND "delete-account"
extern const struct chore account_delete_chore;

#endif
