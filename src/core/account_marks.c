/*
 * account_marks.c - see account_marks.h.
 */
#include "base/base.h"

#include "core/account_marks.h"

#include "base/clock.h"
#include "core/compliance.h"
#include "core/sessions.h"

/* $1 account, $2 when, $3 on; nothing where it is so already. */
#define TIME_MARK(column)                                                                                              \
	"UPDATE accounts SET " column " = CASE WHEN CAST($3 AS BIGINT) = 0 THEN NULL ELSE CAST($2 AS BIGINT) END WHERE id = $1"        \
	" AND CASE WHEN " column " IS NULL THEN 0 ELSE 1 END <> CAST($3 AS BIGINT)"
SQL(mark_disabled,
    "UPDATE users SET disabled = $3 WHERE account_id = $1 AND disabled <> $3 AND CAST($2 AS BIGINT) > 0");
SQL(mark_sensitized, TIME_MARK("sensitized_at"));
SQL(mark_silenced, TIME_MARK("silenced_at"));
SQL(mark_suspended, TIME_MARK("suspended_at"));
/* It is theirs now: the owner does not take it back by logging in (leaving.h). */
SQL(mark_not_leaving, "UPDATE users SET leaving_at = NULL WHERE account_id = $1");
SQL(mark_account, "SELECT 1 FROM accounts WHERE id = $1");
SQL(mark_user, "SELECT 1 FROM users WHERE account_id = $1");

static const struct {
	const struct sql *set, *find;
	bool logs_out;
	int64_t change;		      /* other_id of EVENT_ACCOUNT_CHANGED */
	enum compliance_kind on, off; /* what holders of copies are told; 0: nothing */
} marks[] = {
	[MARK_DISABLED] = {&mark_disabled, &mark_user, true, 1, 0, 0},
	[MARK_SENSITIZED] = {&mark_sensitized, &mark_account, false, 2, 0, 0},
	[MARK_SILENCED] = {&mark_silenced, &mark_account, false, 2, COMPLIANCE_USER_PROTECT, COMPLIANCE_USER_UNPROTECT},
	[MARK_SUSPENDED] = {&mark_suspended, &mark_account, true, 1, COMPLIANCE_USER_SUSPEND,
			    COMPLIANCE_USER_UNSUSPEND},
};

enum err account_mark_in(struct db *tx, struct event_list *list, struct account_id id, enum account_mark mark, bool on,
			 bool *ret_changed)
{
	int64_t one, changed;

	TRY(db_int(tx, marks[mark].find, BINDS(B_INT(id.v)), &one));
	TRY(db_exec(tx, marks[mark].set, BINDS(B_INT(id.v), B_INT(clock_now()), B_INT(on)), &changed));
	if (changed && marks[mark].on)
		TRY(compliance_note_account(tx, on ? marks[mark].on : marks[mark].off, id));
	if (on && mark == MARK_SUSPENDED)
		TRY(db_exec(tx, &mark_not_leaving, BINDS(B_INT(id.v)), NULL));
	if (on && marks[mark].logs_out)
		TRY(sessions_revoke_in(tx, list, id));
	events_pend(list, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = id, .other_id = marks[mark].change});
	if (ret_changed)
		*ret_changed = changed > 0;
	return OK;
}

struct marking {
	struct account_id id;
	enum account_mark mark;
	bool on;
	struct event_list events;
};

static enum err write_mark(struct db *tx, void *arg)
{
	struct marking *m = arg;

	m->events.n = 0;
	return account_mark_in(tx, &m->events, m->id, m->mark, m->on, NULL);
}

enum err account_mark(struct core *c, struct account_id id, enum account_mark mark, bool on)
{
	struct marking m = {.id = id, .mark = mark, .on = on};
	enum err err = store_write(c->store, write_mark, &m);

	if (err) {
		event_list_drop(&m.events);
		return err;
	}
	events_announce_all(c->events, &m.events);
	return OK;
}
