/*
 * sqlite_connect.c - connections to SQLite, their settings, their transactions, and what its error codes mean.
 */
#include "base/base.h"
#include "store/driver_sqlite.h"
#include "store/sqlite_ballast.h"

#include <errno.h>

#define BUSY_TIMEOUT_MS 10000	  /* another process (a command line) is writing */
#define BUSY_PAUSE_MS 5
#define LOG_BYTES_KEPT (64 << 20) /* of the write-ahead log, after a checkpoint */

static const char *const fixed_text[SQLITE_FIXED_COUNT] = {
	[SQLITE_FIXED_BEGIN_READ] = "BEGIN",	[SQLITE_FIXED_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[SQLITE_FIXED_COMMIT] = "COMMIT",	[SQLITE_FIXED_SAVEPOINT] = "SAVEPOINT job",
	[SQLITE_FIXED_RELEASE] = "RELEASE job", [SQLITE_FIXED_UNDO] = "ROLLBACK TO job",
};

static struct sqlite_db *sqlite(struct db *db)
{
	return (struct sqlite_db *)db;
}

static bool is_full(int e)
{
	return e == ENOSPC || e == EDQUOT || e == EFBIG;
}

/*
 * An I/O error is a full disk when the system said so (a quota and a file size limit are full disks too). SQLite 3.40
 * keeps the system's word for statements, but not for a COMMIT: then errno is still what it was.
 */
static bool out_of_space(sqlite3 *h)
{
	return is_full(errno) || (h && is_full(sqlite3_system_errno(h)));
}

enum err sqlite_err(sqlite3 *h, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return OK;
	case SQLITE_CONSTRAINT:
		return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
				       rc == SQLITE_CONSTRAINT_ROWID
			       ? ERR_CONFLICT
			       : ERR_INTERNAL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_FULL:
		return ERR_NO_SPACE;
	case SQLITE_IOERR:
		return out_of_space(h) || rc == SQLITE_IOERR_SHMSIZE ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	case SQLITE_CANTOPEN:
		return out_of_space(h) ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	case SQLITE_NOMEM:
		return ERR_UNAVAILABLE;
	case SQLITE_READONLY:
		return rc == SQLITE_READONLY ? ERR_INTERNAL : ERR_UNAVAILABLE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_TOOBIG:
		return ERR_TOO_LARGE;
	default:
		return ERR_INTERNAL;
	}
}

enum err sqlite_failed(struct db *db, const struct sql *sql, int rc)
{
	sqlite3 *h = sqlite(db)->h;

	return db_failed(db, sql, sqlite_err(h, rc), h ? sqlite3_errmsg(h) : sqlite3_errstr(rc));
}

void sqlite_disconnect(struct sqlite_db *db)
{
	for (size_t i = 0; i < SQLITE_FIXED_COUNT; i++) {
		sqlite3_finalize(db->fixed[i]);
		db->fixed[i] = NULL;
	}
	db_release(&db->base);
	map_init(&db->base.stmts);
	sqlite3_close_v2(db->h);
	db->h = NULL;
	db->base.tx = TX_NONE;
}

static int note_wal_pages(void *arg, sqlite3 *h, const char *name, int pages)
{
	(void)h;
	(void)name;
	((struct sqlite_db *)arg)->wal_pages = pages;
	return SQLITE_OK;
}

/*
 * To WAL, and waits for others who do the same to a new file: SQLite does not ask its busy handler for this lock
 * (sqlite.org/wal.html, "Sometimes queries return SQLITE_BUSY").
 */
static int to_wal(sqlite3 *h)
{
	int rc;

	for (int waited = 0;; waited += BUSY_PAUSE_MS) {
		rc = sqlite3_exec(h, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY || waited >= BUSY_TIMEOUT_MS)
			return rc;
		sqlite3_sleep(BUSY_PAUSE_MS);
	}
}

static int set_up_connection(struct sqlite_db *db)
{
	bool writes = db->base.writer && !db->base.store->config.read_only;
	char sql[512];
	int rc;

	sqlite3_extended_result_codes(db->h, 1);
	sqlite3_busy_timeout(db->h, BUSY_TIMEOUT_MS);
	/* No mmap: SQLite unmaps the file whenever another connection has written, so that each read would map it anew. */
	/* Checkpoints are the writer's to time; setting the hook turns the automatic ones off. */
	sqlite3_wal_hook(db->h, note_wal_pages, db);
	snprintf(sql, sizeof(sql),
		 "PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-%zu;"
		 "PRAGMA mmap_size=0; PRAGMA journal_size_limit=%d; PRAGMA secure_delete=FAST;"
		 "PRAGMA case_sensitive_like=ON; PRAGMA trusted_schema=OFF; %s",
		 db->base.store->config.sqlite_cache_kib, LOG_BYTES_KEPT, writes ? "" : "PRAGMA query_only=ON");
	rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK && writes ? to_wal(db->h) : rc;
}

static bool is_damage(int rc)
{
	return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
}

static int open_database(struct sqlite_db *db)
{
	const struct store *store = db->base.store;
	int flags = SQLITE_OPEN_NOMUTEX | (store->config.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	int rc = sqlite3_open_v2(store->target, &db->h, flags, NULL);

	return rc == SQLITE_OK ? set_up_connection(db) : rc;
}

enum err sqlite_connect(struct db *base, struct problem *problem)
{
	struct sqlite_db *db = sqlite(base);
	const char *target = base->store->target;
	int rc;
	enum err err;

	if (db->h)
		return OK;
	rc = open_database(db);
	if (rc == SQLITE_IOERR_SHMSIZE && ballast_give(target)) {
		sqlite_disconnect(db);
		rc = open_database(db);
	}
	if (rc == SQLITE_OK && base->writer && !base->store->config.read_only)
		ballast_keep(target);
	if (rc == SQLITE_OK)
		return OK;
	err = sqlite_err(db->h, rc);
	(void)fail(problem, err, "cannot open %s: %s (%d)%s", target,
		   db->h ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc), rc,
		   is_damage(rc) ? "; `kicau restore --force FILE` brings a backup back" : "");
	sqlite_disconnect(db);
	return err;
}

enum err sqlite_fixed(struct sqlite_db *db, enum sqlite_fixed which)
{
	const struct sql name = {fixed_text[which], fixed_text[which]};
	sqlite3_stmt *st = db->fixed[which];
	int rc;

	if (!st) {
		rc = sqlite3_prepare_v3(db->h, name.text, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
		if (rc != SQLITE_OK)
			return sqlite_failed(&db->base, &name, rc);
		db->fixed[which] = st;
	}
	errno = 0; /* see out_of_space */
	rc = sqlite3_step(st);
	if (rc != SQLITE_DONE) {
		enum err err = sqlite_failed(&db->base, &name, rc);

		sqlite3_reset(st);
		return err;
	}
	sqlite3_reset(st);
	return OK;
}

enum err sqlite_begin(struct db *db, enum tx_kind kind)
{
	TRY(sqlite_connect(db, NULL));
	TRY(sqlite_fixed(sqlite(db), kind == TX_WRITE ? SQLITE_FIXED_BEGIN_WRITE : SQLITE_FIXED_BEGIN_READ));
	db->tx = kind;
	db->tx_err = OK;
	return OK;
}

void sqlite_rollback(struct db *db)
{
	sqlite3 *h = sqlite(db)->h;

	/* Not a prepared statement: it must work when memory or disk did not. SQLite may have rolled back by itself. */
	if (h && !sqlite3_get_autocommit(h) && sqlite3_exec(h, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK &&
	    !sqlite3_get_autocommit(h))
		sqlite_disconnect(sqlite(db));
	db->tx = TX_NONE;
	db->tx_err = OK;
}

enum err sqlite_commit(struct db *db)
{
	enum err err = sqlite_fixed(sqlite(db), SQLITE_FIXED_COMMIT);

	if (err != OK)
		sqlite_rollback(db);
	db->tx = TX_NONE;
	db->tx_err = OK;
	return err;
}
