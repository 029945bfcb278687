/*
 * driver_pgsql_test.c - PostgreSQL under trouble: killed sessions, a server that is away, races, and a COMMIT whose
 * answer is lost.
 */
#include "base/base.h"
#include "store/store_test.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

TEST_SQL(put_id, "INSERT INTO t (id) VALUES ($1)");
TEST_SQL(find_id, "SELECT count(*) FROM t WHERE id = $1");
TEST_SQL(raise_n, "UPDATE t SET n = n + 1 WHERE id = $1");
TEST_SQL(count, "SELECT count(*) FROM t");
TEST_SQL(nap, "SELECT CASE WHEN pg_sleep(0.3) IS NULL THEN 1 ELSE 0 END");

struct call {
	struct store *s;
	PGconn *admin; /* kills the session in the middle of it, the first time */
	int64_t id, runs;
	enum err ret;
	pthread_t thread;
};

static enum err get_count(struct store *s, int64_t *ret)
{
	return db_int(store_db(s), &count, NO_BINDS, ret);
}

/* All sessions on our database. */
static void kill_all(PGconn *conn)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'",
		 own_name());
	admin_run(conn, sql);
}

static void allow_connections(PGconn *conn, const char *yes)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "ALTER DATABASE %s ALLOW_CONNECTIONS %s", own_name(), yes);
	admin_run(conn, sql);
}

static enum err put_row(struct db *tx, void *arg)
{
	struct call *c = arg;

	c->runs++;
	TRY(db_exec(tx, &put_id, BINDS(B_INT(c->id)), NULL));
	if (c->admin && c->runs == 1)
		kill_all(c->admin);
	return OK;
}

static void *write_in_thread(void *arg)
{
	struct call *c = arg;

	c->ret = store_write(c->s, put_row, c);
	store_thread_done(c->s);
	return NULL;
}

static void a_killed_session_is_replaced(void **state)
{
	struct fixture f;
	struct call c = {.id = 1};
	PGconn *conn;
	int64_t n = -1;

	make(&f, state);
	conn = admin("postgres");
	assert_int_equal(get_count(f.s, &n), OK);
	kill_all(conn);
	usleep(50000);
	assert_int_equal(get_count(f.s, &n), OK); /* a prepared statement, on a new connection */
	kill_all(conn);
	usleep(50000);
	assert_int_equal(store_write(f.s, put_row, &c), OK);
	assert_int_equal(c.runs, 1);
	/* Killed inside the transaction, with the COMMIT still to come: run again. */
	c = (struct call){.id = 2, .admin = conn};
	assert_int_equal(store_write(f.s, put_row, &c), OK);
	assert_int_equal(c.runs, 2);
	assert_int_equal(get_count(f.s, &n), OK);
	assert_int_equal(n, 2);
	PQfinish(conn);
	unmake(&f);
}

static void wait_until(PGconn *conn, const char *sql)
{
	for (int i = 0; i < 200; i++) {
		PGresult *res = PQexec(conn, sql);
		bool yes = PQntuples(res) > 0;

		PQclear(res);
		if (yes)
			return;
		usleep(20000);
	}
	fail_msg("never true: %s", sql);
}

/* The commit is made, then waits for a standby that does not exist; the session dies before it can answer. */
static void a_commit_without_answer_is_asked_about(void **state)
{
	struct fixture f;
	struct call c = {.id = 1};
	char sql[160];
	PGconn *conn;
	int64_t n = -1;

	make(&f, state);
	conn = admin("postgres");
	admin_run(conn, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
	admin_run(conn, "SELECT pg_reload_conf()");
	usleep(200000);
	c.s = f.s;
	pthread_create(&c.thread, NULL, write_in_thread, &c);
	snprintf(sql, sizeof(sql), "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = '%s'",
		 own_name());
	wait_until(conn, sql);
	admin_run(conn, "ALTER SYSTEM RESET synchronous_standby_names");
	kill_all(conn);
	admin_run(conn, "SELECT pg_reload_conf()");
	pthread_join(c.thread, NULL);
	assert_int_equal(c.ret, OK);
	assert_int_equal(c.runs, 1);
	assert_int_equal(get_count(f.s, &n), OK);
	assert_int_equal(n, 1);
	PQfinish(conn);
	unmake(&f);
}

static void away_is_said_at_once_and_back_by_itself(void **state)
{
	struct fixture f;
	struct call c = {.id = 1};
	PGconn *conn;
	int64_t n = -1, from;
	enum err err = OK;

	make(&f, state);
	conn = admin("postgres");
	assert_int_equal(get_count(f.s, &n), OK);
	allow_connections(conn, "false");
	kill_all(conn);
	usleep(50000);
	from = clock_mono_ns();
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(get_count(f.s, &n), ERR_UNAVAILABLE);
		assert_int_equal(store_write(f.s, put_row, &c), ERR_UNAVAILABLE);
	}
	assert_true(clock_mono_ns() - from < 1000000000);
	allow_connections(conn, "true");
	for (int i = 0; i < 300; i++) {
		err = get_count(f.s, &n);
		if (err == OK)
			break;
		usleep(10000);
	}
	assert_int_equal(err, OK);
	assert_int_equal(store_write(f.s, put_row, &c), OK);
	PQfinish(conn);
	unmake(&f);
}

/* Two that lock the same rows in opposite order. */
static enum err raise_both(struct db *tx, void *arg)
{
	struct call *c = arg;
	int64_t n;

	c->runs++;
	TRY(db_exec(tx, &raise_n, BINDS(B_INT(c->id)), NULL));
	if (c->runs == 1)
		TRY(db_int(tx, &nap, NO_BINDS, &n));
	return db_exec(tx, &raise_n, BINDS(B_INT(3 - c->id)), NULL);
}

static void *raise_in_thread(void *arg)
{
	struct call *c = arg;

	c->ret = store_write(c->s, raise_both, c);
	store_thread_done(c->s);
	return NULL;
}

static void deadlocks_are_run_again(void **state)
{
	struct fixture f;
	struct call calls[2] = {0};

	make(&f, state);
	for (int i = 0; i < 2; i++) {
		struct call put = {.id = i + 1};

		assert_int_equal(store_write(f.s, put_row, &put), OK);
		calls[i] = (struct call){.s = f.s, .id = i + 1};
		pthread_create(&calls[i].thread, NULL, raise_in_thread, &calls[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(calls[i].thread, NULL);
		assert_int_equal(calls[i].ret, OK);
	}
	/* One was run again at least; on a slow machine the second run may meet the other once more. */
	assert_in_range(calls[0].runs + calls[1].runs, 3, 6);
	unmake(&f);
}

/* Looks, and puts what is missing: the race that SQLite's one writer cannot have. */
static enum err look_and_put(struct db *tx, void *arg)
{
	struct call *c = arg;
	int64_t n;

	c->runs++;
	TRY(db_int(tx, &find_id, BINDS(B_INT(c->id)), &n));
	if (n == 1)
		return OK;
	if (c->runs == 1)
		TRY(db_int(tx, &nap, NO_BINDS, &n));
	return db_exec(tx, &put_id, BINDS(B_INT(c->id)), NULL);
}

static void *look_in_thread(void *arg)
{
	struct call *c = arg;

	c->ret = store_write(c->s, look_and_put, c);
	store_thread_done(c->s);
	return NULL;
}

static void who_comes_second_looks_again(void **state)
{
	struct fixture f;
	struct call calls[4] = {0};
	int64_t n = -1;

	make(&f, state);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		calls[i] = (struct call){.s = f.s, .id = 5};
		pthread_create(&calls[i].thread, NULL, look_in_thread, &calls[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		pthread_join(calls[i].thread, NULL);
		assert_int_equal(calls[i].ret, OK);
	}
	assert_int_equal(get_count(f.s, &n), OK);
	assert_int_equal(n, 1);
	unmake(&f);
}

/* A write that has chosen its id, and is held open. */
struct slow {
	struct store *s;
	_Atomic int64_t id;
	_Atomic bool go_on;
	pthread_t thread;
};

static enum err choose_and_wait(struct db *tx, void *arg)
{
	struct slow *w = arg;
	int64_t id = id_next();

	TRY(db_exec(tx, &put_id, BINDS(B_INT(id)), NULL));
	w->id = id;
	while (!w->go_on)
		usleep(1000);
	return OK;
}

static void *write_slowly(void *arg)
{
	struct slow *w = arg;

	assert_int_equal(store_write(w->s, choose_and_wait, w), OK);
	store_thread_done(w->s);
	return NULL;
}

static void begin_slow(struct slow *w, struct store *s)
{
	*w = (struct slow){.s = s};
	pthread_create(&w->thread, NULL, write_slowly, w);
	while (!w->id)
		usleep(1000);
}

static int64_t settled_now(struct store *s)
{
	int64_t settled = 0;

	assert_int_equal(store_settled(s, store_db(s), &settled), OK);
	return settled;
}

/* Other programs' writes on the same server are waited for too, so this takes what it takes. */
static void wait_until_settled(struct store *s, int64_t id)
{
	while (settled_now(s) < id)
		usleep(1000);
}

static void what_is_open_is_not_settled(void **state)
{
	struct fixture f;
	struct slow one, two;
	int64_t behind;

	make(&f, state);
	wait_until_settled(f.s, id_next());
	begin_slow(&one, f.s);
	begin_slow(&two, f.s);
	two.go_on = true;
	pthread_join(two.thread, NULL);
	behind = two.id;
	for (int i = 0; i < 20; i++) {
		int64_t settled = settled_now(f.s);

		if (clock_now() - id_time(one.id) < STORE_SETTLE_MS)
			assert_true(settled < one.id);
	}
	one.go_on = true;
	pthread_join(one.thread, NULL);
	wait_until_settled(f.s, behind);
	unmake(&f);
}

static void what_is_open_for_long_is_not_waited_for(void **state)
{
	struct fixture f;
	struct slow w;

	make(&f, state);
	begin_slow(&w, f.s);
	wait_until_settled(f.s, w.id);
	assert_true(clock_now() - id_time(w.id) >= STORE_SETTLE_MS);
	w.go_on = true;
	pthread_join(w.thread, NULL);
	unmake(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PGSQL(a_killed_session_is_replaced),
		PGSQL(a_commit_without_answer_is_asked_about),
		PGSQL(away_is_said_at_once_and_back_by_itself),
		PGSQL(deadlocks_are_run_again),
		PGSQL(who_comes_second_looks_again),
		PGSQL(what_is_open_is_not_settled),
		PGSQL(what_is_open_for_long_is_not_waited_for),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR + 1, LOG_AUTO); /* the trouble is expected */
	return cmocka_run_group_tests_name("driver_pgsql", tests, NULL, NULL);
}
