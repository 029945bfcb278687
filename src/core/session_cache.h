/*
 * session_cache.h - who was here lately: digests of tokens and cookies → whom they stand for. Bounded, sharded; any
 * thread. Secrets themselves are not kept.
 *
 * Forgetting is by account: each account falls on one of a fixed number of epochs, a revocation moves the epoch on,
 * and what was kept under an older epoch is as if absent. What was read from the database before a revocation cannot
 * be kept behind it, because the mark taken before the read is older than the epoch by then.
 */
#ifndef CORE_SESSION_CACHE_H
#define CORE_SESSION_CACHE_H

#include "base/secret.h"
#include "core/sessions.h"

enum session_kind { SESSION_TOKEN, SESSION_COOKIE };

struct session_entry {
	struct auth_info info;
	int64_t active_at;  /* users.last_active_at, as far as known */
	int64_t expires_at; /* 0: never */
	int64_t read_at;    /* when the database said so */
	uint64_t epoch;	    /* the cache's */
};

struct session_cache;
struct session_cache *session_cache_new(void);
void session_cache_free(struct session_cache *c); /* NULL-safe */

struct session_mark {
	uint64_t changes;
};
struct session_mark session_cache_mark(struct session_cache *c); /* before reading the database */
bool session_cache_find(struct session_cache *c, enum session_kind kind, const struct digest *key,
			struct session_entry *ret);
void session_cache_keep(struct session_cache *c, enum session_kind kind, const struct digest *key,
			const struct session_entry *e, struct session_mark mark);
/* Sets active_at to now if it is older than before. True for the one caller who did it. */
bool session_cache_touch(struct session_cache *c, enum session_kind kind, const struct digest *key, int64_t before,
			 int64_t now);
void session_cache_forget(struct session_cache *c, struct account_id account); /* account 0: tokens of apps */

#endif
