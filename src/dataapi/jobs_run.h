/*
 * jobs_run.h - running what licensees gave as jobs: the kind of job that server/kinds.c lists, and its two halves.
 */
#ifndef DATAAPI_JOBS_RUN_H
#define DATAAPI_JOBS_RUN_H

#include "dataapi/job_store.h"

#define DATA_JOB_KIND "data_job" /* payload: "LICENSEE ID" */

/* Puts a job into the queue. In a store_write of its own: what is queued twice is run twice, to the same end. */
enum err data_job_enqueue(struct core *c, const struct data_job *job);

/* struct job_kind.run */
enum err data_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);

/* One slice of a job, not much longer than JOB_SLICE_MS. *ret_more: it has to go on. */
#define JOB_SLICE_MS 60000
enum err compliance_run(struct core *c, struct db *db, struct arena *a, struct data_job *job, const struct licence *l,
			bool *ret_more);
enum err export_run(struct core *c, struct db *db, struct arena *a, struct data_job *job, const struct licence *l,
		    bool *ret_more, struct problem *problem);

#endif
