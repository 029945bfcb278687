/*
 * query.h - X API v2's query language, for search, counts and rules of filtered streams: reading a query, writing it
 * in its one canonical form, and saying whether a post matches. The grammar, and what is different from X, stands in
 * docs/query.md (source: docs.x.com, x-api/posts/search/integrate/build-a-query and operators, and the same of
 * filtered-stream). search.h looks through the database, rules.h through many rules.
 *
 * What a query matches is what a post *is*; whether it may go out to somebody is not asked here (licensed/).
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "base/buf.h"
#include "core/post.h"

enum query_use { QUERY_SEARCH, QUERY_STREAM }; /* sample: is for streams alone; min_likes: and its kin for searches */

struct query_limits {
	enum query_use use;
	size_t chars; /* the longest query, in characters; X's: 512, 1024, 4096. At most QUERY_CHARS_MAX */
};
#define QUERY_CHARS_MAX 4096
#define QUERY_DEPTH_MAX 32   /* of parentheses */
#define QUERY_LEAVES_MAX 1024 /* operators, words and phrases in one query */

struct query;

/*
 * Reads a query. The result lives in a, and does not point into text. ERR_INVALID with words that say what is wrong and
 * where, in characters from 1: "missing ')' for this '(' (at position 17)". X puts "There were errors processing your
 * request: " before them.
 */
enum err query_parse(struct arena *a, struct view text, const struct query_limits *limits, const struct query **ret,
		     struct problem *problem);

/*
 * The canonical form: one space between terms, brackets only where they are needed, operators in lower case, words as
 * they are compared. Reading it gives the same query again; two queries of one form match the same posts.
 */
enum err query_print(struct buf *out, const struct query *q);

/* A copy that needs no arena, in one piece: free() it. */
struct query *query_copy(const struct query *q) __attribute__((malloc, returns_nonnull));

/* How much work a match can be: one for each leaf, and more for phrases. For a plan's limit on rules. */
size_t query_cost(const struct query *q);

/* What queries look at in one post, made ready once for any number of queries. Lives in the arena it was made in. */
struct query_post;

/*
 * Reads what the post itself does not hold: names of author and of whom it answers, and of a boost the post that is
 * boosted, whose text it matches by, as on X. ERR_NOT_FOUND: author or boosted post have gone meanwhile.
 */
enum err query_post_make(struct core *c, struct db *db, struct arena *a, const struct post *post,
			 const struct query_post **ret);

/* Allocates nothing, reads no database. Thread-safe. */
bool query_match(const struct query *q, const struct query_post *post);

#endif
