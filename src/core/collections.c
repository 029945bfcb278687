/*
 * collections.c - see collections.h.
 */
#include "base/base.h"

#include "core/collections_private.h"

#include "base/clock.h"
#include "core/tags.h"
#include "text/compose.h"
#include "text/lang.h"

#define COLUMNS                                                                                                        \
	"SELECT c.id, c.account_id, c.name, c.description, c.language, c.tag, c.sensitive, c.discoverable, "           \
	"c.updated_at FROM "
#define SHOWN "a.id = c.account_id AND a.suspended_at IS NULL"
SQL(collection_by_id, COLUMNS "collections c JOIN accounts a ON " SHOWN " WHERE c.id = $1");
SQL(collections_of, COLUMNS "collections c WHERE c.account_id = $1 AND c.discoverable >= $2 "
			    "ORDER BY c.id DESC LIMIT $3 OFFSET $4");
SQL(collections_with,
    COLUMNS "collection_items i JOIN collections c ON c.id = i.collection_id JOIN accounts a ON " SHOWN
	    " WHERE i.account_id = $1 AND i.state = 1 AND c.discoverable >= $2 ORDER BY i.id DESC LIMIT $3 OFFSET $4");

SQL(collections_count, "SELECT COUNT(*) FROM collections WHERE account_id = $1");
SQL(collection_insert, "INSERT INTO collections (id, account_id, name, description, language, tag, sensitive, "
		       "discoverable, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL(collection_renamed, "SELECT CASE WHEN name = $3 AND description = $4 THEN 0 ELSE 1 END FROM collections "
			"WHERE id = $1 AND account_id = $2");
SQL(collection_change, "UPDATE collections SET name = $3, description = $4, language = $5, tag = $6, sensitive = $7, "
		       "discoverable = $8, updated_at = $9 WHERE id = $1 AND account_id = $2");
SQL(collection_drop, "DELETE FROM collections WHERE id = $1 AND account_id = $2");

/* --- reading --- */

static void read_row(const struct rows *r, struct arena *a, struct collection *ret)
{
	*ret = (struct collection){.id = row_int(r, 0),
				   .owner = {row_int(r, 1)},
				   .name = row_copy(r, 2, a),
				   .description = row_copy(r, 3, a),
				   .language = row_copy(r, 4, a),
				   .tag = row_copy(r, 5, a),
				   .sensitive = row_int(r, 6),
				   .discoverable = row_int(r, 7),
				   .updated_at = row_int(r, 8)};
}

enum err collection_load(struct db *db, struct arena *a, int64_t id, struct collection *ret)
{
	struct rows r;

	db_query(db, &r, &collection_by_id, BINDS(B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		read_row(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err collections_load(struct db *db, struct arena *a, const struct collection_query *q, struct collection *ret,
			  size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, q->owner.v ? &collections_of : &collections_with,
		 BINDS(B_INT(q->owner.v ? q->owner.v : q->member.v), B_INT(q->listed), B_INT(q->limit),
		       B_INT(q->offset)));
	while (n < q->limit && rows_next(&r))
		read_row(&r, a, &ret[n++]);
	*ret_n = n;
	return rows_end(&r);
}

/* --- changing --- */

static enum err check_text(const char *what, struct view text, size_t max, struct problem *problem)
{
	if (compose_chars(text) <= max)
		return OK;
	return fail(problem, ERR_UNPROCESSABLE, "Validation failed: %s is too long (maximum is %zu characters)", what,
		    max);
}

/* Checks what people wrote, and turns it into what is kept. */
static enum err settle(struct arena *a, struct collection *col, struct problem *problem)
{
	char language[LANG_BYTES];
	struct view name;

	if (view_trim(col->name).len == 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Name can't be blank");
	TRY(check_text("Name", col->name, LIMIT_COLLECTION_NAME_CHARS, problem));
	TRY(check_text("Description", col->description, LIMIT_COLLECTION_DESCRIPTION_CHARS, problem));
	if (col->language.len) {
		if (!lang_normalise(col->language, language))
			return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Language is invalid");
		col->language = arena_view(a, view_of(language));
	}
	if (col->tag.len && tag_written(a, col->tag, &name, &col->tag) != OK)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Tag is invalid");
	col->updated_at = clock_now();
	return OK;
}

enum err collection_run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct collection_op *op)
{
	enum err err = store_write(c->store, fn, op);

	if (err == OK)
		events_announce_all(c->events, &op->events);
	else
		event_list_drop(&op->events);
	return err;
}

/* $1 to $9 of both statements. */
#define ALL_OF(col)                                                                                                    \
	BINDS(B_INT((col)->id), B_INT((col)->owner.v), B_TEXT((col)->name), B_TEXT((col)->description),                \
	      B_TEXT((col)->language), B_TEXT((col)->tag), B_INT((col)->sensitive), B_INT((col)->discoverable),        \
	      B_INT((col)->updated_at))

static enum err insert(struct db *tx, void *arg)
{
	struct collection_op *op = arg;
	int64_t count;

	op->events.n = 0;
	TRY(collection_lock(tx, op));
	TRY(db_int(tx, &collections_count, BINDS(B_INT(op->col->owner.v)), &count));
	if (count >= LIMIT_COLLECTIONS)
		return fail(op->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have reached the maximum number of collections");
	TRY(db_exec(tx, &collection_insert, ALL_OF(op->col), NULL));
	return collection_put(tx, op);
}

enum err collection_create(struct core *c, struct db *db, struct arena *a, struct collection *col,
			   const struct account_id *members, size_t n, struct problem *problem)
{
	struct collection_op op = {.col = col, .members = members, .n = n, .problem = problem};

	TRY(settle(a, col, problem));
	if (n > LIMIT_COLLECTION_ITEMS)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: The collection is full");
	TRY(collection_members_known(c, db, members, n));
	col->id = id_next();
	return collection_run(c, insert, &op);
}

static enum err change(struct db *tx, void *arg)
{
	struct collection_op *op = arg;
	const struct collection *col = op->col;
	int64_t renamed;

	op->events.n = 0;
	TRY(collection_lock(tx, op));
	TRY(db_int(tx, &collection_renamed,
		   BINDS(B_INT(col->id), B_INT(col->owner.v), B_TEXT(col->name), B_TEXT(col->description)), &renamed));
	TRY(db_exec(tx, &collection_change, ALL_OF(col), NULL));
	return renamed ? collection_tell(tx, op) : OK;
}

enum err collection_update(struct core *c, struct arena *a, struct collection *col, struct problem *problem)
{
	struct collection_op op = {.col = col, .problem = problem};

	TRY(settle(a, col, problem));
	return collection_run(c, change, &op);
}

static enum err drop(struct db *tx, void *arg)
{
	struct collection_op *op = arg;
	int64_t n = 0;

	op->events.n = 0;
	TRY(collection_lock(tx, op));
	TRY(db_exec(tx, &collection_drop, BINDS(B_INT(op->col->id), B_INT(op->col->owner.v)), &n));
	return n ? collection_empty(tx, op) : ERR_NOT_FOUND;
}

enum err collection_delete(struct core *c, struct account_id owner, int64_t id)
{
	struct collection col = {.id = id, .owner = owner};

	return collection_run(c, drop, &(struct collection_op){.col = &col});
}
