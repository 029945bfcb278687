/*
 * jobs.h - work done later, apart from the request that asked for it. Jobs live in the table `jobs`: added in the
 * transaction that makes them needed, run at least once on a few threads, tried again with growing pauses, and
 * kept with their error when they have failed for good. Jobs that wait for other servers run in a lane of their own
 * (core/job_lane.h), many at once, and occupy no thread meanwhile. Beside them run small periodic tasks.
 *
 * What kinds and tasks there are is listed in server/kinds.c; this file knows none.
 */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "core/core.h"
#include "core/job_lane.h"

#define JOBS_ATTEMPTS 12	       /* over about a day */
#define JOBS_LEASE_MS (10 * 60 * 1000) /* a job has to be done by then; afterwards it is taken for lost and run again */
#define JOBS_NEVER INT64_C(253402300799000) /* run_at of jobs that have failed for good: the end of 9999 */

struct job; /* one that is under way */

/*
 * May run more than once, and twice at the same time after JOBS_LEASE_MS. ERR_NOT_FOUND and ERR_GONE end it quietly.
 * A kind has run, or start for one that waits: OK then says that it has begun, and job_end() or job_put_off() will say
 * how it ended; the arena is gone by then.
 */
struct job_kind {
	const char *name; /* stored: never changes; NULL ends the table */
	enum err (*run)(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
	int attempts; /* 0: JOBS_ATTEMPTS */
	enum err (*start)(struct core *c, struct db *db, struct arena *a, struct view payload, struct job *job,
			  struct problem *problem);
	bool forgotten; /* when it has failed for good, nobody wants to know */
	/* May be NULL: what else is written in the transaction in which a job ends with ERR_GONE. */
	enum err (*gone)(struct db *tx, struct view payload);
};

/* Once for each job that was started, on any thread, the starting one too; does not wait. The job is gone then. */
struct job_result {
	enum err err;
	struct view why; /* of an error; copied */
	int64_t wait_ms; /* the next attempt is not sooner */
};
void job_end(struct job *job, const struct job_result *result);
/* It could not begin yet: tried again after wait_ms, and this was no attempt. */
void job_put_off(struct job *job, int64_t wait_ms);
/* Instead of an end: its start runs again, on a thread of its lane. */
void job_resume(struct job *job);
/* Where a start may keep what it goes on with; NULL the first time. Not freed by jobs/. */
void **job_baggage(struct job *job);

/* A task that is due again so many seconds after it began; never twice at the same time in one process. */
struct job_period {
	const char *name;
	int64_t seconds;
	enum err (*run)(struct core *c, struct db *db, struct arena *a, int64_t now);
};

/* Inside a store_write, to LANE_WORK. run_at 0: now. Call jobs_wake() behind the commit, or it waits for the next second. */
enum err jobs_add(struct db *tx, const char *kind, struct view payload, int64_t run_at);
enum err jobs_add_to(struct db *tx, enum job_lane lane, const char *kind, struct view payload, int64_t run_at);

/* Tables live as long as the program. Sets c->jobs. */
struct jobs *jobs_start(struct core *c, const struct job_kind *kinds, const struct job_period *periods);
void jobs_wake(struct jobs *j);	    /* NULL-safe */
bool jobs_stopping(struct jobs *j); /* long jobs ask, and end with ERR_BUSY; NULL-safe */
/* Finishes what is running; what waits for others has been ended before (net_stop()). NULL-safe. */
void jobs_stop(struct jobs *j);

/* For doctor: jobs waiting, and failed for good. */
enum err jobs_count(struct db *db, int64_t *ret_waiting, int64_t *ret_failed);

#endif
