/*
 * pgsql_connect.c - getting and losing the connection to PostgreSQL. A thread that finds the server gone says so to
 * all; from then on every statement without a connection fails at once, and one thread at a time asks again, with
 * growing pauses, until the server answers.
 */
#include "base/base.h"
#include "store/driver_pgsql.h"

#include <poll.h>

#include "base/clock.h"
#include "base/log.h"

#define NS_PER_MS 1000000LL
#define CONNECT_NS (3000 * NS_PER_MS)
#define WAIT_MAX_NS (60000 * NS_PER_MS)
#define PAUSE_MIN_NS (100 * NS_PER_MS)
#define PAUSE_MAX_NS (2000 * NS_PER_MS)
#define STATEMENT_TIMEOUT "15s"
#define ANSWER_NS (20000 * NS_PER_MS) /* longer than that timeout: the server itself hangs */
#define VERSION_MIN 130000	      /* pg_current_xact_id, pg_xact_status */

/*
 * Of each session. Only store_write's transactions are for writing. A server set up to lose commits is not asked to
 * for ours.
 */
#define SESSION                                                                                                        \
	"SET client_min_messages = warning; SET timezone = 'UTC'; SET idle_in_transaction_session_timeout = '60s';"    \
	"SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';"
#define SESSION_THREAD SESSION "SET default_transaction_read_only = on; SET statement_timeout = '" STATEMENT_TIMEOUT "'"

static struct pgsql_shared *shared(struct pgsql_db *db)
{
	return db->base.store->shared;
}

/* May this thread ask now? When the server is away, that makes it the one that asks. */
static bool may_ask(struct pgsql_shared *sh)
{
	bool may;

	pthread_mutex_lock(&sh->lock);
	may = !sh->away || (!sh->asking && clock_mono_ns() >= sh->ask_at_ns);
	if (may)
		sh->asking = true;
	pthread_mutex_unlock(&sh->lock);
	return may;
}

static void asked(struct pgsql_db *db, bool there, const char *message)
{
	struct pgsql_shared *sh = shared(db);
	bool was_away;

	pthread_mutex_lock(&sh->lock);
	was_away = sh->away;
	sh->asking = false;
	sh->away = !there;
	sh->epoch += there && was_away;
	db->epoch = sh->epoch;
	if (there)
		sh->pause_ns = 0;
	else
		sh->pause_ns = sh->pause_ns * 2 > PAUSE_MAX_NS ? PAUSE_MAX_NS
			       : sh->pause_ns		       ? sh->pause_ns * 2
							       : PAUSE_MIN_NS;
	sh->ask_at_ns = clock_mono_ns() + sh->pause_ns;
	pthread_mutex_unlock(&sh->lock);
	if (there && was_away)
		log_info("the database is back");
	else if (!there && !was_away)
		log_error("the database is away", F_STR("error", view_trim(view_of(message))));
}

void pgsql_lost(struct pgsql_db *db)
{
	struct pgsql_shared *sh = shared(db);
	bool news;

	pthread_mutex_lock(&sh->lock);
	news = !sh->away && db->epoch == sh->epoch;
	if (news) {
		sh->away = true;
		sh->ask_at_ns = 0;
	}
	pthread_mutex_unlock(&sh->lock);
	if (news)
		log_warn("a connection to the database was lost",
			 F_STR("error", view_trim(view_of(PQerrorMessage(db->conn)))));
	PQfinish(db->conn);
	db->conn = NULL;
}

/* True when the socket is ready (or has failed) before the deadline. */
static bool wait_for(PGconn *conn, short events, int64_t deadline_ns)
{
	for (;;) {
		struct pollfd p = {.fd = PQsocket(conn), .events = events};
		int64_t left = deadline_ns - clock_mono_ns();

		if (left <= 0 || p.fd < 0)
			return false;
		if (poll(&p, 1, left > WAIT_MAX_NS ? (int)(WAIT_MAX_NS / NS_PER_MS) : (int)(left / NS_PER_MS) + 1) > 0)
			return true;
	}
}

static void silent(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* Never NULL; look at PQstatus. */
static PGconn *dial(const char *url)
{
	/* What the URL says comes after, and wins. */
	static const char *const keys[] = {"application_name", "tcp_user_timeout", "keepalives_idle",
					   "dbname",	       "client_encoding",  NULL};
	const char *values[] = {"kicau", "10000", "30", url, "UTF8", NULL};
	int64_t deadline = clock_mono_ns() + CONNECT_NS;
	PGconn *conn = PQconnectStartParams(keys, values, 1);
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	if (!conn)
		BUG("out of memory");
	if (PQstatus(conn) == CONNECTION_BAD)
		return conn;
	PQsetNoticeProcessor(conn, silent, NULL);
	while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
		if (!wait_for(conn, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
			break;
		next = PQconnectPoll(conn);
	}
	return conn;
}

/* Why this server cannot be used, or NULL. */
static const char *unfit(PGconn *conn)
{
	const char *encoding = PQparameterStatus(conn, "server_encoding");

	if (PQstatus(conn) != CONNECTION_OK)
		return PQerrorMessage(conn)[0] ? PQerrorMessage(conn) : "no answer";
	if (PQserverVersion(conn) < VERSION_MIN)
		return "PostgreSQL 13 or newer is needed";
	if (!encoding || !view_is(view_of(encoding), "UTF8"))
		return "the encoding of the database must be UTF8 (createdb -E UTF8 -T template0)";
	return NULL;
}

static bool set_up(struct pgsql_db *db)
{
	PGresult *res;
	bool ok;

	if (!PQsendQuery(db->conn, db->base.writer ? SESSION : SESSION_THREAD))
		return false;
	res = pgsql_result(db);
	ok = res && PQresultStatus(res) != PGRES_FATAL_ERROR;
	PQclear(res);
	return ok;
}

enum err pgsql_connect(struct db *base, struct problem *problem)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	const char *why;

	if (db->conn)
		return OK;
	if (!may_ask(shared(db)))
		return fail(problem, ERR_UNAVAILABLE, "the database is away");
	db->conn = dial(base->store->target);
	why = unfit(db->conn);
	if (!why && set_up(db)) {
		db->generation++;
		asked(db, true, "");
		return OK;
	}
	if (!why)
		why = "the session cannot be set up";
	asked(db, false, why);
	(void)fail(problem, ERR_UNAVAILABLE, "database: %.*s", VIEW_ARG(view_trim(view_of(why))));
	PQfinish(db->conn);
	db->conn = NULL;
	return ERR_UNAVAILABLE;
}

/* Waits until the next result can be taken without blocking. */
static bool ready(struct pgsql_db *db, int64_t deadline_ns)
{
	while (PQisBusy(db->conn))
		if (!wait_for(db->conn, POLLIN, deadline_ns) || !PQconsumeInput(db->conn))
			return false;
	return true;
}

PGresult *pgsql_result(struct pgsql_db *db)
{
	/* A migration may take its time. */
	int64_t deadline = db->base.writer ? INT64_MAX : clock_mono_ns() + ANSWER_NS;
	PGresult *kept = NULL, *res;

	for (;;) {
		if (!ready(db, deadline))
			break;
		res = PQgetResult(db->conn);
		if (!res)
			return kept;
		if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
			PQclear(res);
			continue;
		}
		PQclear(kept);
		kept = res;
	}
	PQclear(kept);
	pgsql_lost(db);
	return NULL;
}
