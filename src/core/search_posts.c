/*
 * search_posts.c - see search.h. The full-text index gives candidates, newest first, in batches; one statement for each
 * batch keeps those the viewer may find and the operators (from: has: is: language: in: before: …) allow. How many
 * candidates a search looks at is bounded: who asks for something rare of somebody else's gets what was found so far.
 */
#include "base/base.h"

#include "core/search_posts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/post_parts.h"
#include "store/search_index.h"
#include "text/lang.h"
#include "text/segment.h"

#define BATCH 200
#define BATCHES_MAX 25
#define MS_PER_DAY ((int64_t)24 * 3600 * 1000)

SQL(search_of_author,
    "SELECT post_id FROM account_posts WHERE account_id = $1 AND post_id < $2 AND post_id > $3 AND (kind & $4) = 0"
    " ORDER BY post_id DESC LIMIT $5");

/* A number that is -1 does not matter. $4: 1 what is open to all, 2 the viewer's own library, 3 both. */
#define MATTERS(column, param) " AND (CAST(" param " AS BIGINT) = -1 OR " column " = " param ")"
#define TRUTH(condition) "(CASE WHEN " condition " THEN 1 ELSE 0 END)"
SQL(search_filter,
    "SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account_id WHERE p.id IN IDS($1)"
    " AND (a.silenced_at IS NULL OR a.id = $2"
    " OR EXISTS (SELECT 1 FROM following w WHERE w.account_id = $2 AND w.target_id = a.id))"
    " AND a.suspended_at IS NULL AND p.boost_of IS NULL AND (CAST($3 AS BIGINT) = 0 OR p.account_id = $3)"
    " AND (((CAST($4 AS BIGINT) & 1) <> 0 AND p.visibility = 0 AND a.indexable = 1)"
    " OR ((CAST($4 AS BIGINT) & 2) <> 0 AND (p.account_id = $2"
    " OR EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = $2 AND f.post_id = p.id)"
    " OR EXISTS (SELECT 1 FROM account_boosts b WHERE b.account_id = $2 AND b.post_id = p.id)"
    " OR EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = $2 AND k.post_id = p.id)"
    " OR EXISTS (SELECT 1 FROM post_mentions m WHERE m.post_id = p.id AND m.account_id = $2))))" MATTERS(
	    "p.has_media", "$5") MATTERS("p.has_poll", "$6") MATTERS("p.sensitive",
								     "$7") MATTERS(TRUTH("p.reply_to_account IS NULL"),
										   "$8")
	    MATTERS(TRUTH("EXISTS (SELECT 1 FROM media x WHERE x.post_id = p.id AND x.position >= 0 AND x.kind = $10)"),
		    "$9") MATTERS(TRUTH("p.language = $12"), "$11") " ORDER BY p.id DESC");

struct filter {
	struct account_id from;
	int64_t where; /* bits of $4 */
	int64_t media, poll, sensitive, no_reply, kind_is, language_is;
	struct view kind, language;
	int64_t max_id, min_id; /* exclusive */
	bool impossible;
};

struct finder {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct viewer *viewer;
	struct filter filter;
	struct search_term terms[LIMIT_QUERY_TERMS];
	size_t n_terms;
};

static int64_t wanted(const struct segment_term *t)
{
	return t->negated ? 0 : 1;
}

static enum err op_from(struct finder *f, const struct segment_term *t)
{
	enum err err = OK;

	if (view_is(t->value, "me"))
		f->filter.from = f->viewer->account;
	else
		err = account_find_acct(f->core, f->db, t->value, &f->filter.from);
	if (err == ERR_NOT_FOUND || t->negated)
		f->filter.impossible = true;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err op_has(struct finder *f, const struct segment_term *t)
{
	if (view_is(t->value, "media")) {
		f->filter.media = wanted(t);
	} else if (view_is(t->value, "poll")) {
		f->filter.poll = wanted(t);
	} else if (view_is(t->value, "image") || view_is(t->value, "video") || view_is(t->value, "audio")) {
		f->filter.kind = t->value;
		f->filter.kind_is = wanted(t);
	} else {
		f->filter.impossible = !t->negated;
	}
	return OK;
}

static enum err op_is(struct finder *f, const struct segment_term *t)
{
	if (view_is(t->value, "reply"))
		f->filter.no_reply = !wanted(t);
	else if (view_is(t->value, "sensitive"))
		f->filter.sensitive = wanted(t);
	else
		f->filter.impossible = !t->negated;
	return OK;
}

static enum err op_language(struct finder *f, const struct segment_term *t)
{
	char code[LANG_BYTES];

	if (!lang_normalise(t->value, code)) {
		f->filter.impossible = !t->negated;
		return OK;
	}
	f->filter.language = arena_view(f->arena, view_of(code));
	f->filter.language_is = wanted(t);
	return OK;
}

static enum err op_in(struct finder *f, const struct segment_term *t)
{
	if (view_is(t->value, "library"))
		f->filter.where = t->negated ? 1 : 2;
	else if (view_is(t->value, "public"))
		f->filter.where = t->negated ? 2 : 1;
	return OK;
}

static void newer_than(struct filter *f, int64_t id)
{
	f->min_id = id > f->min_id ? id : f->min_id;
}
static void older_than(struct filter *f, int64_t id)
{
	f->max_id = f->max_id == 0 || id < f->max_id ? id : f->max_id;
}

static enum err op_date(struct finder *f, const struct segment_term *t)
{
	int64_t day;

	if (!clock_parse_iso(t->value, &day)) {
		f->filter.impossible = true;
		return OK;
	}
	if (view_is(t->op, "before"))
		older_than(&f->filter, id_at(day));
	else if (view_is(t->op, "after"))
		newer_than(&f->filter, id_at(day + MS_PER_DAY) - 1);
	if (view_is(t->op, "during")) {
		newer_than(&f->filter, id_at(day) - 1);
		older_than(&f->filter, id_at(day + MS_PER_DAY));
	}
	return OK;
}

static const struct {
	const char *name;
	enum err (*apply)(struct finder *f, const struct segment_term *t);
} operators[] = {
	{"from", op_from}, {"has", op_has},	{"is", op_is},	    {"language", op_language},
	{"in", op_in},	   {"before", op_date}, {"after", op_date}, {"during", op_date},
};

static enum err apply_operator(struct finder *f, const struct segment_term *t)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (view_is(t->op, operators[i].name))
			return operators[i].apply(f, t);
	return OK;
}

static enum err read_query(struct finder *f, const struct search_query *q)
{
	struct segment_term *terms = ARENA_ARRAY(f->arena, LIMIT_QUERY_TERMS, struct segment_term);
	size_t n = segment_query(f->arena, q->text, LIMIT_QUERY_TERMS, terms);

	f->filter = (struct filter){
		.from = q->author,
		.where = 3,
		.media = -1,
		.poll = -1,
		.sensitive = -1,
		.no_reply = -1,
		.kind_is = -1,
		.language_is = -1,
		.kind = V(""),
		.language = V(""),
		.max_id = q->max_id,
		.min_id = q->min_id,
	};
	for (size_t i = 0; i < n; i++) {
		if (terms[i].op.len)
			TRY(apply_operator(f, &terms[i]));
		else
			f->terms[f->n_terms++] =
				(struct search_term){terms[i].phrase, terms[i].negated, terms[i].prefix};
	}
	if (q->author.v && f->filter.from.v != q->author.v)
		f->filter.impossible = true;
	return OK;
}

/* Without words: everything of one author. */
static enum err author_batch(struct finder *f, int64_t below, int64_t *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	if (f->filter.from.v) {
		db_query(f->db, &r, &search_of_author,
			 BINDS(B_INT(f->filter.from.v), B_INT(below ? below : INT64_MAX), B_INT(f->filter.min_id),
			       B_INT(POST_BOOST), B_INT(BATCH)));
		while (n < BATCH && rows_next(&r))
			ret[n++] = row_int(&r, 0);
		TRY(rows_end(&r));
	}
	*ret_n = n;
	return OK;
}

static enum err next_batch(struct finder *f, int64_t below, int64_t *ret, size_t *ret_n)
{
	struct post_id found[BATCH];

	if (!f->n_terms)
		return author_batch(f, below, ret, ret_n);
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
	const struct filter *w = &f->filter;
	struct rows r;

	db_query(f->db, &r, &search_filter,
		 BINDS(bind_ids(f->arena, ids, n), B_INT(f->viewer->account.v), B_INT(w->from.v), B_INT(w->where),
		       B_INT(w->media), B_INT(w->poll), B_INT(w->sensitive), B_INT(w->no_reply), B_INT(w->kind_is),
		       B_TEXT(w->kind), B_INT(w->language_is), B_TEXT(w->language)));
	while (k->n < k->limit && rows_next(&r)) {
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
	struct finder f = {.core = c, .db = db, .arena = a, .viewer = q->viewer};
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
