/*
 * walk.c - see walk.h. The statement knows what can be said in columns; query_match() decides.
 */
#include "base/base.h"
#include "query/walk.h"

#include "base/limits.h"
#include "query/arms.h"
#include "query/operators.h"

#define BATCH 100

/* A number that is -1 does not matter. $2: 1 posts, 2 boosts, 3 both. */
#define MATTERS(value, param) " AND (CAST(" param " AS BIGINT) = -1 OR " value " = " param ")"
#define TRUTH(condition) "(CASE WHEN " condition " THEN 1 ELSE 0 END)"
SQL(walk_thin,
    "SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account_id"
    " LEFT JOIN posts b ON b.id = p.boost_of LEFT JOIN accounts ba ON ba.id = b.account_id"
    " WHERE p.id IN IDS($1) AND p.visibility = 0 AND p.domain = ''"
    " AND a.suspended_at IS NULL AND a.silenced_at IS NULL AND (p.boost_of IS NULL OR (b.visibility = 0"
    " AND b.domain = '' AND ba.suspended_at IS NULL AND ba.silenced_at IS NULL))"
    " AND (CAST($2 AS BIGINT) & (CASE WHEN p.boost_of IS NULL THEN 1 ELSE 2 END)) <> 0" MATTERS(
	    TRUTH("p.reply_to_account IS NOT NULL"), "$3") MATTERS("COALESCE(b.has_media, p.has_media)", "$4")
	    MATTERS("COALESCE(b.has_tags, p.has_tags)", "$5") " ORDER BY p.id DESC");

struct walk {
	struct core *core;
	struct db *db;
	const struct query *query;
	const struct query_range *range;
	struct arms *arms;
	struct arena batch_arena, post_arena;
	int64_t boosts, reply, media, tags; /* of walk_thin */
	int64_t candidates[BATCH], ids[BATCH];
	size_t n_candidates, n_ids, at;
	int64_t position;
	size_t budget;
	bool done; /* the arms have no more */
};

/* ---- what must hold for all of the query ---- */

struct required {
	int64_t *value;
	unsigned flag;
};

static void require(struct walk *w, const struct node *n)
{
	const struct node *leaf = n->kind == NODE_NOT ? n->first : n;
	const struct required columns[] = {{&w->reply, FLAG_REPLY}, {&w->media, FLAG_MEDIA}, {&w->tags, FLAG_TAGS}};

	for (size_t i = 0; leaf->kind == NODE_LEAF && i < ARRAY_LEN(columns); i++)
		if (leaf_is_flag(&leaf->leaf, columns[i].flag))
			*columns[i].value = n->kind != NODE_NOT;
}

static void narrow_time(const struct node *n, int64_t *min_id, int64_t *max_id)
{
	if (n->kind != NODE_LEAF)
		return;
	if (n->leaf.op == &op_since && id_at(n->leaf.num) - 1 > *min_id)
		*min_id = id_at(n->leaf.num) - 1;
	if (n->leaf.op == &op_until && id_at(n->leaf.num) < *max_id)
		*max_id = id_at(n->leaf.num);
}

static void read_requirements(struct walk *w, int64_t *min_id, int64_t *max_id)
{
	const struct node *root = w->query->root;

	w->reply = w->media = w->tags = -1;
	w->boosts = (query_may_match(w->query, false) ? 1 : 0) | (query_may_match(w->query, true) ? 2 : 0);
	for (const struct node *n = root->kind == NODE_AND ? root->first : root; n; n = n->next) {
		require(w, n);
		narrow_time(n, min_id, max_id);
	}
}

enum err walk_open(struct core *c, struct db *db, struct arena *a, const struct query *q,
		   const struct query_range *range, size_t budget, struct walk **ret)
{
	struct walk *w = ARENA_NEW(a, struct walk);
	int64_t min_id = range->min_id, max_id = range->max_id ? range->max_id : INT64_MAX;

	*w = (struct walk){.core = c, .db = db, .query = q, .range = range, .budget = budget};
	read_requirements(w, &min_id, &max_id);
	w->position = max_id;
	TRY(arms_open(c, db, a, q, min_id, max_id, &w->arms));
	arena_init(&w->batch_arena, LIMIT_MIB);
	arena_init(&w->post_arena, LIMIT_CALL_ARENA);
	*ret = w;
	return OK;
}

void walk_close(struct walk *w)
{
	if (!w)
		return;
	arena_release(&w->batch_arena);
	arena_release(&w->post_arena);
}

static enum err read_batch(struct walk *w)
{
	size_t wanted = w->budget < BATCH ? w->budget : BATCH, n = 0;
	struct rows r;

	arena_reset(&w->batch_arena);
	TRY(arms_next(w->arms, w->candidates, wanted, &w->n_candidates));
	w->done = w->n_candidates < wanted;
	w->budget -= w->n_candidates;
	db_query(w->db, &r, &walk_thin,
		 BINDS(bind_ids(&w->batch_arena, w->candidates, w->n_candidates), B_INT(w->boosts), B_INT(w->reply),
		       B_INT(w->media), B_INT(w->tags)));
	while (n < BATCH && rows_next(&r))
		w->ids[n++] = row_int(&r, 0);
	TRY(rows_end(&r));
	w->n_ids = n;
	w->at = 0;
	return OK;
}

/* One that goes meanwhile does not match. */
static enum err judge(struct walk *w, struct post_id id, bool *ret)
{
	struct arena *a = &w->post_arena;
	const struct query_post *looked_at;
	struct post post;
	enum err err;

	arena_reset(a);
	*ret = false;
	err = post_load(w->core, w->db, a, id, &post);
	if (err == OK)
		err = query_post_make(w->core, w->db, a, &post, &looked_at);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	if (!query_match(w->query, looked_at))
		return OK;
	*ret = true;
	return w->range->may ? w->range->may(w->range->arg, w->db, a, &post, ret) : OK;
}

enum err walk_next(struct walk *w, int64_t *ret)
{
	bool matches = false;

	while (!matches) {
		if (w->at == w->n_ids) {
			if (w->n_candidates)
				w->position = w->candidates[w->n_candidates - 1];
			w->n_candidates = 0;
			if (w->done || !w->budget) {
				*ret = 0;
				return OK;
			}
			TRY(read_batch(w));
			continue;
		}
		w->position = w->ids[w->at++];
		TRY(judge(w, (struct post_id){w->position}, &matches));
	}
	*ret = w->position;
	return OK;
}

int64_t walk_position(const struct walk *w)
{
	return w->done && w->at == w->n_ids ? 0 : w->position;
}
