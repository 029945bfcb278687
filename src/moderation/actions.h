/*
 * actions.h - what moderators do to accounts (docs: methods/admin/accounts). One transaction each: the mark, the
 * warning, its notification, the reports it settles, and the record. All of it is undone by moderate_undo(); what
 * somebody was logged in with is not given back.
 */
#ifndef MODERATION_ACTIONS_H
#define MODERATION_ACTIONS_H

#include "core/events.h"
#include "moderation/warnings.h"

#define LIMIT_ACTION_TEXT_CHARS 2000

struct deed {
	struct account_id by, target; /* by 0: the command line */
	enum action action;
	struct view text; /* to the person */
	int64_t report;	  /* that asked for it; 0: none */
	bool quietly;	  /* they are not notified */
};
/*
 * Settles the open reports of the account, with ACTION_NONE only deed->report. A suspension also keeps the mail address
 * from signing up again. ERR_NOT_FOUND: no such account or report; or ACTION_DISABLE of an account of another server.
 */
enum err moderate(struct core *c, const struct deed *deed, struct problem *problem);

/* Takes back one of the marks. Not so before: OK, and nothing happens. ERR_NOT_FOUND as above. */
enum err moderate_undo(struct core *c, struct account_id by, struct account_id target, enum action action);
/* The same inside a store_write. */
enum err moderate_undo_in(struct db *tx, struct event_list *list, struct account_id by, struct account_id target,
			  enum action action);

/* Lets somebody in who waits. ERR_FORBIDDEN: they do not. */
enum err moderate_approve(struct core *c, struct account_id by, struct account_id target);

#endif
