/*
 * compliance_jobs.c - lists of ids that a licensee holds, compared with what it may hold (X API v2, "Batch
 * compliance"): a job is made, the list is put to its upload_url, and the result lies at its download_url. Those two
 * carry a secret instead of a key, as X's do.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "base/secret.h"
#include "dataapi/jobs_run.h"
#include "gate/call.h"
#include "media/files.h"

#define JOBS_SHOWN 100

static const char *const types[] = {"tweets", "users", NULL};
static const char *const states[] = {"created", "in_progress", "failed", "complete", "expired", NULL};

/* X's members of a job, in the order of write_job(). */
enum {
	CREATED_AT,
	DOWNLOAD_EXPIRES_AT,
	DOWNLOAD_URL,
	ID,
	NAME,
	RESUMABLE,
	STATUS,
	TYPE,
	UPLOAD_EXPIRES_AT,
	UPLOAD_URL
};
static const char *const job_fields[] = {
	[CREATED_AT] = "created_at",
	[DOWNLOAD_EXPIRES_AT] = "download_expires_at",
	[DOWNLOAD_URL] = "download_url",
	[ID] = "id",
	[NAME] = "name",
	[RESUMABLE] = "resumable",
	[STATUS] = "status",
	[TYPE] = "type",
	[UPLOAD_EXPIRES_AT] = "upload_expires_at",
	[UPLOAD_URL] = "upload_url",
	NULL,
};

/* Without compliance_job.fields all of them. */
static bool wants(struct call *c, int field)
{
	return !arg_given(c, "compliance_job.fields") || arg_names(c, "compliance_job.fields") & UINT64_C(1) << field;
}

static void write_url(struct call *c, int field, const char *what, const struct data_job *job)
{
	if (wants(c, field))
		jw_kv_str(&c->json, job_fields[field],
			  arena_printf(c->arena, "%s/2/compliance/files/%" PRId64 "/%" PRId64 "/%s/%s",
				       c->core->config.base_url, job->licensee, job->id, job->secret, what));
}

static void write_time(struct call *c, int field, int64_t ms)
{
	if (wants(c, field))
		jw_kv_time(&c->json, job_fields[field], ms);
}

static void write_text(struct call *c, int field, struct view text)
{
	if (text.len && wants(c, field))
		jw_kv_str(&c->json, job_fields[field], text);
}

/* Its id comes always, and why it failed. */
static void write_job(struct call *c, const struct data_job *job)
{
	jw_object(&c->json);
	jw_kv_id(&c->json, "id", job->id);
	write_text(c, TYPE, job->kind == DATA_JOB_USERS ? V("users") : V("tweets"));
	write_text(c, NAME, job->name);
	write_text(c, STATUS, view_of(data_job_state_name(job->state)));
	write_time(c, CREATED_AT, job->created_ms);
	if (wants(c, RESUMABLE))
		jw_kv_bool(&c->json, "resumable", false);
	write_url(c, UPLOAD_URL, "upload", job);
	write_time(c, UPLOAD_EXPIRES_AT, job->expires_ms);
	write_url(c, DOWNLOAD_URL, "download", job);
	write_time(c, DOWNLOAD_EXPIRES_AT, job->expires_ms);
	if (job->error.len)
		jw_kv_str(&c->json, "error", job->error);
	jw_object_end(&c->json);
}

static void answer_one(struct call *c, const struct data_job *job)
{
	jw_object(&c->json);
	jw_key(&c->json, "data");
	write_job(c, job);
	jw_object_end(&c->json);
}

static enum err make(struct call *c)
{
	enum data_job_kind kind = arg_choice(c, "type") ? DATA_JOB_USERS : DATA_JOB_TWEETS;
	struct data_job job;
	int64_t id;

	TRY(data_job_create(c->core, c->licence, kind, arg_str(c, "name"), V("{}"), &id, &c->problem));
	TRY(data_job_load(c->db, c->arena, c->licence->licensee, id, &job));
	answer_one(c, &job);
	return OK;
}

static enum err show(struct call *c)
{
	struct data_job job;

	TRY(data_job_load(c->db, c->arena, c->licence->licensee, arg_id(c, "id"), &job));
	if (job.kind == DATA_JOB_EXPORT)
		return ERR_NOT_FOUND;
	answer_one(c, &job);
	return OK;
}

static enum err list(struct call *c)
{
	size_t type = arg_choice(c, "type"), n, shown = 0;
	enum data_job_kind kind = type ? DATA_JOB_USERS : DATA_JOB_TWEETS;
	bool by_state = arg_given(c, "status");
	const char *state = by_state ? states[arg_choice(c, "status")] : "";
	struct data_job *jobs;

	TRY(data_job_list(c->db, c->arena, c->licence->licensee, JOBS_SHOWN, &jobs, &n));
	jw_object(&c->json);
	jw_key(&c->json, "data");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].kind != kind || (by_state && strcmp(data_job_state_name(jobs[i].state), state) != 0))
			continue;
		write_job(c, &jobs[i]);
		shown++;
	}
	jw_array_end(&c->json);
	jw_key(&c->json, "meta");
	jw_object(&c->json);
	jw_kv_int(&c->json, "result_count", (int64_t)shown);
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

/* The job whose secret the address has; a wrong one is no job. */
static enum err find_by_secret(struct call *c, struct data_job *ret)
{
	TRY(data_job_load(c->db, c->arena, arg_id(c, "licensee"), arg_id(c, "id"), ret));
	if (ret->kind == DATA_JOB_EXPORT || !secret_eq(view_of(ret->secret), arg_str(c, "secret")))
		return ERR_NOT_FOUND;
	return OK;
}

static enum err upload(struct call *c)
{
	struct data_job job;
	char path[4096], temp[FILE_PATH_MAX];

	TRY(find_by_secret(c, &job));
	if (job.state != DATA_JOB_CREATED)
		return call_fail(c, ERR_CONFLICT, "the list of this job is here already");
	TRY(data_job_path(c->core, job.id, JOB_IDS_FILE, path, sizeof(path)));
	files_temp(c->core->config.data_dir, temp);
	TRY(files_write(temp, c->x->body));
	if (rename(temp, path) != 0)
		return ERR_UNAVAILABLE;
	job.state = DATA_JOB_RUNNING;
	TRY(data_job_update(c->core, &job));
	TRY(data_job_enqueue(c->core, &job));
	c->status = 200;
	return OK;
}

static enum err download(struct call *c)
{
	struct data_job job;
	uint64_t size;
	int fd;

	TRY(find_by_secret(c, &job));
	if (job.state != DATA_JOB_COMPLETE)
		return call_fail(c, ERR_NOT_FOUND, "the job is %s; its result is here when it is complete",
				 data_job_state_name(job.state));
	TRY(data_job_open(c->core, job.id, JOB_RESULT_FILE, &fd, &size));
	return call_file(c, fd, size, "application/x-ndjson", true);
}

#define JOB_FIELDS                                                                                                     \
	{                                                                                                              \
		.name = "compliance_job.fields", .type = PARAM_NAMES, .choices = job_fields, .in_query = true,         \
		.doc = "Members of jobs, with commas between; without it all."                                         \
	}
#define FILE_PARAMS                                                                                                    \
	PARAMS({.name = "licensee", .type = PARAM_ID, .doc = "Part of the address."},                                  \
	       {.name = "id", .type = PARAM_ID, .doc = "Of the job."},                                                 \
	       {.name = "secret", .doc = "Part of the address."})

const struct endpoint data_compliance_jobs[] = {
	{.method = HTTP_POST, .path = "/2/compliance/jobs", .handle = make, .auth = AUTH_LICENSEE, .rate = RATE_DATA_JOB,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "type", .type = PARAM_CHOICE, .required = true, .choices = types, .doc = "What the ids are of."},
			  {.name = "name", .max = JOB_NAME_MAX, .doc = "The caller's own."},
			  {.name = "resumable", .type = PARAM_BOOL, .doc = "Taken for X's sake; uploads are in one piece."},
			  JOB_FIELDS),
	 .reply = "ComplianceJob", .doc = "A job that compares a list of ids with what may be held. Free."},
	{.method = HTTP_GET, .path = "/2/compliance/jobs", .handle = list, .auth = AUTH_LICENSEE, .rate = RATE_DATA_JOB,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "type", .type = PARAM_CHOICE, .required = true, .choices = types, .doc = "Of which kind."},
			  {.name = "status", .type = PARAM_CHOICE, .choices = states, .doc = "Only those in this state."},
			  JOB_FIELDS),
	 .reply = "ComplianceJobs", .doc = "The newest 100 jobs."},
	{.method = HTTP_GET, .path = "/2/compliance/jobs/:id", .handle = show, .auth = AUTH_LICENSEE, .rate = RATE_DATA_JOB,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of the job."}, JOB_FIELDS), .reply = "ComplianceJob",
	 .doc = "How a job is."},
	{.method = HTTP_PUT, .path = "/2/compliance/files/:licensee/:id/:secret/upload", .handle = upload, .auth = AUTH_NONE,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_RAW, .run = RUN_WORKER, .kind = REPLY_OTHER,
	 .params = FILE_PARAMS, .doc = "The list of a job: ids, one a line. The address is in the job."},
	{.method = HTTP_GET, .path = "/2/compliance/files/:licensee/:id/:secret/download", .handle = download, .auth = AUTH_NONE,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .type = "application/x-ndjson",
	 .params = FILE_PARAMS,
	 .doc = "What came of a job: a line of JSON for each id that has to go."},
	ENDPOINTS_END,
};
