/*
 * warnings.h - what was done to somebody, as they are told (docs: entities/AccountWarning), and their appeal against it.
 * Every action of actions.h leaves one.
 */
#ifndef MODERATION_WARNINGS_H
#define MODERATION_WARNINGS_H

#include "core/core.h"
#include "core/page.h"

/* Stored numbers: append only. The names are Mastodon's. */
enum action { ACTION_NONE, ACTION_SENSITIVE, ACTION_DISABLE, ACTION_SILENCE, ACTION_SUSPEND, ACTIONS };
extern const char *const action_names[ACTIONS + 1]; /* "none", …; ended by NULL */

struct warning {
	int64_t id, created_at, overruled_at; /* overruled_at 0: it stands */
	struct account_id account, by;	      /* by 0: the command line */
	enum action action;
	struct view text;
	int64_t report; /* 0: none */
};
enum err warning_load(struct db *db, struct arena *a, int64_t id, struct warning *ret);
/* Of an account, newest first; ret has room for page->limit. */
enum err warnings_page(struct db *db, struct arena *a, struct account_id account, const struct page *page,
		       struct warning *ret, size_t *ret_n);

/* --- appeals --- */

#define LIMIT_APPEAL_CHARS 2000
#define APPEAL_MS ((int64_t)20 * 24 * 3600 * 1000) /* after the warning */

enum appeal_state { APPEAL_PENDING, APPEAL_APPROVED, APPEAL_REJECTED };
extern const char *const appeal_states[]; /* "pending", … */

struct appeal {
	struct warning warning; /* of appeals_page only its id */
	int64_t created_at, decided_at;
	struct account_id account, by;
	struct view text;
	enum appeal_state state;
};
enum err appeal_load(struct db *db, struct arena *a, int64_t warning, struct appeal *ret);
/* Those that wait, newest warning first; ret has room for page->limit. */
enum err appeals_page(struct db *db, struct arena *a, const struct page *page, struct appeal *ret, size_t *ret_n);

/* One for each warning, in time. ERR_NOT_FOUND: it is not theirs. ERR_UNPROCESSABLE with words. */
enum err appeal_create(struct core *c, struct account_id account, int64_t warning, struct view text,
		       struct problem *problem);
/*
 * Granted, the action is undone, and its warning stands as overruled. ERR_NOT_FOUND: there is no such appeal;
 * ERR_FORBIDDEN: it is decided already.
 */
enum err appeal_decide(struct core *c, struct account_id by, int64_t warning, bool granted);

#endif
