/*
 * fts_waiting.c - see fts_waiting.h.
 */
#include "base/base.h"
#include "store/fts_waiting.h"

#include "base/clock.h"
#include "base/log.h"

#define WAIT_NS (10 * 1000000000LL)

#define CREATE_TABLE "CREATE TABLE IF NOT EXISTS search_waiting (post_id INTEGER PRIMARY KEY, tokens TEXT NOT NULL)"

static const struct sql put = {"fts_waiting_put", "INSERT INTO search_waiting (post_id, tokens) VALUES ($1, $2)"
						  " ON CONFLICT (post_id) DO UPDATE SET tokens = excluded.tokens"};
static const struct sql del = {"fts_waiting_delete", "DELETE FROM search_waiting WHERE post_id = $1"};
static const struct sql list = {"fts_waiting_list", "SELECT post_id, tokens FROM search_waiting"
						    " WHERE post_id < $1 AND post_id > $2 ORDER BY post_id DESC"};
static const struct sql last = {
	"fts_waiting_last",
	"SELECT MAX(post_id) FROM (SELECT post_id FROM search_waiting ORDER BY post_id LIMIT $1) w"};
static const struct sql move = {"fts_waiting_move", "INSERT OR REPLACE INTO posts_fts (rowid, tokens)"
						    " SELECT post_id, tokens FROM search_waiting WHERE post_id <= $1"};
static const struct sql clear = {"fts_waiting_clear", "DELETE FROM search_waiting WHERE post_id <= $1"};

enum err fts_waiting_create(struct db *tx)
{
	return tx->store->driver->script(tx, CREATE_TABLE, NULL);
}

enum err fts_waiting_put(struct db *tx, struct post_id post, struct view tokens)
{
	((struct sqlite_db *)tx)->search_waiting++;
	return db_exec(tx, &put, BINDS(B_INT(post.v), B_TEXT(tokens)), NULL);
}

enum err fts_waiting_del(struct db *tx, struct post_id post)
{
	return db_exec(tx, &del, BINDS(B_INT(post.v)), NULL);
}

/* Tokens are parted by one space, in the phrase as in the post. */
static bool has_phrase(struct view tokens, const struct search_term *term)
{
	const char *at = tokens.p, *end = tokens.p + tokens.len;
	size_t len = term->phrase.len;

	while (at && (size_t)(end - at) >= len && (at = memmem(at, (size_t)(end - at), term->phrase.p, len))) {
		bool begins = at == tokens.p || at[-1] == ' ';
		bool ends = term->prefix || at + len == end || at[len] == ' ';

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

static bool matches(struct view tokens, const struct search_term *terms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has_phrase(tokens, &terms[i]) == terms[i].negated)
			return false;
	return true;
}

static bool matches_any(struct view tokens, const struct search_clause *clauses, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (matches(tokens, clauses[i].terms, clauses[i].n))
			return true;
	return false;
}

enum err fts_waiting_find(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id, int64_t min_id,
			  struct post_id *ret, size_t cap, size_t *ret_n)
{
	size_t found = 0;
	struct rows r;

	db_query(db, &r, &list, BINDS(B_INT(max_id), B_INT(min_id)));
	while (found < cap && rows_next(&r))
		if (matches_any(row_text(&r, 1), clauses, n))
			ret[found++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	*ret_n = found;
	return OK;
}

enum err fts_waiting_move(struct db *tx, int64_t *ret_moved)
{
	int64_t end;
	enum err err = db_int(tx, &last, BINDS(B_INT(FTS_WAITING_MANY)), &end);

	*ret_moved = 0;
	if (err || !end) /* NULL reads as 0 */
		return err;
	TRY(db_exec(tx, &move, BINDS(B_INT(end)), NULL));
	return db_exec(tx, &clear, BINDS(B_INT(end)), ret_moved);
}

/* Moves some. What the database does not take now waits on; one is counted, so that not every batch tries again. */
static void move_committed(struct sqlite_db *writer)
{
	struct db *db = &writer->base;
	int64_t moved = 0;
	enum err err = sqlite_begin(db, TX_WRITE);

	if (err == OK) {
		err = fts_waiting_move(db, &moved);
		if (err == OK)
			err = sqlite_commit(db);
		else
			sqlite_rollback(db);
	}
	if (err != OK)
		log_warn("new posts wait longer for the search index", F_STR("error", view_of(err_name(err))));
	if (err != OK)
		writer->search_waiting = 1;
	else if (moved < FTS_WAITING_MANY)
		writer->search_waiting = 0;
	else /* there may be more than were counted, of before */
		writer->search_waiting -=
			writer->search_waiting > FTS_WAITING_MANY ? FTS_WAITING_MANY : writer->search_waiting - 1;
}

int64_t fts_waiting_tend(struct sqlite_db *writer)
{
	int64_t now = clock_mono_ns();

	if (writer->search_waiting && !writer->search_since_ns)
		writer->search_since_ns = now;
	bool long_enough = writer->search_waiting && now - writer->search_since_ns >= WAIT_NS;
	/* As many as a batch has added: some batches are of thousands. */
	while (writer->search_waiting >= FTS_WAITING_MANY || long_enough) {
		writer->search_since_ns = now;
		long_enough = false;
		move_committed(writer);
	}
	if (!writer->search_waiting)
		writer->search_since_ns = 0;
	return writer->search_waiting ? writer->search_since_ns + WAIT_NS : 0;
}
