/*
 * actions.c - see actions.h.
 */
#include "base/base.h"

#include "moderation/actions.h"

#include "base/clock.h"
#include "core/account_marks.h"
#include "core/mail_queue.h"
#include "core/notifications.h"
#include "core/sessions.h"
#include "moderation/audit.h"
#include "moderation/canonical_emails.h"
#include "moderation/reports.h"
#include "text/compose.h"

SQL(warning_insert, "INSERT INTO warnings (id, account_id, by_id, action, text, report_id, created_at)"
		    " VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL(action_report_of, "SELECT 1 FROM reports WHERE id = $1 AND target_id = $2");
SQL(action_approve, "UPDATE users SET approved = 1 WHERE account_id = $1 AND approved = 0");
SQL(action_account, "SELECT 1 FROM accounts WHERE id = $1");

/* The mark each action sets, and how undoing it is called. */
static const struct {
	enum account_mark mark;
	const char *undo; /* NULL: there is nothing to undo */
} rows[ACTIONS] = {
	[ACTION_NONE] = {0, NULL},
	[ACTION_SENSITIVE] = {MARK_SENSITIZED, "unsensitive"},
	[ACTION_DISABLE] = {MARK_DISABLED, "enable"},
	[ACTION_SILENCE] = {MARK_SILENCED, "unsilence"},
	[ACTION_SUSPEND] = {MARK_SUSPENDED, "unsuspend"},
};

struct doing {
	const struct deed *deed;
	int64_t warning;
	struct event_list events;
};

static enum err check(struct db *tx, const struct deed *d)
{
	int64_t one;

	TRY(db_int(tx, &action_account, BINDS(B_INT(d->target.v)), &one));
	return d->report ? db_int(tx, &action_report_of, BINDS(B_INT(d->report), B_INT(d->target.v)), &one) : OK;
}

static enum err mark(struct db *tx, struct doing *w)
{
	const struct deed *d = w->deed;

	if (!rows[d->action].undo)
		return OK;
	TRY(account_mark_in(tx, &w->events, d->target, rows[d->action].mark, true, NULL));
	return d->action == ACTION_SUSPEND ? canonical_email_block_account(tx, d->target) : OK;
}

static enum err settle(struct db *tx, const struct deed *d)
{
	if (d->action != ACTION_NONE)
		return reports_resolve_all(tx, d->by, d->target);
	return d->report ? report_resolve_in(tx, d->by, d->report) : OK;
}

static enum err write(struct db *tx, void *arg)
{
	struct doing *w = arg;
	const struct deed *d = w->deed;

	w->events.n = 0;
	TRY(check(tx, d));
	TRY(mark(tx, w));
	TRY(db_exec(tx, &warning_insert,
		    BINDS(B_INT(w->warning), B_INT(d->target.v), B_INT(d->by.v), B_INT(d->action), B_TEXT(d->text),
			  B_INT_OR_NULL(d->report), B_INT(clock_now())),
		    NULL));
	TRY(audit_add_account(tx, d->by, d->action == ACTION_NONE ? "warn" : action_names[d->action], d->target));
	TRY(settle(tx, d));
	if (d->quietly)
		return OK;
	return notification_add_about(tx, &w->events, d->target, NOTIFY_MODERATION_WARNING, d->target, w->warning);
}

/* Runs fn, which pends on list, and tells of it. */
static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), void *arg, struct event_list *list)
{
	enum err err = store_write(c->store, fn, arg);

	if (err) {
		event_list_drop(list);
		return err;
	}
	events_announce_all(c->events, list);
	return OK;
}

enum err moderate(struct core *c, const struct deed *deed, struct problem *problem)
{
	struct doing w = {.deed = deed, .warning = id_next()};

	if (compose_chars(deed->text) > LIMIT_ACTION_TEXT_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Text is too long (maximum is %d characters)", LIMIT_ACTION_TEXT_CHARS);
	return run(c, write, &w, &w.events);
}

/* --- undoing --- */

enum err moderate_undo_in(struct db *tx, struct event_list *list, struct account_id by, struct account_id target,
			  enum action action)
{
	bool changed = false;

	if (!rows[action].undo)
		return OK;
	TRY(account_mark_in(tx, list, target, rows[action].mark, false, &changed));
	if (action == ACTION_SUSPEND)
		TRY(canonical_email_unblock_account(tx, target));
	return changed ? audit_add_account(tx, by, rows[action].undo, target) : OK;
}

struct undoing {
	struct core *core;
	struct account_id by, target;
	enum action action;
	struct event_list events;
};

static enum err write_undo(struct db *tx, void *arg)
{
	struct undoing *w = arg;

	w->events.n = 0;
	return moderate_undo_in(tx, &w->events, w->by, w->target, w->action);
}

enum err moderate_undo(struct core *c, struct account_id by, struct account_id target, enum action action)
{
	struct undoing w = {.by = by, .target = target, .action = action};

	return run(c, write_undo, &w, &w.events);
}

static enum err write_approve(struct db *tx, void *arg)
{
	struct undoing *w = arg;
	int64_t changed;

	w->events.n = 0;
	TRY(db_exec(tx, &action_approve, BINDS(B_INT(w->target.v)), &changed));
	if (!changed)
		return ERR_FORBIDDEN;
	events_pend(&w->events, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = w->target});
	TRY(mail_add(w->core, tx, MAIL_APPROVED, w->target));
	return audit_add_account(tx, w->by, "approve", w->target);
}

enum err moderate_approve(struct core *c, struct account_id by, struct account_id target)
{
	struct undoing w = {.core = c, .by = by, .target = target};

	TRY(run(c, write_approve, &w, &w.events));
	sessions_forget(c, target);
	return OK;
}
