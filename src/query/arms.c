/*
 * arms.c - see arms.h.
 *
 * A boost matches by the text of what it boosts, but has no words in the index, for a post that is edited would have to
 * be indexed again for each of its boosts. So where boosts may match by words or tags, the posts that match are looked
 * up first, of any age: when they are not many, their boosts are an arm; when they are, many boosts will match, and the
 * newest boosts are looked through.
 */
#include "base/base.h"
#include "query/arms.h"

#include "core/accounts.h"
#include "query/operators.h"
#include "store/search_index.h"
#include "text/segment.h"

#define BATCH_MAX 200
#define BATCH_MIN 16
#define BATCH_ALL 4000 /* ids that all arms together hold, about */
#define BOOSTED_MAX 4000
#define SEGMENT_BYTES 36

#define PAGE(id) " AND " id " < $2 AND " id " > $3 ORDER BY " id " DESC LIMIT $4"
SQL(arm_author, "SELECT post_id FROM account_posts WHERE account_id = $1" PAGE("post_id"));
SQL(arm_answers_to, "SELECT id FROM posts WHERE reply_to_account = $1" PAGE("id"));
SQL(arm_boosts_of_author, "SELECT b.boost_id FROM account_posts a JOIN post_boosts b ON b.post_id = a.post_id"
			  " WHERE a.account_id = $1" PAGE("b.boost_id"));
SQL(arm_thread, "SELECT id FROM posts WHERE thread_id = $1 AND thread_id <> id AND boost_of IS NULL" PAGE("id"));
SQL(arm_replies, "SELECT id FROM posts WHERE reply_to = $1" PAGE("id"));
SQL(arm_quotes, "SELECT id FROM posts WHERE quote_of = $1" PAGE("id"));
SQL(arm_boosts, "SELECT boost_id FROM post_boosts WHERE post_id = $1" PAGE("boost_id"));
SQL(arm_boosts_of_many, "SELECT boost_id FROM post_boosts WHERE post_id IN IDS($1)" PAGE("boost_id"));
SQL(arm_tag, "SELECT post_id FROM tag_posts WHERE name = $1" PAGE("post_id"));
SQL(arm_one, "SELECT id FROM posts WHERE id = $1" PAGE("id"));
/* $1 is nothing: 0. */
SQL(arm_all, "SELECT id FROM posts WHERE visibility = CAST($1 AS BIGINT)" PAGE("id"));
SQL(arm_all_boosts, "SELECT id FROM posts WHERE visibility = CAST($1 AS BIGINT) AND boost_of IS NOT NULL" PAGE("id"));

struct arm {
	struct arm *next;
	const struct sql *sql; /* NULL: the index of words */
	struct bind key;
	int64_t *ids;
	size_t at, n;
	int64_t below; /* the next batch is older */
	bool done;     /* there is no next batch */
};

struct arms {
	struct core *core;
	struct db *db;
	struct arena *arena;
	int64_t min_id, max_id;
	struct arm *first;
	size_t n, batch;
	struct search_clause *clauses;
	size_t n_clauses;
	bool originals, boosts; /* what the query may match */
	bool walks_boosts;
	enum err err; /* of a callback */
};

static struct arm *add_arm(struct arms *arms, const struct sql *sql, struct bind key)
{
	struct arm *arm = ARENA_NEW(arms->arena, struct arm);

	*arm = (struct arm){.next = arms->first, .sql = sql, .key = key, .below = arms->max_id};
	arms->first = arm;
	arms->n++;
	return arm;
}

/* ---- boosts of posts that match by what they say ---- */

static void add_boost_walk(struct arms *arms)
{
	if (!arms->walks_boosts)
		add_arm(arms, &arm_all_boosts, B_INT(0));
	arms->walks_boosts = true;
}

static void add_boosts_of(struct arms *arms, const struct post_id *posts, size_t n)
{
	int64_t *ids = ARENA_ARRAY(arms->arena, n + 1, int64_t);

	if (n == BOOSTED_MAX) {
		add_boost_walk(arms);
		return;
	}
	for (size_t i = 0; i < n; i++)
		ids[i] = posts[i].v;
	if (n)
		add_arm(arms, &arm_boosts_of_many, bind_ids(arms->arena, ids, n));
}

static enum err read_ids(struct db *db, const struct sql *sql, const struct bind *binds, size_t n_binds, size_t cap,
			 int64_t *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, sql, binds, n_binds);
	while (n < cap && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

static enum err add_tag(struct arms *arms, struct view name)
{
	const struct bind binds[] = {B_TEXT(name), B_INT(INT64_MAX), B_INT(0), B_INT(BOOSTED_MAX)};
	int64_t *ids;
	size_t n;

	if (arms->originals)
		add_arm(arms, &arm_tag, B_TEXT(name));
	if (!arms->boosts || arms->walks_boosts)
		return OK;
	ids = ARENA_ARRAY(arms->arena, BOOSTED_MAX, int64_t);
	TRY(read_ids(arms->db, &arm_tag, binds, ARRAY_LEN(binds), BOOSTED_MAX, ids, &n));
	if (n == BOOSTED_MAX)
		add_boost_walk(arms);
	else if (n)
		add_arm(arms, &arm_boosts_of_many, bind_ids(arms->arena, ids, n));
	return OK;
}

static enum err add_words(struct arms *arms)
{
	struct post_id *posts;
	size_t n;

	if (!arms->n_clauses)
		return OK;
	if (arms->originals)
		add_arm(arms, NULL, B_NULL);
	if (!arms->boosts || arms->walks_boosts)
		return OK;
	posts = ARENA_ARRAY(arms->arena, BOOSTED_MAX, struct post_id);
	TRY(search_index_find_any(arms->db, arms->clauses, arms->n_clauses, 0, 0, posts, BOOSTED_MAX, &n));
	add_boosts_of(arms, posts, n);
	return OK;
}

/* ---- words ---- */

/* What the index has of a leaf; empty: nothing can be found by it. */
static struct view index_phrase(struct arms *arms, const struct leaf *leaf)
{
	struct buf CLEANUP(buf_release) tokens = {.max = SEGMENT_BYTES * leaf->text.len + 1};

	if (leaf->op == &op_words || leaf->op == &op_url)
		return leaf->text;
	return segment(&tokens, leaf->text) == OK ? arena_view(arms->arena, buf_view(&tokens)) : V("");
}

static size_t count_children(const struct node *and_node)
{
	size_t n = 0;

	for (const struct node *child = and_node ? and_node->first : NULL; child; child = child->next)
		n++;
	return n;
}

/* The words that stand beside it must be there too. */
static void add_clause(struct arms *arms, const struct node *leaf, const struct node *and_node)
{
	struct search_term *terms = ARENA_ARRAY(arms->arena, count_children(and_node) + 1, struct search_term);
	const struct node *child = and_node ? and_node->first : leaf;
	size_t n = 0;

	for (; child; child = and_node ? child->next : NULL) {
		if (child->kind != NODE_LEAF || child->leaf.op->cover != COVER_WORDS)
			continue;
		terms[n].phrase = index_phrase(arms, &child->leaf);
		if (!terms[n++].phrase.len)
			return;
	}
	arms->clauses[arms->n_clauses++] = (struct search_clause){terms, n};
}

/* ---- the others ---- */

static enum err add_account(struct arms *arms, const struct sql *sql, const struct leaf *leaf)
{
	struct account_id id;
	enum err err = account_find_name(arms->db, leaf->text, V(""), &id);

	if (err == OK)
		add_arm(arms, sql, B_INT(id.v));
	else if (err != ERR_NOT_FOUND)
		return err;
	if (leaf->num)
		add_arm(arms, sql, B_INT(leaf->num));
	return OK;
}

static const struct {
	const struct operator* op;
	const struct sql *sql;
	bool by_account;
} kinds[] = {
	{&op_from, &arm_author, true},
	{&op_to, &arm_answers_to, true},
	{&op_boosts_of_author, &arm_boosts_of_author, true},
	{&op_replies_of, &arm_replies, false},
	{&op_quotes_of, &arm_quotes, false},
	{&op_boosts_of, &arm_boosts, false},
	{&op_thread, &arm_thread, false},
};

static enum err add_leaf(struct arms *arms, const struct leaf *leaf)
{
	if (leaf->op == &op_tag)
		return add_tag(arms, leaf->text);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].op != leaf->op)
			continue;
		if (kinds[i].by_account)
			return add_account(arms, kinds[i].sql, leaf);
		add_arm(arms, kinds[i].sql, B_INT(leaf->num));
		if (leaf->op == &op_thread) /* its first post */
			add_arm(arms, &arm_one, B_INT(leaf->num));
		return OK;
	}
	add_arm(arms, &arm_all, B_INT(0));
	return OK;
}

static void add_cover(void *arg, const struct node *n, const struct node *and_node)
{
	struct arms *arms = arg;

	if (n->leaf.op->cover == COVER_WORDS)
		add_clause(arms, n, and_node);
	else if (arms->err == OK)
		arms->err = add_leaf(arms, &n->leaf);
}

enum err arms_open(struct core *c, struct db *db, struct arena *a, const struct query *q, int64_t min_id,
		   int64_t max_id, struct arms **ret)
{
	struct arms *arms = ARENA_NEW(a, struct arms);

	*arms = (struct arms){
		.core = c,
		.db = db,
		.arena = a,
		.min_id = min_id,
		.max_id = max_id,
		.originals = query_may_match(q, false),
		.boosts = query_may_match(q, true),
		.clauses = ARENA_ARRAY(a, QUERY_LEAVES_MAX, struct search_clause),
	};
	query_cover(q, add_cover, arms);
	TRY(arms->err);
	TRY(add_words(arms));
	arms->batch = arms->n ? BATCH_ALL / arms->n : BATCH_MAX;
	arms->batch = arms->batch > BATCH_MAX ? BATCH_MAX : arms->batch < BATCH_MIN ? BATCH_MIN : arms->batch;
	*ret = arms;
	return OK;
}

/* ---- walking ---- */

static enum err refill_words(struct arms *arms, struct arm *arm)
{
	struct post_id posts[BATCH_MAX];

	TRY(search_index_find_any(arms->db, arms->clauses, arms->n_clauses, arm->below, arms->min_id, posts,
				  arms->batch, &arm->n));
	for (size_t i = 0; i < arm->n; i++)
		arm->ids[i] = posts[i].v;
	return OK;
}

static enum err refill(struct arms *arms, struct arm *arm)
{
	const struct bind binds[] = {arm->key, B_INT(arm->below), B_INT(arms->min_id), B_INT(arms->batch)};

	if (!arm->ids)
		arm->ids = ARENA_ARRAY(arms->arena, arms->batch, int64_t);
	if (arm->sql)
		TRY(read_ids(arms->db, arm->sql, binds, ARRAY_LEN(binds), arms->batch, arm->ids, &arm->n));
	else
		TRY(refill_words(arms, arm));
	arm->at = 0;
	arm->done = arm->n < arms->batch;
	if (arm->n)
		arm->below = arm->ids[arm->n - 1];
	return OK;
}

/* The newest id of all arms, which all lose it. *ret 0: there is none. */
static enum err take_newest(struct arms *arms, int64_t *ret)
{
	int64_t newest = 0;

	for (struct arm *arm = arms->first; arm; arm = arm->next) {
		if (arm->at == arm->n && !arm->done)
			TRY(refill(arms, arm));
		if (arm->at < arm->n && arm->ids[arm->at] > newest)
			newest = arm->ids[arm->at];
	}
	for (struct arm *arm = arms->first; arm; arm = arm->next)
		arm->at += arm->at < arm->n && arm->ids[arm->at] == newest;
	*ret = newest;
	return OK;
}

enum err arms_next(struct arms *arms, int64_t *ret, size_t cap, size_t *ret_n)
{
	size_t n = 0;

	while (n < cap) {
		int64_t id;

		TRY(take_newest(arms, &id));
		if (!id)
			break;
		ret[n++] = id;
	}
	*ret_n = n;
	return OK;
}
