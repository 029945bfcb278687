/*
 * leaving.c - see leaving.h. The mark is a suspension of the same moment as users.leaving_at: a moderator's suspension
 * is told from it, and is not taken back by logging in.
 */
#include "base/base.h"

#include "core/leaving.h"

#include "base/clock.h"
#include "core/account_delete.h"
#include "core/compliance.h"
#include "core/events.h"
#include "core/sessions.h"

#define AT_ONCE 20

SQL(leave_hide, "UPDATE accounts SET suspended_at = $2 WHERE id = $1 AND suspended_at IS NULL");
SQL(leave_note, "UPDATE users SET leaving_at = $2 WHERE account_id = $1");
SQL(stay_show, "UPDATE accounts SET suspended_at = NULL WHERE id = $1 AND suspended_at = (SELECT leaving_at FROM users"
	       " WHERE account_id = $1)");
SQL(stay_note, "UPDATE users SET leaving_at = NULL WHERE account_id = $1");
SQL(leavers, "SELECT u.account_id FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.leaving_at <= $1"
	     " AND a.suspended_at = u.leaving_at LIMIT $2");

struct moving {
	struct account_id who;
	int64_t now, changed;
	struct event_list events;
};

static enum err leave(struct db *tx, void *arg)
{
	struct moving *m = arg;

	m->events.n = 0;
	TRY(db_exec(tx, &leave_hide, BINDS(B_INT(m->who.v), B_INT(m->now)), &m->changed));
	if (!m->changed)
		return ERR_CONFLICT;
	TRY(compliance_note_account(tx, COMPLIANCE_USER_DELETE, m->who));
	TRY(db_exec(tx, &leave_note, BINDS(B_INT(m->who.v), B_INT(m->now)), NULL));
	TRY(sessions_revoke_in(tx, &m->events, m->who));
	events_pend(&m->events, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = m->who, .other_id = 1});
	return OK;
}

static enum err stay(struct db *tx, void *arg)
{
	struct moving *m = arg;

	m->events.n = 0;
	TRY(db_exec(tx, &stay_show, BINDS(B_INT(m->who.v)), &m->changed));
	if (!m->changed)
		return OK;
	TRY(compliance_note_account(tx, COMPLIANCE_USER_UNDELETE, m->who));
	events_pend(&m->events, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = m->who, .other_id = 1});
	return db_exec(tx, &stay_note, BINDS(B_INT(m->who.v)), NULL);
}

static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct moving *m)
{
	enum err err = store_write(c->store, fn, m);

	if (err != OK) {
		event_list_drop(&m->events);
		return err;
	}
	events_announce_all(c->events, &m->events);
	sessions_forget(c, m->who);
	return OK;
}

enum err account_leave(struct core *c, struct account_id who)
{
	return run(c, leave, &(struct moving){.who = who, .now = clock_now()});
}

enum err account_stay(struct core *c, struct account_id who, bool *ret_was_leaving)
{
	struct moving m = {.who = who};

	TRY(run(c, stay, &m));
	*ret_was_leaving = m.changed > 0;
	return OK;
}

static enum err forget(struct db *tx, void *arg)
{
	const struct account_id *who = arg;

	return db_exec(tx, &stay_note, BINDS(B_INT(who->v)), NULL);
}

/* First the deletion is written down, then nobody comes back any more: in the other order it could be forgotten. */
enum err leaving_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct account_id who[AT_ONCE];
	size_t n = 0;
	struct rows r;

	(void)a;
	db_query(db, &r, &leavers, BINDS(B_INT(now - LEAVING_MS), B_INT(AT_ONCE)));
	while (n < AT_ONCE && rows_next(&r))
		who[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = account_delete_begin(c, db, who[i]);

		if (err && err != ERR_NOT_FOUND)
			return err;
		TRY(store_write(c->store, forget, &who[i]));
	}
	return OK;
}
