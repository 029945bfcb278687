/*
 * search_index_test.c - both databases find the same posts, SQLite also once they are not new any more.
 */
#include "base/base.h"
#include "store/store_test.h"

#include "store/fts_waiting.h"

#include "base/log.h"

#define INDEXED "sqlite, indexed"
#define ALL(fn) BOTH(fn), {#fn " (" INDEXED ")", (fn), NULL, NULL, INDEXED}

struct put {
	int64_t id;
	const char *tokens; /* NULL: delete */
};

static enum err put_post(struct db *tx, void *arg)
{
	const struct put *p = arg;
	struct post_id id = {p->id};

	return p->tokens ? search_index_put(tx, id, view_of(p->tokens)) : search_index_delete(tx, id);
}

static enum err move_posts(struct db *tx, void *arg)
{
	return fts_waiting_move(tx, arg);
}

/* After some of them, what waits is moved into the index, when the case is one of indexed posts. */
static void put_all(struct fixture *f, void *const *state, const struct put *puts, size_t n)
{
	bool indexed = strcmp(*state, INDEXED) == 0;

	for (size_t i = 0; i < n; i++) {
		struct put p = puts[i];
		int64_t moved;

		assert_int_equal(store_write(f->s, put_post, &p), OK);
		if (indexed && (i == n / 2 || i == n - 1))
			assert_int_equal(store_write(f->s, move_posts, &moved), OK);
	}
}

/* "-" before a phrase negates it, "*" behind it makes it a beginning; terms are parted by "|". */
static size_t parse_terms(const char *text, struct search_term ret[8])
{
	struct view rest = view_of(text), piece;
	size_t n = 0;

	while (view_split(&rest, '|', &piece)) {
		ret[n] = (struct search_term){.phrase = piece};
		if (view_starts(piece, V("-"))) {
			ret[n].negated = true;
			ret[n].phrase = view_sub(ret[n].phrase, 1, piece.len);
		}
		if (piece.len > 1 && view_ends(piece, V("*"))) {
			ret[n].prefix = true;
			ret[n].phrase.len--;
		}
		n++;
	}
	return n;
}

/* expected: ids, one digit each, in order. */
static void finds_in(struct fixture *f, const char *query, int64_t max_id, int64_t min_id, size_t cap,
		     const char *expected)
{
	struct search_term terms[8];
	size_t n_terms = parse_terms(query, terms), n = 99;
	struct post_id ids[16];
	char found[17] = "";

	assert_int_equal(search_index_find(store_db(f->s), terms, n_terms, max_id, min_id, ids, cap, &n), OK);
	assert_true(n <= cap);
	for (size_t i = 0; i < n; i++)
		found[i] = (char)('0' + ids[i].v);
	if (strcmp(found, expected) != 0)
		fail_msg("%s found %s, not %s", query, found, expected);
}

static void finds(struct fixture *f, const char *query, const char *expected)
{
	finds_in(f, query, 0, 0, 16, expected);
}

static const struct put posts[] = {
	{1, "the quick brown fox"},
	{2, "the lazy dog and the quick cat"},
	{3, "foxes are quick"},
	{4, "\xE6\x97\xA5\xE6\x9C\xAC \xE6\x9C\xAC\xE8\xAA\x9E caf\xC3\xA9 \xF0\x9F\x90\xA6 c++ it's a\"b back\\slash "
	    "x:y"},
	{5, "cafe brown the"},
	{6, ""},
};

static void words_and_phrases(void **state)
{
	struct fixture f;

	make(&f, state);
	put_all(&f, state, posts, ARRAY_LEN(posts));
	finds(&f, "quick", "321");
	finds(&f, "quick|the", "21");
	finds(&f, "the quick", "21");
	finds(&f, "quick the", "");
	finds(&f, "the quick brown fox", "1");
	finds(&f, "the brown", "");
	finds(&f, "quick|-fox", "32");
	finds(&f, "quick|-fox|-the lazy", "3");
	finds(&f, "-fox", "");
	finds(&f, "nothing", "");
	finds(&f, "fox", "1");
	finds(&f, "fox*", "31");
	finds(&f, "f*", "31");
	finds(&f, "quick c*", "2");
	finds(&f, "quick|-fox*", "2");
	finds(&f, "quick brown f*", "1");
	unmake(&f);
}

static void tokens_are_taken_as_they_are(void **state)
{
	struct fixture f;

	make(&f, state);
	put_all(&f, state, posts, ARRAY_LEN(posts));
	finds(&f, "caf\xC3\xA9", "4");
	finds(&f, "cafe", "5");
	finds(&f, "\xE6\x97\xA5\xE6\x9C\xAC", "4");
	finds(&f, "\xE6\x97\xA5\xE6\x9C\xAC \xE6\x9C\xAC\xE8\xAA\x9E", "4");
	finds(&f, "\xE6\x97\xA5*", "4");
	finds(&f, "\xF0\x9F\x90\xA6", "4");
	finds(&f, "c++", "4");
	finds(&f, "c", "");
	finds(&f, "it's", "4");
	finds(&f, "a\"b", "4");
	finds(&f, "back\\slash", "4");
	finds(&f, "x:y", "4");
	finds(&f, "x", "");
	/* What would be syntax. */
	finds(&f, "\"", "");
	finds(&f, "'", "");
	finds(&f, "\\", "");
	finds(&f, "quick\" OR \"the", "");
	finds(&f, "a & !b:* <-> ('", "");
	finds(&f, "tokens:fox", "");
	finds(&f, "NOT", "");
	unmake(&f);
}

static void finds_any(struct fixture *f, const char *const *queries, size_t n, const char *expected)
{
	struct search_term terms[4][8];
	struct search_clause clauses[4];
	struct post_id ids[16];
	char found[17] = "";
	size_t n_found = 99;

	for (size_t i = 0; i < n; i++)
		clauses[i] = (struct search_clause){terms[i], parse_terms(queries[i], terms[i])};
	assert_int_equal(search_index_find_any(store_db(f->s), clauses, n, 0, 0, ids, 16, &n_found), OK);
	for (size_t i = 0; i < n_found; i++)
		found[i] = (char)('0' + ids[i].v);
	assert_string_equal(found, expected);
}

#define FINDS_ANY(f, expected, ...)                                                                                    \
	finds_any((f), (const char *const[]){__VA_ARGS__}, ARRAY_LEN(((const char *const[]){__VA_ARGS__})), (expected))

static void alternatives(void **state)
{
	static struct search_term terms[1500];
	static struct search_clause clauses[1500];
	struct post_id ids[16];
	struct fixture f;
	size_t n;

	make(&f, state);
	put_all(&f, state, posts, ARRAY_LEN(posts));
	FINDS_ANY(&f, "431", "fox", "are quick", "c++");
	FINDS_ANY(&f, "532", "quick|-fox", "cafe");
	FINDS_ANY(&f, "21", "the lazy|cat", "brown|quick", "nothing");
	FINDS_ANY(&f, "", "-fox", "quick");
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		terms[i].phrase = i % 2 ? V("no such word") : V("fox");
		clauses[i] = (struct search_clause){&terms[i], 1};
	}
	assert_int_equal(search_index_find_any(store_db(f.s), clauses, ARRAY_LEN(clauses), 0, 0, ids, 16, &n), OK);
	assert_int_equal(n, 1);
	unmake(&f);
}

static void pages_go_back_in_time(void **state)
{
	struct fixture f;

	make(&f, state);
	put_all(&f, state, posts, ARRAY_LEN(posts));
	finds_in(&f, "the", 0, 0, 2, "52");
	finds_in(&f, "the", 2, 0, 2, "1");
	finds_in(&f, "the", 0, 1, 9, "52");
	finds_in(&f, "the", 5, 1, 9, "2");
	finds_in(&f, "the", 1, 0, 9, "");
	finds_in(&f, "the", 0, 0, 0, "");
	unmake(&f);
}

static void posts_are_replaced_and_deleted(void **state)
{
	static const struct put changes[] = {{1, "something else"}, {2, NULL}, {2, NULL}, {8, NULL}, {9, "quick"}};
	struct fixture f;

	make(&f, state);
	put_all(&f, state, posts, ARRAY_LEN(posts));
	put_all(&f, state, changes, ARRAY_LEN(changes));
	finds(&f, "quick", "93");
	finds(&f, "else", "1");
	finds(&f, "dog", "");
	unmake(&f);
}

static void long_texts_are_indexed(void **state)
{
	enum { SIZE = 300 * 1024 };
	struct fixture f;
	struct buf b;
	struct put p = {.id = 7};

	make(&f, state);
	buf_init(&b, SIZE * 2);
	buf_add_str(&b, "first ");
	for (size_t i = 0; i < 5000; i++)
		buf_add_c(&b, 'z'); /* a word that is too long to be found */
	for (unsigned i = 0; b.len < SIZE; i++)
		buf_printf(&b, " w%u", i);
	p.tokens = b.p;
	put_all(&f, state, &p, 1);
	finds(&f, "first", "7");
	finds(&f, "w77 w78 w79", "7");
	finds(&f, "w79 w78", "");
	buf_release(&b);
	unmake(&f);
}

static int64_t left_waiting(struct fixture *f)
{
	TEST_SQL(waiting, "SELECT COUNT(*) FROM search_waiting");
	int64_t n = 0;

	assert_int_equal(db_int(store_db(f->s), &waiting, NO_BINDS, &n), OK);
	return n;
}

/* The writer moves them by itself once there are many; none is missing or found twice meanwhile. */
static void posts_are_found_while_they_are_moved(void **state)
{
	enum { POSTS = 3 * FTS_WAITING_MANY + 7 };
	static struct post_id ids[POSTS + 1];
	const struct search_term term = {.phrase = V("tide")};
	struct fixture f;
	size_t n;

	make(&f, state);
	for (int64_t i = 1; i <= POSTS; i++) {
		struct put p = {.id = i, .tokens = i % 2 ? "low tide" : "tide"};

		assert_int_equal(store_write(f.s, put_post, &p), OK);
		if (i % 100)
			continue;
		assert_int_equal(search_index_find(store_db(f.s), &term, 1, 0, 0, ids, POSTS + 1, &n), OK);
		assert_int_equal(n, i);
	}
	assert_int_equal(search_index_find(store_db(f.s), &term, 1, 0, 0, ids, POSTS + 1, &n), OK);
	assert_int_equal(n, POSTS);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ids[i].v, POSTS - i);
	if (!f.server)
		assert_true(left_waiting(&f) < POSTS / 2);
	unmake(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALL(words_and_phrases),
		ALL(tokens_are_taken_as_they_are),
		ALL(alternatives),
		ALL(pages_go_back_in_time),
		ALL(posts_are_replaced_and_deleted),
		ALL(long_texts_are_indexed),
		BOTH(posts_are_found_while_they_are_moved),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	return cmocka_run_group_tests_name("search_index", tests, NULL, NULL);
}
