/*
 * account_delete.h - the end of an account of this server: everything it made, said, marked and followed goes. What is
 * left is a suspended, empty row, so that its name is not given to somebody else.
 */
#ifndef CORE_ACCOUNT_DELETE_H
#define CORE_ACCOUNT_DELETE_H

#include "core/core.h"

/*
 * Many small transactions, so that others can go on: interrupted, it is finished by calling it again. step (may be
 * NULL) is told now and then how many things are gone. Its media are left to media_sweep(); the files of its pictures
 * (avatar, header) to the caller, who has loaded the account before.
 */
enum err account_delete(struct core *c, struct db *db, struct arena *a, struct account_id id,
			void (*step)(void *arg, uint64_t gone), void *arg);

#endif
