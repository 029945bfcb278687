/*
 * writer.c - group commit for SQLite. A batch grows while it runs: whatever has arrived meanwhile joins it, until the
 * queue is empty or the batch is full. Nobody is told anything before the COMMIT.
 *
 * Jobs run without savepoints, which cost more than the jobs (full-text search flushes at each). Only when a job
 * fails after it changed rows is the batch rolled back and run again with a savepoint around each.
 */
#include "base/base.h"
#include "store/writer.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/checkpoint.h"
#include "store/driver_sqlite.h"
#include "store/fts_waiting.h"

#define BATCH_MAX 512
#define BATCH_NS (10 * 1000000LL) /* the first of a batch waits no longer for its last */
#define LOST_MAX 3		  /* failures of the disk before the rest of a batch is given up */
#define LOG_EVERY_NS (10 * 1000000000LL)

struct job {
	enum err (*fn)(struct db *tx, void *arg);
	void *arg;
	void (*done)(enum err err, void *arg); /* NULL: somebody waits on woken, and owns the job */
	sem_t woken;
	enum err err;
	struct job *next;
};

struct batch {
	struct job *jobs[BATCH_MAX];
	size_t n;
	int64_t begun_ns;
};

struct writer {
	struct store *store;
	struct db *db;
	pthread_t thread;
	size_t queue_max;
	struct checkpointer *checkpointer;
	int64_t logged_ns;
	int64_t tend_ns; /* the search index wants to be tended then; 0: not at all */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t arrived;
	struct job *head, **tail;
	size_t waiting;
	bool asleep, stopping;
};

/* How a run of a batch ended. */
enum run {
	RUN_COMMITTED,
	RUN_UNDO_ONE,  /* a job failed half-way: nothing is kept, run again with savepoints */
	RUN_LOST_ONE,  /* a job failed and the transaction with it: run again without it */
	RUN_NO_COMMIT, /* the COMMIT failed */
	RUN_NO_BEGIN,
};

static struct sqlite_db *connection(struct writer *w)
{
	return (struct sqlite_db *)w->db;
}

/* Wakes whoever waits for the job, which is gone then. */
static void finish(struct job *job, enum err err)
{
	if (err == OK)
		metric_add(METRIC_DB_WRITES, 1);
	if (job->done) {
		job->done(err, job->arg);
		free(job);
		return;
	}
	job->err = err;
	sem_post(&job->woken);
}

static void finish_all(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		finish(b->jobs[i], b->jobs[i]->err);
	b->n = 0;
}

static void fail_all(struct batch *b, enum err err)
{
	for (size_t i = 0; i < b->n; i++)
		b->jobs[i]->err = err;
	finish_all(b);
}

/* Moves what is queued into the batch, as far as it has room. Called with the lock held. */
static void take(struct writer *w, struct batch *b)
{
	while (w->head && b->n < BATCH_MAX) {
		b->jobs[b->n++] = w->head;
		w->head = w->head->next;
		w->waiting--;
	}
	if (!w->head)
		w->tail = &w->head;
}

static void take_more(struct writer *w, struct batch *b)
{
	if (b->n == BATCH_MAX || clock_mono_ns() - b->begun_ns > BATCH_NS)
		return;
	pthread_mutex_lock(&w->lock);
	take(w, b);
	pthread_mutex_unlock(&w->lock);
}

/* False when it is time to tend the search index. With the lock held. */
static bool wait_for_job(struct writer *w)
{
	struct timespec until = {.tv_sec = w->tend_ns / 1000000000, .tv_nsec = w->tend_ns % 1000000000};

	if (w->tend_ns)
		return pthread_cond_timedwait(&w->arrived, &w->lock, &until) != ETIMEDOUT;
	pthread_cond_wait(&w->arrived, &w->lock);
	return true;
}

/* False when nothing is left and the store is closing. The batch is empty when the search index is to be tended. */
static bool take_first(struct writer *w, struct batch *b)
{
	bool more;

	b->n = 0;
	pthread_mutex_lock(&w->lock);
	w->asleep = true;
	while (!w->head && !w->stopping && wait_for_job(w))
		continue;
	w->asleep = false;
	take(w, b);
	more = b->n > 0 || !w->stopping;
	pthread_mutex_unlock(&w->lock);
	b->begun_ns = clock_mono_ns();
	return more;
}

/* Runs one job; false when the batch cannot go on as it is: *ret says why. */
static bool run_job(struct writer *w, struct job *job, bool savepoints, enum run *ret)
{
	struct sqlite_db *db = connection(w);
	sqlite3_int64 before = sqlite3_total_changes64(db->h);
	enum err err = savepoints ? sqlite_fixed(db, SQLITE_FIXED_SAVEPOINT) : OK;

	if (err == OK)
		err = db_run_in_tx(w->db, job->fn, job->arg);
	w->db->tx_err = OK;
	job->err = err;
	*ret = RUN_LOST_ONE;
	if (sqlite3_get_autocommit(db->h)) {
		if (err == OK)
			job->err = ERR_INTERNAL;
		return false;
	}
	if (savepoints) {
		if (err != OK && sqlite_fixed(db, SQLITE_FIXED_UNDO) != OK)
			return false;
		return sqlite_fixed(db, SQLITE_FIXED_RELEASE) == OK;
	}
	*ret = RUN_UNDO_ONE;
	return err == OK || sqlite3_total_changes64(db->h) == before;
}

static enum err commit(struct writer *w)
{
	int64_t from = clock_mono_ns();

	TRY(w->store->driver->commit(w->db));
	metric_observe(METRIC_DB_COMMIT_SECONDS, clock_mono_ns() - from);
	metric_add(METRIC_DB_BATCHES, 1);
	return OK;
}

/* *ret_at: the job that ended the run. *ret_err: why the transaction did not begin or commit. */
static enum run run_batch(struct writer *w, struct batch *b, bool savepoints, size_t *ret_at, enum err *ret_err)
{
	enum err err = w->store->driver->begin(w->db, TX_WRITE);
	enum run run;

	if (err != OK) {
		*ret_err = err;
		return RUN_NO_BEGIN;
	}
	for (size_t i = 0; i < b->n; i++) {
		if (!run_job(w, b->jobs[i], savepoints, &run)) {
			w->store->driver->rollback(w->db);
			*ret_at = i;
			return run;
		}
		if (i + 1 == b->n)
			take_more(w, b);
	}
	err = commit(w);
	if (err != OK) {
		*ret_err = err;
		return RUN_NO_COMMIT;
	}
	return RUN_COMMITTED;
}

static void warn(struct writer *w, enum err err, size_t n)
{
	int64_t now = clock_mono_ns();

	if (w->logged_ns && now - w->logged_ns < LOG_EVERY_NS)
		return;
	w->logged_ns = now;
	log_error("writes to the database fail", F_STR("error", view_of(err_name(err))), F_INT("writes", n));
}

/* Takes the job that ended the run out of the batch, and answers it. */
static void finish_one(struct batch *b, size_t at)
{
	struct job *job = b->jobs[at];

	b->n--;
	memmove(&b->jobs[at], &b->jobs[at + 1], (b->n - at) * sizeof(struct job *));
	finish(job, job->err);
}

static enum err settle(struct writer *w, struct batch *b);

/*
 * The COMMIT of many failed. It may have been for the sake of one that is too large for the disk, so each gets its own;
 * when some of those fail too, the disk is full for all.
 */
static enum err settle_apart(struct writer *w, struct batch *b, enum err err)
{
	size_t failed = 0, i;

	for (i = 0; i < b->n && failed < LOST_MAX; i++) {
		struct batch one = {.n = 1, .jobs = {b->jobs[i]}}; /* begun long ago: nothing joins it */
		enum err one_err = settle(w, &one);

		if (one_err != OK) {
			err = one_err;
			failed++;
		}
	}
	b->n -= i;
	memmove(b->jobs, &b->jobs[i], b->n * sizeof(struct job *));
	fail_all(b, err);
	return err;
}

/* Runs the batch until every job has its answer. Returns why the database did not keep some, not what jobs returned. */
static enum err settle(struct writer *w, struct batch *b)
{
	bool savepoints = false;
	size_t lost = 0, at = 0;
	enum err err = OK;

	while (b->n > 0) {
		switch (run_batch(w, b, savepoints, &at, &err)) {
		case RUN_COMMITTED:
			finish_all(b);
			return err;
		case RUN_UNDO_ONE:
			savepoints = true;
			break;
		case RUN_LOST_ONE:
			err = b->jobs[at]->err;
			finish_one(b, at);
			if (++lost == LOST_MAX)
				fail_all(b, err);
			break;
		case RUN_NO_COMMIT:
			if (b->n > 1)
				return settle_apart(w, b, err);
			fail_all(b, err);
			break;
		case RUN_NO_BEGIN:
			fail_all(b, err);
			break;
		}
	}
	return err;
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	struct batch *b = xcalloc(1, sizeof(*b));

	w->db = w->store->driver->db_new(w->store, true);
	store_adopt(w->store, w->db);	   /* for what a `done` reads */
	connection(w)->search_waiting = 1; /* there may be some of before */
	while (take_first(w, b)) {
		size_t n = b->n;
		enum err err = settle(w, b);

		if (err != OK)
			warn(w, err, n);
		w->tend_ns = fts_waiting_tend(connection(w));
		checkpointer_tend(w->checkpointer, connection(w));
	}
	store_thread_done(w->store);
	free(b);
	return NULL;
}

struct writer *writer_start(struct store *s, size_t queue_max)
{
	struct writer *w = xcalloc(1, sizeof(*w));
	pthread_condattr_t monotonic;

	w->store = s;
	w->queue_max = queue_max;
	w->tail = &w->head;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->arrived, &monotonic);
	pthread_condattr_destroy(&monotonic);
	w->checkpointer = checkpointer_start(s);
	w->thread = store_thread("db-writer", writer_main, w);
	return w;
}

void writer_stop(struct writer *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->arrived);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	checkpointer_stop(w->checkpointer);
	pthread_cond_destroy(&w->arrived);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static enum err enqueue(struct writer *w, struct job *job)
{
	enum err err = OK;

	pthread_mutex_lock(&w->lock);
	if (w->waiting >= w->queue_max || w->stopping) {
		err = ERR_BUSY;
	} else {
		job->next = NULL;
		*w->tail = job;
		w->tail = &job->next;
		w->waiting++;
		if (w->asleep)
			pthread_cond_signal(&w->arrived);
	}
	pthread_mutex_unlock(&w->lock);
	return err;
}

enum err writer_submit(struct writer *w, enum err (*fn)(struct db *tx, void *arg), void *arg,
		       void (*done)(enum err err, void *arg))
{
	struct job here = {.fn = fn, .arg = arg}, *job = &here;
	enum err err;

	if (pthread_equal(pthread_self(), w->thread))
		BUG("store_write inside a store_write");
	if (done) {
		job = xmalloc(sizeof(*job));
		*job = (struct job){.fn = fn, .arg = arg, .done = done};
		err = enqueue(w, job);
		if (err != OK)
			free(job);
		return err;
	}
	sem_init(&job->woken, 0, 0);
	err = enqueue(w, job);
	if (err == OK) {
		while (sem_wait(&job->woken) != 0 && errno == EINTR)
			continue;
		err = job->err;
	}
	sem_destroy(&job->woken);
	return err;
}
