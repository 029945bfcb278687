/*
 * parse.c - from text to tree, by recursive descent:
 *
 *	or   = and { "OR" and }
 *	and  = not { not }
 *	not  = [ "-" ] ( "(" or ")" | term )
 */
#include "base/base.h"
#include "query/ast.h"

#include "query/operators.h"

#define LIMIT_TOKENS_BYTES (32 * (size_t)1024) /* of all words of a query, as they are compared */

struct parser {
	struct arena *arena;
	struct lexer lexer;
	struct lexeme x; /* the one that is looked at */
	enum query_use use;
	size_t depth, leaves, token_bytes;
	struct problem *problem;
};

static enum err parse_or(struct parser *p, struct node **ret);

static enum err advance(struct parser *p)
{
	return lexer_next(&p->lexer, &p->x, p->problem);
}

static struct node *node_new(struct parser *p, enum node_kind kind, size_t at)
{
	struct node *n = ARENA_NEW(p->arena, struct node);

	n->kind = kind;
	n->at = at;
	return n;
}

static enum err parse_leaf(struct parser *p, struct node **ret)
{
	struct node *n = node_new(p, NODE_LEAF, p->x.at);

	TRY(leaf_read(p->arena, p->use, &p->x, &n->leaf, p->problem));
	p->token_bytes += n->leaf.text.len;
	if (++p->leaves > QUERY_LEAVES_MAX || p->token_bytes > LIMIT_TOKENS_BYTES)
		return fail(p->problem, ERR_INVALID, "there are too many terms (at position %zu)", n->at);
	*ret = n;
	return advance(p);
}

static enum err parse_group(struct parser *p, struct node **ret)
{
	size_t at = p->x.at;

	if (++p->depth > QUERY_DEPTH_MAX)
		return fail(p->problem, ERR_INVALID, "more than %d brackets within each other (at position %zu)",
			    QUERY_DEPTH_MAX, at);
	TRY(advance(p));
	TRY(parse_or(p, ret));
	if (p->x.kind != LEX_CLOSE)
		return fail(p->problem, ERR_INVALID, "missing ')' for this '(' (at position %zu)", at);
	p->depth--;
	return advance(p);
}

static enum err parse_positive(struct parser *p, struct node **ret)
{
	switch (p->x.kind) {
	case LEX_OPEN:
		return parse_group(p, ret);
	case LEX_TERM:
		return parse_leaf(p, ret);
	case LEX_END:
		return fail(p->problem, ERR_INVALID, "a term is missing at the end (at position %zu)", p->x.at);
	case LEX_CLOSE:
	case LEX_NOT:
	case LEX_OR:
		break;
	}
	return fail(p->problem, ERR_INVALID, "a term is missing before '%s' (at position %zu)",
		    p->x.kind == LEX_CLOSE ? ")" : "OR", p->x.at);
}

static enum err parse_not(struct parser *p, struct node **ret)
{
	struct node * not, *child;

	if (p->x.kind != LEX_NOT)
		return parse_positive(p, ret);
	not = node_new(p, NODE_NOT, p->x.at);
	TRY(advance(p));
	TRY(parse_positive(p, &child));
	/* -(-a) is a */
	if (child->kind == NODE_NOT) {
		*ret = child->first;
		return OK;
	}
	if (child->kind == NODE_LEAF && child->leaf.op->never_negated)
		return fail(p->problem, ERR_INVALID, "'%s' cannot be negated (at position %zu)", child->leaf.op->name,
			    not ->at);
	not ->first = child;
	*ret = not ;
	return OK;
}

/* Children that are lists of the same kind give their own children. */
struct list {
	struct node *node, **end;
};

static struct list list_new(struct parser *p, enum node_kind kind)
{
	struct node *n = node_new(p, kind, p->x.at);

	return (struct list){n, &n->first};
}

static void list_add(struct list *l, struct node *child)
{
	*l->end = child->kind == l->node->kind ? child->first : child;
	while (*l->end)
		l->end = &(*l->end)->next;
}

static struct node *list_node(const struct list *l)
{
	return l->node->first->next ? l->node : l->node->first;
}

static bool begins_term(const struct parser *p)
{
	return p->x.kind == LEX_TERM || p->x.kind == LEX_OPEN || p->x.kind == LEX_NOT;
}

static enum err parse_and(struct parser *p, struct node **ret)
{
	struct list l = list_new(p, NODE_AND);

	do {
		struct node *child;

		TRY(parse_not(p, &child));
		list_add(&l, child);
	} while (begins_term(p));
	*ret = list_node(&l);
	return OK;
}

static enum err parse_or(struct parser *p, struct node **ret)
{
	struct list l = list_new(p, NODE_OR);

	for (;;) {
		struct node *child;

		TRY(parse_and(p, &child));
		list_add(&l, child);
		if (p->x.kind != LEX_OR)
			break;
		TRY(advance(p));
	}
	*ret = list_node(&l);
	return OK;
}

/* ---- what may stand alone ---- */

/* The leaf that makes n one that narrows nothing down. */
static const struct node *culprit(const struct node *n, bool *negated)
{
	while (n->kind != NODE_LEAF) {
		*negated |= n->kind == NODE_NOT;
		const struct node *child = n->first;

		while (n->kind == NODE_OR && child->next && node_cover(child) != COVER_NONE)
			child = child->next;
		n = child;
	}
	return n;
}

static enum err refuse_alone(const struct node *root, struct problem *problem)
{
	bool negated = false;
	const struct node *n = culprit(root, &negated);
	struct buf CLEANUP(buf_release) term = {.max = 48};

	leaf_print(&term, &n->leaf);
	struct view shown = term.over ? view_of(n->leaf.op->name) : buf_view(&term);
	return fail(problem, ERR_INVALID,
		    "'%s%.*s' cannot stand alone: beside it, and in each alternative of an OR, there must be a word, a "
		    "phrase, "
		    "a #tag, a @name or another operator that can (at position %zu)",
		    negated ? "-" : "", VIEW_ARG(shown), n->at);
}

/* What is an advertisement can be excluded only. */
static enum err check_adverts(const struct node *n, bool negated, struct problem *problem)
{
	if (n->kind == NODE_LEAF && leaf_is_flag(&n->leaf, FLAG_ADVERT) && !negated)
		return fail(problem, ERR_INVALID, "'is:nullcast' must be negated: -is:nullcast (at position %zu)",
			    n->at);
	for (const struct node *child = n->first; child; child = child->next)
		TRY(check_adverts(child, negated != (n->kind == NODE_NOT), problem));
	return OK;
}

static size_t cost_of(const struct node *n)
{
	size_t cost = n->kind == NODE_LEAF ? leaf_cost(&n->leaf) : 0;

	for (const struct node *child = n->first; child; child = child->next)
		cost += cost_of(child);
	return cost;
}

static enum err check_length(struct view text, const struct query_limits *limits, struct problem *problem)
{
	size_t max = limits->chars < QUERY_CHARS_MAX ? limits->chars : QUERY_CHARS_MAX, n = 0;

	if (!utf8_valid(text))
		return fail(problem, ERR_INVALID, "the query is not UTF-8");
	for (size_t at = 0; at < text.len; at += utf8_step(text, at))
		n++;
	if (n > max)
		return fail(problem, ERR_INVALID, "the query has %zu characters, of at most %zu", n, max);
	return OK;
}

enum err query_parse(struct arena *a, struct view text, const struct query_limits *limits, const struct query **ret,
		     struct problem *problem)
{
	struct parser p = {.arena = a, .lexer = {text, 0, 1}, .use = limits->use, .problem = problem};
	struct query *q = ARENA_NEW(a, struct query);
	struct node *root;

	TRY(check_length(text, limits, problem));
	TRY(advance(&p));
	if (p.x.kind == LEX_END)
		return fail(problem, ERR_INVALID, "the query is empty");
	TRY(parse_or(&p, &root));
	if (p.x.kind != LEX_END)
		return fail(problem, ERR_INVALID, "no '(' belongs to this ')' (at position %zu)", p.x.at);
	TRY(check_adverts(root, false, problem));
	if (node_cover(root) == COVER_NONE)
		return refuse_alone(root, problem);
	*q = (struct query){.root = root, .use = limits->use, .cost = cost_of(root)};
	*ret = q;
	return OK;
}
