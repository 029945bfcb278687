/*
 * collection_items.c - who is in a collection. Who has left keeps a row, so as not to be put in again.
 */
#include "base/base.h"

#include "core/collections_private.h"

#include "core/admitted.h"
#include "core/graph_private.h"
#include "core/notifications.h"

SQL(items_of, "SELECT i.id, i.account_id, i.state FROM collection_items i JOIN accounts a ON a.id = i.account_id "
	      "WHERE i.collection_id = $1 AND i.state = 1 AND a.suspended_at IS NULL ORDER BY i.id LIMIT $2");
SQL(items_count, "SELECT (SELECT COUNT(*) FROM collection_items i WHERE i.collection_id = c.id AND i.state = 1) "
		 "FROM collections c WHERE c.id = $1 AND c.account_id = $2");
SQL(item_insert, "INSERT INTO collection_items (collection_id, account_id, id, state) VALUES ($1, $2, $3, $4) "
		 "ON CONFLICT (collection_id, account_id) DO NOTHING");
/* 1: may be put into a collection of $1. */
SQL(item_allowed, "SELECT CASE WHEN a.discoverable = 1 "
		  "AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = $2) "
		  "AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = $2) "
		  "THEN 1 ELSE 0 END FROM accounts a WHERE a.id = $2 AND a.suspended_at IS NULL");
SQL(item_accounts, "SELECT account_id FROM collection_items WHERE collection_id = $1 AND state <= $2");
SQL(items_drop, "DELETE FROM collection_items WHERE collection_id = $1");
SQL(item_owner, "SELECT 1 FROM collections WHERE id = $1 AND account_id = $2");
SQL(item_account, "SELECT account_id FROM collection_items WHERE collection_id = $1 AND id = $2 AND state <= $3");
SQL(item_drop, "DELETE FROM collection_items WHERE collection_id = $1 AND account_id = $2");
SQL(item_revoke, "UPDATE collection_items SET state = 3 WHERE collection_id = $1 AND account_id = $2");

#define OF_ONE "account_id = $2 AND collection_id IN (SELECT id FROM collections WHERE account_id = $1)"
SQL(items_part_drop, "DELETE FROM collection_items WHERE " OF_ONE);
SQL(items_part_revoke, "UPDATE collection_items SET state = 3 WHERE " OF_ONE);

static const char *const states[] = {
	[ITEM_PENDING] = "pending",
	[ITEM_ACCEPTED] = "accepted",
	[ITEM_REJECTED] = "rejected",
	[ITEM_REVOKED] = "revoked",
};

const char *collection_item_state_name(enum collection_item_state s)
{
	return states[s];
}

enum err collection_items_load(struct db *db, int64_t collection, struct collection_item *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &items_of, BINDS(B_INT(collection), B_INT(LIMIT_COLLECTION_ITEMS)));
	while (n < LIMIT_COLLECTION_ITEMS && rows_next(&r))
		ret[n++] = (struct collection_item){.id = row_int(&r, 0),
						    .account = {row_int(&r, 1)},
						    .state = (enum collection_item_state)row_int(&r, 2)};
	*ret_n = n;
	return rows_end(&r);
}

/* --- what they are told --- */

static const enum notification_kind kinds[] = {NOTIFY_ADDED_TO_COLLECTION, NOTIFY_COLLECTION_UPDATE};

static enum err untell(struct db *tx, struct collection_op *op, struct account_id who)
{
	const struct collection *col = op->col;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		TRY(notification_remove_about(tx, &op->events, who, kinds[i], col->owner, col->id));
	return OK;
}

struct accounts VEC(struct account_id);

static enum err read_accounts(struct db *tx, int64_t collection, enum collection_item_state last, struct accounts *ret)
{
	struct rows r;

	db_query(tx, &r, &item_accounts, BINDS(B_INT(collection), B_INT(last)));
	while (rows_next(&r))
		VEC_PUSH(ret, ((struct account_id){row_int(&r, 0)}));
	return rows_end(&r);
}

/* Only the newest change of a collection is told of. */
static enum err tell_one(struct db *tx, struct collection_op *op, struct account_id who)
{
	const struct collection *col = op->col;

	TRY(notification_remove_about(tx, &op->events, who, NOTIFY_COLLECTION_UPDATE, col->owner, col->id));
	return notification_add_about(tx, &op->events, who, NOTIFY_COLLECTION_UPDATE, col->owner, col->id);
}

static enum err for_each(struct db *tx, struct collection_op *op, enum collection_item_state last,
			 enum err (*fn)(struct db *tx, struct collection_op *op, struct account_id who))
{
	struct accounts list = {0};
	enum err err = read_accounts(tx, op->col->id, last, &list);

	for (size_t i = 0; !err && i < list.n; i++)
		err = fn(tx, op, list.v[i]);
	VEC_FREE(&list);
	return err;
}

enum err collection_tell(struct db *tx, struct collection_op *op)
{
	return for_each(tx, op, ITEM_ACCEPTED, tell_one);
}

enum err collection_empty(struct db *tx, struct collection_op *op)
{
	TRY(for_each(tx, op, ITEM_REVOKED, untell));
	return db_exec(tx, &items_drop, BINDS(B_INT(op->col->id)), NULL);
}

/* --- putting in --- */

enum err collection_members_known(struct core *c, struct db *db, const struct account_id *members, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(account_admitted(c, db, members[i]));
	return OK;
}

static int by_age(const void *x, const void *y)
{
	const struct account_id *a = x, *b = y;

	return a->v < b->v ? -1 : a->v > b->v;
}

enum err collection_lock(struct db *tx, const struct collection_op *op)
{
	struct account_id all[LIMIT_COLLECTION_ITEMS + 1];
	size_t n = 0;

	for (size_t i = 0; i < op->n; i++)
		all[n++] = op->members[i];
	all[n++] = op->col->owner;
	qsort(all, n, sizeof(*all), by_age);
	for (size_t i = 0; i < n; i++)
		TRY(graph_lock_account(tx, all[i]));
	return OK;
}

static enum err put_one(struct db *tx, struct collection_op *op, struct account_id who)
{
	struct collection_item item = {.id = id_next(), .account = who, .state = ITEM_ACCEPTED};
	const struct collection *col = op->col;
	int64_t allowed, n = 0;

	TRY(db_int(tx, &item_allowed, BINDS(B_INT(col->owner.v), B_INT(who.v)), &allowed));
	if (!allowed)
		return fail(op->problem, ERR_FORBIDDEN, "This account cannot be added to collections");
	TRY(db_exec(tx, &item_insert, BINDS(B_INT(col->id), B_INT(who.v), B_INT(item.id), B_INT(item.state)), &n));
	if (!n)
		return fail(op->problem, ERR_UNPROCESSABLE, "Validation failed: Account has already been taken");
	if (op->item)
		*op->item = item;
	return notification_add_about(tx, &op->events, who, NOTIFY_ADDED_TO_COLLECTION, col->owner, col->id);
}

enum err collection_put(struct db *tx, struct collection_op *op)
{
	int64_t there;

	TRY(db_int(tx, &items_count, BINDS(B_INT(op->col->id), B_INT(op->col->owner.v)), &there));
	if ((size_t)there + op->n > LIMIT_COLLECTION_ITEMS)
		return fail(op->problem, ERR_UNPROCESSABLE, "Validation failed: The collection is full");
	for (size_t i = 0; i < op->n; i++)
		TRY(put_one(tx, op, op->members[i]));
	return OK;
}

static enum err add(struct db *tx, void *arg)
{
	struct collection_op *op = arg;

	op->events.n = 0;
	TRY(collection_lock(tx, op));
	return collection_put(tx, op);
}

enum err collection_add(struct core *c, struct db *db, const struct collection *col, struct account_id who,
			struct collection_item *ret, struct problem *problem)
{
	struct collection one = *col;
	struct collection_item item;
	struct collection_op op = {.col = &one, .members = &who, .n = 1, .item = &item, .problem = problem};

	TRY(collection_members_known(c, db, &who, 1));
	TRY(collection_run(c, add, &op));
	*ret = item;
	return OK;
}

/* --- taking out --- */

static enum err find_account(struct db *tx, const struct collection_op *op, enum collection_item_state last,
			     struct account_id *ret)
{
	return db_int(tx, &item_account, BINDS(B_INT(op->col->id), B_INT(op->item_id), B_INT(last)), &ret->v);
}

static enum err take_out(struct db *tx, void *arg)
{
	struct collection_op *op = arg;
	struct account_id who;
	int64_t one;

	op->events.n = 0;
	TRY(db_int(tx, &item_owner, BINDS(B_INT(op->col->id), B_INT(op->col->owner.v)), &one));
	TRY(find_account(tx, op, ITEM_ACCEPTED, &who));
	TRY(untell(tx, op, who));
	return db_exec(tx, &item_drop, BINDS(B_INT(op->col->id), B_INT(who.v)), NULL);
}

static enum err leave(struct db *tx, void *arg)
{
	struct collection_op *op = arg;
	struct account_id who;

	op->events.n = 0;
	TRY(find_account(tx, op, ITEM_REVOKED, &who));
	if (!account_eq(who, op->who))
		return ERR_FORBIDDEN;
	return db_exec(tx, &item_revoke, BINDS(B_INT(op->col->id), B_INT(who.v)), NULL);
}

enum err collection_remove(struct core *c, struct account_id owner, int64_t id, int64_t item)
{
	struct collection col = {.id = id, .owner = owner};

	return collection_run(c, take_out, &(struct collection_op){.col = &col, .item_id = item});
}

enum err collection_leave(struct core *c, struct account_id who, int64_t id, int64_t item)
{
	struct collection col = {.id = id};

	return collection_run(c, leave, &(struct collection_op){.col = &col, .who = who, .item_id = item});
}

enum err collections_part(struct db *tx, struct event_list *list, struct account_id who, struct account_id target)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		TRY(notification_remove(tx, list, target, kinds[i], who, (struct post_id){0}));
	TRY(db_exec(tx, &items_part_drop, BINDS(B_INT(who.v), B_INT(target.v)), NULL));
	return db_exec(tx, &items_part_revoke, BINDS(B_INT(target.v), B_INT(who.v)), NULL);
}
