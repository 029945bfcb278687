/*
 * jobs.h - work done later, apart from the request that asked for it. Jobs live in the table `jobs`: added in the
 * transaction that makes them needed, run at least once on one of two threads, tried again with growing pauses, and
 * kept with their error when they have failed for good. Beside them run small periodic tasks.
 *
 * What kinds and tasks there are is listed in server/kinds.c; this file knows none.
 */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "core/core.h"

#define JOBS_ATTEMPTS 12	       /* over about a day */
#define JOBS_LEASE_MS (10 * 60 * 1000) /* a job has to be done by then; afterwards it is taken for lost and run again */
#define JOBS_NEVER INT64_C(253402300799000) /* run_at of jobs that have failed for good: the end of 9999 */

/* May run more than once, and twice at the same time after JOBS_LEASE_MS. ERR_NOT_FOUND and ERR_GONE end it quietly. */
struct job_kind {
	const char *name; /* stored: never changes; NULL ends the table */
	enum err (*run)(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
	int attempts; /* 0: JOBS_ATTEMPTS */
};

/* A task that is due again so many seconds after it began; never twice at the same time in one process. */
struct job_period {
	const char *name;
	int64_t seconds;
	enum err (*run)(struct core *c, struct db *db, struct arena *a, int64_t now);
};

/* Inside a store_write. run_at 0: now. Call jobs_wake() behind the commit, or it waits for the next second. */
enum err jobs_add(struct db *tx, const char *kind, struct view payload, int64_t run_at);

/* Tables live as long as the program. Sets c->jobs. */
struct jobs *jobs_start(struct core *c, const struct job_kind *kinds, const struct job_period *periods);
void jobs_wake(struct jobs *j);	    /* NULL-safe */
bool jobs_stopping(struct jobs *j); /* long jobs ask, and end with ERR_BUSY; NULL-safe */
void jobs_stop(struct jobs *j);	    /* finishes what is running; NULL-safe */

/* For doctor: jobs waiting, and failed for good. */
enum err jobs_count(struct db *db, int64_t *ret_waiting, int64_t *ret_failed);

#endif
