/*
 * login_history.h - where an account is logged in, and when it was: for its owner, to notice a stranger.
 */
#ifndef CORE_LOGIN_HISTORY_H
#define CORE_LOGIN_HISTORY_H

#include "core/sessions.h"

#define LOGINS_SHOWN 20
#define SESSIONS_SHOWN 50
#define LOGINS_KEPT_MS ((int64_t)90 * 24 * 3600 * 1000)

/* A login of before, or a browser session (how is LOGIN_HOWS then). */
struct login_entry {
	int64_t id, at;
	enum login_how how;
	struct view ip, user_agent;
};
enum err login_history(struct db *db, struct arena *a, struct account_id who, struct login_entry ret[LOGINS_SHOWN],
		       size_t *ret_n);
enum err sessions_list(struct db *db, struct arena *a, struct account_id who, struct login_entry ret[SESSIONS_SHOWN],
		       size_t *ret_n);
/* id 0: all but the session `but`. ERR_NOT_FOUND: no such session of theirs. */
enum err sessions_end(struct core *c, struct account_id who, int64_t id, int64_t but);

/* Apps that have tokens of the account. */
#define APPS_SHOWN 100
struct allowed_app {
	int64_t id;
	struct view name;
	int64_t since;
};
enum err allowed_apps(struct db *db, struct arena *a, struct account_id who, struct allowed_app ret[APPS_SHOWN],
		      size_t *ret_n);
enum err allowed_app_end(struct core *c, struct account_id who, int64_t app);

const char *login_how_name(enum login_how how); /* as it is stored */
/* Inside a store_write. */
enum err login_note(struct db *tx, int64_t id, struct account_id who, struct view how, struct view ip,
		    struct view user_agent, int64_t now);
enum err login_history_sweep(struct core *c, struct db *db, struct arena *a, int64_t now); /* a periodic task */

#endif
