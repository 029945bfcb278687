/*
 * leaving.h - an account whose owner has asked for its end: hidden from everybody at once, deleted LEAVING_MS later.
 * Until then logging in brings it back as it was.
 */
#ifndef CORE_LEAVING_H
#define CORE_LEAVING_H

#include "core/core.h"

#define LEAVING_DAYS 30
#define LEAVING_MS ((int64_t)LEAVING_DAYS * 24 * 3600 * 1000)

/* Hides it and logs it out everywhere. ERR_CONFLICT: suspended, or leaving already. */
enum err account_leave(struct core *c, struct account_id who);
/* Takes that back; nothing where it does not leave. */
enum err account_stay(struct core *c, struct account_id who, bool *ret_was_leaving);
/* Those whose time has come; a periodic task. */
enum err leaving_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
