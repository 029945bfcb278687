/*
 * search_index.h - full text of posts: SQLite FTS5 or PostgreSQL text search behind one face. Both index the same
 * tokens (text/segment.h), so they find the same posts. This and the drivers are the only dialect code.
 */
#ifndef STORE_SEARCH_INDEX_H
#define STORE_SEARCH_INDEX_H

#include "base/id.h"
#include "store/store.h"

/* tokens: space-separated, from segment(). Replaces what was indexed for the post. Inside a store_write. */
enum err search_index_put(struct db *tx, struct post_id post, struct view tokens);
enum err search_index_delete(struct db *tx, struct post_id post);

struct search_term {
	struct view phrase;   /* tokens separated by one space; never empty */
	bool negated, prefix; /* prefix: the last token matches by its beginning */
};
/*
 * Ids of posts that match all terms, newest first, older than max_id (0: no bound) and newer than min_id (0: no
 * bound), at most cap; returns how many. All terms negated, or none, finds nothing.
 */
enum err search_index_find(struct db *db, const struct search_term *terms, size_t n, int64_t max_id, int64_t min_id,
			   struct post_id *ret, size_t cap, size_t *ret_n);

/* The same for alternatives: posts that match all terms of at least one clause. Each has a term that is not negated. */
struct search_clause {
	const struct search_term *terms;
	size_t n;
};
enum err search_index_find_any(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id,
			       int64_t min_id, struct post_id *ret, size_t cap, size_t *ret_n);

#endif
