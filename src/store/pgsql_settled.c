/*
 * pgsql_settled.c - up to which id nothing can still appear (store_settled). A write takes its transaction's number when it
 * begins, before it chooses ids. So: a mark is an id of this moment, and then a number. When all transactions with smaller
 * numbers have ended, every id up to the mark's is visible, or never will be. This holds for other processes too, as long
 * as their clocks agree.
 */
#include "base/base.h"
#include "store/driver_pgsql.h"

#include "base/clock.h"
#include "base/id.h"

/* In one statement the snapshot is older than the number: with nothing in flight, no transaction before it is open. */
#define MARK                                                                                                           \
	"SELECT pg_current_xact_id(), pg_snapshot_xmin(pg_current_snapshot())" /* number; the oldest that is open */
#define OLDEST "SELECT pg_snapshot_xmin(pg_current_snapshot())"

static enum err ask(struct pgsql_db *db, const char *text, uint64_t *ret, int n)
{
	enum err err = pgsql_connect(&db->base, NULL);
	PGresult *res = err == OK ? pgsql_send(db, text, &err) : NULL;

	if (!res)
		return err;
	for (int i = 0; i < n; i++)
		if (!parse_u64(view_of(PQgetvalue(res, 0, i)), UINT64_MAX, &ret[i]))
			err = ERR_INTERNAL;
	PQclear(res);
	return err;
}

/* Whether `mark`, which was taken earlier, holds by now. */
static enum err check_mark(struct pgsql_db *db, const struct settled_mark *mark, bool *ret)
{
	uint64_t oldest;

	TRY(ask(db, OLDEST, &oldest, 1));
	*ret = oldest >= mark->number;
	return OK;
}

static enum err new_mark(struct pgsql_db *db, struct settled_mark *ret, bool *ret_holds)
{
	int64_t id = id_next();
	uint64_t answer[2];

	TRY(ask(db, MARK, answer, 2));
	*ret = (struct settled_mark){id, answer[0]};
	*ret_holds = answer[1] >= answer[0];
	return OK;
}

/* Takes in what is known now. Of marks that wait, one is enough: the next is taken when it holds. */
static int64_t note(struct pgsql_shared *sh, const struct settled_mark *mark, bool holds, int64_t patience)
{
	pthread_mutex_lock(&sh->lock);
	if (holds && sh->settled < mark->id)
		sh->settled = mark->id;
	if (!holds && !sh->mark.number)
		sh->mark = *mark;
	if (sh->settled < patience)
		sh->settled = patience;
	if (sh->mark.id <= sh->settled)
		sh->mark = (struct settled_mark){0};
	int64_t settled = sh->settled;

	pthread_mutex_unlock(&sh->lock);
	return settled;
}

enum err pgsql_settled(struct db *base, int64_t *ret)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	struct pgsql_shared *sh = base->store->shared;
	int64_t patience = id_at(clock_now() - STORE_SETTLE_MS);
	struct settled_mark mark;
	bool holds;

	if (base->tx != TX_NONE)
		BUG("store_settled inside a transaction");
	pthread_mutex_lock(&sh->lock);
	mark = sh->mark;
	pthread_mutex_unlock(&sh->lock);
	if (mark.number && mark.id > patience) {
		TRY(check_mark(db, &mark, &holds));
		*ret = note(sh, &mark, holds, patience);
		if (!holds)
			return OK;
	}
	TRY(new_mark(db, &mark, &holds));
	*ret = note(sh, &mark, holds, patience);
	return OK;
}
