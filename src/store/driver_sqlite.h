/*
 * driver_sqlite.h - what the SQLite files of this folder share. Private to them.
 */
#ifndef STORE_DRIVER_SQLITE_H
#define STORE_DRIVER_SQLITE_H

#include <sqlite3.h>

#include "store/driver.h"

enum sqlite_fixed {
	SQLITE_FIXED_BEGIN_READ,
	SQLITE_FIXED_BEGIN_WRITE,
	SQLITE_FIXED_COMMIT,
	SQLITE_FIXED_SAVEPOINT,
	SQLITE_FIXED_RELEASE,
	SQLITE_FIXED_UNDO,
	SQLITE_FIXED_COUNT
};

struct sqlite_db {
	struct db base;
	sqlite3 *h; /* NULL until connected */
	sqlite3_stmt *fixed[SQLITE_FIXED_COUNT];
	int wal_pages; /* length of the log after this connection's last commit */

	/* The writer's, of fts_waiting.c. */
	size_t search_waiting;	 /* posts to be indexed, about */
	int64_t search_since_ns; /* the first of them was seen then; 0: none was */
};

/* sqlite_connect.c */
enum err sqlite_connect(struct db *db, struct problem *problem);
void sqlite_disconnect(struct sqlite_db *db);
/* Runs one of the statements without parameters that keep a transaction. */
enum err sqlite_fixed(struct sqlite_db *db, enum sqlite_fixed which);
/* What a result code means to the callers above; h may be NULL. */
enum err sqlite_err(sqlite3 *h, int rc);

/* Reports a failed statement by its result code. */
enum err sqlite_failed(struct db *db, const struct sql *sql, int rc);
enum err sqlite_begin(struct db *db, enum tx_kind kind);
void sqlite_rollback(struct db *db);
enum err sqlite_commit(struct db *db);

/* backup_sqlite.c */
enum err sqlite_backup(struct store *s, const char *file, struct problem *problem);
enum err sqlite_restore(const char *path, const char *file, struct problem *problem);
enum err sqlite_check(struct store *s, struct problem *problem);

#endif
