/*
 * passkeys.h - keys of people's devices, with which they log in without a name and a password. The device checks who
 * holds it, so a passkey stands for both factors.
 */
#ifndef CORE_PASSKEYS_H
#define CORE_PASSKEYS_H

#include "core/core.h"

#define LIMIT_PASSKEYS 20 /* of one account */
#define PASSKEY_NAME_CHARS 60

struct passkey {
	int64_t id, created_at, used_at; /* used_at 0: never */
	struct view credential;		 /* base64url */
	struct view name;
};
enum err passkeys_load(struct db *db, struct arena *a, struct account_id who, struct passkey ret[LIMIT_PASSKEYS],
		       size_t *ret_n);

/* What the page's script found out, each in base64url. */
struct passkey_answer {
	struct view credential, client_data, auth_data, signature;
};
/* Whatever is wrong with the answer, its question included, is ERR_UNAUTHORIZED. ERR_UNPROCESSABLE: too many of them. */
enum err passkey_add(struct core *c, struct arena *a, struct account_id who, const struct passkey_answer *answer,
		     struct view name);
/* Whose it is. A question is answered once, and the device's counter only grows. */
enum err passkey_login(struct core *c, struct db *db, struct arena *a, const struct passkey_answer *answer,
		       struct account_id *ret);
enum err passkey_remove(struct core *c, struct account_id who, int64_t id); /* ERR_NOT_FOUND */

#endif
