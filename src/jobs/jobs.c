/*
 * jobs.c - one thread ticks every second: it starts periodic tasks and leases due jobs to the pool of their lane. A
 * lease is written down, so that several processes can share a queue and a crash loses nothing.
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

#define IN_FLIGHT_MAX 256 /* of any lane */
#define PERIODS_MAX 32
#define ARENA_MAX (64 * LIMIT_MIB)
#define PAUSE_MS 5000 /* before the second attempt; doubles */
#define PAUSE_MAX_MS 7200000

SQL(job_insert, "INSERT INTO jobs (id, kind, payload, run_at, lane) VALUES ($1, $2, $3, $4, $5)");
SQL(job_is_due, "SELECT 1 FROM jobs WHERE lane = $2 AND run_at <= $1 AND lease_until <= $1 LIMIT 1");
SQL(job_lease, "UPDATE jobs SET lease_until = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM jobs "
	       "WHERE lane = $4 AND run_at <= $1 AND lease_until <= $1 ORDER BY run_at LIMIT $3) AND lease_until <= $1 "
	       "RETURNING id, kind, payload, attempts");
SQL(job_done, "DELETE FROM jobs WHERE id = $1");
SQL(job_later, "UPDATE jobs SET run_at = $2, lease_until = 0, error = $3 WHERE id = $1");
SQL(job_put_off_to, "UPDATE jobs SET run_at = $2, lease_until = 0, attempts = attempts - 1 WHERE id = $1");
SQL(job_release_all, "UPDATE jobs SET lease_until = 0 WHERE lease_until > 0");
SQL(job_count_waiting, "SELECT COUNT(*) FROM jobs WHERE run_at < $1");
SQL(job_count_failed, "SELECT COUNT(*) FROM jobs WHERE run_at >= $1");

struct period_state {
	struct jobs *jobs;
	const struct job_period *row;
	int64_t due_ns; /* monotonic; the ticker's own */
	atomic_bool running;
};

static const struct lane_row {
	const char *name; /* of its threads */
	size_t threads, in_flight;
} lane_rows[JOB_LANES] = {
	[LANE_WORK] = {"jobs", 2, 16},
	[LANE_PUSH] = {"jobs-push", 2, IN_FLIGHT_MAX},
	[LANE_FILM] = {"jobs-film", 1, 1},
	[LANE_LINKS] = {"jobs-links", 4, 8},
};

struct lane {
	struct jobs *jobs;
	const struct lane_row *row;
	struct pool *pool;
	size_t in_flight;  /* under jobs->lock, as what follows */
	struct job *ended; /* and how that is still to be written down */
};

struct jobs {
	struct core *core;
	const struct job_kind *kinds;
	struct lane lanes[JOB_LANES];
	struct period_state periods[PERIODS_MAX];
	size_t n_periods;
	pthread_t ticker;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	bool woken, stopping;
};

/* A leased job on its way through a lane; owns its strings. */
struct job {
	struct lane *lane;
	const struct job_kind *kind; /* NULL: not known to this program */
	int64_t id;
	int attempts; /* this one included */
	char *payload;
	size_t payload_len;
	void *baggage;
	/* How it ended. */
	bool put_off, gone;
	int64_t run_at; /* 0: it is done */
	char error[sizeof(((struct problem *)NULL)->text)];
	struct job *next;
};

enum err jobs_add_to(struct db *tx, enum job_lane lane, const char *kind, struct view payload, int64_t run_at)
{
	return db_exec(tx, &job_insert,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(kind)), B_TEXT(payload),
			     B_INT(run_at ? run_at : clock_now()), B_INT(lane)),
		       NULL);
}

enum err jobs_add(struct db *tx, const char *kind, struct view payload, int64_t run_at)
{
	return jobs_add_to(tx, LANE_WORK, kind, payload, run_at);
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

/* ---- the end of a job ---- */

static void job_free(struct job *job)
{
	free(job->payload);
	free(job);
}

static enum err write_end(struct db *tx, const struct job *job)
{
	if (job->gone && job->kind->gone)
		TRY(job->kind->gone(tx, view_make(job->payload, job->payload_len)));
	if (!job->run_at)
		return db_exec(tx, &job_done, BINDS(B_INT(job->id)), NULL);
	if (job->put_off)
		return db_exec(tx, &job_put_off_to, BINDS(B_INT(job->id), B_INT(job->run_at)), NULL);
	return db_exec(tx, &job_later, BINDS(B_INT(job->id), B_INT(job->run_at), B_TEXT(view_of(job->error))), NULL);
}

static enum err write_ends(struct db *tx, void *arg)
{
	for (const struct job *job = arg; job; job = job->next)
		TRY(write_end(tx, job));
	return OK;
}

static struct job *take_ended(struct lane *lane)
{
	pthread_mutex_lock(&lane->jobs->lock);
	struct job *list = lane->ended;
	lane->ended = NULL;
	pthread_mutex_unlock(&lane->jobs->lock);
	return list;
}

/* Of all jobs that have ended by now: those that end together are written down together. */
static void settle_ended(void *arg)
{
	struct lane *lane = arg;
	struct jobs *j = lane->jobs;
	struct job *list = take_ended(lane), *job;
	size_t n = 0;

	if (!list)
		return;
	if (store_write(j->core->store, write_ends, list) != OK)
		log_warn("a job's end could not be written; it will run again", F_INT("job", list->id));
	for (; (job = list); n++) {
		list = job->next;
		job_free(job);
	}
	pthread_mutex_lock(&j->lock);
	lane->in_flight -= n;
	pthread_mutex_unlock(&j->lock);
	jobs_wake(j);
}

/* Pauses of 5 s, 10 s, 20 s … 2 h, each up to a quarter longer so that what failed together does not return together. */
static int64_t pause_after(int attempts)
{
	int64_t ms = PAUSE_MS << (attempts > 16 ? 16 : attempts - 1);

	ms = ms > PAUSE_MAX_MS ? PAUSE_MAX_MS : ms;
	return ms + (int64_t)(rand_u64() % (uint64_t)(ms / 4));
}

static void fail_for_good(struct job *job)
{
	struct view kind = view_of(job->kind ? job->kind->name : "?"), error = view_of(job->error);

	if (job->kind && job->kind->forgotten) {
		log_info("a job was given up", F_STR("kind", kind), F_INT("job", job->id), F_STR("error", error));
		return;
	}
	job->run_at = JOBS_NEVER;
	log_error("a job has failed for good", F_STR("kind", kind), F_INT("job", job->id), F_STR("error", error));
}

static void judge(struct job *job, const struct job_result *r)
{
	int most = job->kind && job->kind->attempts ? job->kind->attempts : JOBS_ATTEMPTS;
	bool done = r->err == OK || r->err == ERR_NOT_FOUND || r->err == ERR_GONE;

	job->gone = r->err == ERR_GONE;
	metric_add(done ? METRIC_JOBS_DONE : METRIC_JOBS_FAILED, 1);
	if (done)
		return;
	snprintf(job->error, sizeof(job->error), "%.*s", VIEW_ARG(r->why.len ? r->why : view_of(err_name(r->err))));
	if (job->attempts >= most) {
		fail_for_good(job);
		return;
	}
	int64_t pause = pause_after(job->attempts);
	job->run_at = clock_now() + (pause < r->wait_ms ? r->wait_ms : pause);
}

static void add_ended(struct job *job)
{
	struct lane *lane = job->lane;

	pthread_mutex_lock(&lane->jobs->lock);
	job->next = lane->ended;
	lane->ended = job;
	pthread_mutex_unlock(&lane->jobs->lock);
}

/* From any thread, so a thread of the lane writes it down. When these are ending, jobs_stop() does. */
static void hand_ended(struct job *job)
{
	struct lane *lane = job->lane;

	add_ended(job);
	if (pool_submit(lane->pool, settle_ended, lane) != OK)
		log_debug("jobs are ending");
}

void job_end(struct job *job, const struct job_result *result)
{
	judge(job, result);
	hand_ended(job);
}

void job_put_off(struct job *job, int64_t wait_ms)
{
	job->put_off = true;
	job->run_at = clock_now() + wait_ms;
	hand_ended(job);
}

/* ---- its run ---- */

/* Whether it goes on by itself. */
static bool run_kind(struct job *job, struct arena *a, struct job_result *ret, struct problem *problem)
{
	struct core *c = job->lane->jobs->core;
	struct view payload = view_make(job->payload, job->payload_len);
	bool starts = job->kind && job->kind->start;

	if (!job->kind)
		ret->err = fail(problem, ERR_INVALID, "this version of kicau does not know this kind of job");
	else if (starts)
		ret->err = job->kind->start(c, store_db(c->store), a, payload, job, problem);
	else
		ret->err = job->kind->run(c, store_db(c->store), a, payload, problem);
	ret->why = view_of(problem->text);
	return starts && ret->err == OK;
}

static void run_job(void *arg)
{
	struct job *job = arg;
	struct lane *lane = job->lane; /* what goes on may be gone at once */
	struct problem problem = {0};
	struct job_result result = {0};
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	bool goes_on = run_kind(job, &arena, &result, &problem);
	arena_release(&arena);
	if (goes_on)
		return;
	judge(job, &result);
	add_ended(job);
	settle_ended(lane);
}

void job_resume(struct job *job)
{
	if (pool_submit(job->lane->pool, run_job, job) != OK)
		job_put_off(job, 0); /* ending: the next start of the program takes it up */
}

void **job_baggage(struct job *job)
{
	return &job->baggage;
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
	struct lane *lane;
	int64_t now, room;
	struct job *got[IN_FLIGHT_MAX];
	size_t n;
};

static void lease_drop(struct lease *lease)
{
	for (size_t i = 0; i < lease->n; i++)
		job_free(lease->got[i]);
	lease->n = 0;
}

static int64_t lane_number(const struct lane *lane)
{
	return lane - lane->jobs->lanes;
}

static enum err take_lease(struct db *tx, void *arg)
{
	struct lease *lease = arg;
	struct rows r;

	lease_drop(lease);
	db_query(tx, &r, &job_lease,
		 BINDS(B_INT(lease->now), B_INT(lease->now + JOBS_LEASE_MS), B_INT(lease->room),
		       B_INT(lane_number(lease->lane))));
	while (rows_next(&r) && lease->n < IN_FLIGHT_MAX) {
		struct view payload = row_text(&r, 2);
		struct job *job = xcalloc(1, sizeof(*job));

		*job = (struct job){.lane = lease->lane, .id = row_int(&r, 0), .attempts = (int)row_int(&r, 3)};
		job->kind = kind_of(lease->lane->jobs, row_text(&r, 1));
		job->payload = xmalloc(payload.len + 1);
		memcpy(job->payload, payload.p, payload.len);
		job->payload[payload.len] = 0;
		job->payload_len = payload.len;
		lease->got[lease->n++] = job;
	}
	return rows_end(&r);
}

static void add_in_flight(struct lane *lane, int n)
{
	pthread_mutex_lock(&lane->jobs->lock);
	lane->in_flight += (size_t)n;
	pthread_mutex_unlock(&lane->jobs->lock);
}

static void submit(struct job *job)
{
	struct lane *lane = job->lane;

	add_in_flight(lane, 1);
	if (pool_submit(lane->pool, run_job, job) == OK)
		return;
	add_in_flight(lane, -1); /* stopping: the lease runs out by itself */
	job_free(job);
}

static size_t lane_room(struct lane *lane)
{
	pthread_mutex_lock(&lane->jobs->lock);
	size_t room = lane->row->in_flight - lane->in_flight;
	pthread_mutex_unlock(&lane->jobs->lock);
	return room;
}

static void start_due_jobs(struct lane *lane)
{
	struct store *s = lane->jobs->core->store;
	struct lease lease = {.lane = lane, .now = clock_now(), .room = (int64_t)lane_room(lane)};
	int64_t one;

	if (lease.room == 0 ||
	    db_int(store_db(s), &job_is_due, BINDS(B_INT(lease.now), B_INT(lane_number(lane))), &one) != OK)
		return;
	if (store_write(s, take_lease, &lease) != OK) {
		lease_drop(&lease);
		return;
	}
	for (size_t i = 0; i < lease.n; i++)
		submit(lease.got[i]);
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
		if (pool_submit(j->lanes[LANE_WORK].pool, run_period, p) != OK)
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
		for (size_t i = 0; i < JOB_LANES; i++)
			start_due_jobs(&j->lanes[i]);
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

/* A job in flight stands in the queue at most twice: to run, and to have its end written down. */
static void start_lane(struct jobs *j, enum job_lane number)
{
	const struct lane_row *row = &lane_rows[number];

	j->lanes[number] = (struct lane){.jobs = j, .row = row};
	j->lanes[number].pool = pool_start(row->name, row->threads, 2 * row->in_flight + PERIODS_MAX, thread_done, j);
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
	for (int lane = 0; lane < JOB_LANES; lane++)
		start_lane(j, (enum job_lane)lane);
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
	for (size_t i = 0; i < JOB_LANES; i++) {
		pool_stop(j->lanes[i].pool);
		settle_ended(&j->lanes[i]);
	}
	j->core->jobs = NULL;
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}
