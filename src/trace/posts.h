/*
 * posts.h - our posts as a leak is compared with them: the index made from the database, and their texts.
 *
 * In the index are posts written here that anybody may see, with each version of their texts; boosts, by their ids; and what
 * the ledger says was delivered and is gone since, by its id alone.
 */
#ifndef TRACE_POSTS_H
#define TRACE_POSTS_H

#include "ledger/ledger.h"
#include "store/store.h"
#include "trace/matcher.h"

typedef void trace_progress_fn(void *arg, uint64_t done, uint64_t total);

/* ledger: NULL without one. Reads page by page beside a server that runs. Errors of index_build_end() and of the store. */
enum err trace_index_make(struct db *db, struct ledger *ledger, const char *path, trace_progress_fn *progress,
			  void *arg, struct problem *problem);
struct matcher_texts trace_texts(struct db *db);

#endif
