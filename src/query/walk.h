/*
 * walk.h - posts that match, one after another, newest first: candidates of arms.h, thinned by one statement for each
 * batch, and judged one by one. Private to this folder.
 */
#ifndef QUERY_WALK_H
#define QUERY_WALK_H

#include "query/search.h"

struct walk;

/* The walk lives in a. At most `budget` candidates are judged. */
enum err walk_open(struct core *c, struct db *db, struct arena *a, const struct query *q,
		   const struct query_range *range, size_t budget, struct walk **ret);
void walk_close(struct walk *w); /* NULL-safe */

/* The next post; *ret 0: there is none, or the budget is used up. */
enum err walk_next(struct walk *w, int64_t *ret);

/* max_id of who goes on from here: all newer posts were judged. 0: nothing older is left. */
int64_t walk_position(const struct walk *w);

#endif
