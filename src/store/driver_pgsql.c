/*
 * driver_pgsql.c - PostgreSQL by libpq: every thread reads and writes on a connection of its own, with statements
 * prepared once in each connection and parameters in text form, of the types the server infers. The connection is
 * pgsql_connect.c's, transactions are pgsql_tx.c's.
 */
#include "base/base.h"
#include "store/driver_pgsql.h"

#include "base/buf.h"
#include "base/vec.h"
#include "store/dialect.h"

#define INT_TEXT_LEN 24
#define BYTEA_OID 17
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock(7235412083)" /* any number of ours */

struct pgsql_stmt {
	struct stmt base;
	char name[16];
	unsigned generation; /* of the connection that knows it */
	uint64_t ids;	     /* parameters that are lists of ids */
	char *text;
	char *params; /* room for their texts, while the statement is sent */
	size_t params_alloc;
	PGresult *res;
	struct VEC(unsigned char *) blobs; /* decoded, of this row */
};

static const struct sql has_schema = {"pgsql_has_schema",
				      "SELECT CASE WHEN to_regclass('schema_migrations') IS NULL THEN 0 ELSE 1 END"};
static const struct sql about = {"pgsql_about",
				 "SELECT current_setting('server_version'), pg_database_size(current_database())"};

static struct pgsql_db *pgsql(struct db *db)
{
	return (struct pgsql_db *)db;
}

static const struct {
	const char *state; /* SQLSTATE, or its class */
	enum err err;
	enum pgsql_again again;
} states[] = {
	{"23505", ERR_CONFLICT, PGSQL_AGAIN_CONFLICT}, /* unique_violation */
	{"40001", ERR_BUSY, PGSQL_AGAIN_RACE},	       /* serialization_failure */
	{"40P01", ERR_BUSY, PGSQL_AGAIN_RACE},	       /* deadlock_detected */
	{"08P01", ERR_INTERNAL, PGSQL_AGAIN_NO},       /* protocol_violation: wrong number of parameters */
	{"08", ERR_UNAVAILABLE, PGSQL_AGAIN_LOST},     /* connection_exception */
	{"57014", ERR_UNAVAILABLE, PGSQL_AGAIN_NO},    /* query_canceled: the statement took too long */
	{"57P", ERR_UNAVAILABLE, PGSQL_AGAIN_LOST},    /* shutdown, crash, cannot_connect_now */
	{"25006", ERR_UNAVAILABLE, PGSQL_AGAIN_LOST},  /* read_only_sql_transaction: this one is a standby now */
	{"25P03", ERR_UNAVAILABLE, PGSQL_AGAIN_LOST},  /* idle_in_transaction_session_timeout */
	{"55P03", ERR_BUSY, PGSQL_AGAIN_RACE},	       /* lock_not_available */
	{"53100", ERR_NO_SPACE, PGSQL_AGAIN_NO},       /* disk_full */
	{"53", ERR_UNAVAILABLE, PGSQL_AGAIN_NO},       /* insufficient_resources */
	{"58", ERR_UNAVAILABLE, PGSQL_AGAIN_NO},       /* system_error */
	{"54", ERR_TOO_LARGE, PGSQL_AGAIN_NO},	       /* program_limit_exceeded: a key over 2.7 kB */
	{"22021", ERR_INVALID, PGSQL_AGAIN_NO},	       /* character_not_in_repertoire: not UTF-8 */
	{"XX001", ERR_CORRUPT, PGSQL_AGAIN_NO},	       /* data_corrupted */
	{"XX002", ERR_CORRUPT, PGSQL_AGAIN_NO},	       /* index_corrupted */
};

/* Notes what went wrong, and answers with it. res NULL: the connection is gone. */
static enum err failed(struct pgsql_db *db, const struct sql *sql, const PGresult *res)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : "08006";
	const char *message = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : "the connection was lost";
	enum err err = ERR_INTERNAL;

	db->again = PGSQL_AGAIN_NO;
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (view_starts(view_of(state), view_of(states[i].state))) {
			err = states[i].err;
			db->again = states[i].again;
			break;
		}
	/* Outside a write, the transaction is read-only because we say so. */
	if (state && view_is(view_of(state), "25006") && db->base.tx != TX_WRITE)
		err = ERR_INTERNAL;
	if (db->again == PGSQL_AGAIN_LOST && db->conn)
		pgsql_lost(db);
	return db_failed(&db->base, sql, err, message ? message : "no message");
}

static bool succeeded(const PGresult *res)
{
	ExecStatusType status = res ? PQresultStatus(res) : PGRES_FATAL_ERROR;

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

PGresult *pgsql_send(struct pgsql_db *db, const char *text, enum err *ret_err)
{
	const struct sql name = {text, text};
	PGresult *res = NULL;

	if (!db->conn || !PQsendQuery(db->conn, text)) {
		if (db->conn)
			pgsql_lost(db);
	} else {
		res = pgsql_result(db);
	}
	if (succeeded(res))
		return res;
	*ret_err = failed(db, &name, res);
	PQclear(res);
	return NULL;
}

enum err pgsql_simple(struct pgsql_db *db, const char *text, struct problem *problem)
{
	PGresult *res = NULL;
	enum err err = ERR_UNAVAILABLE;

	if (!db->conn || !PQsendQuery(db->conn, text))
		return fail(problem, err, "the connection to the database was lost");
	res = pgsql_result(db);
	if (succeeded(res))
		err = OK;
	else if (res)
		err = fail(problem, ERR_INTERNAL, "%.200s", PQresultErrorMessage(res));
	PQclear(res);
	return err;
}

static enum err pgsql_open(struct store *s, struct problem *problem)
{
	struct pgsql_shared *sh = xcalloc(1, sizeof(*sh));

	(void)problem;
	pthread_mutex_init(&sh->lock, NULL);
	s->shared = sh;
	return OK;
}

static enum err pgsql_start(struct store *s)
{
	(void)s; /* writes need no thread of their own */
	return OK;
}

static void pgsql_forget(struct store *s)
{
	struct pgsql_shared *sh = s->shared;

	pthread_mutex_destroy(&sh->lock);
	free(sh);
	s->shared = NULL;
}

static struct db *pgsql_db_new(struct store *s, bool writer)
{
	struct pgsql_db *db = xcalloc(1, sizeof(*db));

	db_init(&db->base, s, writer);
	return &db->base;
}

static void pgsql_db_free(struct db *base)
{
	struct pgsql_db *db = pgsql(base);

	PQfinish(db->conn);
	db_release(base);
	free(db);
}

static enum err pgsql_script(struct db *db, const char *text, struct problem *problem)
{
	return pgsql_simple(pgsql(db), text, problem);
}

static enum err pgsql_lock_schema(struct db *tx)
{
	return pgsql_simple(pgsql(tx), SCHEMA_LOCK, NULL);
}

static void free_blobs(struct pgsql_stmt *st)
{
	while (st->blobs.n > 0)
		PQfreemem(st->blobs.v[--st->blobs.n]);
}

static void pgsql_stmt_free(struct stmt *base)
{
	struct pgsql_stmt *st = (struct pgsql_stmt *)base;

	free_blobs(st);
	VEC_FREE(&st->blobs);
	PQclear(st->res);
	free(st->params);
	free(st->text);
	free(st);
}

/* Makes the statement known to the connection. */
static enum err introduce(struct pgsql_db *db, struct pgsql_stmt *st)
{
	PGresult *res = NULL;
	enum err err = OK;

	if (st->generation == db->generation && db->conn)
		return OK;
	if (!db->conn)
		return failed(db, st->base.sql, NULL);
	if (PQsendPrepare(db->conn, st->name, st->text, 0, NULL))
		res = pgsql_result(db);
	else
		pgsql_lost(db);
	if (succeeded(res))
		st->generation = db->generation;
	else
		err = failed(db, st->base.sql, res);
	PQclear(res);
	return err;
}

static enum err pgsql_prepare(struct db *base, const struct sql *sql, struct stmt **ret)
{
	struct pgsql_db *db = pgsql(base);
	struct pgsql_stmt *st;
	struct buf text;
	enum err err;

	if (base->tx == TX_NONE)
		TRY(pgsql_connect(base, NULL));
	st = xcalloc(1, sizeof(*st));
	st->base.sql = sql;
	snprintf(st->name, sizeof(st->name), "s%u", db->statements++);
	buf_init(&text, LIMIT_SQL_BYTES);
	st->ids = sql_expand_ids(sql->text, "(SELECT unnest(CAST(", " AS BIGINT[])))", &text);
	if (text.over)
		BUG("statement %s is too long", sql->name);
	st->text = buf_detach(&text);
	err = introduce(db, st);
	/* When the connection turned out to be gone, the query that follows makes a new one. */
	if (err != OK && (base->tx != TX_NONE || db->again != PGSQL_AGAIN_LOST)) {
		pgsql_stmt_free(&st->base);
		return err;
	}
	*ret = &st->base;
	return OK;
}

static size_t param_room(const struct bind *b)
{
	return b->kind == BIND_INT ? INT_TEXT_LEN : b->text.len + 1;
}

/* Room for the texts of all; they must not move once the first is written. */
static char *params_room(struct pgsql_stmt *st, const struct bind *binds, size_t n)
{
	size_t room = 1;

	for (size_t i = 0; i < n; i++)
		room += param_room(&binds[i]);
	if (room > st->params_alloc) {
		st->params = xrealloc(st->params, room);
		st->params_alloc = room;
	}
	return st->params;
}

/* Writes the text of parameter i to p, NUL-terminated. */
static void param_text(const struct pgsql_stmt *st, const struct bind *b, size_t i, char *p)
{
	size_t len = b->text.len;

	if (b->kind == BIND_INT) {
		snprintf(p, INT_TEXT_LEN, "%" PRId64, b->num);
		return;
	}
	if (len)
		memcpy(p, b->text.p, len);
	p[len] = '\0';
	if (st->ids >> i & 1 && len >= 2) {
		p[0] = '{'; /* "[1,2]" in PostgreSQL's spelling */
		p[len - 1] = '}';
	}
}

static bool send(struct pgsql_db *db, struct pgsql_stmt *st, const struct bind *binds, size_t n)
{
	const char *values[STORE_PARAMS_MAX] = {0};
	int lengths[STORE_PARAMS_MAX] = {0}, formats[STORE_PARAMS_MAX] = {0};
	char *p = params_room(st, binds, n);

	for (size_t i = 0; i < n; i++) {
		const struct bind *b = &binds[i];

		if (b->kind == BIND_BLOB) {
			values[i] = b->text.len ? b->text.p : "";
			lengths[i] = (int)b->text.len;
			formats[i] = 1;
		} else if (b->kind != BIND_NULL) {
			param_text(st, b, i, p);
			values[i] = p;
			p += param_room(b);
		}
	}
	return PQsendQueryPrepared(db->conn, st->name, (int)n, values, lengths, formats, 0);
}

static enum err run(struct pgsql_db *db, struct pgsql_stmt *st, const struct bind *binds, size_t n)
{
	PGresult *res = NULL;
	enum err err;

	TRY(introduce(db, st));
	if (send(db, st, binds, n))
		res = pgsql_result(db);
	else
		pgsql_lost(db);
	if (succeeded(res)) {
		st->res = res;
		return OK;
	}
	err = failed(db, st->base.sql, res);
	PQclear(res);
	return err;
}

static enum err pgsql_query(struct db *base, struct stmt *stmt, const struct bind *binds, size_t n, bool keep)
{
	struct pgsql_db *db = pgsql(base);
	struct pgsql_stmt *st = (struct pgsql_stmt *)stmt;
	enum err err;

	(void)keep; /* all has been sent when this returns */
	if (n > STORE_PARAMS_MAX)
		return db_failed(base, stmt->sql, ERR_INTERNAL, "too many parameters");
	if (base->tx != TX_NONE)
		return run(db, st, binds, n);
	TRY(pgsql_connect(base, NULL));
	err = run(db, st, binds, n);
	if (err == OK || db->again != PGSQL_AGAIN_LOST)
		return err;
	/* The server may have been restarted since: a read can be asked again. */
	TRY(pgsql_connect(base, NULL));
	return run(db, st, binds, n);
}

static struct pgsql_stmt *statement(const struct rows *r)
{
	return r->stmt;
}

static bool pgsql_next(struct rows *r)
{
	struct pgsql_stmt *st = statement(r);

	free_blobs(st);
	if (r->at + 1 >= PQntuples(st->res)) {
		r->at = PQntuples(st->res);
		return false;
	}
	r->at++;
	return true;
}

static int64_t pgsql_changed(struct db *db, struct stmt *stmt)
{
	PGresult *res = ((struct pgsql_stmt *)stmt)->res;
	int64_t n = 0;

	(void)db;
	/* "SELECT 3" counts rows too, but changed none. */
	if (!view_starts(view_of(PQcmdStatus(res)), V("SELECT")))
		(void)parse_i64(view_of(PQcmdTuples(res)), 0, INT64_MAX, &n);
	return n;
}

static void pgsql_end(struct db *db, struct stmt *stmt)
{
	struct pgsql_stmt *st = (struct pgsql_stmt *)stmt;

	(void)db;
	free_blobs(st);
	PQclear(st->res);
	st->res = NULL;
}

static struct view raw(const struct rows *r, int column)
{
	PGresult *res = statement(r)->res;

	return view_make(PQgetvalue(res, (int)r->at, column), (size_t)PQgetlength(res, (int)r->at, column));
}

static int64_t pgsql_column_int(const struct rows *r, int column)
{
	struct view v = raw(r, column);
	int64_t n = 0;

	if (view_is(v, "t"))
		return 1; /* SQLite's truth */
	(void)parse_i64(view_sub(v, 0, view_find(v, 0, '.')), INT64_MIN, INT64_MAX, &n);
	return n;
}

static struct view pgsql_column_text(const struct rows *r, int column)
{
	struct pgsql_stmt *st = statement(r);
	unsigned char *blob;
	size_t len;

	if (PQftype(st->res, column) != BYTEA_OID)
		return raw(r, column);
	blob = PQunescapeBytea((const unsigned char *)PQgetvalue(st->res, (int)r->at, column), &len);
	if (!blob)
		BUG("out of memory");
	VEC_PUSH(&st->blobs, blob);
	return view_make((const char *)blob, len);
}

static bool pgsql_column_null(const struct rows *r, int column)
{
	return PQgetisnull(statement(r)->res, (int)r->at, column);
}

const struct driver driver_pgsql = {
	.scheme = "postgres",
	.server = true,
	.words = {.clustered = "",
		  .text = "TEXT COLLATE \"C\"", /* compares bytes, as SQLite does */
		  .bigint = "BIGINT"},
	.has_schema = &has_schema,
	.key = "postgresql",
	.name = "PostgreSQL",
	.about = &about,
	.fts = &fts_pgsql,
	.open = pgsql_open,
	.start = pgsql_start,
	.close = pgsql_forget,
	.db_new = pgsql_db_new,
	.db_free = pgsql_db_free,
	.connect = pgsql_connect,
	.begin = pgsql_begin,
	.commit = pgsql_commit,
	.rollback = pgsql_rollback,
	.lock_schema = pgsql_lock_schema,
	.script = pgsql_script,
	.prepare = pgsql_prepare,
	.stmt_free = pgsql_stmt_free,
	.query = pgsql_query,
	.next = pgsql_next,
	.changed = pgsql_changed,
	.end = pgsql_end,
	.column_int = pgsql_column_int,
	.column_text = pgsql_column_text,
	.column_null = pgsql_column_null,
	.write = pgsql_write,
	.settled = pgsql_settled,
	.backup = pgsql_backup,
	.restore = pgsql_restore,
	.check = pgsql_check,
};
