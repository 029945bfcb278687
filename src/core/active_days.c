/*
 * active_days.c - see active_days.h.
 */
#include "base/base.h"

#include "core/active_days.h"

#include "base/clock.h"

#define ROWS 500 /* in a transaction */

SQL(active_day, "INSERT INTO active_days (account_id, day) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(active_days_old, "SELECT 1 FROM active_days WHERE day < $1 LIMIT 1");
SQL(active_days_forget, "DELETE FROM active_days WHERE (account_id, day) IN"
			" (SELECT account_id, day FROM active_days WHERE day < $1 ORDER BY day LIMIT $2)");

enum err active_day_note(struct db *tx, struct account_id who, int64_t now)
{
	return db_exec(tx, &active_day, BINDS(B_INT(who.v), B_INT(clock_midnight(now))), NULL);
}

static enum err forget_some(struct db *tx, void *arg)
{
	const int64_t *before = arg;

	return db_exec(tx, &active_days_forget, BINDS(B_INT(*before), B_INT(ROWS)), NULL);
}

enum err active_days_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	int64_t before = clock_midnight(now) - ACTIVE_DAYS_KEPT * CLOCK_DAY_MS, one;
	enum err err;

	(void)a;
	while ((err = db_int(db, &active_days_old, BINDS(B_INT(before)), &one)) == OK)
		TRY(store_write(c->store, forget_some, &before));
	return err == ERR_NOT_FOUND ? OK : err;
}
