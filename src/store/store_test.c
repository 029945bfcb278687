/*
 * store_test.c - statements, rows, transactions and concurrent writers, the same on both databases.
 */
#include "base/base.h"
#include "store/store_test.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/log.h"

TEST_SQL(put, "INSERT INTO t (id, n, s) VALUES ($1, $2, $3)");
TEST_SQL(put_id, "INSERT INTO t (id) VALUES ($1)");
TEST_SQL(put_or_not, "INSERT INTO t (id) VALUES ($1) ON CONFLICT DO NOTHING");
TEST_SQL(all, "SELECT id, n, s FROM t ORDER BY id");
TEST_SQL(by_text, "SELECT id FROM t ORDER BY s");
TEST_SQL(count, "SELECT count(*) FROM t");
TEST_SQL(sum, "SELECT SUM(n) FROM t");
TEST_SQL(raise_n, "UPDATE t SET n = n + 1 WHERE id = $1");
TEST_SQL(returning, "UPDATE t SET n = n + 1 WHERE id <= $1 RETURNING n");
TEST_SQL(swapped, "SELECT CAST($2 AS BIGINT) - $1 - $1 FROM t WHERE n = CAST($1 AS BIGINT) + CAST($2 AS BIGINT)");
TEST_SQL(exists, "SELECT EXISTS (SELECT 1 FROM t WHERE id = $1)");
TEST_SQL(is_null, "SELECT CASE WHEN CAST($1 AS BIGINT) IS NULL THEN 7 ELSE 8 END");
TEST_SQL(in_ids, "SELECT count(*) FROM t WHERE id IN IDS($1) AND n < $2");
TEST_SQL(not_in_ids, "SELECT count(*) FROM t WHERE id NOT IN IDS($1)");
TEST_SQL(like, "SELECT count(*) FROM t WHERE s LIKE $1");

static int64_t number(struct store *s, const struct sql *sql)
{
	int64_t n = -1;

	assert_int_equal(db_int(store_db(s), sql, NO_BINDS, &n), OK);
	return n;
}

struct row {
	int64_t id, n;
	struct bind s;
};

static enum err put_row(struct db *tx, void *arg)
{
	const struct row *row = arg;

	return db_exec(tx, &put, BINDS(B_INT(row->id), B_INT(row->n), row->s), NULL);
}

static void put_rows(struct store *s, struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(store_write(s, put_row, &rows[i]), OK);
}

extern const struct sql *const __start_kicau_sql[], *const __stop_kicau_sql[];

static void every_statement_prepares(void **state)
{
	struct fixture f;
	size_t n = 0, bad = 0;

	make(&f, state);
	for (const struct sql *const *sql = __start_kicau_sql; sql < __stop_kicau_sql; sql++, n++) {
		struct stmt *st;

		if (f.s->driver->prepare(store_db(f.s), *sql, &st) != OK) {
			print_error("%s does not prepare: %s\n", (*sql)->name, (*sql)->text);
			bad++;
			continue;
		}
		f.s->driver->stmt_free(st);
	}
	assert_true(n > 0);
	assert_int_equal(bad, 0);
	unmake(&f);
}

static void rows_come_as_they_were_put(void **state)
{
	struct fixture f;
	struct rows r;
	struct row rows[] = {{1, INT64_MAX, B_TEXT(V("one"))},
			     {2, INT64_MIN, B_NULL},
			     {3, 0, B_TEXT(V(""))},
			     {4, -1, B_TEXT(V("it's \\ \"\xF0\x9F\x90\xA6\"\n"))}};

	make(&f, state);
	put_rows(f.s, rows, ARRAY_LEN(rows));
	db_query(store_db(f.s), &r, &all, NO_BINDS);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct view s;

		assert_true(rows_next(&r));
		s = row_text(&r, 2);
		assert_int_equal(row_int(&r, 0), rows[i].id);
		assert_true(row_int(&r, 1) == rows[i].n);
		assert_int_equal(row_is_null(&r, 2), rows[i].s.kind == BIND_NULL);
		assert_int_equal(s.len, rows[i].s.text.len);
		assert_memory_equal(s.p, rows[i].s.text.p ? rows[i].s.text.p : "", s.len);
	}
	assert_false(rows_next(&r));
	assert_false(rows_next(&r)); /* and it stays so */
	assert_int_equal(rows_end(&r), OK);
	/* Leaving early, and the same statement again. */
	for (int i = 0; i < 3; i++) {
		db_query(store_db(f.s), &r, &all, NO_BINDS);
		assert_true(rows_next(&r));
		assert_int_equal(row_int(&r, 0), 1);
		assert_int_equal(rows_end(&r), OK);
	}
	unmake(&f);
}

struct blob_call {
	const struct sql *put;
	struct view blob;
};

static enum err put_blob(struct db *tx, void *arg)
{
	struct blob_call *call = arg;

	return db_exec(tx, call->put, BINDS(B_INT(1), B_BLOB(call->blob)), NULL);
}

static void blobs_come_as_they_were_put(void **state)
{
	TEST_SQL(blob_put, "INSERT INTO blobs (id, b) VALUES ($1, $2)");
	TEST_SQL(blob_get, "SELECT b FROM blobs WHERE id = $1");
	char bytes[256];
	struct fixture f;
	struct rows r;
	struct blob_call call = {&blob_put, {bytes, sizeof(bytes)}};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	make(&f, state);
	run_script(&f, f.server ? "CREATE TABLE blobs (id BIGINT, b BYTEA)" : "CREATE TABLE blobs (id BIGINT, b BLOB)");
	assert_int_equal(store_write(f.s, put_blob, &call), OK);
	db_query(store_db(f.s), &r, &blob_get, BINDS(B_INT(1)));
	assert_true(rows_next(&r));
	assert_true(view_eq(row_text(&r, 0), call.blob));
	assert_int_equal(rows_end(&r), OK);
	unmake(&f);
}

static void parameters_are_bound_by_number(void **state)
{
	struct fixture f;
	struct row row = {1, 30, B_NULL};
	int64_t n = 0;

	make(&f, state);
	put_rows(f.s, &row, 1);
	assert_int_equal(db_int(store_db(f.s), &swapped, BINDS(B_INT(10), B_INT(20)), &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_int(store_db(f.s), &swapped, BINDS(B_INT(5), B_INT(25)), &n), OK);
	assert_int_equal(n, 15);
	assert_int_equal(db_int(store_db(f.s), &swapped, BINDS(B_INT(5), B_INT(5)), &n), ERR_NOT_FOUND);
	assert_int_equal(n, 15);
	assert_int_equal(db_int(store_db(f.s), &exists, BINDS(B_INT(1)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_int(store_db(f.s), &exists, BINDS(B_INT(2)), &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_int(store_db(f.s), &is_null, BINDS(B_NULL), &n), OK);
	assert_int_equal(n, 7);
	assert_int_equal(db_int(store_db(f.s), &is_null, BINDS(B_INT_OR_NULL(4)), &n), OK);
	assert_int_equal(n, 8);
	/* Not what we bind, but what strangers send. */
	assert_int_equal(db_int(store_db(f.s), &like, BINDS(B_TEXT(view_make("a\0b", 3))), &n), ERR_INVALID);
	unmake(&f);
}

static void ids_are_a_list(void **state)
{
	enum { N = 3000 };
	static int64_t ids[N];
	struct row rows[] = {{10, 1, B_NULL}, {20, 2, B_NULL}, {30, 3, B_NULL}};
	struct fixture f;
	struct arena a;
	int64_t n = 0;

	make(&f, state);
	arena_init(&a, 1 << 20);
	put_rows(f.s, rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < N; i++)
		ids[i] = i % 2 ? -(int64_t)i : INT64_MAX - (int64_t)i;
	ids[N / 2] = 10;
	ids[N - 1] = 30;
	assert_int_equal(db_int(store_db(f.s), &in_ids, BINDS(bind_ids(&a, ids, N), B_INT(9)), &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(db_int(store_db(f.s), &in_ids, BINDS(bind_ids(&a, ids, N), B_INT(3)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_int(store_db(f.s), &in_ids, BINDS(bind_ids(&a, NULL, 0), B_INT(9)), &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_int(store_db(f.s), &not_in_ids, BINDS(bind_ids(&a, ids, N)), &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(db_int(store_db(f.s), &not_in_ids, BINDS(bind_ids(&a, NULL, 0)), &n), OK);
	assert_int_equal(n, 3);
	arena_release(&a);
	unmake(&f);
}

static void texts_compare_by_bytes(void **state)
{
	/* In this order by bytes; no locale agrees. */
	struct row rows[] = {{1, 0, B_TEXT(V("B"))},   {2, 0, B_TEXT(V("_"))},	     {3, 0, B_TEXT(V("a"))},
			     {4, 0, B_TEXT(V("a b"))}, {5, 0, B_TEXT(V("a-c"))},     {6, 0, B_TEXT(V("aa"))},
			     {7, 0, B_TEXT(V("z"))},   {8, 0, B_TEXT(V("\xC3\xA9"))}};
	struct fixture f;
	struct rows r;
	int64_t id = 0, n = 0;

	make(&f, state);
	put_rows(f.s, rows, ARRAY_LEN(rows));
	db_query(store_db(f.s), &r, &by_text, NO_BINDS);
	while (rows_next(&r))
		assert_int_equal(row_int(&r, 0), ++id);
	assert_int_equal(rows_end(&r), OK);
	assert_int_equal(db_int(store_db(f.s), &like, BINDS(B_TEXT(V("A%"))), &n), OK);
	assert_int_equal(n, 0);
	unmake(&f);
}

struct changes {
	int64_t put, again, raised, returned;
};

static enum err count_changes(struct db *tx, void *arg)
{
	struct changes *c = arg;

	TRY(db_exec(tx, &put_or_not, BINDS(B_INT(1)), &c->put));
	TRY(db_exec(tx, &put_or_not, BINDS(B_INT(1)), &c->again));
	TRY(db_exec(tx, &put_or_not, BINDS(B_INT(2)), NULL));
	TRY(db_exec(tx, &raise_n, BINDS(B_INT(99)), &c->raised));
	return db_exec(tx, &returning, BINDS(B_INT(5)), &c->returned);
}

static void changes_are_counted(void **state)
{
	struct fixture f;
	struct changes c = {-1, -1, -1, -1};
	int64_t selected = -1;

	make(&f, state);
	assert_int_equal(store_write(f.s, count_changes, &c), OK);
	assert_int_equal(c.put, 1);
	assert_int_equal(c.again, 0);
	assert_int_equal(c.raised, 0);
	assert_int_equal(c.returned, 2);
	assert_int_equal(db_exec(store_db(f.s), &all, NO_BINDS, &selected), OK);
	assert_int_equal(selected, 0);
	unmake(&f);
}

static enum err put_and_fail(struct db *tx, void *arg)
{
	TRY(db_exec(tx, &put_id, BINDS(B_INT(*(int64_t *)arg)), NULL));
	return ERR_FORBIDDEN;
}

static enum err put_twice(struct db *tx, void *arg)
{
	TRY(db_exec(tx, &put_id, BINDS(B_INT(*(int64_t *)arg)), NULL));
	return db_exec(tx, &put_id, BINDS(B_INT(*(int64_t *)arg)), NULL);
}

static enum err put_twice_and_shrug(struct db *tx, void *arg)
{
	if (put_twice(tx, arg) == OK)
		return ERR_INTERNAL;
	/* It does not get better by trying something else. */
	return db_exec(tx, &put_id, BINDS(B_INT(*(int64_t *)arg + 1)), NULL) == ERR_CONFLICT ? OK : ERR_INTERNAL;
}

static enum err put_one(struct db *tx, void *arg)
{
	return db_exec(tx, &put_id, BINDS(B_INT(*(int64_t *)arg)), NULL);
}

static void failures_leave_nothing(void **state)
{
	struct fixture f;
	int64_t id = 1;

	make(&f, state);
	assert_int_equal(store_write(f.s, put_and_fail, &id), ERR_FORBIDDEN);
	assert_int_equal(store_write(f.s, put_twice, &id), ERR_CONFLICT);
	assert_int_equal(store_write(f.s, put_twice_and_shrug, &id), ERR_CONFLICT);
	assert_int_equal(number(f.s, &count), 0);
	assert_int_equal(store_write(f.s, put_one, &id), OK);
	assert_int_equal(store_write(f.s, put_one, &id), ERR_CONFLICT);
	assert_int_equal(number(f.s, &count), 1);
	unmake(&f);
}

enum { THREADS = 16, ROUNDS = 100 };

struct client {
	struct store *s;
	int64_t number, kept;
	pthread_t thread;
};

struct call {
	int64_t id;
	bool failing;
};

/* A row of its own, and a counter that all share. */
static enum err add(struct db *tx, void *arg)
{
	struct call *call = arg;
	int64_t changed;

	TRY(db_exec(tx, &put_id, BINDS(B_INT(call->id)), NULL));
	TRY(db_exec(tx, &raise_n, BINDS(B_INT(0)), &changed));
	if (changed != 1)
		return ERR_INTERNAL;
	return call->failing ? ERR_FORBIDDEN : OK;
}

static void *client_main(void *arg)
{
	struct client *c = arg;

	for (int64_t i = 0; i < ROUNDS; i++) {
		struct call call = {.id = 1 + c->number * ROUNDS + i, .failing = (i + c->number) % 7 == 3};
		enum err err = store_write(c->s, add, &call);

		if (err == OK)
			c->kept++;
		if (err != (call.failing ? ERR_FORBIDDEN : OK))
			print_error("%s\n", err_name(err));
	}
	store_thread_done(c->s);
	return NULL;
}

static void many_write_at_once(void **state)
{
	struct client clients[THREADS] = {0};
	struct fixture f;
	int64_t kept = 0, zero = 0;

	make(&f, state);
	assert_int_equal(store_write(f.s, put_one, &zero), OK);
	for (int i = 0; i < THREADS; i++) {
		clients[i].s = f.s;
		clients[i].number = i;
		assert_int_equal(pthread_create(&clients[i].thread, NULL, client_main, &clients[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(clients[i].thread, NULL);
		kept += clients[i].kept;
	}
	assert_in_range(kept, THREADS * ROUNDS * 5 / 7, THREADS * ROUNDS - 1);
	assert_int_equal(number(f.s, &count), kept + 1);
	assert_int_equal(number(f.s, &sum), kept);
	unmake(&f);
}

struct async {
	struct call call;
	enum err err;
	sem_t *done;
	pthread_t thread;
};

static enum err add_async(struct db *tx, void *arg)
{
	return add(tx, &((struct async *)arg)->call);
}

static void note_done(enum err err, void *arg)
{
	struct async *a = arg;

	a->err = err;
	sem_post(a->done);
}

static void writes_need_not_be_waited_for(void **state)
{
	static struct async calls[ROUNDS];
	struct fixture f;
	sem_t done;
	int64_t zero = 0;

	make(&f, state);
	sem_init(&done, 0, 0);
	assert_int_equal(store_write(f.s, put_one, &zero), OK);
	for (int i = 0; i < ROUNDS; i++) {
		calls[i] =
			(struct async){.call = {.id = 1 + i, .failing = i % 10 == 9}, .err = ERR_COUNT, .done = &done};
		assert_int_equal(store_write_async(f.s, add_async, &calls[i], note_done), OK);
	}
	for (int i = 0; i < ROUNDS; i++)
		sem_wait(&done);
	for (int i = 0; i < ROUNDS; i++)
		assert_int_equal(calls[i].err, i % 10 == 9 ? ERR_FORBIDDEN : OK);
	assert_int_equal(number(f.s, &sum), ROUNDS - ROUNDS / 10);
	sem_destroy(&done);
	unmake(&f);
}

struct snapshot {
	struct store *s;
	int64_t before, after;
};

static void *write_one(void *arg)
{
	struct store *s = arg;
	int64_t id = 77;

	(void)!store_write(s, put_one, &id);
	store_thread_done(s);
	return NULL;
}

static enum err look_twice(struct db *db, void *arg)
{
	struct snapshot *snap = arg;
	pthread_t other;

	TRY(db_int(db, &count, NO_BINDS, &snap->before));
	pthread_create(&other, NULL, write_one, snap->s);
	pthread_join(other, NULL);
	return db_int(db, &count, NO_BINDS, &snap->after);
}

static void a_read_sees_one_moment(void **state)
{
	struct fixture f;
	struct snapshot snap = {0};

	make(&f, state);
	snap.s = f.s;
	assert_int_equal(store_read(f.s, look_twice, &snap), OK);
	assert_int_equal(snap.before, 0);
	assert_int_equal(snap.after, 0);
	assert_int_equal(number(f.s, &count), 1);
	unmake(&f);
}

static enum err do_nothing(struct db *tx MAYBE_UNUSED, void *arg MAYBE_UNUSED)
{
	return OK;
}

static void a_reader_cannot_write(void **state)
{
	struct store_config config = {.read_only = true};
	struct store *s = NULL;
	struct fixture f;

	make(&f, state);
	config.url = f.url;
	assert_int_equal(store_open(&config, &s, NULL), OK);
	assert_int_equal(number(s, &count), 0);
	assert_int_equal(store_write(s, do_nothing, NULL), ERR_FORBIDDEN);
	store_close(s);
	unmake(&f);
}

static void wrong_addresses_are_refused(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *url;
		enum err err;
	} cases[] = {
		{"", ERR_INVALID},
		{"mysql://x", ERR_INVALID},
		{"sqlite:", ERR_INVALID},
		{"sqlite::memory:", ERR_INVALID},
		{"sqlite:/nonexistent/folder/x.db", ERR_UNAVAILABLE},
		{"sqlite:/", ERR_UNAVAILABLE},
		{"sqlite:/etc/passwd", ERR_CORRUPT},
		{"postgresql:///x?host=/nonexistent", ERR_UNAVAILABLE},
		{"postgresql://localhost:1/x?nosuch=1", ERR_UNAVAILABLE},
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR + 1, LOG_AUTO); /* the last test: it is loud */
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_config config = {.url = cases[i].url,
					      .read_only = view_is(view_of(cases[i].url), "sqlite:/etc/passwd")};
		struct problem problem = {0};
		struct store *s = NULL;

		assert_int_equal(store_open(&config, &s, &problem), cases[i].err);
		assert_null(s);
		assert_true(problem.text[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(every_statement_prepares),
		BOTH(rows_come_as_they_were_put),
		BOTH(blobs_come_as_they_were_put),
		BOTH(parameters_are_bound_by_number),
		BOTH(ids_are_a_list),
		BOTH(texts_compare_by_bytes),
		BOTH(changes_are_counted),
		BOTH(failures_leave_nothing),
		BOTH(many_write_at_once),
		BOTH(writes_need_not_be_waited_for),
		BOTH(a_read_sees_one_moment),
		BOTH(a_reader_cannot_write),
		cmocka_unit_test(wrong_addresses_are_refused),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
