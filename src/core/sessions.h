/*
 * sessions.h - who a bearer token or a browser session belongs to. Found in memory for whoever was here lately; a
 * revoked token is forgotten at once.
 */
#ifndef CORE_SESSIONS_H
#define CORE_SESSIONS_H

#include "core/events.h"
#include "core/scope.h"

enum role { ROLE_USER, ROLE_MODERATOR, ROLE_ADMIN, ROLE_OWNER };

struct auth_info {
	int64_t token_id;   /* 0: not a token */
	int64_t session_id; /* 0: not a browser session */
	int64_t app_id;
	struct account_id account; /* 0: an app by itself, or nobody */
	enum role role;
	scope_set scopes;
};

/* Subscribes to events to forget what was revoked. Makes the key of the CSRF fields on the first start. */
struct sessions *sessions_new(struct core *c);
void sessions_free(struct sessions *s); /* NULL-safe */

/*
 * ERR_UNAUTHORIZED: unknown, revoked. ERR_FORBIDDEN with Mastodon's words: account disabled, not confirmed, not
 * approved, suspended. ERR_UNAVAILABLE: database away.
 */
enum err sessions_token(struct core *c, struct db *db, struct view token, struct auth_info *ret,
			struct problem *problem);
/* The same for calls that somebody may make whose address is not confirmed, or who waits for a moderator. */
enum err sessions_token_waiting(struct core *c, struct db *db, struct view token, struct auth_info *ret,
				struct problem *problem);
enum err sessions_cookie(struct core *c, struct db *db, struct view cookie, struct auth_info *ret);

/*
 * A new token (TOKEN_LEN + 1), shown once. Runs a store_write. app 0: made by the command line. account 0:
 * client_credentials. ret_id may be NULL.
 */
enum err sessions_token_create(struct core *c, int64_t app_id, struct account_id account, scope_set scopes,
			       struct view scopes_text, char ret_token[], int64_t *ret_id);
/* OK also when it is unknown or revoked already (RFC 7009 2.2); ERR_FORBIDDEN: another app's. app 0: any. */
enum err sessions_token_revoke(struct core *c, struct view token, int64_t app_id);
/* All tokens and sessions of an account, and codes that would become some: password change, suspension. */
enum err sessions_revoke_all(struct core *c, struct account_id account);

/* The same inside a store_write; pends the event. */
enum err sessions_revoke_in(struct db *tx, struct event_list *list, struct account_id account);

/* Looks at an account's login anew at its next call: role, disabled, approved. */
void sessions_forget(struct core *c, struct account_id account);

/* Browser sessions last 30 days. cookie is the value to set (TOKEN_LEN + 1). */
#define SESSION_MS ((int64_t)30 * 24 * 3600 * 1000)
enum login_how { LOGIN_PASSWORD, LOGIN_CODE, LOGIN_RECOVERY, LOGIN_PASSKEY, LOGIN_HOWS };
struct login_from {
	enum login_how how;
	struct view ip, user_agent;
	struct view browser; /* known_browsers.h; may be empty */
};
/* Also writes it into the account's history of logins. */
enum err sessions_login(struct core *c, struct account_id account, const struct login_from *from, char ret_cookie[]);
enum err sessions_logout(struct core *c, int64_t session_id);
/* Field of forms that change something: HMAC of the session (or of a visitor cookie), compared in constant time. */
void sessions_csrf(struct core *c, struct view cookie, char ret[]); /* TOKEN_LEN + 1 */

#endif
