/*
 * fts_waiting.h - tokens of posts that are not in SQLite's full-text index yet. FTS5 writes a segment of its index with
 * every commit, and merges segments later: for thirty posts that costs five times what it does for five hundred. So new
 * posts wait in a plain table, searches read it beside the index, and the writer moves what has gathered. Private to
 * src/store.
 */
#ifndef STORE_FTS_WAITING_H
#define STORE_FTS_WAITING_H

#include "store/driver_sqlite.h"

#define FTS_WAITING_MANY 512

enum err fts_waiting_create(struct db *tx);
enum err fts_waiting_put(struct db *tx, struct post_id post, struct view tokens);
enum err fts_waiting_del(struct db *tx, struct post_id post);

/* Like search_index_find, among those that wait. */
enum err fts_waiting_find(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id, int64_t min_id,
			  struct post_id *ret, size_t cap, size_t *ret_n);

/* Moves at most FTS_WAITING_MANY into the index; *ret_moved says how many. */
enum err fts_waiting_move(struct db *tx, int64_t *ret_moved);

/*
 * By the writer, between two transactions: moves posts into the index when many wait, or some for long. Returns when it
 * wants to be called again even if nothing is written, in ns of the monotonic clock; 0: nothing waits.
 */
int64_t fts_waiting_tend(struct sqlite_db *writer);

#endif
