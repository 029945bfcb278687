/*
 * licensee_store.c - see licensee_store.h.
 */
#include "base/base.h"

#include "meter/licensee_store.h"

#include "base/clock.h"
#include "base/limits.h"
#include "meter/licensees.h"
#include "meter/plan_store.h"
#include "meter/withhold_keys.h"
#include "moderation/audit.h"

#define CURRENT                                                                                                        \
	"h.starts_at = (SELECT MAX(n.starts_at) FROM licensee_plans n WHERE n.licensee_id = h.licensee_id AND "        \
	"n.starts_at <= $1)"
#define COLUMNS                                                                                                        \
	"SELECT l.id, l.name, l.email, l.suspended_at, l.created_at, h.starts_at, p.id, p.name, p.version, p.terms, "  \
	"(SELECT COUNT(*) FROM data_keys k WHERE k.licensee_id = l.id AND k.revoked_at = 0 AND (k.expires_at = 0 OR "  \
	"k.expires_at > $1)), h.waits FROM licensees l JOIN licensee_plans h ON h.licensee_id = l.id AND " CURRENT              \
	" JOIN plans p ON p.id = h.plan_id "
SQL(licensees_page, COLUMNS "WHERE l.id < $2 ORDER BY l.id DESC LIMIT $3");
SQL(licensee_one, COLUMNS "WHERE l.id = $2");
SQL(licensee_by_name, "SELECT id FROM licensees WHERE name = $1");
SQL(licensee_name, "SELECT name FROM licensees WHERE id = $1");
SQL(licensee_by_id, "SELECT id FROM licensees WHERE id = $1");
SQL(licensee_insert, "INSERT INTO licensees (id, name, email, created_at) VALUES ($1, $2, $3, $4) "
		     "ON CONFLICT (name) DO NOTHING");
SQL(licensee_plan_insert, "INSERT INTO licensee_plans (licensee_id, starts_at, plan_id, waits) VALUES ($1, $2, $3, $4)"
			  " ON CONFLICT (licensee_id, starts_at) DO UPDATE SET plan_id = excluded.plan_id,"
			  " waits = excluded.waits");
SQL(licensee_waits, "SELECT plan_id, waits FROM licensee_plans WHERE licensee_id = $1 AND starts_at <= $2"
		    " ORDER BY starts_at DESC LIMIT 1");
SQL(licensee_account_insert, "INSERT INTO licensee_accounts (account_id, licensee_id) VALUES ($1, $2)"
			     " ON CONFLICT (account_id) DO NOTHING");
SQL(licensee_account, "SELECT licensee_id FROM licensee_accounts WHERE account_id = $1");
SQL(licensee_lock, "UPDATE licensees SET id = id WHERE id = $1");
SQL(licensee_suspend_row, "UPDATE licensees SET suspended_at = $2 WHERE id = $1");
SQL(licensee_plan_now, "SELECT plan_id FROM licensee_plans WHERE licensee_id = $1 AND starts_at <= $2 "
		       "ORDER BY starts_at DESC LIMIT 1");

/* --- reading --- */

static enum err read_row(const struct rows *r, struct arena *a, struct licensee *ret)
{
	*ret = (struct licensee){
		.id = row_int(r, 0),
		.name = row_copy(r, 1, a),
		.email = row_copy(r, 2, a),
		.suspended_ms = row_int(r, 3),
		.created_ms = row_int(r, 4),
		.plan_since_ms = row_int(r, 5),
		.keys = row_int(r, 10),
	};
	TRY(plan_of_row(row_text(r, 7), row_int(r, 6), row_int(r, 8), row_text(r, 9), &ret->plan));
	ret->waits = ret->plan.approval && row_int(r, 11);
	return OK;
}

enum err licensees_load(struct db *db, struct arena *a, int64_t before, size_t max, struct licensee *ret, size_t *ret_n)
{
	enum err err = OK;
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &licensees_page, BINDS(B_INT(clock_now()), B_INT(before ? before : INT64_MAX), B_INT(max)));
	while (!err && n < max && rows_next(&r))
		err = read_row(&r, a, &ret[n++]);
	TRY(rows_end(&r));
	TRY(err);
	*ret_n = n;
	return OK;
}

enum err licensee_load(struct db *db, struct arena *a, int64_t id, struct licensee *ret)
{
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	db_query(db, &r, &licensee_one, BINDS(B_INT(clock_now()), B_INT(id)));
	if (rows_next(&r))
		err = read_row(&r, a, ret);
	TRY(rows_end(&r));
	return err;
}

enum err licensee_find(struct db *db, struct view name, int64_t *ret_id, struct problem *problem)
{
	int64_t id;
	enum err err = db_int(db, &licensee_by_name, BINDS(B_TEXT(name)), ret_id);

	if (err == ERR_NOT_FOUND && parse_i64(name, 1, INT64_MAX, &id))
		err = db_int(db, &licensee_by_id, BINDS(B_INT(id)), ret_id);
	return err == ERR_NOT_FOUND
		       ? fail(problem, err, "there is no licensee \"%.*s\"", VIEW_ARG(view_sub(name, 0, 128)))
		       : err;
}

enum err licensee_plan(struct db *db, int64_t id, struct plan *ret)
{
	int64_t plan;

	TRY(db_int(db, &licensee_plan_now, BINDS(B_INT(id), B_INT(clock_now())), &plan));
	return plan_load(db, plan, ret, NULL);
}

enum err licensee_hold(struct db *tx, int64_t id)
{
	int64_t n;

	TRY(db_exec(tx, &licensee_lock, BINDS(B_INT(id)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

/* --- writing --- */

struct change {
	const struct core_config *config;
	struct account_id by;
	const struct new_licensee *new;
	int64_t id, now;
	struct view plan;
	bool suspended;
	struct problem *problem;
};

static enum err give_plan(struct db *tx, const struct change *ch)
{
	struct plan plan;

	TRY(plan_find(tx, ch->plan, &plan, ch->problem));
	bool waits = plan.approval && ch->new && ch->new->unapproved;
	return db_exec(tx, &licensee_plan_insert, BINDS(B_INT(ch->id), B_INT(ch->now), B_INT(plan.id), B_INT(waits)),
		       NULL);
}

/* With the name as it is now. */
static enum err audit(struct db *tx, const struct change *ch, const char *action)
{
	struct arena a;
	struct view name = V("");
	struct rows r;

	arena_init(&a, LIMIT_MIB);
	db_query(tx, &r, &licensee_name, BINDS(B_INT(ch->id)));
	if (rows_next(&r))
		name = row_copy(&r, 0, &a);
	enum err err = rows_end(&r);
	if (err == OK)
		err = audit_add(tx, ch->by, action, "licensee", ch->id, name);
	arena_release(&a);
	return err;
}

static enum err note_account(struct db *tx, const struct change *ch)
{
	int64_t n;

	TRY(db_exec(tx, &licensee_account_insert, BINDS(B_INT(ch->new->account.v), B_INT(ch->id)), &n));
	return n ? OK : fail(ch->problem, ERR_CONFLICT, "this account has a licence already");
}

static enum err create(struct db *tx, void *arg)
{
	struct change *ch = arg;
	int64_t n;

	ch->id = id_next_round();
	ch->now = clock_now();
	TRY(withhold_begin(tx, ch->config));
	TRY(db_exec(tx, &licensee_insert,
		    BINDS(B_INT(ch->id), B_TEXT(ch->new->name), B_TEXT(ch->new->email), B_INT(ch->now)), &n));
	if (!n)
		return fail(ch->problem, ERR_CONFLICT, "there is a licensee \"%.*s\" already",
			    VIEW_ARG(view_sub(ch->new->name, 0, LICENSEE_NAME_MAX)));
	TRY(withhold_first(tx, ch->config, ch->id));
	TRY(audit(tx, ch, "create"));
	if (ch->new->account.v)
		TRY(note_account(tx, ch));
	return give_plan(tx, ch);
}

static bool printable(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7f)
			return false;
	return utf8_valid(v);
}

/* A name of digits alone would be taken for an id. */
static enum err check_new(const struct new_licensee *new, struct problem *problem)
{
	int64_t number;

	if (!new->name.len || new->name.len > LICENSEE_NAME_MAX || !printable(new->name) ||
	    !view_eq(view_trim(new->name), new->name))
		return fail(problem, ERR_UNPROCESSABLE, "a licensee's name is 1 to %d bytes of text on one line",
			    LICENSEE_NAME_MAX);
	if (parse_i64(new->name, 0, INT64_MAX, &number))
		return fail(problem, ERR_UNPROCESSABLE, "a licensee's name is not a number");
	if (new->email.len > LICENSEE_EMAIL_MAX || !printable(new->email) ||
	    (new->email.len &&view_find(new->email, 0, '@') == new->email.len))
		return fail(problem, ERR_UNPROCESSABLE, "\"%.*s\" is no address",
			    VIEW_ARG(view_sub(new->email, 0, 60)));
	return OK;
}

enum err licensee_create(struct core *c, struct account_id by, const struct new_licensee *new, int64_t *ret_id,
			 struct problem *problem)
{
	struct change ch = {.config = &c->config, .by = by, .new = new, .plan = new->plan, .problem = problem};

	TRY(check_new(new, problem));
	TRY(store_write(c->store, create, &ch));
	*ret_id = ch.id;
	return OK;
}

enum err licensee_of_account(struct db *db, struct account_id account, int64_t *ret_id)
{
	return db_int(db, &licensee_account, BINDS(B_INT(account.v)), ret_id);
}

static enum err approve(struct db *tx, void *arg)
{
	struct change *ch = arg;
	int64_t plan = 0;
	bool waits = false;
	struct rows r;

	ch->now = clock_now();
	TRY(licensee_hold(tx, ch->id));
	db_query(tx, &r, &licensee_waits, BINDS(B_INT(ch->id), B_INT(ch->now)));
	if (rows_next(&r)) {
		plan = row_int(&r, 0);
		waits = row_int(&r, 1) != 0;
	}
	TRY(rows_end(&r));
	if (!waits)
		return OK;
	TRY(audit(tx, ch, "approve"));
	return db_exec(tx, &licensee_plan_insert, BINDS(B_INT(ch->id), B_INT(ch->now), B_INT(plan), B_INT(0)), NULL);
}

enum err licensee_approve(struct core *c, struct account_id by, int64_t id)
{
	struct change ch = {.by = by, .id = id};

	TRY(store_write(c->store, approve, &ch));
	licences_forget(c->licences);
	return OK;
}

static enum err set_plan(struct db *tx, void *arg)
{
	struct change *ch = arg;

	ch->now = clock_now();
	TRY(licensee_hold(tx, ch->id));
	TRY(audit(tx, ch, "update"));
	return give_plan(tx, ch);
}

enum err licensee_set_plan(struct core *c, struct account_id by, int64_t id, struct view plan, struct problem *problem)
{
	struct change ch = {.by = by, .id = id, .plan = plan, .problem = problem};

	TRY(store_write(c->store, set_plan, &ch));
	licences_forget(c->licences);
	return OK;
}

static enum err suspend(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	int64_t n;

	TRY(db_exec(tx, &licensee_suspend_row, BINDS(B_INT(ch->id), B_INT(ch->suspended ? clock_now() : 0)), &n));
	return n ? audit(tx, ch, ch->suspended ? "suspend" : "unsuspend") : ERR_NOT_FOUND;
}

enum err licensee_suspend(struct core *c, struct account_id by, int64_t id, bool suspended)
{
	struct change ch = {.by = by, .id = id, .suspended = suspended};

	TRY(store_write(c->store, suspend, &ch));
	licences_forget(c->licences);
	return OK;
}
