/*
 * exports.c - bulk exports: a job, then files of NDJSON packed with zstd, and a manifest with their SHA-256 sums. What is
 * in a file was charged when the file was whole; downloading it is free, as often as it is there.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "dataapi/answer.h"
#include "dataapi/export_ask.h"
#include "dataapi/jobs_run.h"

#define JOBS_SHOWN 100

static void write_files(struct call *c, const struct data_job *job, const struct data_job_file *files, size_t n)
{
	jw_key(&c->json, "files");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		const struct data_job_file *f = &files[i];

		jw_object(&c->json);
		jw_kv_str(&c->json, "name", f->name);
		jw_kv_str(&c->json, "url",
			  arena_printf(c->arena, "%s/2/exports/%" PRId64 "/files/%.*s", c->core->config.base_url,
				       job->id, VIEW_ARG(f->name)));
		jw_kv_int(&c->json, "bytes", f->bytes);
		jw_kv_int(&c->json, "lines", f->lines);
		jw_kv_str(&c->json, "sha256", f->sha256);
		jw_kv_id(&c->json, "oldest_id", f->first_id);
		jw_kv_id(&c->json, "newest_id", f->last_id);
		jw_kv_int(&c->json, "ledger_index", (int64_t)f->ledger_index);
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
}

static enum err write_job(struct call *c, const struct data_job *job)
{
	struct data_job_file *files;
	size_t n;

	TRY(data_job_files(c->db, c->arena, job, &files, &n));
	jw_object(&c->json);
	jw_kv_id(&c->json, "id", job->id);
	if (job->name.len)
		jw_kv_str(&c->json, "name", job->name);
	jw_kv_cstr(&c->json, "status", data_job_state_name(job->state));
	jw_kv_time(&c->json, "created_at", job->created_ms);
	jw_kv_time(&c->json, "completed_at", job->ended_ms);
	jw_kv_time(&c->json, "expires_at", job->expires_ms);
	jw_kv_int(&c->json, "lines", job->done);
	if (job->error.len)
		jw_kv_str(&c->json, "error", job->error);
	write_files(c, job, files, n);
	jw_object_end(&c->json);
	return OK;
}

static enum err answer_one(struct call *c, int64_t id)
{
	struct data_job job;

	TRY(data_job_load(c->db, c->arena, c->licence->licensee, id, &job));
	if (job.kind != DATA_JOB_EXPORT)
		return ERR_NOT_FOUND;
	jw_object(&c->json);
	jw_key(&c->json, "data");
	TRY(write_job(c, &job));
	jw_object_end(&c->json);
	return OK;
}

/* The span, as far as the plan reaches back. */
static enum err read_span(struct call *c, struct export_ask *ask)
{
	int64_t now = clock_now(), reach = (int64_t)c->licence->plan.history_days * 86400000;
	int64_t from = arg_given(c, "start_time") ? arg_int(c, "start_time") : 0;
	int64_t to = arg_given(c, "end_time") ? arg_int(c, "end_time") : now;

	if (reach && from < now - reach)
		from = now - reach;
	if (to > now)
		to = now;
	if (from >= to)
		return call_fail(
			c, ERR_INVALID,
			"start_time must be before end_time, and end_time within what the plan reaches back to");
	ask->from_id = from > 0 ? id_at(from) - 1 : 0;
	ask->to_id = id_at(to);
	return OK;
}

static enum err read_ask(struct call *c, struct export_ask *ask)
{
	struct query_limits limits = {QUERY_SEARCH, (size_t)c->licence->plan.query_chars};
	const struct query *q;
	struct data_answer a;
	enum err err;

	TRY(read_span(c, ask));
	ask->query = arg_str(c, "query");
	if (ask->query.len)
		TRY(query_parse(c->arena, ask->query, &limits, &q, &c->problem));
	err = data_begin(c, &a, false);
	ask->fields = a.x.fields;
	data_end(&a);
	return err;
}

static enum err make(struct call *c)
{
	struct export_ask ask = {0};
	struct buf CLEANUP(buf_release) json = {.max = LIMIT_BODY};
	struct data_job job;
	int64_t id;

	if (!c->licence->plan.exports)
		return call_fail(c, ERR_FORBIDDEN, "the plan \"%s\" does not include exports", c->licence->plan.name);
	TRY(read_ask(c, &ask));
	export_ask_write(&ask, &json);
	TRY(data_job_create(c->core, c->licence, DATA_JOB_EXPORT, arg_str(c, "name"), buf_view(&json), &id,
			    &c->problem));
	TRY(data_job_load(c->db, c->arena, c->licence->licensee, id, &job));
	TRY(data_job_enqueue(c->core, &job));
	c->status = 201;
	return answer_one(c, id);
}

static enum err show(struct call *c)
{
	return answer_one(c, arg_id(c, "id"));
}

static enum err list(struct call *c)
{
	struct data_job *jobs;
	size_t n, shown = 0;

	TRY(data_job_list(c->db, c->arena, c->licence->licensee, JOBS_SHOWN, &jobs, &n));
	jw_object(&c->json);
	jw_key(&c->json, "data");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].kind == DATA_JOB_EXPORT) {
			TRY(write_job(c, &jobs[i]));
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

static enum err download(struct call *c)
{
	struct data_job job;
	struct data_job_file *files;
	uint64_t size;
	size_t n, i;
	int fd;

	TRY(data_job_load(c->db, c->arena, c->licence->licensee, arg_id(c, "id"), &job));
	TRY(data_job_files(c->db, c->arena, &job, &files, &n));
	for (i = 0; i < n && !view_eq(files[i].name, arg_str(c, "name")); i++)
		;
	if (i == n)
		return ERR_NOT_FOUND;
	TRY(data_job_open(c->core, job.id, arena_cstr(c->arena, files[i].name), &fd, &size));
	return call_file(c, fd, size, "application/zstd", true);
}

#define EXPORT_ROW(method_, path_, handler)                                                                            \
	.method = (method_), .path = (path_), .handle = (handler), .auth = AUTH_LICENSEE, .rate = RATE_DATA_JOB

const struct endpoint data_exports[] = {
	{EXPORT_ROW(HTTP_POST, "/2/exports", make),
	 .meter = METER_POST_READ, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "start_time", .type = PARAM_TIME, .doc = "Posts from this time on."},
			  {.name = "end_time", .type = PARAM_TIME, .doc = "Posts before this time; without it: until now."},
			  {.name = "query", .max = 20000, .doc = "Only posts that match (docs/query.md)."},
			  {.name = "name", .max = JOB_NAME_MAX, .doc = "The caller's own."}, DATA_POST_PARAMS),
	 .reply = "Export", .doc = "Has all posts of a span of time written into files. Each is paid for as a read, when its file is whole."},
	{EXPORT_ROW(HTTP_GET, "/2/exports", list),
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON, .reply = "Exports", .doc = "The newest exports."},
	{EXPORT_ROW(HTTP_GET, "/2/exports/:id", show),
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of the export."}), .reply = "Export",
	 .doc = "How an export is, and the manifest of its files."},
	{EXPORT_ROW(HTTP_GET, "/2/exports/:id/files/:name", download),
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of the export."}, {.name = "name", .doc = "Of the file."}),
	 .doc = "A file of an export: NDJSON, packed with zstd. With Range."},
	ENDPOINTS_END,
};
