/*
 * fts_sqlite.c - full-text search with FTS5. A post's row is its id; matches come out newest first without sorting,
 * so a common word costs as little as a rare one. See search_index.h.
 */
#include "base/base.h"
#include "store/fts_waiting.h"

#include "base/buf.h"

#define LIMIT_MATCH_BYTES (64 * (size_t)1024)

/*
 * Tokens come ready-made: only a space parts them, and no letter is changed. No index of prefixes: it would cost each
 * post more than its words do, for the few searches of beginnings.
 */
#define CREATE_TABLE                                                                                                   \
	"CREATE VIRTUAL TABLE IF NOT EXISTS posts_fts USING fts5 (tokens, columnsize = 0, "                             \
	"tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"

static const struct sql del = {"fts_delete", "DELETE FROM posts_fts WHERE rowid = $1"};
static const struct sql find = {"fts_find", "SELECT rowid FROM posts_fts WHERE posts_fts MATCH $1 AND rowid < $2 "
					    "AND rowid > $3 AND rowid NOT IN (SELECT post_id FROM search_waiting) "
					    "ORDER BY rowid DESC LIMIT $4"};

static enum err fts_create(struct db *tx)
{
	TRY(fts_waiting_create(tx));
	return tx->store->driver->script(tx, CREATE_TABLE, NULL);
}

static enum err fts_del(struct db *tx, struct post_id post)
{
	TRY(fts_waiting_del(tx, post));
	return db_exec(tx, &del, BINDS(B_INT(post.v)), NULL);
}

/* A phrase as FTS5 takes it: a string in which a quote is doubled; a star behind it is for its last token. */
static void add_phrase(struct buf *out, const struct search_term *term)
{
	buf_add_c(out, '"');
	for (size_t i = 0; i < term->phrase.len; i++) {
		if (term->phrase.p[i] == '"')
			buf_add_c(out, '"');
		buf_add_c(out, term->phrase.p[i]);
	}
	buf_add_str(out, term->prefix ? "\" *" : "\"");
}

static void add_phrases(struct buf *out, const struct search_term *terms, size_t n, bool negated, const char *between)
{
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		if (terms[i].negated != negated)
			continue;
		if (!first)
			buf_add_str(out, between);
		add_phrase(out, &terms[i]);
		first = false;
	}
}

/* (a AND b) NOT (c OR d) */
static void add_clause(struct buf *out, const struct search_term *terms, size_t n)
{
	buf_add_c(out, '(');
	add_phrases(out, terms, n, false, " AND ");
	buf_add_c(out, ')');
	for (size_t i = 0; i < n; i++) {
		if (!terms[i].negated)
			continue;
		buf_add_str(out, " NOT (");
		add_phrases(out, terms, n, true, " OR ");
		buf_add_c(out, ')');
		break;
	}
}

/* (…) OR (…) */
static void add_query(struct buf *out, const struct search_clause *clauses, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_str(out, i ? " OR (" : "(");
		add_clause(out, clauses[i].terms, clauses[i].n);
		buf_add_c(out, ')');
	}
}

static enum err find_indexed(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id,
			     int64_t min_id, struct post_id *ret, size_t cap, size_t *ret_n)
{
	struct buf match;
	struct rows r;
	size_t found = 0;

	buf_init(&match, LIMIT_MATCH_BYTES);
	add_query(&match, clauses, n);
	if (match.over) {
		buf_release(&match);
		return ERR_TOO_LARGE;
	}
	db_query(db, &r, &find, BINDS(B_TEXT(buf_view(&match)), B_INT(max_id), B_INT(min_id), B_INT(cap)));
	while (found < cap && rows_next(&r))
		ret[found++].v = row_int(&r, 0);
	buf_release(&match);
	TRY(rows_end(&r));
	*ret_n = found;
	return OK;
}

/* Puts the ids of `more` among those of ret, newest first; the cap newest stay. Returns how many there are. */
static size_t merge(struct post_id *ret, size_t n, const struct post_id *more, size_t n_more, size_t cap)
{
	for (size_t i = 0, at = 0; i < n_more; i++, at++) {
		while (at < n && ret[at].v > more[i].v)
			at++;
		if (at == cap)
			break;
		if (at < n && ret[at].v == more[i].v)
			continue;
		n -= n == cap;
		memmove(&ret[at + 1], &ret[at], (n - at) * sizeof(*ret));
		ret[at] = more[i];
		n++;
	}
	return n;
}

/* What waits is read first: a post that is moved in between is found twice rather than not at all. */
static enum err fts_find(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id, int64_t min_id,
			 struct post_id *ret, size_t cap, size_t *ret_n)
{
	struct post_id *waiting = xcalloc(cap, sizeof(*waiting));
	size_t n_waiting, n_indexed;
	enum err err = fts_waiting_find(db, clauses, n, max_id, min_id, waiting, cap, &n_waiting);

	if (err == OK)
		err = find_indexed(db, clauses, n, max_id, min_id, ret, cap, &n_indexed);
	if (err == OK)
		*ret_n = merge(ret, n_indexed, waiting, n_waiting, cap);
	free(waiting);
	return err;
}

const struct fts fts_sqlite = {.create = fts_create, .put = fts_waiting_put, .del = fts_del, .find = fts_find};
