/*
 * jobs.c - one thread ticks every second: it starts periodic tasks and leases due jobs to the pool. A lease is written
 * down, so that several processes can share a queue and a crash loses nothing.
 */
#include "base/base.h"
#include "jobs/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "base/secret.h"

#define THREADS 2
#define IN_FLIGHT_MAX 16
#define PERIODS_MAX 32
#define ARENA_MAX (64 * LIMIT_MIB)
#define PAUSE_MS 5000 /* before the second attempt; doubles */
#define PAUSE_MAX_MS 7200000

SQL(job_insert, "INSERT INTO jobs (id, kind, payload, run_at) VALUES ($1, $2, $3, $4)");
SQL(job_is_due, "SELECT 1 FROM jobs WHERE run_at <= $1 AND lease_until <= $1 LIMIT 1");
SQL(job_lease, "UPDATE jobs SET lease_until = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM jobs "
	       "WHERE run_at <= $1 AND lease_until <= $1 ORDER BY run_at LIMIT $3) AND lease_until <= $1 "
	       "RETURNING id, kind, payload, attempts");
SQL(job_done, "DELETE FROM jobs WHERE id = $1");
SQL(job_later, "UPDATE jobs SET run_at = $2, lease_until = 0, error = $3 WHERE id = $1");
SQL(job_release_all, "UPDATE jobs SET lease_until = 0 WHERE lease_until > 0");
SQL(job_count_waiting, "SELECT COUNT(*) FROM jobs WHERE run_at < $1");
SQL(job_count_failed, "SELECT COUNT(*) FROM jobs WHERE run_at >= $1");

struct period_state {
	struct jobs *jobs;
	const struct job_period *row;
	int64_t due_ns; /* monotonic; the ticker's own */
	atomic_bool running;
};

struct jobs {
	struct core *core;
	const struct job_kind *kinds;
	struct pool *pool;
	atomic_int in_flight;
	struct period_state periods[PERIODS_MAX];
	size_t n_periods;
	pthread_t ticker;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	bool woken, stopping;
};

/* A leased job on its way through the pool; owns its strings. */
struct leased {
	struct jobs *jobs;
	const struct job_kind *kind; /* NULL: not known to this program */
	int64_t id;
	int attempts; /* this one included */
	char *payload;
	size_t payload_len;
};

enum err jobs_add(struct db *tx, const char *kind, struct view payload, int64_t run_at)
{
	return db_exec(
		tx, &job_insert,
		BINDS(B_INT(id_next()), B_TEXT(view_of(kind)), B_TEXT(payload), B_INT(run_at ? run_at : clock_now())),
		NULL);
}

enum err jobs_count(struct db *db, int64_t *ret_waiting, int64_t *ret_failed)
{
	int64_t waiting, failed;

	TRY(db_int(db, &job_count_waiting, BINDS(B_INT(JOBS_NEVER)), &waiting));
	TRY(db_int(db, &job_count_failed, BINDS(B_INT(JOBS_NEVER)), &failed));
	*ret_waiting = waiting;
	*ret_failed = failed;
	return OK;
}

/* ---- one job ---- */

struct outcome {
	const struct leased *job;
	int64_t run_at; /* 0: it is done */
	struct view error;
};

static enum err write_outcome(struct db *tx, void *arg)
{
	const struct outcome *o = arg;

	if (!o->run_at)
		return db_exec(tx, &job_done, BINDS(B_INT(o->job->id)), NULL);
	return db_exec(tx, &job_later, BINDS(B_INT(o->job->id), B_INT(o->run_at), B_TEXT(o->error)), NULL);
}

/* Pauses of 5 s, 10 s, 20 s … 2 h, each up to a quarter longer so that what failed together does not return together. */
static int64_t pause_after(int attempts)
{
	int64_t ms = PAUSE_MS << (attempts > 16 ? 16 : attempts - 1);

	ms = ms > PAUSE_MAX_MS ? PAUSE_MAX_MS : ms;
	return ms + (int64_t)(rand_u64() % (uint64_t)(ms / 4));
}

static enum err run_kind(const struct leased *l, struct problem *problem)
{
	struct core *c = l->jobs->core;
	struct arena arena;

	if (!l->kind)
		return fail(problem, ERR_INVALID, "this version of kicau does not know this kind of job");
	arena_init(&arena, ARENA_MAX);
	enum err err = l->kind->run(c, store_db(c->store), &arena, view_make(l->payload, l->payload_len), problem);
	arena_release(&arena);
	return err;
}

static void settle(const struct leased *l, enum err err, const struct problem *problem)
{
	int most = l->kind && l->kind->attempts ? l->kind->attempts : JOBS_ATTEMPTS;
	bool done = err == OK || err == ERR_NOT_FOUND || err == ERR_GONE, dead = !done && l->attempts >= most;
	struct view words = view_of(problem->text[0] ? problem->text : err_name(err));
	struct outcome o = {.job = l, .error = words};

	if (!done)
		o.run_at = dead ? JOBS_NEVER : clock_now() + pause_after(l->attempts);
	metric_add(done ? METRIC_JOBS_DONE : METRIC_JOBS_FAILED, 1);
	if (dead)
		log_error("a job has failed for good", F_STR("kind", view_of(l->kind ? l->kind->name : "?")),
			  F_INT("job", l->id), F_STR("error", words));
	if (store_write(l->jobs->core->store, write_outcome, &o) != OK)
		log_warn("a job's end could not be written; it will run again", F_INT("job", l->id));
}

static void run_job(void *arg)
{
	struct leased *l = arg;
	struct jobs *j = l->jobs;
	struct problem problem = {0};
	enum err err = run_kind(l, &problem);

	settle(l, err, &problem);
	free(l->payload);
	free(l);
	atomic_fetch_sub(&j->in_flight, 1);
	jobs_wake(j);
}

/* ---- leasing ---- */

static const struct job_kind *kind_of(const struct jobs *j, struct view name)
{
	for (const struct job_kind *k = j->kinds; k->name; k++)
		if (view_is(name, k->name))
			return k;
	return NULL;
}

struct lease {
	struct jobs *jobs;
	int64_t now, room;
	struct leased *got[IN_FLIGHT_MAX];
	size_t n;
};

static void lease_drop(struct lease *lease)
{
	for (size_t i = 0; i < lease->n; i++) {
		free(lease->got[i]->payload);
		free(lease->got[i]);
	}
	lease->n = 0;
}

static enum err take_lease(struct db *tx, void *arg)
{
	struct lease *lease = arg;
	struct rows r;

	lease_drop(lease);
	db_query(tx, &r, &job_lease, BINDS(B_INT(lease->now), B_INT(lease->now + JOBS_LEASE_MS), B_INT(lease->room)));
	while (rows_next(&r) && lease->n < IN_FLIGHT_MAX) {
		struct view payload = row_text(&r, 2);
		struct leased *l = xcalloc(1, sizeof(*l));

		*l = (struct leased){.jobs = lease->jobs, .id = row_int(&r, 0), .attempts = (int)row_int(&r, 3)};
		l->kind = kind_of(lease->jobs, row_text(&r, 1));
		l->payload = xmalloc(payload.len + 1);
		memcpy(l->payload, payload.p, payload.len);
		l->payload[payload.len] = 0;
		l->payload_len = payload.len;
		lease->got[lease->n++] = l;
	}
	return rows_end(&r);
}

static void submit(struct jobs *j, struct leased *l)
{
	atomic_fetch_add(&j->in_flight, 1);
	if (pool_submit(j->pool, run_job, l) == OK)
		return;
	atomic_fetch_sub(&j->in_flight, 1); /* stopping: the lease runs out by itself */
	free(l->payload);
	free(l);
}

static void start_due_jobs(struct jobs *j)
{
	struct store *s = j->core->store;
	struct lease lease = {.jobs = j, .now = clock_now(), .room = IN_FLIGHT_MAX - atomic_load(&j->in_flight)};
	int64_t one;

	if (lease.room <= 0 || db_int(store_db(s), &job_is_due, BINDS(B_INT(lease.now)), &one) != OK)
		return;
	if (store_write(s, take_lease, &lease) != OK) {
		lease_drop(&lease);
		return;
	}
	for (size_t i = 0; i < lease.n; i++)
		submit(j, lease.got[i]);
}

/* Leases of a process that has died. With a database of our own there is no other process, so they are all void. */
static enum err void_leases(struct db *tx, void *arg)
{
	(void)arg;
	return db_exec(tx, &job_release_all, NO_BINDS, NULL);
}

/* ---- periodic tasks ---- */

static void run_period(void *arg)
{
	struct period_state *p = arg;
	struct core *c = p->jobs->core;
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	enum err err = p->row->run(c, store_db(c->store), &arena, clock_now());
	arena_release(&arena);
	if (err != OK)
		log_warn("a periodic task failed; it is tried again", F_STR("task", view_of(p->row->name)),
			 F_STR("error", view_of(err_name(err))));
	atomic_store(&p->running, false);
}

static void start_due_periods(struct jobs *j)
{
	int64_t now = clock_mono_ns();

	for (size_t i = 0; i < j->n_periods; i++) {
		struct period_state *p = &j->periods[i];

		if (now < p->due_ns || atomic_exchange(&p->running, true))
			continue;
		p->due_ns = now + p->row->seconds * INT64_C(1000000000);
		if (pool_submit(j->pool, run_period, p) != OK)
			atomic_store(&p->running, false);
	}
}

/* ---- the ticker ---- */

/* Sleeps a second, or until woken. False at the end. */
static bool next_tick(struct jobs *j)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&j->lock);
	while (!j->woken && !j->stopping)
		if (pthread_cond_timedwait(&j->wake, &j->lock, &until) == ETIMEDOUT)
			break;
	j->woken = false;
	bool more = !j->stopping;
	pthread_mutex_unlock(&j->lock);
	return more;
}

static void *tick(void *arg)
{
	struct jobs *j = arg;

	pthread_setname_np(pthread_self(), "jobs-tick");
	while (next_tick(j)) {
		start_due_periods(j);
		start_due_jobs(j);
	}
	store_thread_done(j->core->store);
	return NULL;
}

static void thread_done(void *arg)
{
	struct jobs *j = arg;

	store_thread_done(j->core->store);
}

static void list_periods(struct jobs *j, const struct job_period *periods)
{
	for (; periods->name; periods++) {
		if (j->n_periods == PERIODS_MAX)
			BUG("more than %d periodic tasks", PERIODS_MAX);
		j->periods[j->n_periods++] = (struct period_state){.jobs = j, .row = periods};
	}
}

struct jobs *jobs_start(struct core *c, const struct job_kind *kinds, const struct job_period *periods)
{
	struct jobs *j = xcalloc(1, sizeof(*j));
	pthread_condattr_t attr;

	j->core = c;
	j->kinds = kinds;
	list_periods(j, periods);
	pthread_mutex_init(&j->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&j->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (!store_is_server(c->store) && store_write(c->store, void_leases, NULL) != OK)
		log_warn("jobs left by a crash wait until their lease ends");
	j->pool = pool_start("jobs", THREADS, IN_FLIGHT_MAX + PERIODS_MAX, thread_done, j);
	if (pthread_create(&j->ticker, NULL, tick, j) != 0)
		BUG("no thread for jobs");
	c->jobs = j;
	return j;
}

void jobs_wake(struct jobs *j)
{
	if (!j)
		return;
	pthread_mutex_lock(&j->lock);
	j->woken = true;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
}

bool jobs_stopping(struct jobs *j)
{
	if (!j)
		return false;
	pthread_mutex_lock(&j->lock);
	bool stopping = j->stopping;
	pthread_mutex_unlock(&j->lock);
	return stopping;
}

void jobs_stop(struct jobs *j)
{
	if (!j)
		return;
	pthread_mutex_lock(&j->lock);
	j->stopping = true;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
	pthread_join(j->ticker, NULL);
	pool_stop(j->pool);
	j->core->jobs = NULL;
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}
