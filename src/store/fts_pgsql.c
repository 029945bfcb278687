/*
 * fts_pgsql.c - full-text search with PostgreSQL's own types: tokens become a tsvector as they are, without its
 * parser, so that both databases index the same words. See search_index.h.
 *
 * A GIN index knows no order. So the newest posts are looked through first, which finds enough of a common word at
 * once; only a word that is rare among them goes to the index, which then has few posts to sort.
 */
#include "base/base.h"
#include "store/driver.h"

#include "base/buf.h"

#define LIMIT_TSQUERY_BYTES (64 * (size_t)1024)
#define LIMIT_TSVECTOR_BYTES (1024 * (size_t)1024)
#define LIMIT_TOKENS_BYTES (256 * (size_t)1024) /* of one post; a tsvector holds 1 MiB with its positions */
#define LIMIT_TOKEN_BYTES 1024			/* PostgreSQL's is 2046; longer ones are not indexed */

#define CREATE_TABLE                                                                                                   \
	"CREATE TABLE IF NOT EXISTS posts_fts (post_id BIGINT PRIMARY KEY, tokens tsvector NOT NULL);"                 \
	"CREATE INDEX IF NOT EXISTS posts_fts_tokens ON posts_fts USING gin (tokens) WITH (gin_pending_list_limit = "  \
	"256)"

static const struct sql put = {"fts_put", "INSERT INTO posts_fts (post_id, tokens) VALUES ($1, CAST($2 AS tsvector)) "
					  "ON CONFLICT (post_id) DO UPDATE SET tokens = EXCLUDED.tokens"};
static const struct sql del = {"fts_delete", "DELETE FROM posts_fts WHERE post_id = $1"};
/*
 * Where the conditions stand is chosen so that the planner cannot go wrong, with or without statistics: one bound on
 * the key and a limit is a walk down its index; a CTE with nothing but the words is a look-up in theirs.
 */
static const struct sql find_new = {
	"fts_find_new",
	"SELECT post_id FROM (SELECT post_id, tokens FROM posts_fts WHERE post_id < $2 "
	"ORDER BY post_id DESC LIMIT 12000) newest WHERE post_id > $3 AND tokens @@ CAST($1 AS tsquery) "
	"ORDER BY post_id DESC LIMIT CAST($4 AS BIGINT)"};
static const struct sql find_all = {
	"fts_find_all", "WITH hits AS MATERIALIZED (SELECT post_id FROM posts_fts WHERE tokens @@ CAST($1 AS tsquery)) "
			"SELECT post_id FROM hits WHERE post_id < $2 AND post_id > $3 "
			"ORDER BY post_id DESC LIMIT CAST($4 AS BIGINT)"};

static enum err fts_create(struct db *tx)
{
	return tx->store->driver->script(tx, CREATE_TABLE, NULL);
}

/* As tsvector and tsquery read a word: quotes and backslashes doubled. */
static void add_token(struct buf *out, struct view token)
{
	buf_add_c(out, '\'');
	for (size_t i = 0; i < token.len; i++) {
		if (token.p[i] == '\'' || token.p[i] == '\\')
			buf_add_c(out, token.p[i]);
		buf_add_c(out, token.p[i]);
	}
	buf_add_c(out, '\'');
}

static enum err fts_put(struct db *tx, struct post_id post, struct view tokens)
{
	struct view rest = view_sub(tokens, 0, LIMIT_TOKENS_BYTES), token;
	struct buf vector;
	uint64_t position = 0;
	enum err err;

	if (rest.len < tokens.len) /* no half token */
		while (rest.len > 0 && rest.p[rest.len - 1] != ' ')
			rest.len--;
	buf_init(&vector, LIMIT_TSVECTOR_BYTES * 4); /* as text it is longer */
	while (view_split(&rest, ' ', &token)) {
		if (token.len == 0)
			continue;
		position++;
		if (token.len > LIMIT_TOKEN_BYTES)
			continue;
		add_token(&vector, token);
		buf_add_c(&vector, ':');
		buf_add_u64(&vector, position);
		buf_add_c(&vector, ' ');
	}
	err = buf_err(&vector);
	if (err == OK)
		err = db_exec(tx, &put, BINDS(B_INT(post.v), B_TEXT(buf_view(&vector))), NULL);
	buf_release(&vector);
	return err;
}

static enum err fts_del(struct db *tx, struct post_id post)
{
	return db_exec(tx, &del, BINDS(B_INT(post.v)), NULL);
}

/* ('a' <-> 'b':*) */
static void add_phrase(struct buf *out, const struct search_term *term)
{
	struct view rest = term->phrase, token;
	bool first = true;

	buf_add_str(out, term->negated ? "!(" : "(");
	while (view_split(&rest, ' ', &token)) {
		if (token.len == 0)
			continue;
		if (!first)
			buf_add_str(out, " <-> ");
		add_token(out, token);
		first = false;
	}
	buf_add_str(out, term->prefix ? ":*)" : ")");
}

/* A token too long for the index: nothing has it. */
static bool is_indexed(const struct search_term *term)
{
	struct view rest = term->phrase, token;

	while (view_split(&rest, ' ', &token))
		if (token.len > LIMIT_TOKEN_BYTES)
			return false;
	return true;
}

static bool is_possible(const struct search_clause *clause)
{
	for (size_t i = 0; i < clause->n; i++)
		if (!clause->terms[i].negated && !is_indexed(&clause->terms[i]))
			return false;
	return true;
}

/* (a & !b) */
static void add_clause(struct buf *out, const struct search_clause *clause)
{
	const char *before = "(";

	for (size_t i = 0; i < clause->n; i++) {
		if (!is_indexed(&clause->terms[i]))
			continue;
		buf_add_str(out, before);
		add_phrase(out, &clause->terms[i]);
		before = " & ";
	}
	buf_add_c(out, ')');
}

/* False when no post can match. */
static bool add_query(struct buf *out, const struct search_clause *clauses, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_possible(&clauses[i]))
			continue;
		if (out->len > 0)
			buf_add_str(out, " | ");
		add_clause(out, &clauses[i]);
	}
	return out->len > 0;
}

static enum err read_ids(struct db *db, const struct sql *sql, const struct bind *binds, size_t n, struct post_id *ret,
			 size_t cap, size_t *ret_n)
{
	struct rows r;
	size_t found = 0;

	db_query(db, &r, sql, binds, n);
	while (found < cap && rows_next(&r))
		ret[found++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	*ret_n = found;
	return OK;
}

static enum err fts_find(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id, int64_t min_id,
			 struct post_id *ret, size_t cap, size_t *ret_n)
{
	struct buf query;
	bool possible;
	size_t found = 0;
	enum err err;

	buf_init(&query, LIMIT_TSQUERY_BYTES);
	possible = add_query(&query, clauses, n);
	err = buf_err(&query);
	if (err == OK && possible) {
		const struct bind binds[] = {B_TEXT(buf_view(&query)), B_INT(max_id), B_INT(min_id), B_INT(cap)};

		err = read_ids(db, &find_new, binds, ARRAY_LEN(binds), ret, cap, &found);
		if (err == OK && found < cap)
			err = read_ids(db, &find_all, binds, ARRAY_LEN(binds), ret, cap, &found);
	}
	buf_release(&query);
	if (err == OK)
		*ret_n = found;
	return err;
}

const struct fts fts_pgsql = {.create = fts_create, .put = fts_put, .del = fts_del, .find = fts_find};
