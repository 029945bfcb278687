/*
 * exports.c - bulk exports: a job, then files of NDJSON packed with zstd, and a manifest with their SHA-256 sums and the
 * receipts of what is in them. What is in a file was charged when the file was whole; downloading it is free, as often as
 * it is there. At each download it is looked through, if anything has happened since: when something of it may not go out any
 * more, a file without that takes its place, under another name, so that what lies under one never changes.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "dataapi/answer.h"
#include "dataapi/export_ask.h"
#include "dataapi/export_sieve.h"
#include "dataapi/jobs_run.h"

#define JOBS_SHOWN 100
#define FILES_SHOWN 100 /* with the receipts of their batches */

/* As Kicau-Billed and Kicau-Cost. */
static void write_cost(struct call *c, const struct data_job_batch *b)
{
	jw_kv_str(&c->json, "billed",
		  arena_printf(c->arena, "%" PRId64 "/%" PRId64, b->charged, b->charged + b->repeated));
	jw_kv_int(&c->json, "cost_micro", b->cost_micro);
}

static enum err write_batches(struct call *c, const struct data_job *job, int n)
{
	struct data_job_batch *batches;
	size_t count;

	TRY(data_job_batches(c->db, c->arena, job, n, &batches, &count));
	jw_key(&c->json, "batches");
	jw_array(&c->json);
	for (size_t i = 0; i < count; i++) {
		const struct data_job_batch *b = &batches[i];

		jw_object(&c->json);
		jw_kv_int(&c->json, "ledger_index", (int64_t)b->ledger_index);
		jw_kv_str(&c->json, "receipt", b->receipt);
		write_cost(c, b);
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err write_files(struct call *c, const struct data_job *job, const struct data_job_file *files, size_t n,
			    bool receipts)
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
		jw_kv_int(&c->json, "left_out", f->left_out);
		if (receipts)
			TRY(write_batches(c, job, f->n));
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

/* Of the files, those from `from` on; *ret_next: the first that is not there, 0: there is none. */
static enum err write_job(struct call *c, const struct data_job *job, int64_t from, bool receipts, int64_t *ret_next)
{
	struct data_job_file *files;
	struct data_job_batch cost;
	int64_t left_out = 0;
	size_t n, first, shown;

	TRY(data_job_files(c->db, c->arena, job, &files, &n));
	TRY(data_job_cost(c->db, job, &cost));
	for (size_t i = 0; i < n; i++)
		left_out += files[i].left_out;
	for (first = 0; first < n && files[first].n < from; first++)
		;
	shown = receipts && n - first > FILES_SHOWN ? FILES_SHOWN : n - first;
	*ret_next = first + shown < n ? files[first + shown].n : 0;
	jw_object(&c->json);
	jw_kv_id(&c->json, "id", job->id);
	if (job->name.len)
		jw_kv_str(&c->json, "name", job->name);
	jw_kv_cstr(&c->json, "status", data_job_state_name(job->state));
	jw_kv_time(&c->json, "created_at", job->created_ms);
	jw_kv_time(&c->json, "completed_at", job->ended_ms);
	jw_kv_time(&c->json, "expires_at", job->expires_ms);
	jw_kv_int(&c->json, "lines", job->done - left_out);
	jw_kv_int(&c->json, "left_out", left_out);
	write_cost(c, &cost);
	if (job->error.len)
		jw_kv_str(&c->json, "error", job->error);
	TRY(write_files(c, job, files + first, shown, receipts));
	jw_object_end(&c->json);
	return OK;
}

static enum err answer_one(struct call *c, int64_t id, int64_t from)
{
	struct data_job job;
	int64_t next;

	TRY(data_job_load(c->db, c->arena, c->licence->licensee, id, &job));
	if (job.kind != DATA_JOB_EXPORT)
		return ERR_NOT_FOUND;
	jw_object(&c->json);
	jw_key(&c->json, "data");
	TRY(write_job(c, &job, from, true, &next));
	if (next) {
		jw_key(&c->json, "meta");
		jw_object(&c->json);
		jw_kv_id(&c->json, "next_token", next);
		jw_object_end(&c->json);
	}
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
	return answer_one(c, id, 0);
}

static enum err show(struct call *c)
{
	return answer_one(c, arg_id(c, "id"), arg_id(c, "pagination_token"));
}

static enum err list(struct call *c)
{
	struct data_job *jobs;
	size_t n, shown = 0;
	int64_t next;

	TRY(data_job_list(c->db, c->arena, c->licence->licensee, JOBS_SHOWN, &jobs, &n));
	jw_object(&c->json);
	jw_key(&c->json, "data");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].kind == DATA_JOB_EXPORT) {
			TRY(write_job(c, &jobs[i], 0, false, &next));
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

/* ---- download ---- */

#define PART "part-"

/* The number of a file that has, or had, this name; 0: none could. */
static int64_t part_of(struct view name)
{
	int64_t n = 0;
	size_t at = sizeof(PART) - 1, end = at;

	while (end < name.len && name.p[end] >= '0' && name.p[end] <= '9')
		end++;
	return view_starts(name, V(PART)) && parse_i64(view_sub(name, at, end - at), 1, JOB_FILES_MAX, &n) ? n : 0;
}

static enum err fail_replaced(struct call *c)
{
	return call_fail(c, ERR_GONE,
			 "something in this file was deleted or withdrawn after it was made, and another has taken its "
			 "place; ask for the manifest again: it names the one without");
}

static enum err find_file(struct call *c, struct data_job *job, struct data_job_file *ret)
{
	struct view name = arg_str(c, "name");
	struct data_job_file *files;
	bool was = false;
	size_t n;

	TRY(data_job_load(c->db, c->arena, c->licence->licensee, arg_id(c, "id"), job));
	TRY(data_job_files(c->db, c->arena, job, &files, &n));
	for (size_t i = 0; i < n; i++) {
		if (view_eq(files[i].name, name)) {
			*ret = files[i];
			return OK;
		}
		was |= files[i].n == part_of(name);
	}
	return was ? fail_replaced(c) : ERR_NOT_FOUND;
}

/* The lines that may go out, in a file with a name of its own. Two calls may do so at once: the first to be written down stays. */
static enum err make_anew(struct call *c, const struct data_job *job, const struct data_job_file *old, const char *path,
			  struct view judged)
{
	struct data_job_file fresh = *old;
	struct export_file *file;
	char to[4096], sum[65];
	bool done = false;
	enum err err;

	fresh.name = arena_printf(c->arena, PART "%04d-%" PRId64 ".ndjson.zst", old->n, id_next());
	fresh.judged = judged;
	TRY(data_job_path(c->core, job->id, fresh.name.p, to, sizeof(to)));
	TRY(export_file_open(to, &file));
	err = export_sieve(c->core, c->db, c->licence, path, file, &fresh);
	if (err != OK) {
		export_file_drop(file);
		return err;
	}
	err = export_file_finish(file, &fresh.bytes, sum);
	fresh.sha256 = view_of(sum);
	if (err == OK)
		err = data_job_change_file(c->core, job, old->name, &fresh, &done);
	data_job_remove_file(c->core, job->id, done ? arena_cstr(c->arena, old->name) : fresh.name.p);
	return err == OK ? fail_replaced(c) : err;
}

/* All of the file may go out at this moment, or it is ERR_GONE. */
static enum err judge_file(struct call *c, const struct data_job *job, const struct data_job_file *file)
{
	char judged[EXPORT_JUDGED_MAX], path[4096];
	struct data_job_file seen = *file;
	bool done;

	TRY(export_judgement(c->core, c->db, c->licence, judged));
	if (judged[0] && view_is(file->judged, judged))
		return OK;
	TRY(data_job_path(c->core, job->id, arena_cstr(c->arena, file->name), path, sizeof(path)));
	TRY(export_sieve(c->core, c->db, c->licence, path, NULL, &seen));
	if (seen.left_out != file->left_out)
		return make_anew(c, job, file, path, view_of(judged));
	seen.judged = view_of(judged);
	return data_job_change_file(c->core, job, file->name, &seen, &done);
}

static enum err download(struct call *c)
{
	struct data_job job;
	struct data_job_file file;
	uint64_t size;
	int fd;

	TRY(find_file(c, &job, &file));
	TRY(judge_file(c, &job, &file));
	TRY(data_job_open(c->core, job.id, arena_cstr(c->arena, file.name), &fd, &size));
	return call_file(c, fd, size, "application/zstd", true);
}

#define EXPORT_ROW(method_, path_, handler)                                                                            \
	.method = (method_), .path = (path_), .handle = (handler), .auth = AUTH_LICENSEE, .rate = RATE_DATA_JOB

const struct endpoint data_exports[] = {
	{EXPORT_ROW(HTTP_POST, "/2/exports", make),
	 .meter = METER_POST_READ, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_JSON, .creates = true,
	 .params = PARAMS({.name = "start_time", .type = PARAM_TIME, .doc = "Posts from this time on."},
			  {.name = "end_time", .type = PARAM_TIME, .doc = "Posts before this time; without it: until now."},
			  {.name = "query", .max = 20000, .doc = "Only posts that match (docs/query.md)."},
			  {.name = "name", .max = JOB_NAME_MAX, .doc = "The caller's own."}, DATA_POST_PARAMS),
	 .reply = "Export", .doc = "Has all posts of a span of time written into files. Each is paid for as a read, when its file is whole."},
	{EXPORT_ROW(HTTP_GET, "/2/exports", list),
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON, .reply = "Exports", .doc = "The newest exports."},
	{EXPORT_ROW(HTTP_GET, "/2/exports/:id", show),
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of the export."},
			  {.name = "pagination_token", .type = PARAM_ID, .doc = "next_token of the page before: 100 files are in one."}),
	 .reply = "Export",
	 .doc = "How an export is, and the manifest of its files: their sums, what they cost, and the receipt of each batch they were recorded in."},
	{EXPORT_ROW(HTTP_GET, "/2/exports/:id/files/:name", download),
	 .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_OTHER, .type = "application/zstd",
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of the export."}, {.name = "name", .doc = "Of the file."}),
	 .doc = "A file of an export: NDJSON, packed with zstd. With Range. 410: something in it may not go out any more; the manifest then names a file without."},
	ENDPOINTS_END,
};
