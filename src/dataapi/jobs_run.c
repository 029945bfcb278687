/*
 * jobs_run.c - see jobs_run.h. A long job is run in slices, each a job of the queue, so that none holds a thread or
 * outlives its lease.
 */
#include "base/base.h"
#include "dataapi/jobs_run.h"

#include "base/clock.h"
#include "jobs/jobs.h"
#include "meter/licensee_store.h"
#include "meter/withholding.h"

static enum err enqueue(struct db *tx, void *arg)
{
	const struct data_job *job = arg;
	char payload[48];

	snprintf(payload, sizeof(payload), "%" PRId64 " %" PRId64, job->licensee, job->id);
	return jobs_add(tx, DATA_JOB_KIND, view_of(payload), 0);
}

enum err data_job_enqueue(struct core *c, const struct data_job *job)
{
	struct data_job copy = *job;

	TRY(store_write(c->store, enqueue, &copy));
	jobs_wake(c->jobs);
	return OK;
}

/* The licence as it is now, not as it was when the job was given. */
static enum err read_licence(struct core *c, struct db *db, struct arena *a, const struct data_job *job,
			     struct licence *ret, struct problem *problem)
{
	struct licensee who;

	TRY(licensee_load(db, a, job->licensee, &who));
	*ret = (struct licence){.key = job->key,
				.app = job->app,
				.licensee = job->licensee,
				.plan = who.plan,
				.suspended = who.suspended_ms != 0,
				.waits = who.waits};
	return withholding_ready(c, db, job->licensee, &ret->withhold, problem);
}

static enum err end(struct core *c, struct data_job *job, enum data_job_state state, struct view error)
{
	job->state = state;
	job->error = error;
	job->ended_ms = clock_now();
	return data_job_update(c, job);
}

static enum err run_slice(struct core *c, struct db *db, struct arena *a, struct data_job *job, bool *ret_more,
			  struct problem *problem)
{
	struct licence l;
	enum err err;

	TRY(read_licence(c, db, a, job, &l, problem));
	job->state = licence_refusal(&l) ? job->state : DATA_JOB_RUNNING;
	if (licence_refusal(&l))
		err = fail(problem, ERR_FORBIDDEN, "%s", licence_refusal(&l));
	else if (job->kind == DATA_JOB_EXPORT)
		err = export_run(c, db, a, job, &l, ret_more, problem);
	else
		err = compliance_run(c, db, a, job, &l, ret_more);
	withhold_set_unref(l.withhold);
	return err;
}

/* What waiting does not mend. */
static bool is_final(enum err err)
{
	return err == ERR_PAYMENT || err == ERR_FORBIDDEN || err == ERR_INVALID || err == ERR_NOT_FOUND;
}

enum err data_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	struct view rest = payload, licensee, id;
	struct data_job job;
	int64_t who, which;
	bool more = false;
	enum err err;

	if (!view_split(&rest, ' ', &licensee) || !view_split(&rest, ' ', &id) ||
	    !parse_i64(licensee, 1, INT64_MAX, &who) || !parse_i64(id, 1, INT64_MAX, &which))
		return ERR_NOT_FOUND;
	TRY(data_job_load(db, a, who, which, &job));
	if (job.ended_ms)
		return OK;
	err = run_slice(c, db, a, &job, &more, problem);
	if (is_final(err))
		return end(c, &job, DATA_JOB_FAILED, view_of(problem->text[0] ? problem->text : "it cannot be done"));
	TRY(err);
	if (!more)
		return end(c, &job, DATA_JOB_COMPLETE, V(""));
	TRY(data_job_update(c, &job));
	return data_job_enqueue(c, &job);
}
