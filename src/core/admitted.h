/*
 * admitted.h - whether others may know of an account. One of this server that waits for a moderator, or for its address
 * to be confirmed, is not there for anybody: Mastodon answers 404 (AccountsController, check_account_approval and
 * check_account_confirmation). Its owner hears so from every call that needs a login.
 */
#ifndef CORE_ADMITTED_H
#define CORE_ADMITTED_H

#include "core/core.h"

struct admitted *admitted_new(void);
void admitted_free(struct admitted *a); /* NULL-safe */

/* ERR_NOT_FOUND while it waits, and when there is none. */
enum err account_admitted(struct core *c, struct db *db, struct account_id id);

#endif
