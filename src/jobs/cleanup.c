/*
 * cleanup.c - each task looks with a read first: an idle server writes nothing.
 */
#include "base/base.h"
#include "jobs/cleanup.h"

#include "core/graph.h"
#include "core/oauth_codes.h"

#define BATCH 500

SQL(idempotency_old, "SELECT 1 FROM idempotency WHERE created_at < $1 LIMIT 1");
SQL(idempotency_delete, "DELETE FROM idempotency WHERE (account_id, key) IN "
			"(SELECT account_id, key FROM idempotency WHERE created_at < $1 LIMIT $2)");
SQL(sessions_old, "SELECT 1 FROM sessions WHERE expires_at < $1 LIMIT 1");
SQL(sessions_delete, "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)");

struct removal {
	const struct sql *delete;
	int64_t before;
	int64_t removed;
};

static enum err remove_some(struct db *tx, void *arg)
{
	struct removal *r = arg;

	return db_exec(tx, r->delete, BINDS(B_INT(r->before), B_INT(BATCH)), &r->removed);
}

static enum err remove_older(struct core *c, struct db *db, const struct sql *any, const struct sql *delete,
			     int64_t before)
{
	struct removal r = {.delete = delete, .before = before};
	int64_t one;
	enum err err;

	while ((err = db_int(db, any, BINDS(B_INT(before)), &one)) == OK)
		TRY(store_write(c->store, remove_some, &r));
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err cleanup_idempotency(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)a;
	return remove_older(c, db, &idempotency_old, &idempotency_delete, now - IDEMPOTENCY_MS);
}

enum err cleanup_sessions(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)a;
	return remove_older(c, db, &sessions_old, &sessions_delete, now);
}

enum err cleanup_codes(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)db, (void)a;
	return oauth_codes_expire(c, now);
}

enum err cleanup_mutes(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)a;
	return graph_expire_mutes(c, db, now);
}
