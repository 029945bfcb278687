/*
 * markers.c
 */
#include "base/base.h"

#include "core/markers.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "core/cache.h"

static const char *const names[MARKER_TIMELINES] = {[MARKER_HOME] = "home", [MARKER_NOTIFICATIONS] = "notifications"};

SQL(markers_select, "SELECT timeline, last_read_id, version, updated_at FROM markers WHERE account_id = $1");
SQL(marker_put,
    "INSERT INTO markers (account_id, timeline, last_read_id, version, updated_at) VALUES ($1, $2, $3, 1, $4) "
    "ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = excluded.last_read_id, "
    "version = markers.version + 1, updated_at = excluded.updated_at");

const char *marker_name(enum marker_timeline t)
{
	return names[t];
}

struct markers {
	struct cache *cache;
};

/* All of one account. */
struct known_markers {
	struct cached cached;
	struct marker of[MARKER_TIMELINES]; /* version 0: never set */
};

struct markers *markers_new(size_t bytes)
{
	struct markers *m = xcalloc(1, sizeof(*m));

	m->cache = cache_new(bytes, METRIC_COUNT);
	return m;
}

void markers_free(struct markers *m)
{
	if (!m)
		return;
	cache_free(m->cache);
	free(m);
}

static enum err read_markers(struct db *db, struct account_id who, struct marker ret[MARKER_TIMELINES])
{
	struct rows r;

	db_query(db, &r, &markers_select, BINDS(B_INT(who.v)));
	while (rows_next(&r)) {
		int64_t t = row_int(&r, 0);

		if (t >= 0 && t < MARKER_TIMELINES)
			ret[t] = (struct marker){row_int(&r, 1), row_int(&r, 2), row_int(&r, 3)};
	}
	return rows_end(&r);
}

static enum err load_markers(struct core *c, struct db *db, struct account_id who, struct known_markers **ret)
{
	uint64_t generation;
	struct cached *hit = cache_find(c->markers->cache, (uint64_t)who.v, &generation);
	struct known_markers *known = (struct known_markers *)hit;

	if (!known) {
		known = xcalloc(1, sizeof(*known));
		cached_init(&known->cached, sizeof(*known), NULL);
		enum err err = read_markers(db, who, known->of);
		if (err) {
			cached_unref(&known->cached);
			return err;
		}
		cache_keep(c->markers->cache, (uint64_t)who.v, &known->cached, generation);
	}
	*ret = known;
	return OK;
}

enum err marker_get(struct core *c, struct db *db, struct account_id who, enum marker_timeline t, struct marker *ret)
{
	struct known_markers *known;

	TRY(load_markers(c, db, who, &known));
	struct marker m = known->of[t];
	cached_unref(&known->cached);
	if (!m.version)
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
	enum err err =
		store_write(c->store, put, &(struct setting){.who = who, .ids = last_read_ids, .now = clock_now()});

	cache_forget(c->markers->cache, (uint64_t)who.v);
	return err;
}
