/*
 * tree.c - what is done with trees once they are read: matching, printing, and choosing by which leaves posts are found.
 */
#include "base/base.h"
#include "query/ast.h"

#include "query/operators.h"

/* ---- matching ---- */

static bool matches(const struct node *n, const struct query_post *post)
{
	const struct node *child = n->first;

	switch (n->kind) {
	case NODE_LEAF:
		return n->leaf.op->match(&n->leaf, post);
	case NODE_NOT:
		return !matches(child, post);
	case NODE_AND:
		while (child && matches(child, post))
			child = child->next;
		return !child;
	case NODE_OR:
		while (child && !matches(child, post))
			child = child->next;
		return child;
	}
	BUG("a node of kind %d", n->kind);
}

bool query_match(const struct query *q, const struct query_post *post)
{
	return matches(q->root, post);
}

size_t query_cost(const struct query *q)
{
	return q->cost;
}

/* ---- printing ---- */

static void print(struct buf *out, const struct node *n, enum node_kind inside)
{
	bool brackets = (n->kind == NODE_OR && inside != NODE_OR) || (n->kind == NODE_AND && inside == NODE_NOT);

	if (n->kind == NODE_LEAF) {
		leaf_print(out, &n->leaf);
		return;
	}
	if (n->kind == NODE_NOT)
		buf_add_c(out, '-');
	if (brackets)
		buf_add_c(out, '(');
	for (const struct node *child = n->first; child; child = child->next) {
		if (child != n->first)
			buf_add_str(out, n->kind == NODE_OR ? " OR " : " ");
		print(out, child, n->kind);
	}
	if (brackets)
		buf_add_c(out, ')');
}

enum err query_print(struct buf *out, const struct query *q)
{
	print(out, q->root, NODE_OR);
	return buf_err(out);
}

/* ---- copies ---- */

#define ALIGNED(n) (((n) + 15) & ~(size_t)15)

static size_t bytes_of(const struct node *n)
{
	size_t bytes = ALIGNED(sizeof(*n)) + ALIGNED(n->leaf.text.len + 1);

	for (const struct node *child = n->first; child; child = child->next)
		bytes += bytes_of(child);
	return bytes;
}

static void *take(char **free_bytes, size_t n)
{
	void *p = *free_bytes;

	*free_bytes += ALIGNED(n);
	return p;
}

static struct node *copy_node(char **free_bytes, const struct node *n)
{
	struct node *copy = take(free_bytes, sizeof(*copy)), **end = &copy->first;
	char *text = take(free_bytes, n->leaf.text.len + 1);

	*copy = *n;
	copy->next = NULL;
	if (n->leaf.text.len)
		memcpy(text, n->leaf.text.p, n->leaf.text.len);
	text[n->leaf.text.len] = '\0';
	copy->leaf.text.p = text;
	for (const struct node *child = n->first; child; child = child->next) {
		*end = copy_node(free_bytes, child);
		end = &(*end)->next;
	}
	*end = NULL;
	return copy;
}

struct query *query_copy(const struct query *q)
{
	struct query *copy = xcalloc(1, ALIGNED(sizeof(*copy)) + bytes_of(q->root));
	char *free_bytes = (char *)copy + ALIGNED(sizeof(*copy));

	*copy = *q;
	copy->root = copy_node(&free_bytes, q->root);
	return copy;
}

/* ---- cover ---- */

static bool is_better(enum cover_rank a, enum cover_rank b)
{
	return a != COVER_NONE && (b == COVER_NONE || a < b);
}

/* All alternatives must be covered, so an OR is as good as its worst; of an AND one is enough. */
enum cover_rank node_cover(const struct node *n)
{
	enum cover_rank rank;

	if (n->kind == NODE_LEAF)
		return n->leaf.op->cover;
	if (n->kind == NODE_NOT)
		return COVER_NONE;
	rank = node_cover(n->first);
	for (const struct node *child = n->first->next; child; child = child->next) {
		enum cover_rank other = node_cover(child);

		if (n->kind == NODE_AND ? is_better(other, rank) : is_better(rank, other))
			rank = other;
	}
	return rank;
}

static const struct node *best_child(const struct node *n)
{
	const struct node *best = n->first;
	enum cover_rank rank = node_cover(best);

	for (const struct node *child = best->next; child; child = child->next) {
		enum cover_rank other = node_cover(child);

		if (is_better(other, rank)) {
			best = child;
			rank = other;
		}
	}
	return best;
}

static void cover(const struct node *n, const struct node *and_node, cover_fn *each, void *arg)
{
	switch (n->kind) {
	case NODE_LEAF:
		each(arg, n, and_node);
		break;
	case NODE_AND:
		cover(best_child(n), n, each, arg);
		break;
	case NODE_OR:
		for (const struct node *child = n->first; child; child = child->next)
			cover(child, NULL, each, arg);
		break;
	case NODE_NOT:
		BUG("a negation covers nothing");
	}
}

void query_cover(const struct query *q, cover_fn *each, void *arg)
{
	cover(q->root, NULL, each, arg);
}

/* ---- boosts or not ---- */

/* Whether n can be `truth`, when nothing is known of the post but whether it is a boost. */
static bool can_be(const struct node *n, bool truth, bool boost)
{
	/* AND is true, and OR is false, when all children are. */
	bool all = truth == (n->kind == NODE_AND);

	if (n->kind == NODE_NOT)
		return can_be(n->first, !truth, boost);
	if (n->kind == NODE_LEAF) {
		if (leaf_is_flag(&n->leaf, FLAG_BOOST))
			return truth == boost;
		if (n->leaf.op == &op_boosts_of || n->leaf.op == &op_boosts_of_author)
			return !truth || boost;
		return true;
	}
	for (const struct node *child = n->first; child; child = child->next)
		if (can_be(child, truth, boost) != all)
			return !all;
	return all;
}

bool query_may_match(const struct query *q, bool boosts)
{
	return can_be(q->root, true, boosts);
}
