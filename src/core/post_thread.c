/*
 * post_thread.c - see post_thread.h. The tree comes level by level in one statement and is put in reading order here.
 */
#include "base/base.h"

#include "core/post_thread.h"

#include "base/limits.h"
#include "base/vec.h"

SQL(thread_ancestors,
    "WITH RECURSIVE up (id, reply_to, depth) AS (SELECT id, reply_to, 0 FROM posts WHERE id = $1"
    " UNION ALL SELECT p.id, p.reply_to, up.depth + 1 FROM posts p JOIN up ON p.id = up.reply_to WHERE up.depth < $2)"
    " SELECT id FROM up WHERE depth > 0 ORDER BY depth DESC");
/* Everything it asks of a post stands in the index posts_reply. */
#define OWN "CASE WHEN reply_to_account = account_id THEN 1 ELSE 0 END"
SQL(thread_descendants,
    "WITH RECURSIVE down (id, parent, own, depth) AS (SELECT id, reply_to, " OWN ", 1"
    " FROM (SELECT id, reply_to, reply_to_account, account_id FROM posts WHERE reply_to = $1 ORDER BY id LIMIT $3) "
    "first"
    " UNION ALL SELECT p.id, p.reply_to, " OWN ", down.depth + 1 FROM down JOIN posts p ON p.reply_to = down.id"
    " WHERE down.depth < $2)"
    " SELECT id, parent, own FROM down LIMIT $3");

struct node {
	int64_t id, parent;
	bool own; /* the author goes on */
};
struct nodes VEC(struct node);

static enum err load_ancestors(struct db *db, struct arena *a, struct post_id id, size_t limit, struct post_thread *t)
{
	struct post_id *ids = ARENA_ARRAY(a, limit, struct post_id);
	struct rows r;

	db_query(db, &r, &thread_ancestors, BINDS(B_INT(id.v), B_INT(limit)));
	while (t->n_ancestors < limit && rows_next(&r))
		ids[t->n_ancestors++].v = row_int(&r, 0);
	t->ancestors = ids;
	return rows_end(&r);
}

static int by_parent(const void *x, const void *y)
{
	const struct node *a = x, *b = y;

	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* First of the nodes, which are sorted by parent, that answers `parent`; n when none does. */
static size_t first_answer(const struct node *v, size_t n, int64_t parent)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && v[low].parent == parent ? low : n;
}

/* Depth first, without recursion: a stack of the places where each level goes on. */
static size_t put_in_order(struct arena *a, const struct node *v, size_t n, int64_t root, struct node *ret,
			   size_t limit)
{
	size_t *stack = ARENA_ARRAY(a, n + 1, size_t);
	size_t depth = 0, placed = 0;

	stack[depth++] = first_answer(v, n, root);
	while (depth && placed < limit) {
		size_t at = stack[depth - 1];

		if (at >= n) {
			depth--;
			continue;
		}
		stack[depth - 1] = at + 1 < n && v[at + 1].parent == v[at].parent ? at + 1 : n;
		ret[placed++] = v[at];
		stack[depth++] = first_answer(v, n, v[at].id);
	}
	return placed;
}

/* The run of own answers at the beginning stands; those further down are brought up behind it. */
static void own_answers_first(struct arena *a, struct node *v, size_t n)
{
	struct node *others = ARENA_ARRAY(a, n + 1, struct node);
	size_t n_own = 0, n_others = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].own)
			v[n_own++] = v[i];
		else
			others[n_others++] = v[i];
	}
	if (n_others)
		memcpy(&v[n_own], others, n_others * sizeof(*v));
}

static enum err read_nodes(struct db *db, struct post_id id, size_t depth, struct nodes *ret)
{
	struct rows r;

	db_query(db, &r, &thread_descendants, BINDS(B_INT(id.v), B_INT(depth), B_INT(LIMIT_THREAD_DESCENDANTS)));
	while (rows_next(&r))
		VEC_PUSH(ret, (struct node){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2) != 0});
	return rows_end(&r);
}

static enum err load_descendants(struct db *db, struct arena *a, struct post_id id, size_t depth, size_t limit,
				 struct post_thread *t)
{
	struct nodes nodes = {0};
	enum err err = read_nodes(db, id, depth, &nodes);

	if (err || nodes.n == 0) {
		VEC_FREE(&nodes);
		return err;
	}
	qsort(nodes.v, nodes.n, sizeof(*nodes.v), by_parent);
	struct node *ordered = ARENA_ARRAY(a, nodes.n, struct node);
	size_t n = put_in_order(a, nodes.v, nodes.n, id.v, ordered, limit);
	VEC_FREE(&nodes);
	own_answers_first(a, ordered, n);
	struct post_id *ids = ARENA_ARRAY(a, n + 1, struct post_id);
	for (size_t i = 0; i < n; i++)
		ids[i].v = ordered[i].id;
	t->descendants = ids;
	t->n_descendants = n;
	return OK;
}

enum err post_thread_load(struct db *db, struct arena *a, const struct viewer *v, struct post_id id,
			  struct post_thread *ret)
{
	bool nobody = v->account.v == 0;
	struct post_thread t = {0};

	TRY(load_ancestors(db, a, id, nobody ? LIMIT_THREAD_ANON_ANCESTORS : LIMIT_THREAD_ANCESTORS, &t));
	TRY(load_descendants(db, a, id, nobody ? LIMIT_THREAD_ANON_DEPTH : LIMIT_THREAD_DESCENDANTS,
			     nobody ? LIMIT_THREAD_ANON_DESCENDANTS : LIMIT_THREAD_DESCENDANTS, &t));
	*ret = t;
	return OK;
}
