/*
 * pgsql_tx.c - transactions on PostgreSQL, and store_write: run again after a lost race, and a commit whose answer was
 * lost is asked about.
 *
 * Writes run at READ COMMITTED: counters that many raise at once queue for the row instead of failing. What must not
 * happen twice is kept by unique keys, and a write that meets one is run again once, to see the row that came first.
 */
#include "base/base.h"
#include "store/driver_pgsql.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"

#define RACES_MAX 8		/* runs of one write that lost a race */
#define OUTCOME_TRIES 30	/* questions about a commit whose answer was lost, */
#define OUTCOME_PAUSE_US 100000 /* this far apart */

/* Begins with text; once more on a new connection when the old one turns out to be gone. */
static PGresult *begin(struct pgsql_db *db, const char *text, enum err *ret_err)
{
	PGresult *res;

	*ret_err = pgsql_connect(&db->base, NULL);
	if (*ret_err != OK)
		return NULL;
	res = pgsql_send(db, text, ret_err);
	if (res || db->again != PGSQL_AGAIN_LOST)
		return res;
	*ret_err = pgsql_connect(&db->base, NULL);
	return *ret_err == OK ? pgsql_send(db, text, ret_err) : NULL;
}

enum err pgsql_begin(struct db *base, enum tx_kind kind)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	enum err err = OK;
	PGresult *res = begin(db,
			      kind == TX_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
					      : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
						"SELECT pg_current_xact_id()",
			      &err);

	if (!res)
		return err;
	if (kind == TX_WRITE)
		snprintf(db->xid, sizeof(db->xid), "%s", PQgetvalue(res, 0, 0));
	PQclear(res);
	base->tx = kind;
	base->tx_err = OK;
	return OK;
}

static void leave_tx(struct db *db)
{
	db->tx = TX_NONE;
	db->tx_err = OK;
}

void pgsql_rollback(struct db *base)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	enum pgsql_again again = db->again; /* about what the rollback is for */
	enum err err;

	leave_tx(base);
	if (db->conn)
		PQclear(pgsql_send(db, "ROLLBACK", &err));
	db->again = again;
}

enum outcome { OUTCOME_UNKNOWN, OUTCOME_KEPT, OUTCOME_UNDONE };

/* Asks a new connection once. Not through pgsql_send: after a failover the number may mean nothing to the server. */
static enum outcome ask_outcome(struct pgsql_db *db)
{
	enum outcome outcome = OUTCOME_UNKNOWN;
	struct view status;
	char text[80];
	PGresult *res;

	snprintf(text, sizeof(text), "SELECT pg_xact_status('%s'::xid8)", db->xid);
	if (pgsql_connect(&db->base, NULL) != OK || !PQsendQuery(db->conn, text))
		return OUTCOME_UNKNOWN;
	res = pgsql_result(db);
	if (res && PQresultStatus(res) == PGRES_TUPLES_OK) {
		status = view_of(PQgetvalue(res, 0, 0));
		outcome = view_is(status, "committed") ? OUTCOME_KEPT
			  : view_is(status, "aborted") ? OUTCOME_UNDONE
						       : OUTCOME_UNKNOWN;
	}
	PQclear(res);
	return outcome;
}

/*
 * The connection was lost during COMMIT: it happened or it did not, and the server knows. When the server does not
 * come back soon, the caller hears ERR_UNAVAILABLE about a write that may have been kept.
 */
static enum err outcome(struct pgsql_db *db)
{
	for (int i = 0; i < OUTCOME_TRIES; i++) {
		switch (ask_outcome(db)) {
		case OUTCOME_KEPT:
			return OK;
		case OUTCOME_UNDONE:
			return ERR_UNAVAILABLE; /* and PGSQL_AGAIN_LOST */
		case OUTCOME_UNKNOWN:
			usleep(OUTCOME_PAUSE_US);
		}
	}
	db->again = PGSQL_AGAIN_NO;
	log_error("the outcome of a commit is not known", F_STR("transaction", view_of(db->xid)));
	return ERR_UNAVAILABLE;
}

enum err pgsql_commit(struct db *base)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	enum err err = OK;
	PGresult *res = pgsql_send(db, "COMMIT", &err);
	bool kept = res && view_is(view_of(PQcmdStatus(res)), "COMMIT");

	PQclear(res);
	leave_tx(base);
	if (res)
		return kept ? OK : ERR_INTERNAL;
	if (db->again == PGSQL_AGAIN_LOST)
		return outcome(db);
	pgsql_rollback(base);
	return err;
}

static enum err write_once(struct db *db, enum err (*fn)(struct db *tx, void *arg), void *arg)
{
	enum err err;

	((struct pgsql_db *)db)->again = PGSQL_AGAIN_NO;
	TRY(pgsql_begin(db, TX_WRITE));
	err = db_run_in_tx(db, fn, arg);
	if (err != OK) {
		if (db->tx_err == OK)
			((struct pgsql_db *)db)->again = PGSQL_AGAIN_NO; /* its own decision */
		pgsql_rollback(db);
		return err;
	}
	return pgsql_commit(db);
}

/* Waits a little before the next run, longer each time, and not as long as the others that raced. */
static void step_back(unsigned runs)
{
	usleep((useconds_t)(rand_u64() % (2000u << (runs < 6 ? runs : 6))));
}

static enum err write_durably(struct db *db, enum err (*fn)(struct db *tx, void *arg), void *arg)
{
	static const unsigned runs_max[] = {[PGSQL_AGAIN_NO] = 1,
					    [PGSQL_AGAIN_RACE] = RACES_MAX,
					    [PGSQL_AGAIN_CONFLICT] = 2,
					    [PGSQL_AGAIN_LOST] = 2};
	unsigned runs[ARRAY_LEN(runs_max)] = {0};

	for (;;) {
		int64_t from = clock_mono_ns();
		enum err err = write_once(db, fn, arg);
		enum pgsql_again again = ((struct pgsql_db *)db)->again;

		if (err == OK) {
			metric_observe(METRIC_DB_COMMIT_SECONDS, clock_mono_ns() - from);
			metric_add(METRIC_DB_WRITES, 1);
			metric_add(METRIC_DB_BATCHES, 1);
			return OK;
		}
		if (++runs[again] >= runs_max[again])
			return err;
		if (again == PGSQL_AGAIN_RACE)
			step_back(runs[again]);
	}
}

enum err pgsql_write(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
		     void (*done)(enum err err, void *arg))
{
	struct db *db = store_db(s);
	enum err err;

	if (db->tx != TX_NONE)
		BUG("store_write inside a transaction");
	err = write_durably(db, fn, arg);
	if (!done)
		return err;
	done(err, arg);
	return OK;
}
