/*
 * aversions.c - see aversions.h.
 */
#include "base/base.h"

#include "stream/aversions.h"

#include "base/clock.h"

SQL(aversions_blocked, "SELECT target_id FROM blocks WHERE account_id = $1");
SQL(aversions_blocking, "SELECT blocker_id FROM blocked_by WHERE account_id = $1");
SQL(aversions_muting, "SELECT account_id, expires_at FROM mutes WHERE target_id = $1"
		      " AND (expires_at IS NULL OR expires_at > $2)");

static void on_release(struct cached *c)
{
	struct aversions *a = (struct aversions *)c;

	idset_release(&a->blocked);
	idset_release(&a->blocking);
	idset_release(&a->muting);
	free(a);
}

static enum err load_set(struct db *db, const struct sql *sql, struct account_id author, struct idset *set)
{
	struct rows r;

	db_query(db, &r, sql, BINDS(B_INT(author.v)));
	while (rows_next(&r))
		idset_add(set, (uint64_t)row_int(&r, 0));
	return rows_end(&r);
}

static enum err load_mutes(struct db *db, struct account_id author, struct aversions *a)
{
	struct rows r;

	db_query(db, &r, &aversions_muting, BINDS(B_INT(author.v), B_INT(clock_now())));
	while (rows_next(&r)) {
		int64_t until = row_int(&r, 1);

		idset_add(&a->muting, (uint64_t)row_int(&r, 0));
		if (until && (!a->muting_until || until < a->muting_until))
			a->muting_until = until;
	}
	return rows_end(&r);
}

static enum err load(struct db *db, struct account_id author, struct aversions *a)
{
	const struct idset *sets[] = {&a->blocked, &a->blocking, &a->muting};
	size_t bytes = sizeof(*a);

	TRY(load_set(db, &aversions_blocked, author, &a->blocked));
	TRY(load_set(db, &aversions_blocking, author, &a->blocking));
	TRY(load_mutes(db, author, a));
	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		bytes += sets[i]->slots ? (sets[i]->mask + 1) * sizeof(uint64_t) : 0;
	a->cached.bytes = (uint32_t)bytes;
	return OK;
}

enum err aversions_get(struct cache *cache, struct db *db, struct account_id author, struct aversions **ret)
{
	uint64_t generation = 0;
	struct aversions *a = (struct aversions *)cache_find(cache, (uint64_t)author.v, &generation);

	if (a && a->muting_until && a->muting_until <= clock_now()) {
		cached_unref(&a->cached);
		cache_forget(cache, (uint64_t)author.v);
		a = (struct aversions *)cache_find(cache, (uint64_t)author.v, &generation);
	}
	if (!a) {
		a = xcalloc(1, sizeof(*a));
		cached_init(&a->cached, 0, on_release);
		enum err err = load(db, author, a);
		if (err) {
			cached_unref(&a->cached);
			return err;
		}
		cache_keep(cache, (uint64_t)author.v, &a->cached, generation);
	}
	*ret = a;
	return OK;
}

void aversions_on_event(struct cache *cache, const struct event *ev)
{
	if (ev->kind == EVENT_GRAPH_CHANGED) {
		cache_forget(cache, (uint64_t)ev->account.v);
		cache_forget(cache, (uint64_t)ev->target.v);
	} else if (ev->kind == EVENT_ACCOUNT_CHANGED && ev->other_id) {
		cache_forget_all(cache);
	}
}

bool aversions_tell(const struct aversions *a, struct account_id account)
{
	uint64_t id = (uint64_t)account.v;

	return idset_has(&a->blocked, id) || idset_has(&a->blocking, id) || idset_has(&a->muting, id);
}
