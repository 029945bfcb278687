/*
 * ast.h - a query in memory: a tree of AND, OR and NOT over leaves, in one arena. Private to this folder.
 *
 * Trees are kept in one shape, so that printing and reading give the same tree: an AND never has an AND as child, nor
 * an OR an OR, nor a NOT a NOT, and AND and OR have two children at least.
 */
#ifndef QUERY_AST_H
#define QUERY_AST_H

#include "query/post.h"
#include "query/query.h"

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_LEAF };

/* How well a leaf narrows down which posts to look at: the lower the better. */
enum cover_rank {
	COVER_NONE, /* not at all: cannot stand alone */
	COVER_POST, /* answers to, quotes of, boosts of one post; one thread */
	COVER_AUTHOR,
	COVER_ANSWERED, /* replies to an account; boosts of its posts */
	COVER_TAG,
	COVER_WORDS,
	COVER_ALL, /* every post is looked at */
};

struct leaf;
struct reader; /* operators.h */

struct operator
{
	const char *name; /* what stands before the value: "from:", "#", "" for words */
	enum cover_rank cover;
	bool (*read)(struct reader * r, struct view value, struct leaf * ret);
	bool (*match)(const struct leaf *leaf, const struct query_post *post);
	bool search_only, stream_only, never_negated;
};

struct leaf {
	const struct operator* op;
	struct view text; /* the value in the form it is compared and printed in; NUL-terminated */
	int64_t num;	  /* an id, a number, a flag */
};

struct node {
	enum node_kind kind;
	size_t at;		   /* where it began, in characters from 1 */
	struct node *first, *next; /* children; siblings */
	struct leaf leaf;
};

struct query {
	const struct node *root;
	enum query_use use;
	size_t cost;
};

enum cover_rank node_cover(const struct node *n);

/*
 * Leaves of which a matching post has to match one, found where they narrow down most: told to `each` with the AND they
 * are in, if any, whose other children must hold too.
 */
typedef void cover_fn(void *arg, const struct node *leaf, const struct node *and_node);
void query_cover(const struct query *q, cover_fn *each, void *arg);

/* What q is for boosts alone, and for what is not a boost: false when it cannot match. */
bool query_may_match(const struct query *q, bool boosts);

#endif
