/*
 * search.h - posts of the database that match a query, newest first, in pages by id; and how many there are. The
 * database gives candidates by what its indexes know (words, tags, authors, replies, time); query_match() judges each.
 * A page takes up to half a second, a count two, when what is asked for is rare: never on an HTTP loop.
 */
#ifndef QUERY_SEARCH_H
#define QUERY_SEARCH_H

#include "query/query.h"

struct query_range {
	/*
	 * Both exclusive; 0: no bound. since_id and until_id as they come; times as ids: start_time is min_id =
	 * id_at(ms) - 1, end_time is max_id = id_at(ms). The narrower of both is the caller's to choose.
	 */
	int64_t min_id, max_id;
	/* Asked of each post that matches, before it counts; NULL: all may. Its error ends the search. */
	enum err (*may)(void *arg, struct db *db, struct arena *a, const struct post *post, bool *ret);
	void *arg;
};

struct query_found {
	const struct post_id *ids; /* newest first, in the arena */
	size_t n;
	/*
	 * max_id of the next page; 0: there is nothing older. How many candidates one page looks at is bounded, so a
	 * page may be short, or empty, and still have a next one.
	 */
	int64_t next_max_id;
};

/* Public posts and boosts of this server, of accounts that are neither suspended nor limited. At most limit. */
enum err query_search(struct core *c, struct db *db, struct arena *a, const struct query *q,
		      const struct query_range *range, size_t limit, struct query_found *ret);

struct query_bucket {
	int64_t start_ms, end_ms; /* start is in it, end is not */
	int64_t n;
};

struct query_counts {
	struct query_bucket *buckets; /* oldest first, without gaps, from start to end; in the arena */
	size_t n;
	int64_t total;
	int64_t next_max_id; /* of range, for the next call; 0: all was counted */
};
#define QUERY_BUCKETS_MAX 44640 /* minutes of 31 days: X's page */

/*
 * Counts from start_ms to end_ms by step_ms (60 000, 3 600 000, 86 400 000). Steps begin at multiples of step_ms, so the
 * first and last may be shorter. More than QUERY_BUCKETS_MAX are left to the next call, the newest come first. A call
 * that has looked at too many candidates ends early, maybe in the middle of a step, which the next call then finishes:
 * start_ms and end_ms of a bucket say what was counted. ERR_INVALID: start is not before end.
 */
enum err query_count(struct core *c, struct db *db, struct arena *a, const struct query *q,
		     const struct query_range *range, int64_t start_ms, int64_t end_ms, int64_t step_ms,
		     struct query_counts *ret);

#endif
