/*
 * job_store.h - work that a licensee has given and that takes a while: comparing a list of ids with what is there
 * (X API v2, "Batch compliance"), and exports. Its files lie in DATA/jobs, and go after JOB_KEPT_MS.
 */
#ifndef DATAAPI_JOB_STORE_H
#define DATAAPI_JOB_STORE_H

#include "base/secret.h"
#include "core/core.h"
#include "meter/licensees.h"

/* Stored numbers: append only. */
enum data_job_kind { DATA_JOB_TWEETS = 1, DATA_JOB_USERS, DATA_JOB_EXPORT };
enum data_job_state { DATA_JOB_CREATED, DATA_JOB_RUNNING, DATA_JOB_COMPLETE, DATA_JOB_FAILED, DATA_JOB_EXPIRED };
const char *data_job_state_name(
	enum data_job_state s); /* X's: "created", "in_progress", "complete", "failed", "expired" */

#define JOB_KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)
#define JOBS_OPEN_MAX 10 /* of a licensee, at a time */
#define JOB_NAME_MAX 64
#define JOB_FILES_MAX 4096
#define JOB_BATCHES_MAX 64 /* of a file */
#define JOB_IDS_FILE "ids.txt"	     /* what was uploaded */
#define JOB_RESULT_FILE "result.ndjson" /* what came of it */

struct data_job {
	int64_t licensee, id, app, key;
	enum data_job_kind kind;
	enum data_job_state state;
	struct view name, ask;
	char secret[TOKEN_LEN + 1];
	int64_t place, done;
	struct view error;
	int64_t created_ms, ended_ms, expires_ms;
};

/* Makes one. ERR_TOO_MANY: JOBS_OPEN_MAX wait or run. */
enum err data_job_create(struct core *c, const struct licence *l, enum data_job_kind kind, struct view name,
			 struct view ask, int64_t *ret_id, struct problem *problem);
/* Texts in the arena. ERR_NOT_FOUND: no such job of this licensee. */
enum err data_job_load(struct db *db, struct arena *a, int64_t licensee, int64_t id, struct data_job *ret);
/* Newest first. */
enum err data_job_list(struct db *db, struct arena *a, int64_t licensee, size_t max, struct data_job **ret,
		       size_t *ret_n);
/* How far it is, or how it ended (ended_ms is set then). */
enum err data_job_update(struct core *c, const struct data_job *job);

/* One delivery of a file. */
struct data_job_batch {
	uint64_t ledger_index;
	struct view receipt;
	int64_t charged, repeated, cost_micro;
};

struct data_job_file {
	int n;
	struct view name;
	int64_t bytes, lines, first_id, last_id;
	int64_t left_out;		      /* lines that were in it, and may not go out any more */
	struct view sha256, judged;	      /* judged: export_sieve.h */
	const struct data_job_batch *batches; /* of one that is being written down */
	size_t n_batches;
};
/* Writes down a finished file together with how far the job is. */
enum err data_job_add_file(struct core *c, const struct data_job *job, const struct data_job_file *file);
enum err data_job_files(struct db *db, struct arena *a, const struct data_job *job, struct data_job_file **ret,
			size_t *ret_n);
/* In the order of the ledger; texts in the arena. */
enum err data_job_batches(struct db *db, struct arena *a, const struct data_job *job, int n,
			  struct data_job_batch **ret, size_t *ret_n);
/* Of all files together. */
enum err data_job_cost(struct db *db, const struct data_job *job, struct data_job_batch *ret);
/* The file was looked through, or made anew: `file` in place of the one called old_name. *ret_done: that was still there. */
enum err data_job_change_file(struct core *c, const struct data_job *job, struct view old_name,
			      const struct data_job_file *file, bool *ret_done);

/* DATA/jobs/ID.name; the folder is made when it is missing. */
enum err data_job_path(struct core *c, int64_t id, const char *name, char *ret, size_t cap);

void data_job_remove_file(struct core *c, int64_t id, const char *name);

/* For reading; the caller closes *ret_fd. ERR_NOT_FOUND. */
enum err data_job_open(struct core *c, int64_t id, const char *name, int *ret_fd, uint64_t *ret_size);

/* Once, when a server starts and has made nothing yet: files that belong to no job any more, or not yet, are removed. */
enum err data_job_tidy(struct core *c, struct db *db);

/* struct job_period: what has expired goes, with its files. */
enum err data_job_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
