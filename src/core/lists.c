/*
 * lists.c
 */
#include "base/base.h"

#include "core/lists.h"

#include "base/limits.h"
#include "core/events.h"
#include "text/compose.h"

#define LIST_COLUMNS "SELECT l.id, l.title, l.replies_policy, l.exclusive FROM lists l "
SQL(list_by_id, LIST_COLUMNS "WHERE l.id = $1 AND l.account_id = $2");
SQL(lists_of, LIST_COLUMNS "WHERE l.account_id = $1 ORDER BY l.id LIMIT $2");
SQL(lists_with, LIST_COLUMNS "WHERE l.account_id = $1 AND EXISTS (SELECT 1 FROM list_accounts m WHERE m.list_id = l.id "
			     "AND m.account_id = $3) ORDER BY l.id LIMIT $2");
SQL(lists_count, "SELECT COUNT(*) FROM lists WHERE account_id = $1");
SQL(list_insert, "INSERT INTO lists (id, account_id, title, replies_policy, exclusive) VALUES ($1, $2, $3, $4, $5)");
SQL(list_change, "UPDATE lists SET title = $3, replies_policy = $4, exclusive = $5 WHERE id = $1 AND account_id = $2");
SQL(list_drop, "DELETE FROM lists WHERE id = $1 AND account_id = $2");
SQL(list_drop_members, "DELETE FROM list_accounts WHERE list_id = $1");
SQL(list_owned, "SELECT (SELECT COUNT(*) FROM list_accounts m WHERE m.list_id = l.id) FROM lists l "
		"WHERE l.id = $1 AND l.account_id = $2");
SQL(list_member_allowed, "SELECT 1 FROM following WHERE account_id = $1 AND target_id = $2 UNION ALL "
			 "SELECT 1 FROM follow_requests WHERE account_id = $2 AND requester_id = $1 LIMIT 1");
SQL(list_member_ids, "SELECT account_id FROM list_accounts WHERE list_id = $1");
SQL(list_member_insert, "INSERT INTO list_accounts (list_id, account_id, id) VALUES ($1, $2, $3) "
			"ON CONFLICT (list_id, account_id) DO NOTHING");
SQL(list_member_delete, "DELETE FROM list_accounts WHERE list_id = $1 AND account_id = $2");
#define MEMBERS "SELECT account_id, id FROM list_accounts WHERE list_id = $1 AND id < $2 AND id > $3 "
SQL(list_members_down, MEMBERS "ORDER BY id DESC LIMIT $4");
SQL(list_members_up, MEMBERS "ORDER BY id ASC LIMIT $4");

static const char *const policies[REPLIES_POLICIES] = {"followed", "list", "none"};

const char *replies_policy_name(enum replies_policy p)
{
	return policies[p];
}

static void read_list(const struct rows *r, struct arena *a, struct list *ret)
{
	*ret = (struct list){.id = row_int(r, 0),
			     .title = row_copy(r, 1, a),
			     .replies = (enum replies_policy)row_int(r, 2),
			     .exclusive = row_int(r, 3)};
}

enum err list_load(struct db *db, struct arena *a, struct account_id owner, int64_t id, struct list *ret)
{
	struct rows r;
	struct list list;
	db_query(db, &r, &list_by_id, BINDS(B_INT(id), B_INT(owner.v)));
	bool found = rows_next(&r);
	if (found)
		read_list(&r, a, &list);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = list;
	return OK;
}

enum err lists_load(struct db *db, struct arena *a, struct account_id owner, struct account_id member, struct list *ret,
		    size_t *ret_n)
{
	size_t n = 0;
	struct rows r;
	const struct bind binds[] = {B_INT(owner.v), B_INT(LIMIT_LISTS), B_INT(member.v)};
	db_query(db, &r, member.v ? &lists_with : &lists_of, binds, member.v ? 3 : 2);
	while (n < LIMIT_LISTS && rows_next(&r))
		read_list(&r, a, &ret[n++]);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

static enum err check_title(struct view title, struct problem *problem)
{
	if (view_trim(title).len == 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Title can't be blank");
	if (compose_chars(title) > LIMIT_LIST_TITLE_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Title is too long (maximum is %d characters)", LIMIT_LIST_TITLE_CHARS);
	return OK;
}

struct list_op {
	struct account_id owner;
	const struct list *list;
	int64_t id;
	const struct account_id *ids;
	size_t n;
	struct problem *problem;
	struct event_list events;
};

/* fn begins with op->events.n = 0. */
static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct list_op *op)
{
	enum err err = store_write(c->store, fn, op);
	if (err == OK)
		events_announce_all(c->events, &op->events);
	else
		event_list_drop(&op->events);
	return err;
}

static void pend(struct list_op *op, struct account_id member)
{
	events_pend(
		&op->events,
		(struct event){.kind = EVENT_LIST_CHANGED, .account = op->owner, .other_id = op->id, .target = member});
}

/* What concerns all members is told of each: nobody else's timelines have anything to do with it. */
static enum err pend_members(struct db *tx, struct list_op *op)
{
	struct rows r;
	db_query(tx, &r, &list_member_ids, BINDS(B_INT(op->id)));
	while (rows_next(&r))
		pend(op, (struct account_id){row_int(&r, 0)});
	return rows_end(&r);
}

static enum err insert(struct db *tx, void *arg)
{
	struct list_op *op = arg;
	op->events.n = 0;
	const struct list *l = op->list;
	int64_t count;
	TRY(db_int(tx, &lists_count, BINDS(B_INT(op->owner.v)), &count));
	if (count >= LIMIT_LISTS)
		return fail(op->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have reached the maximum number of lists");
	return db_exec(
		tx, &list_insert,
		BINDS(B_INT(op->id), B_INT(op->owner.v), B_TEXT(l->title), B_INT(l->replies), B_INT(l->exclusive)),
		NULL);
}

enum err list_create(struct core *c, struct account_id owner, struct list *list, struct problem *problem)
{
	struct list_op op = {.owner = owner, .list = list, .id = id_next(), .problem = problem};
	TRY(check_title(list->title, problem));
	TRY(run(c, insert, &op));
	list->id = op.id;
	return OK;
}

static enum err change(struct db *tx, void *arg)
{
	struct list_op *op = arg;
	const struct list *l = op->list;
	int64_t n = 0;
	op->events.n = 0;
	TRY(db_exec(tx, &list_change,
		    BINDS(B_INT(op->id), B_INT(op->owner.v), B_TEXT(l->title), B_INT(l->replies), B_INT(l->exclusive)),
		    &n));
	return n > 0 ? pend_members(tx, op) : ERR_NOT_FOUND;
}

enum err list_update(struct core *c, struct account_id owner, const struct list *list, struct problem *problem)
{
	struct list_op op = {.owner = owner, .list = list, .id = list->id, .problem = problem};
	TRY(check_title(list->title, problem));
	return run(c, change, &op);
}

static enum err drop(struct db *tx, void *arg)
{
	struct list_op *op = arg;
	int64_t n = 0;
	op->events.n = 0;
	TRY(db_exec(tx, &list_drop, BINDS(B_INT(op->id), B_INT(op->owner.v)), &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	TRY(pend_members(tx, op));
	return db_exec(tx, &list_drop_members, BINDS(B_INT(op->id)), NULL);
}

enum err list_delete(struct core *c, struct account_id owner, int64_t id)
{
	struct list_op op = {.owner = owner, .id = id};
	return run(c, drop, &op);
}

static enum err add_one(struct db *tx, struct list_op *op, struct account_id who)
{
	int64_t one, n = 0;
	if (!account_eq(who, op->owner))
		TRY(db_int(tx, &list_member_allowed, BINDS(B_INT(op->owner.v), B_INT(who.v)), &one));
	TRY(db_exec(tx, &list_member_insert, BINDS(B_INT(op->id), B_INT(who.v), B_INT(id_next())), &n));
	if (n == 0)
		return fail(op->problem, ERR_UNPROCESSABLE, "Validation failed: Account has already been taken");
	pend(op, who);
	return OK;
}

static enum err add(struct db *tx, void *arg)
{
	struct list_op *op = arg;
	int64_t members;
	op->events.n = 0;
	TRY(db_int(tx, &list_owned, BINDS(B_INT(op->id), B_INT(op->owner.v)), &members));
	if ((size_t)members + op->n > LIMIT_LIST_ACCOUNTS)
		return fail(op->problem, ERR_UNPROCESSABLE, "Validation failed: The list is full");
	for (size_t i = 0; i < op->n; i++)
		TRY(add_one(tx, op, op->ids[i]));
	return OK;
}

enum err list_add(struct core *c, struct account_id owner, int64_t list, const struct account_id *ids, size_t n,
		  struct problem *problem)
{
	struct list_op op = {.owner = owner, .id = list, .ids = ids, .n = n, .problem = problem};
	return run(c, add, &op);
}

static enum err remove_members(struct db *tx, void *arg)
{
	struct list_op *op = arg;
	int64_t members;
	op->events.n = 0;
	TRY(db_int(tx, &list_owned, BINDS(B_INT(op->id), B_INT(op->owner.v)), &members));
	for (size_t i = 0; i < op->n; i++) {
		TRY(db_exec(tx, &list_member_delete, BINDS(B_INT(op->id), B_INT(op->ids[i].v)), NULL));
		pend(op, op->ids[i]);
	}
	return OK;
}

enum err list_remove(struct core *c, struct account_id owner, int64_t list, const struct account_id *ids, size_t n)
{
	struct list_op op = {.owner = owner, .id = list, .ids = ids, .n = n};
	return run(c, remove_members, &op);
}

enum err list_members(struct db *db, int64_t list, const struct page *page, struct graph_entry *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;
	bool up = page_upward(page);
	db_query(db, &r, up ? &list_members_up : &list_members_down,
		 BINDS(B_INT(list), B_INT(page_ceiling(page)), B_INT(page_floor(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r)) {
		ret[n] = (struct graph_entry){.account = {row_int(&r, 0)}, .cursor = row_int(&r, 1)};
		n++;
	}
	TRY(rows_end(&r));
	for (size_t i = 0; up && i < n / 2; i++) {
		struct graph_entry swap = ret[i];
		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}
