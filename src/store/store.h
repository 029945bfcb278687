/*
 * store.h - SQL for everybody above: named statements with bound parameters, rows, and durable writes. One SQL text
 * serves SQLite and PostgreSQL; there is no way to splice a value into it.
 *
 * Threads: every thread has a connection of its own, made on first use by store_db() and closed by
 * store_thread_done(). Reads are statements on it. Writes go through store_write(): on SQLite they travel to the one
 * writer thread, which commits many together; on PostgreSQL they run on the thread's own connection.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"
#include "base/arena.h"

struct store;
struct db; /* one connection, used by one thread */

struct store_config {
	const char *url;	 /* "sqlite:PATH", or "postgresql://…" as libpq takes it */
	size_t sqlite_cache_kib; /* page cache of each connection; 0: 8 MiB */
	size_t queue_max;	 /* writes waiting for the writer; more answer ERR_BUSY; 0: 4096 */
	bool read_only;		 /* for doctor: never creates or migrates */
};

/* Opens, and migrates the schema forward (store/migrate.h). A newer schema than this program's is ERR_CONFLICT. */
enum err store_open(const struct store_config *config, struct store **ret, struct problem *problem);
void store_close(struct store *s); /* drains writes; NULL-safe */

/* The calling thread's connection. Never NULL: a database that is away shows as ERR_UNAVAILABLE on the first query. */
struct db *store_db(struct store *s);
int64_t db_statements(const struct db *db); /* that this connection has run */
void store_thread_done(struct store *s);    /* closes the calling thread's connection */

/*
 * A statement: a named constant. SQL(find_account, "SELECT … WHERE id = $1") defines `static const struct sql
 * find_account` and registers it, so that the tests can prepare every statement on both databases.
 * Parameters are $1…$n. The one extension: `x IN IDS($n)` with a B_IDS parameter, a list of ids.
 * Dialect: what both speak (ON CONFLICT, RETURNING, CTE, window functions, row values); times are ms in BIGINT,
 * booleans 0/1 in INTEGER; `$1 IS NULL` needs CAST($1 AS BIGINT).
 */
struct sql {
	const char *name, *text;
};
#define SQL(id, sql_text)                                                                                              \
	static const struct sql id = {#id, sql_text};                                                                  \
	__attribute__((used, retain, section("kicau_sql"))) static const struct sql *const id##_registered = &id

struct bind {
	enum { BIND_NULL, BIND_INT, BIND_TEXT, BIND_BLOB } kind;
	int64_t num;
	struct view text;
};
#define B_NULL ((struct bind){.kind = BIND_NULL})
#define B_INT(n) ((struct bind){.kind = BIND_INT, .num = (int64_t)(n)})
#define B_TEXT(v) ((struct bind){.kind = BIND_TEXT, .text = (v)})
#define B_BLOB(v) ((struct bind){.kind = BIND_BLOB, .text = (v)})
#define B_INT_OR_NULL(n) ((n) ? B_INT(n) : B_NULL)
struct bind bind_ids(struct arena *a, const int64_t *ids, size_t n); /* for IDS($n) */
#define BINDS(...) ((const struct bind[]){__VA_ARGS__}), (sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind))
#define NO_BINDS NULL, 0

/*
 * Rows: struct rows r; db_query(db, &r, &sql, BINDS(…)); while (rows_next(&r)) … row_int(&r, 0) …; TRY(rows_end(&r));
 * db_query never fails by itself; the error comes out of rows_end. Leaving the loop early is fine, rows_end must be
 * called. Texts are views that live until the next rows_next/rows_end: copy what you keep. NULL reads as 0 or empty.
 * A statement may not be re-entered on the same connection while its rows are open (BUG).
 */
struct rows {
	struct db *db;
	void *stmt;
	int64_t at;
	enum err err;
};
void db_query(struct db *db, struct rows *r, const struct sql *sql, const struct bind *binds, size_t n);
bool rows_next(struct rows *r);
enum err rows_end(struct rows *r);
int64_t row_int(const struct rows *r, int column);
struct view row_text(const struct rows *r, int column); /* also blobs */
bool row_is_null(const struct rows *r, int column);
struct view row_copy(const struct rows *r, int column, struct arena *a);

/* Runs to the end. *ret_changed (may be NULL): rows inserted, updated or deleted. */
enum err db_exec(struct db *db, const struct sql *sql, const struct bind *binds, size_t n, int64_t *ret_changed);
/* One integer of the first row; ERR_NOT_FOUND when there is no row. */
enum err db_int(struct db *db, const struct sql *sql, const struct bind *binds, size_t n, int64_t *ret);

/*
 * Runs fn in a transaction and returns when it is durable (SQLite: synchronous=FULL group commit). An error from fn
 * undoes its work and is returned. fn may run more than once (a conflict, a batch that failed), so it writes only to
 * the database and to *arg, and begins by setting what it adds up; it must not block, call store_write or take locks.
 * After one of its statements failed, the rest fail the same way and nothing is kept, whatever fn returns: do not use
 * a failure (ERR_CONFLICT) to find out something, ask (ON CONFLICT DO NOTHING, RETURNING).
 * ERR_BUSY: queue full. ERR_NO_SPACE: disk full. ERR_UNAVAILABLE: the database is away. Nothing was written then.
 */
enum err store_write(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg);
/*
 * The same without waiting: done runs once, after the commit or the failure, on the writer's thread (SQLite) or before
 * the call returns (PostgreSQL); it must be short and must not write. When an error is returned, done does not run.
 */
enum err store_write_async(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
			   void (*done)(enum err err, void *arg));

/* Reads that must agree with each other: fn sees one snapshot. */
enum err store_read(struct store *s, enum err (*fn)(struct db *db, void *arg), void *arg);

/*
 * Up to which id all is told: what writes chose with id_next() up to *ret is visible to reads that begin behind this call,
 * or was undone. A write that is open for longer than STORE_SETTLE_MS is not waited for. While the answer lies before an
 * id that one knows of, ask again soon. Not inside a transaction.
 */
#define STORE_SETTLE_MS 5000
enum err store_settled(struct store *s, struct db *db, int64_t *ret);

/* True on PostgreSQL. For doctor, backup and logs; a query must not depend on it. */
bool store_is_server(const struct store *s);

/* For moderators: what the posts are kept with, and how much of it. */
struct store_about {
	const char *key, *name; /* "sqlite", "SQLite" */
	struct view version;
	int64_t bytes;
};
enum err store_about(struct store *s, struct db *db, struct arena *a, struct store_about *ret);

/* kicau backup / restore / doctor. Backup is consistent while others write. */
enum err store_backup(struct store *s, const char *file, struct problem *problem);
enum err store_restore(const char *url, const char *file, struct problem *problem);
enum err store_check(struct store *s, struct problem *problem); /* integrity of the database file */

#endif
