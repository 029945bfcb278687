/*
 * licence_take.h - a person's own way to the data: a licence that somebody takes for themselves, and its keys. The API and the
 * pages have it from here. Off until the operator turns it on (licence_sign_up).
 */
#ifndef METER_LICENCE_TAKE_H
#define METER_LICENCE_TAKE_H

#include "meter/keys.h"
#include "meter/licensee_store.h"

/* What an account has taken. ERR_NOT_FOUND: nothing. */
enum err licence_taken(struct db *db, struct arena *a, struct account_id who, struct licensee *ret);
/*
 * One for each account; a plan by approval waits. ERR_FORBIDDEN: licence_sign_up is off. ERR_CONFLICT: it has one, or the name
 * is somebody's. ERR_NOT_FOUND: no such plan. Each with words. Invoices go to the account's own address, which is confirmed, so
 * nobody can have them sent to somebody else.
 */
enum err licence_take(struct core *c, struct db *db, struct arena *a, struct account_id who, struct view name,
		      struct view plan, struct problem *problem);
/* new->licensee is not read. As key_create(); ERR_NOT_FOUND also: no licence. */
enum err licence_key_create(struct core *c, struct db *db, struct arena *a, struct account_id who,
			    const struct new_key *new, char ret_token[KEY_TOKEN_LEN + 1], int64_t *ret_id,
			    struct problem *problem);
/* ERR_NOT_FOUND also: it is somebody else's. */
enum err licence_key_revoke(struct core *c, struct db *db, struct arena *a, struct account_id who, int64_t id);

#endif
