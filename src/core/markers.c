/*
 * markers.c
 */
#include "base/base.h"

#include "core/markers.h"

#include "base/clock.h"

static const char *const names[MARKER_TIMELINES] = {[MARKER_HOME] = "home", [MARKER_NOTIFICATIONS] = "notifications"};

SQL(marker_select, "SELECT last_read_id, version, updated_at FROM markers WHERE account_id = $1 AND timeline = $2");
SQL(marker_put,
    "INSERT INTO markers (account_id, timeline, last_read_id, version, updated_at) VALUES ($1, $2, $3, 1, $4) "
    "ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = excluded.last_read_id, "
    "version = markers.version + 1, updated_at = excluded.updated_at");

const char *marker_name(enum marker_timeline t)
{
	return names[t];
}

enum err marker_get(struct db *db, struct account_id who, enum marker_timeline t, struct marker *ret)
{
	struct rows r;
	struct marker m = {0};
	db_query(db, &r, &marker_select, BINDS(B_INT(who.v), B_INT(t)));
	bool found = rows_next(&r);
	if (found)
		m = (struct marker){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2)};
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = m;
	return OK;
}

struct setting {
	struct account_id who;
	const int64_t *ids;
	int64_t now;
};

static enum err put(struct db *tx, void *arg)
{
	const struct setting *s = arg;
	for (size_t t = 0; t < MARKER_TIMELINES; t++)
		if (s->ids[t])
			TRY(db_exec(tx, &marker_put, BINDS(B_INT(s->who.v), B_INT(t), B_INT(s->ids[t]), B_INT(s->now)),
				    NULL));
	return OK;
}

enum err markers_set(struct core *c, struct account_id who, const int64_t last_read_ids[MARKER_TIMELINES])
{
	return store_write(c->store, put, &(struct setting){.who = who, .ids = last_read_ids, .now = clock_now()});
}
