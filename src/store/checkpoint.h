/*
 * checkpoint.h - copies SQLite's write-ahead log into the database file, beside the writer instead of in its way.
 * Private to the SQLite driver.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include "store/driver_sqlite.h"

struct checkpointer;

struct checkpointer *checkpointer_start(struct store *s);
void checkpointer_stop(struct checkpointer *c); /* NULL-safe */

/* By the writer, between two transactions. Short; what is long is handed to the checkpointer's thread. */
void checkpointer_tend(struct checkpointer *c, struct sqlite_db *writer);

#endif
