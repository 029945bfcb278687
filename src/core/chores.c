/*
 * chores.c - see chores.h.
 */
#include "base/base.h"

#include "core/chores.h"

#include "base/clock.h"
#include "base/id.h"

#define STEPS 500

SQL(chore_insert, "INSERT INTO jobs (id, kind, payload, run_at, lease_until) VALUES ($1, $2, $3, $4, $5)");
SQL(chore_delete, "DELETE FROM jobs WHERE kind = $1 AND payload = $2");
SQL(chore_release, "UPDATE jobs SET lease_until = 0 WHERE kind = $1 AND payload = $2");
SQL(chore_find, "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND payload = $2");

struct name {
	char buf[24];
};

static struct view name_of(int64_t id, struct name *n)
{
	return view_make(n->buf, (size_t)snprintf(n->buf, sizeof(n->buf), "%" PRId64, id));
}

enum err chore_add(struct db *tx, const char *kind, int64_t id, int64_t lease_ms)
{
	int64_t now = clock_now();
	struct name n;

	return db_exec(tx, &chore_insert,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(kind)), B_TEXT(name_of(id, &n)), B_INT(now),
			     B_INT(lease_ms ? now + lease_ms : 0)),
		       NULL);
}

enum err chore_end(struct db *tx, const char *kind, int64_t id)
{
	struct name n;

	return db_exec(tx, &chore_delete, BINDS(B_TEXT(view_of(kind)), B_TEXT(name_of(id, &n))), NULL);
}

enum err chore_free(struct db *tx, const char *kind, int64_t id)
{
	struct name n;

	return db_exec(tx, &chore_release, BINDS(B_TEXT(view_of(kind)), B_TEXT(name_of(id, &n))), NULL);
}

enum err chore_waits(struct db *db, const char *kind, int64_t id, bool *ret)
{
	struct name n;
	int64_t found;

	TRY(db_int(db, &chore_find, BINDS(B_TEXT(view_of(kind)), B_TEXT(name_of(id, &n))), &found));
	*ret = found > 0;
	return OK;
}

struct rest {
	const char *kind;
	int64_t id;
};

static enum err add_rest(struct db *tx, void *arg)
{
	const struct rest *r = arg;

	return chore_add(tx, r->kind, r->id, 0);
}

enum err chore_run(struct core *c, struct db *db, struct arena *a, const struct chore *chore, struct view payload,
		   struct problem *problem)
{
	struct rest rest = {.kind = chore->kind};
	bool more = true;

	if (!parse_i64(payload, 1, INT64_MAX, &rest.id))
		return fail(problem, ERR_CORRUPT, "the task cannot be read");
	for (int i = 0; i < STEPS && more; i++)
		TRY(chore->step(c, db, a, rest.id, &more));
	return more ? store_write(c->store, add_rest, &rest) : OK;
}
