/*
 * arms.h - where a search gets its candidates: one arm for each leaf of the query's cover that the database can walk,
 * newest first, merged into one sequence of ids. Private to this folder.
 */
#ifndef QUERY_ARMS_H
#define QUERY_ARMS_H

#include "query/ast.h"

struct arms;

/* Ids between min_id and max_id, both exclusive. */
enum err arms_open(struct core *c, struct db *db, struct arena *a, const struct query *q, int64_t min_id,
		   int64_t max_id, struct arms **ret);

/* Ids that may match, each once, newest first; fewer than cap: there are no more. */
enum err arms_next(struct arms *arms, int64_t *ret, size_t cap, size_t *ret_n);

#endif
