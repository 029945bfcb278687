/*
 * warnings.c - see warnings.h.
 */
#include "base/base.h"

#include "moderation/warnings.h"

#include "base/clock.h"
#include "moderation/actions.h"
#include "moderation/audit.h"
#include "moderation/rows.h"
#include "text/compose.h"

const char *const action_names[] = {
	[ACTION_NONE] = "none",
	[ACTION_SENSITIVE] = "sensitive",
	[ACTION_DISABLE] = "disable",
	[ACTION_SILENCE] = "silence",
	[ACTION_SUSPEND] = "suspend",
	[ACTIONS] = NULL,
};
const char *const appeal_states[] = {
	[APPEAL_PENDING] = "pending",
	[APPEAL_APPROVED] = "approved",
	[APPEAL_REJECTED] = "rejected",
};

#define COLUMNS "SELECT id, account_id, by_id, action, text, report_id, created_at, overruled_at FROM warnings "
SQL(warning_one, COLUMNS "WHERE id = $1");
#define PAGE COLUMNS "WHERE account_id = $4 AND id > $1 AND id < $2 "
SQL(warnings_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(warnings_up, PAGE "ORDER BY id ASC LIMIT $3");
SQL(warning_overrule, "UPDATE warnings SET overruled_at = $2 WHERE id = $1");

#define APPEALS "SELECT warning_id, account_id, text, created_at, state, decided_at, decided_by FROM appeals "
SQL(appeal_one, APPEALS "WHERE warning_id = $1");
#define WAITING APPEALS "WHERE state = 0 AND warning_id > $1 AND warning_id < $2 "
SQL(appeals_down, WAITING "ORDER BY warning_id DESC LIMIT $3");
SQL(appeals_up, WAITING "ORDER BY warning_id ASC LIMIT $3");
SQL(appeal_insert, "INSERT INTO appeals (warning_id, account_id, text, created_at, state) VALUES ($1, $2, $3, $4, 0)"
		   " ON CONFLICT DO NOTHING");
SQL(appeal_target, "SELECT created_at FROM warnings WHERE id = $1 AND account_id = $2");
SQL(appeal_settle,
    "UPDATE appeals SET state = $2, decided_at = $3, decided_by = $4 WHERE warning_id = $1 AND state = 0");
SQL(appeal_account,
    "SELECT w.account_id, w.action FROM warnings w JOIN appeals a ON a.warning_id = w.id WHERE w.id = $1");

static void read_warning(const struct rows *r, struct arena *a, void *ret)
{
	*(struct warning *)ret = (struct warning){
		.id = row_int(r, 0),
		.account.v = row_int(r, 1),
		.by.v = row_int(r, 2),
		.action = (enum action)row_int(r, 3),
		.text = row_copy(r, 4, a),
		.report = row_int(r, 5),
		.created_at = row_int(r, 6),
		.overruled_at = row_int(r, 7),
	};
}

enum err warning_load(struct db *db, struct arena *a, int64_t id, struct warning *ret)
{
	struct rows r;

	db_query(db, &r, &warning_one, BINDS(B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		read_warning(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err warnings_page(struct db *db, struct arena *a, struct account_id account, const struct page *page,
		       struct warning *ret, size_t *ret_n)
{
	static const struct rows_of of = {&warnings_down, &warnings_up, sizeof(*ret), read_warning};

	return rows_page(db, a, &of, page, BINDS(B_INT(account.v)), ret, ret_n);
}

/* --- appeals --- */

static void read_appeal(const struct rows *r, struct arena *a, void *ret)
{
	*(struct appeal *)ret = (struct appeal){
		.warning.id = row_int(r, 0),
		.account.v = row_int(r, 1),
		.text = row_copy(r, 2, a),
		.created_at = row_int(r, 3),
		.state = (enum appeal_state)row_int(r, 4),
		.decided_at = row_int(r, 5),
		.by.v = row_int(r, 6),
	};
}

enum err appeal_load(struct db *db, struct arena *a, int64_t warning, struct appeal *ret)
{
	struct rows r;

	db_query(db, &r, &appeal_one, BINDS(B_INT(warning)));
	bool found = rows_next(&r);
	if (found)
		read_appeal(&r, a, ret);
	TRY(rows_end(&r));
	return found ? warning_load(db, a, warning, &ret->warning) : ERR_NOT_FOUND;
}

enum err appeals_page(struct db *db, struct arena *a, const struct page *page, struct appeal *ret, size_t *ret_n)
{
	static const struct rows_of of = {&appeals_down, &appeals_up, sizeof(*ret), read_appeal};

	return rows_page(db, a, &of, page, NULL, 0, ret, ret_n);
}

struct appealing {
	struct account_id account;
	int64_t warning;
	struct view text;
	struct problem *problem;
};

static enum err write_appeal(struct db *tx, void *arg)
{
	const struct appealing *w = arg;
	int64_t since, made, now = clock_now();

	TRY(db_int(tx, &appeal_target, BINDS(B_INT(w->warning), B_INT(w->account.v)), &since));
	if (since + APPEAL_MS < now)
		return fail(w->problem, ERR_UNPROCESSABLE, "It is too late to appeal against this");
	TRY(db_exec(tx, &appeal_insert, BINDS(B_INT(w->warning), B_INT(w->account.v), B_TEXT(w->text), B_INT(now)),
		    &made));
	return made ? OK : fail(w->problem, ERR_UNPROCESSABLE, "There is an appeal against this already");
}

enum err appeal_create(struct core *c, struct account_id account, int64_t warning, struct view text,
		       struct problem *problem)
{
	struct appealing w = {account, warning, view_trim(text), problem};

	if (!w.text.len)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Text can't be blank");
	if (compose_chars(w.text) > LIMIT_APPEAL_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Text is too long (maximum is %d characters)", LIMIT_APPEAL_CHARS);
	return store_write(c->store, write_appeal, &w);
}

struct deciding {
	struct account_id by;
	int64_t warning;
	bool granted;
	struct event_list events;
};

static enum err write_decision(struct db *tx, void *arg)
{
	struct deciding *w = arg;
	struct account_id target = {0};
	enum action action = ACTION_NONE;
	int64_t changed, now = clock_now();
	struct rows r;

	w->events.n = 0;
	db_query(tx, &r, &appeal_account, BINDS(B_INT(w->warning)));
	if (rows_next(&r)) {
		target.v = row_int(&r, 0);
		action = (enum action)row_int(&r, 1);
	}
	TRY(rows_end(&r));
	if (!target.v)
		return ERR_NOT_FOUND;
	TRY(db_exec(tx, &appeal_settle,
		    BINDS(B_INT(w->warning), B_INT(w->granted ? APPEAL_APPROVED : APPEAL_REJECTED), B_INT(now),
			  B_INT(w->by.v)),
		    &changed));
	if (!changed)
		return ERR_FORBIDDEN;
	TRY(audit_add_account(tx, w->by, w->granted ? "approve_appeal" : "reject_appeal", target));
	if (!w->granted)
		return OK;
	TRY(db_exec(tx, &warning_overrule, BINDS(B_INT(w->warning), B_INT(now)), NULL));
	return moderate_undo_in(tx, &w->events, w->by, target, action);
}

enum err appeal_decide(struct core *c, struct account_id by, int64_t warning, bool granted)
{
	struct deciding w = {.by = by, .warning = warning, .granted = granted};
	enum err err = store_write(c->store, write_decision, &w);

	if (err) {
		event_list_drop(&w.events);
		return err;
	}
	events_announce_all(c->events, &w.events);
	return OK;
}
