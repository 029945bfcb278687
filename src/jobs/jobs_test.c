/*
 * jobs_test.c - jobs run, are tried again, survive a crash, and periodic tasks come around.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "jobs/jobs.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"

static atomic_int good_runs, bad_runs, gone_runs, periods;
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static char seen[64];

static enum err run_good(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	(void)c, (void)db, (void)a, (void)problem;
	pthread_mutex_lock(&seen_lock);
	snprintf(seen, sizeof(seen), "%.*s", VIEW_ARG(payload));
	pthread_mutex_unlock(&seen_lock);
	atomic_fetch_add(&good_runs, 1);
	return OK;
}

static enum err run_bad(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	(void)c, (void)db, (void)a, (void)payload;
	atomic_fetch_add(&bad_runs, 1);
	return (fail)(problem, ERR_UNAVAILABLE, "nobody answers");
}

static enum err run_gone(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	(void)c, (void)db, (void)a, (void)payload, (void)problem;
	atomic_fetch_add(&gone_runs, 1);
	return ERR_GONE;
}

static enum err count_period(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)c, (void)db, (void)a;
	assert_true(now > 0);
	atomic_fetch_add(&periods, 1);
	return OK;
}

static struct job *held[300];
static atomic_int n_held;

/* Goes on until the test ends it. */
static enum err start_held(struct core *c, struct db *db, struct arena *a, struct view payload, struct job *job,
			   struct problem *problem)
{
	(void)c, (void)db, (void)a, (void)payload, (void)problem;
	pthread_mutex_lock(&seen_lock);
	held[atomic_load(&n_held)] = job;
	atomic_fetch_add(&n_held, 1);
	pthread_mutex_unlock(&seen_lock);
	return OK;
}

static enum err start_never(struct core *c, struct db *db, struct arena *a, struct view payload, struct job *job,
			    struct problem *problem)
{
	(void)c, (void)db, (void)a, (void)payload, (void)job;
	atomic_fetch_add(&bad_runs, 1);
	return (fail)(problem, ERR_UNAVAILABLE, "nobody answers");
}

static const struct job_kind kinds[] = {
	{"good", run_good, 0},
	{"bad", run_bad, 0},
	{"once", run_bad, 1},
	{"gone", run_gone, 0},
	{.name = "held", .start = start_held},
	{.name = "never", .start = start_never, .attempts = 1, .forgotten = true},
	{0},
};
static const struct job_period no_periods[] = {{0}};
static const struct job_period each_second[] = {{"count", 1, count_period}, {0}};

SQL(test_job, "SELECT run_at, attempts, error, lease_until FROM jobs");
SQL(test_jobs, "SELECT COUNT(*) FROM jobs");
SQL(test_jobs_clear, "DELETE FROM jobs");
SQL(test_job_add, "INSERT INTO jobs (id, kind, payload, run_at, lane) VALUES ($1, $2, '', $3, $4)");
SQL(test_lease, "UPDATE jobs SET lease_until = $1");

struct addition {
	const char *kind;
	struct view payload;
	int64_t run_at;
};

static enum err add(struct db *tx, void *arg)
{
	const struct addition *n = arg;

	return jobs_add(tx, n->kind, n->payload, n->run_at);
}

static enum err clear(struct db *tx, void *arg)
{
	(void)arg;
	return db_exec(tx, &test_jobs_clear, NO_BINDS, NULL);
}

static enum err lease(struct db *tx, void *arg)
{
	return db_exec(tx, &test_lease, BINDS(B_INT(*(int64_t *)arg)), NULL);
}

static void add_job(struct fixture *f, const char *kind, const char *payload, int64_t run_at)
{
	struct addition n = {kind, view_of(payload), run_at};

	assert_int_equal(store_write(f->store, add, &n), OK);
}

static enum err add_to_lane(struct db *tx, void *arg)
{
	const struct addition *n = arg;

	return db_exec(tx, &test_job_add,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(n->kind)), B_INT(n->run_at), B_INT(LANE_PUSH)), NULL);
}

static void add_push(struct fixture *f, const char *kind)
{
	struct addition n = {.kind = kind, .run_at = clock_now()};

	assert_int_equal(store_write(f->store, add_to_lane, &n), OK);
}

static int64_t jobs_left(struct fixture *f)
{
	int64_t n;

	assert_int_equal(db_int(f->db, &test_jobs, NO_BINDS, &n), OK);
	return n;
}

static bool wait_until(struct fixture *f, const atomic_int *counter, int at_least, int64_t jobs)
{
	for (int i = 0; i < 1000; i++) {
		if (atomic_load(counter) >= at_least && (jobs < 0 || jobs_left(f) == jobs))
			return true;
		usleep(5000);
	}
	return false;
}

static void reset(struct fixture *f)
{
	assert_int_equal(store_write(f->store, clear, NULL), OK);
	atomic_store(&good_runs, 0);
	atomic_store(&bad_runs, 0);
	atomic_store(&gone_runs, 0);
	atomic_store(&n_held, 0);
}

static void a_job_runs_once_and_is_gone(void **state)
{
	struct fixture *f = *state;

	reset(f);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	add_job(f, "good", "{\"a\":1}", 0);
	jobs_wake(f->core->jobs);
	assert_true(wait_until(f, &good_runs, 1, 0));
	assert_string_equal(seen, "{\"a\":1}");
	jobs_stop(j);
	assert_null(f->core->jobs);
	assert_int_equal(good_runs, 1);
}

static void many_jobs_all_run(void **state)
{
	struct fixture *f = *state;

	reset(f);
	for (int i = 0; i < 100; i++)
		add_job(f, "good", "", 0);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &good_runs, 100, 0));
	jobs_stop(j);
	assert_int_equal(good_runs, 100);
}

static void a_job_of_the_future_waits(void **state)
{
	struct fixture *f = *state;

	reset(f);
	add_job(f, "good", "", clock_now() + 3600000);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	usleep(100000);
	jobs_stop(j);
	assert_int_equal(good_runs, 0);
	assert_int_equal(jobs_left(f), 1);
}

static void a_failed_job_waits_with_its_error(void **state)
{
	struct fixture *f = *state;
	struct rows r;
	int64_t before = clock_now();

	reset(f);
	add_job(f, "bad", "", 0);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &bad_runs, 1, -1));
	jobs_stop(j);
	assert_int_equal(bad_runs, 1);
	db_query(f->db, &r, &test_job, NO_BINDS);
	assert_true(rows_next(&r));
	assert_true(row_int(&r, 0) >= before + 5000);
	assert_int_equal(row_int(&r, 1), 1);
	assert_true(view_is(row_text(&r, 2), "nobody answers"));
	assert_int_equal(row_int(&r, 3), 0);
	assert_int_equal(rows_end(&r), OK);
}

static void a_job_out_of_attempts_is_kept(void **state)
{
	struct fixture *f = *state;
	int64_t waiting, failed;

	reset(f);
	add_job(f, "once", "", 0);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &bad_runs, 1, -1));
	jobs_stop(j);
	assert_int_equal(jobs_count(f->db, &waiting, &failed), OK);
	assert_int_equal(waiting, 0);
	assert_int_equal(failed, 1);
}

static void what_is_gone_needs_no_second_attempt(void **state)
{
	struct fixture *f = *state;

	reset(f);
	add_job(f, "gone", "", 0);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &gone_runs, 1, 0));
	jobs_stop(j);
}

static void a_crash_leaves_no_job_behind(void **state)
{
	struct fixture *f = *state;
	int64_t until = clock_now() + JOBS_LEASE_MS;

	reset(f);
	add_job(f, "good", "", 0);
	assert_int_equal(store_write(f->store, lease, &until), OK);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &good_runs, 1, 0));
	jobs_stop(j);
}

static void an_unknown_kind_waits_for_a_newer_program(void **state)
{
	struct fixture *f = *state;
	int64_t waiting, failed;

	reset(f);
	add_job(f, "of-the-future", "", 0);
	add_job(f, "good", "", 0);
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	jobs_wake(j);
	assert_true(wait_until(f, &good_runs, 1, 1));
	jobs_stop(j);
	assert_int_equal(jobs_count(f->db, &waiting, &failed), OK);
	assert_int_equal(waiting, 1);
}

static void a_job_that_waits_ends_when_it_is_told(void **state)
{
	struct fixture *f = *state;
	struct rows r;

	reset(f);
	add_push(f, "held");
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	assert_true(wait_until(f, &n_held, 1, 1));
	int64_t before = clock_now();
	job_end(held[0], &(struct job_result){ERR_UNAVAILABLE, V("later"), 60000});
	for (int i = 0; i < 400; i++) {
		db_query(f->db, &r, &test_job, NO_BINDS);
		bool ended = rows_next(&r) && row_int(&r, 3) == 0;
		if (ended) {
			assert_true(row_int(&r, 0) >= before + 60000);
			assert_int_equal(row_int(&r, 1), 1);
			assert_true(view_is(row_text(&r, 2), "later"));
		}
		assert_int_equal(rows_end(&r), OK);
		if (ended)
			break;
		usleep(5000);
	}
	jobs_stop(j);
}

static void what_is_put_off_was_no_attempt(void **state)
{
	struct fixture *f = *state;
	struct rows r;

	reset(f);
	add_push(f, "held");
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	assert_true(wait_until(f, &n_held, 1, 1));
	job_put_off(held[0], 1);
	jobs_wake(j);
	assert_true(wait_until(f, &n_held, 2, 1));
	db_query(f->db, &r, &test_job, NO_BINDS);
	assert_true(rows_next(&r));
	assert_int_equal(row_int(&r, 1), 1);
	assert_int_equal(rows_end(&r), OK);
	job_end(held[1], &(struct job_result){.err = OK});
	assert_true(wait_until(f, &n_held, 2, 0));
	jobs_stop(j);
}

static void a_job_is_resumed_with_what_it_kept(void **state)
{
	struct fixture *f = *state;
	int kept;

	reset(f);
	add_push(f, "held");
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	assert_true(wait_until(f, &n_held, 1, 1));
	assert_null(*job_baggage(held[0]));
	*job_baggage(held[0]) = &kept;
	job_resume(held[0]);
	assert_true(wait_until(f, &n_held, 2, 1));
	assert_ptr_equal(held[0], held[1]);
	assert_ptr_equal(*job_baggage(held[1]), &kept);
	job_end(held[1], &(struct job_result){.err = OK});
	assert_true(wait_until(f, &n_held, 2, 0));
	jobs_stop(j);
}

static void a_full_lane_holds_up_no_other(void **state)
{
	struct fixture *f = *state;

	reset(f);
	for (int i = 0; i < 290; i++)
		add_push(f, "held");
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	assert_true(wait_until(f, &n_held, 256, 290));
	add_job(f, "good", "", 0);
	jobs_wake(j);
	assert_true(wait_until(f, &good_runs, 1, 290));
	for (int i = 0; i < 290; i++) {
		assert_true(wait_until(f, &n_held, i + 1, -1));
		job_end(held[i], &(struct job_result){.err = OK});
	}
	jobs_stop(j);
	assert_int_equal(jobs_left(f), 0);
}

static void some_are_forgotten_when_they_have_failed(void **state)
{
	struct fixture *f = *state;

	reset(f);
	add_push(f, "never");
	struct jobs *j = jobs_start(f->core, kinds, no_periods);
	assert_true(wait_until(f, &bad_runs, 1, 0));
	jobs_stop(j);
}

static void tasks_come_around(void **state)
{
	struct fixture *f = *state;

	reset(f);
	struct jobs *j = jobs_start(f->core, kinds, each_second);
	jobs_wake(j);
	assert_true(wait_until(f, &periods, 2, -1));
	jobs_stop(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_runs_once_and_is_gone),
		cmocka_unit_test(many_jobs_all_run),
		cmocka_unit_test(a_job_of_the_future_waits),
		cmocka_unit_test(a_failed_job_waits_with_its_error),
		cmocka_unit_test(a_job_out_of_attempts_is_kept),
		cmocka_unit_test(what_is_gone_needs_no_second_attempt),
		cmocka_unit_test(a_crash_leaves_no_job_behind),
		cmocka_unit_test(an_unknown_kind_waits_for_a_newer_program),
		cmocka_unit_test(a_job_that_waits_ends_when_it_is_told),
		cmocka_unit_test(what_is_put_off_was_no_attempt),
		cmocka_unit_test(a_job_is_resumed_with_what_it_kept),
		cmocka_unit_test(a_full_lane_holds_up_no_other),
		cmocka_unit_test(some_are_forgotten_when_they_have_failed),
		cmocka_unit_test(tasks_come_around),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
