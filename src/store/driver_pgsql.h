/*
 * driver_pgsql.h - what the PostgreSQL files of this folder share. Private to them.
 */
#ifndef STORE_DRIVER_PGSQL_H
#define STORE_DRIVER_PGSQL_H

#include <libpq-fe.h>

#include "store/driver.h"

/* What may help after a failure. */
enum pgsql_again {
	PGSQL_AGAIN_NO,
	PGSQL_AGAIN_RACE,     /* a deadlock or a serialization failure: others were in the way */
	PGSQL_AGAIN_CONFLICT, /* a unique key: the row may have come since fn looked; a second look tells */
	PGSQL_AGAIN_LOST,     /* the connection is gone, and the transaction with it */
};

struct pgsql_db {
	struct db base;
	PGconn *conn;		/* NULL until connected, and after it was lost */
	unsigned generation;	/* of conn; statements are prepared once in each */
	unsigned epoch;		/* of the server, when conn was made */
	unsigned statements;	/* names given out */
	enum pgsql_again again; /* about the last failure */
	char xid[32];		/* of the open write transaction */
};

/* Whether the server is there, known to all threads: while it is away only one of them asks again, now and then. And
 * what pgsql_settled.c knows. */
struct pgsql_shared {
	pthread_mutex_t lock;
	bool away, asking;
	unsigned epoch; /* how often it came back: the loss of a connection made before is no news */
	int64_t ask_at_ns, pause_ns;
	struct settled_mark {
		int64_t id;
		uint64_t number; /* 0: none waits */
	} mark;
	int64_t settled;
};

/* pgsql_connect.c */
enum err pgsql_connect(struct db *db, struct problem *problem); /* ERR_UNAVAILABLE at once while the server is away */
void pgsql_lost(struct pgsql_db *db);				/* drops the connection and spreads the word */
/*
 * The result of what was sent: the last one, or the first failure. NULL when the connection was lost, or the server
 * did not answer in time and was given up; then pgsql_lost() has been called.
 */
PGresult *pgsql_result(struct pgsql_db *db);

/* driver_pgsql.c: statements without parameters */
/* The result, which the caller clears; or NULL with *ret_err set, and the failure noted in db. */
PGresult *pgsql_send(struct pgsql_db *db, const char *text, enum err *ret_err);
enum err pgsql_simple(struct pgsql_db *db, const char *text, struct problem *problem);

/* pgsql_tx.c */
enum err pgsql_begin(struct db *base, enum tx_kind kind);
void pgsql_rollback(struct db *base);
enum err pgsql_commit(struct db *base);
enum err pgsql_write(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
		     void (*done)(enum err err, void *arg));

enum err pgsql_settled(struct db *base, int64_t *ret); /* pgsql_settled.c */

enum err pgsql_backup(struct store *s, const char *file, struct problem *problem);
enum err pgsql_restore(const char *url, const char *file, struct problem *problem);
enum err pgsql_check(struct store *s, struct problem *problem);

#endif
