/*
 * writer.h - SQLite's one writer: a thread that runs the writes of all others in their order, many in one transaction,
 * so that one fsync serves them all. Private to the SQLite driver.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/store.h"

struct writer;

/* queue_max: writes waiting; more answer ERR_BUSY. */
struct writer *writer_start(struct store *s, size_t queue_max);
void writer_stop(struct writer *w); /* runs what is queued, joins, frees; NULL-safe */

/* See store_write and store_write_async; done NULL waits. Called on the writer's own thread it is a BUG(). */
enum err writer_submit(struct writer *w, enum err (*fn)(struct db *tx, void *arg), void *arg,
		       void (*done)(enum err err, void *arg));

#endif
