/*
 * search_posts.c - see search.h. Candidates come newest first, in batches: from the full-text index when there are words,
 * else from what the operators are about: the posts of an author, the viewer's library, the public posts. One statement
 * for each batch keeps those the viewer may find and the operators (search_filter.h) allow. How many candidates a search
 * looks at is bounded: who asks for something rare gets what was found so far.
 */
#include "base/base.h"

#include "core/search_posts.h"

#include "base/limits.h"
#include "core/post_parts.h"
#include "core/previews.h"
#include "core/search_filter.h"
#include "store/search_index.h"

#define BATCH 200
#define BATCHES_MAX 25

SQL(search_of_author,
    "SELECT post_id FROM account_posts WHERE account_id = $1 AND post_id < $2 AND post_id > $3 AND (kind & $4) = 0"
    " ORDER BY post_id DESC LIMIT $5");

/* Each part is read by an index of its own, $5 rows of it at most. $6: enum source. */
enum source { SOURCE_PUBLIC = 1, SOURCE_LIBRARY = 2 };
#define PART(id, of, source)                                                                                           \
	"SELECT id FROM (SELECT " id " AS id FROM " of " AND " id " < $2 AND " id                                      \
	" > $3 AND (CAST($6 AS BIGINT) & " source ") <> 0 ORDER BY " id " DESC LIMIT $5) "
#define PUBLIC PART("id", "posts WHERE visibility = 0 AND boost_of IS NULL", "1") "a"
#define WRITTEN PART("post_id", "account_posts WHERE account_id = $1 AND (kind & $4) = 0", "2") "b"
#define OR_OF(table) " UNION " PART("post_id", table " WHERE account_id = $1", "2") table
#define LIBRARY WRITTEN OR_OF("favourites") OR_OF("account_boosts") OR_OF("bookmarks") OR_OF("post_mentions")
SQL(search_without_words, "SELECT id FROM (" PUBLIC " UNION " LIBRARY ") u ORDER BY id DESC LIMIT $5");

#define OPEN_TO_ALL "(p.visibility = 0 AND a.indexable = 1)"
#define IN_LIBRARY                                                                                                     \
	"(p.account_id = $2"                                                                                           \
	" OR EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = $2 AND f.post_id = p.id)"                         \
	" OR EXISTS (SELECT 1 FROM account_boosts b WHERE b.account_id = $2 AND b.post_id = p.id)"                     \
	" OR EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = $2 AND k.post_id = p.id)"                          \
	" OR EXISTS (SELECT 1 FROM post_mentions m WHERE m.post_id = p.id AND m.account_id = $2))"
/* $5: which of enum search_has matter, $6: which of those it must have. */
#define HAS(bit, condition)                                                                                            \
	" AND ((CAST($5 AS BIGINT) & " bit ") = 0 OR (CASE WHEN " condition " THEN " bit                               \
	" ELSE 0 END) = (CAST($6 AS BIGINT) & " bit "))"
#define HAS_FILE(bit, kind)                                                                                            \
	HAS(bit, "EXISTS (SELECT 1 FROM media x WHERE x.post_id = p.id AND x.position >= 0 AND x.kind = '" kind "')")
/* Only links have a target in our HTML, where no quote of a text is a quote. $4: enum search_where. */
SQL(search_filter,
    "SELECT p.id, p.account_id, p.language FROM posts p JOIN accounts a ON a.id = p.account_id WHERE p.id IN IDS($1)"
    " AND (a.silenced_at IS NULL OR a.id = $2"
    " OR EXISTS (SELECT 1 FROM following w WHERE w.account_id = $2 AND w.target_id = a.id))"
    " AND a.suspended_at IS NULL AND p.boost_of IS NULL AND (CAST($3 AS BIGINT) = 0 OR p.account_id = $3)"
    " AND CASE WHEN NOT " OPEN_TO_ALL " THEN (CAST($4 AS BIGINT) & 2) <> 0 AND " IN_LIBRARY
    " WHEN (CAST($4 AS BIGINT) & 5) = 5 THEN 1 = 1"
    " WHEN " IN_LIBRARY
    " THEN (CAST($4 AS BIGINT) & 4) <> 0 ELSE (CAST($4 AS BIGINT) & 1) <> 0 END" HAS("1", "p.has_media = 1")
	    HAS("2", "p.has_poll = 1") HAS("4", "p.sensitive = 1") HAS("8", "p.reply_to_account IS NOT NULL")
		    HAS_FILE("16", "image") HAS_FILE("32", "video") HAS_FILE("64", "audio")
			    HAS("128", "p.card_id IS NOT NULL OR p.html LIKE '%\" target=\"_blank\"%'")
				    HAS("256", "EXISTS (SELECT 1 FROM preview_cards v WHERE v.id = p.card_id AND "
					       "v.kind = $7)") " ORDER BY p.id DESC");

struct finder {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct viewer *viewer;
	struct search_filter filter;
	struct search_term terms[LIMIT_QUERY_TERMS];
	size_t n_terms, n_operators;
};

static enum err read_query(struct finder *f, const struct search_query *q)
{
	struct segment_term *terms = ARENA_ARRAY(f->arena, LIMIT_QUERY_TERMS, struct segment_term);
	size_t n = segment_query(f->arena, q->text, LIMIT_QUERY_TERMS, terms);

	f->filter.max_id = q->max_id;
	f->filter.min_id = q->min_id;
	for (size_t i = 0; i < n; i++) {
		if (!terms[i].op.len) {
			f->terms[f->n_terms++] =
				(struct search_term){terms[i].phrase, terms[i].negated, terms[i].prefix};
			continue;
		}
		f->n_operators++;
		TRY(search_filter_add(f->core, f->db, f->arena, f->viewer->account, &terms[i], &f->filter));
	}
	if (q->author.v)
		search_filter_from(&f->filter, q->author);
	return OK;
}

static int64_t sources(int64_t where)
{
	if (where == SEARCH_OPEN_IN_LIBRARY) /* in both: in the smaller one */
		return SOURCE_LIBRARY;
	return (where & SEARCH_OPEN_ONLY ? SOURCE_PUBLIC : 0) | (where & SEARCH_LIBRARY_ONLY ? SOURCE_LIBRARY : 0);
}

/* Without words and without operators there is nothing to look for. */
static enum err batch_without_words(struct finder *f, int64_t below, int64_t *ret, size_t *ret_n)
{
	const struct search_filter *w = &f->filter;
	struct bind max = B_INT(below ? below : INT64_MAX), min = B_INT(w->min_id);
	size_t n = 0;
	struct rows r;

	if (!w->from.v && !f->n_operators) {
		*ret_n = 0;
		return OK;
	}
	if (w->from.v)
		db_query(f->db, &r, &search_of_author,
			 BINDS(B_INT(w->from.v), max, min, B_INT(POST_BOOST), B_INT(BATCH)));
	else
		db_query(f->db, &r, &search_without_words,
			 BINDS(B_INT(f->viewer->account.v), max, min, B_INT(POST_BOOST), B_INT(BATCH),
			       B_INT(sources(w->where))));
	while (n < BATCH && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

static enum err next_batch(struct finder *f, int64_t below, int64_t *ret, size_t *ret_n)
{
	struct post_id found[BATCH];

	if (!f->n_terms)
		return batch_without_words(f, below, ret, ret_n);
	TRY(search_index_find(f->db, f->terms, f->n_terms, below, f->filter.min_id, found, BATCH, ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		ret[i] = found[i].v;
	return OK;
}

struct keeper {
	struct post_id *ids;
	size_t n, skip, limit;
};

static enum err keep_allowed(struct finder *f, const int64_t *ids, size_t n, struct keeper *k)
{
	const struct search_filter *w = &f->filter;
	struct rows r;

	db_query(f->db, &r, &search_filter,
		 BINDS(bind_ids(f->arena, ids, n), B_INT(f->viewer->account.v), B_INT(w->from.v), B_INT(w->where),
		       B_INT(w->care), B_INT(w->want), B_INT(PREVIEW_VIDEO)));
	while (k->n < k->limit && rows_next(&r)) {
		struct account_id author = {row_int(&r, 1)};

		if (!search_filter_allows(w, row_int(&r, 0), author, row_text(&r, 2)))
			continue;
		if (k->skip)
			k->skip--;
		else
			k->ids[k->n++].v = row_int(&r, 0);
	}
	return rows_end(&r);
}

enum err search_posts(struct core *c, struct db *db, struct arena *a, const struct search_query *q,
		      struct search_result *ret)
{
	struct finder f = {.core = c, .db = db, .arena = a, .viewer = q->viewer, .filter = SEARCH_FILTER_ALL};
	struct keeper k = {.ids = ARENA_ARRAY(a, q->limit + 1, struct post_id), .skip = q->offset, .limit = q->limit};
	int64_t batch[BATCH];
	size_t n = BATCH;

	TRY(read_query(&f, q));
	int64_t below = f.filter.max_id;
	for (size_t i = 0; i < BATCHES_MAX && n == BATCH && k.n < k.limit && !f.filter.impossible; i++) {
		TRY(next_batch(&f, below, batch, &n));
		if (n == 0)
			break;
		below = batch[n - 1];
		TRY(keep_allowed(&f, batch, n, &k));
	}
	ret->posts = k.ids;
	ret->n_posts = k.n;
	return OK;
}
