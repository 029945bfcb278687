/*
 * driver.h - what a database has to do for store.c. Private to src/store: the drivers are the only dialect code, and
 * nothing above sees a handle of a database library.
 */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include <pthread.h>

#include "base/map.h"
#include "store/search_index.h"
#include "store/dialect.h"
#include "store/store.h"

#define STORE_PARAMS_MAX 64 /* $1…$64 in one statement */

enum tx_kind { TX_NONE, TX_READ, TX_WRITE };

/* A prepared statement of one connection; each driver's own begins with this. */
struct stmt {
	const struct sql *sql;
	bool open; /* its rows are being read */
};

/* A connection; each driver's own begins with this. Used by one thread. */
struct db {
	struct store *store;
	struct map stmts; /* struct sql → struct stmt, by address: statements are constants */
	enum tx_kind tx;
	enum err tx_err;    /* the first failure inside the transaction: every later statement answers it too */
	bool writer;	    /* may change rows outside a store_write: migrations, the SQLite writer */
	struct db *next;    /* in store's list */
	int64_t statements; /* run so far */
};

struct fts {
	enum err (*create)(struct db *tx); /* tables, when they do not exist */
	enum err (*put)(struct db *tx, struct post_id post, struct view tokens);
	enum err (*del)(struct db *tx, struct post_id post);
	enum err (*find)(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id, int64_t min_id,
			 struct post_id *ret, size_t cap, size_t *ret_n);
};

struct driver {
	const char *scheme;	      /* what its URLs begin with */
	bool server;		      /* a program of its own, shared by several nodes */
	struct sql_words words;	      /* of a schema file */
	const struct sql *has_schema; /* one row: is there a table schema_migrations? */
	const char *key, *name;	      /* of struct store_about */
	const struct sql *about;      /* one row: version, bytes */
	const struct fts *fts;

	/* State shared by all connections. start runs once the schema is right, and before the first store_write. */
	enum err (*open)(struct store *s, struct problem *problem);
	enum err (*start)(struct store *s);
	void (*close)(struct store *s);

	struct db *(*db_new)(struct store *s, bool writer); /* connects when first used */
	void (*db_free)(struct db *db);
	enum err (*connect)(struct db *db, struct problem *problem); /* now; OK when connected already */

	enum err (*begin)(struct db *db, enum tx_kind kind);
	enum err (*commit)(struct db *db); /* on failure the transaction is undone */
	void (*rollback)(struct db *db);
	enum err (*lock_schema)(struct db *tx); /* keeps a second process from migrating at the same time */
	/* Several statements without parameters. */
	enum err (*script)(struct db *db, const char *text, struct problem *problem);

	enum err (*prepare)(struct db *db, const struct sql *sql, struct stmt **ret);
	void (*stmt_free)(struct stmt *st);
	/* keep: binds must be copied, since rows are read after the caller's binds may be gone. */
	enum err (*query)(struct db *db, struct stmt *st, const struct bind *binds, size_t n, bool keep);
	bool (*next)(struct rows *r);			    /* false at the end, and on failure with r->err set */
	int64_t (*changed)(struct db *db, struct stmt *st); /* by the statement that has run to its end */
	void (*end)(struct db *db, struct stmt *st);
	int64_t (*column_int)(const struct rows *r, int column);
	struct view (*column_text)(const struct rows *r, int column);
	bool (*column_null)(const struct rows *r, int column);

	/* done NULL: returns when durable. Otherwise done is called later or now, unless an error is returned. */
	enum err (*write)(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
			  void (*done)(enum err err, void *arg));
	enum err (*settled)(struct db *db, int64_t *ret); /* store_settled */

	enum err (*backup)(struct store *s, const char *file, struct problem *problem);
	enum err (*restore)(const char *url, const char *file, struct problem *problem);
	enum err (*check)(struct store *s, struct problem *problem);
};

struct store {
	const struct driver *driver;
	struct store_config config; /* url is our copy */
	const char *target;	    /* in url, behind the scheme (SQLite: the path) */
	pthread_key_t key;	    /* this thread's struct db */
	pthread_mutex_t lock;	    /* for dbs */
	struct db *dbs;
	void *shared; /* the driver's own: SQLite's writer, PostgreSQL's state of the connection */
};

extern const struct driver driver_sqlite, driver_pgsql;
extern const struct fts fts_sqlite, fts_pgsql;

/* For drivers. */
void db_init(struct db *db, struct store *s, bool writer);
void db_release(struct db *db);			  /* frees its statements */
void store_adopt(struct store *s, struct db *db); /* makes db the calling thread's connection */
/* A thread of the store's own, without signals: those are for the threads that wait for them. */
pthread_t store_thread(const char *name, void *(*fn)(void *), void *arg);
/* Logs a failed statement and counts it; a mistake of ours (ERR_INTERNAL) is a BUG() in debug builds. Returns err. */
enum err db_failed(struct db *db, const struct sql *sql, enum err err, const char *message);
/* Runs fn inside the transaction that is open on db; undoes nothing. The error of fn, or of any statement in it. */
enum err db_run_in_tx(struct db *db, enum err (*fn)(struct db *tx, void *arg), void *arg);

#endif
