/*
 * invites.h - codes that let people in: each for so many accounts, until so long. Whoever brings one may sign up where
 * registrations are closed, and does not wait for a moderator.
 */
#ifndef CORE_INVITES_H
#define CORE_INVITES_H

#include "core/core.h"
#include "core/sessions.h"

#define INVITE_CODE_LEN 16
#define LIMIT_INVITES 100 /* of one account, that still hold */
#define INVITE_USES_MAX 10000
#define INVITE_DAYS_MAX 365

struct invite {
	int64_t id;
	struct view code;
	struct account_id by; /* 0: made on the command line */
	int64_t max_uses;     /* 0: any number */
	int64_t uses;
	int64_t expires_at; /* 0: never */
};

/* Whether somebody with this role may make them (the setting invites). */
bool invites_allowed(const struct core *c, enum role role);

/* by, max_uses and expires_at are read. ERR_UNPROCESSABLE: numbers out of bounds, or too many of them. */
enum err invite_create(struct core *c, const struct invite *new, char ret_code[INVITE_CODE_LEN + 1],
		       struct problem *problem);
/* Those that still hold, newest first; by 0: everybody's. */
enum err invites_load(struct db *db, struct arena *a, struct account_id by, struct invite ret[LIMIT_INVITES],
		      size_t *ret_n);
/* by 0: anybody's. ERR_NOT_FOUND: there is none that still holds. */
enum err invite_end(struct core *c, struct account_id by, struct view code);

/* Whether the code would be taken now. */
enum err invite_holds(struct db *db, struct view code, bool *ret);
/* Inside a store_write: uses it once. ERR_NOT_FOUND: it does not hold (any more). */
enum err invite_take(struct db *tx, struct view code, int64_t now, int64_t *ret_id);

#endif
