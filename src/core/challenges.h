/*
 * challenges.h - what a browser has begun and must finish within ten minutes: each secret works once.
 */
#ifndef CORE_CHALLENGES_H
#define CORE_CHALLENGES_H

#include "base/secret.h"
#include "core/core.h"

enum challenge_kind { CHALLENGE_SECOND, CHALLENGE_PASSKEY_LOGIN, CHALLENGE_PASSKEY_ADD };
#define CHALLENGE_MS ((int64_t)10 * 60 * 1000)

/* account 0: not known yet. ret has TOKEN_LEN + 1 bytes. */
enum err challenge_make(struct core *c, enum challenge_kind kind, struct account_id account, char ret[]);
/* Uses it up. ERR_NOT_FOUND: unknown, used, too old, of another kind. */
enum err challenge_take(struct core *c, enum challenge_kind kind, struct view secret, struct account_id *ret);
enum err challenge_sweep(struct core *c, struct db *db, struct arena *a, int64_t now); /* a periodic task */

#endif
