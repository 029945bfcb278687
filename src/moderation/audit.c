/*
 * audit.c - see audit.h.
 */
#include "base/base.h"

#include "moderation/audit.h"

#include "moderation/rows.h"

SQL(audit_insert,
    "INSERT INTO moderation_log (id, by_id, action, kind, target_id, label) VALUES ($1, $2, $3, $4, $5, $6)");
SQL(audit_insert_account,
    "INSERT INTO moderation_log (id, by_id, action, kind, target_id, label) SELECT CAST($1 AS BIGINT),"
    " CAST($2 AS BIGINT), CAST($3 AS TEXT), 'account', id, username FROM accounts WHERE id = $4");
#define PAGE "SELECT id, by_id, action, kind, target_id, label FROM moderation_log WHERE id > $1 AND id < $2 "
SQL(audit_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(audit_up, PAGE "ORDER BY id ASC LIMIT $3");

enum err audit_add(struct db *tx, struct account_id by, const char *action, const char *kind, int64_t target,
		   struct view label)
{
	return db_exec(tx, &audit_insert,
		       BINDS(B_INT(id_next()), B_INT(by.v), B_TEXT(view_of(action)), B_TEXT(view_of(kind)),
			     B_INT(target), B_TEXT(label)),
		       NULL);
}

enum err audit_add_account(struct db *tx, struct account_id by, const char *action, struct account_id target)
{
	return db_exec(tx, &audit_insert_account,
		       BINDS(B_INT(id_next()), B_INT(by.v), B_TEXT(view_of(action)), B_INT(target.v)), NULL);
}

struct note {
	struct account_id by;
	int64_t target;
	const char *action, *kind; /* kind NULL: an account, called by its name */
	struct view label;
};

static enum err write_note(struct db *tx, void *arg)
{
	const struct note *n = arg;

	if (!n->kind)
		return audit_add_account(tx, n->by, n->action, (struct account_id){n->target});
	return audit_add(tx, n->by, n->action, n->kind, n->target, n->label);
}

enum err audit_note_account(struct core *c, struct account_id by, const char *action, struct account_id target)
{
	return store_write(c->store, write_note, &(struct note){.by = by, .target = target.v, .action = action});
}

enum err audit_note(struct core *c, struct account_id by, const char *action, const char *kind, int64_t target,
		    struct view label)
{
	return store_write(c->store, write_note, &(struct note){by, target, action, kind, label});
}

static void read_entry(const struct rows *r, struct arena *a, void *ret)
{
	*(struct audit_entry *)ret = (struct audit_entry){
		.id = row_int(r, 0),
		.by.v = row_int(r, 1),
		.action = row_copy(r, 2, a),
		.kind = row_copy(r, 3, a),
		.target = row_int(r, 4),
		.label = row_copy(r, 5, a),
	};
}

enum err audit_page(struct db *db, struct arena *a, const struct page *page, struct audit_entry *ret, size_t *ret_n)
{
	static const struct rows_of of = {&audit_down, &audit_up, sizeof(*ret), read_entry};

	return rows_page(db, a, &of, page, NULL, 0, ret, ret_n);
}
