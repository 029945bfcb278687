/*
 * known_browsers.h - which browsers an account was logged in with, so that its owner hears of a new one. A browser is known
 * by a cookie of its own, which holds nothing but a random number; only a hash of it with the account's id is kept, so
 * that nobody can tell from the table that two accounts share a browser.
 */
#ifndef CORE_KNOWN_BROWSERS_H
#define CORE_KNOWN_BROWSERS_H

#include "base/secret.h"
#include "core/core.h"

#define BROWSER_MS ((int64_t)400 * 24 * 3600 * 1000) /* behind its last login it is forgotten; browsers keep no cookie longer */

/*
 * Inside the store_write of a login, before that is noted in the history. browser: the cookie's value (TOKEN_LEN); empty
 * says nothing. A new one is told by mail, but for an account's first.
 */
enum err browser_note(struct core *c, struct db *tx, struct account_id who, struct view browser, int64_t now);

/* struct job_period */
enum err browsers_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
