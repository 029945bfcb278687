/*
 * export_run.c - an export, file by file: posts in the order of their ids, in batches that are recorded before they are
 * written, and charged when their file is whole and written down. A process that dies in the middle of a file has
 * charged nothing of it; the file is made again.
 */
#include "base/base.h"
#include "dataapi/jobs_run.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/limits.h"
#include "dataapi/export_ask.h"
#include "dataapi/export_file.h"
#include "dataapi/export_sieve.h"
#include "dataapi/lines.h"
#include "meter/meter.h"
#include "query/query.h"

#define IDS_AT_ONCE 500
#define LINES_PER_FILE 50000
#define LINES_PER_BATCH 2000
#define TEXT_MAX (4 * LIMIT_MIB)

SQL(export_ids,
    "SELECT id FROM posts WHERE id > $1 AND id < $2 AND visibility = 0 AND domain = '' ORDER BY id LIMIT $3");

struct exporting {
	struct core *core;
	struct db *db;
	struct data_job *job;
	const struct licence *licence;
	struct export_ask ask;
	const struct query *query; /* NULL: all posts */
	struct arena arena;	   /* of one batch */
	struct arena scratch;	   /* of what is compared with the query, for a moment */
	struct lines *lines;
	struct export_file *file;
	struct data_job_file info;
	struct delivery *deliveries[JOB_BATCHES_MAX];
	struct data_job_batch batches[JOB_BATCHES_MAX]; /* what these were recorded as */
	size_t n_deliveries;
	char judged[EXPORT_JUDGED_MAX];
	bool at_end;
	int64_t began_ns;
};

/* ---- one batch ---- */

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done;
	enum err err;
};

static void is_durable(void *arg, enum err err)
{
	struct waiting *w = arg;

	pthread_mutex_lock(&w->lock);
	w->done = true;
	w->err = err;
	pthread_cond_signal(&w->over);
	pthread_mutex_unlock(&w->lock);
}

static enum err wait_durable(struct delivery *d)
{
	struct waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};

	delivery_when_durable(d, is_durable, &w);
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.over, &w.lock);
	pthread_mutex_unlock(&w.lock);
	return w.err;
}

static enum err matches(struct exporting *x, int64_t id, bool *ret)
{
	const struct query_post *qp;
	struct post post;
	enum err err;

	*ret = !x->query;
	if (!x->query)
		return OK;
	err = post_load(x->core, x->db, &x->scratch, (struct post_id){id}, &post);
	if (err == OK)
		err = query_post_make(x->core, x->db, &x->scratch, &post, &qp);
	if (err == OK)
		*ret = query_match(x->query, qp);
	return err == ERR_NOT_FOUND ? OK : err;
}

static bool batch_is_full(const struct exporting *x)
{
	return !lines_have_room(x->lines) || x->lines->n_lines >= LINES_PER_BATCH || x->lines->text.len >= TEXT_MAX / 2;
}

static bool is_late(const struct exporting *x)
{
	return clock_mono_ns() - x->began_ns > JOB_SLICE_MS * INT64_C(1000000);
}

static enum err choose_one(struct exporting *x, int64_t id)
{
	bool match, added = false;

	TRY(matches(x, id, &match));
	if (match)
		TRY(lines_add(x->lines, id, NULL, NULL, &added));
	if (added && !x->info.first_id)
		x->info.first_id = id;
	if (added)
		x->info.last_id = id;
	x->job->place = id;
	return OK;
}

static enum err choose_some(struct exporting *x)
{
	int64_t ids[IDS_AT_ONCE];
	struct rows r;
	size_t n = 0;

	db_query(x->db, &r, &export_ids, BINDS(B_INT(x->job->place), B_INT(x->ask.to_id), B_INT(IDS_AT_ONCE)));
	while (n < IDS_AT_ONCE && rows_next(&r))
		ids[n++] = row_int(&r, 0);
	TRY(rows_end(&r));
	x->at_end = n < IDS_AT_ONCE;
	for (size_t i = 0; i < n; i++) {
		if (batch_is_full(x)) {
			x->at_end = false;
			break;
		}
		TRY(choose_one(x, ids[i]));
	}
	arena_reset(&x->scratch);
	return OK;
}

/* As much as one record holds, so that there are few receipts, also where few posts match. */
static enum err choose(struct exporting *x)
{
	do
		TRY(choose_some(x));
	while (!x->at_end && !batch_is_full(x) && !is_late(x));
	return OK;
}

/* The receipt lives until the delivery is settled. */
static struct data_job_batch batch_of(const struct delivery *d)
{
	const struct meter_cost *cost = delivery_cost(d);

	return (struct data_job_batch){.ledger_index = delivery_index(d),
				       .receipt = view_of(delivery_receipt(d)),
				       .charged = cost->charged,
				       .repeated = cost->repeated,
				       .cost_micro = cost->micro};
}

static enum err deliver(struct exporting *x, struct problem *problem)
{
	struct meter_ask ask = {.licence = x->licence,
				.endpoint = DATA_EXPORT,
				.kind = LEDGER_POSTS,
				.items = x->lines->items,
				.n = x->lines->n_items};
	struct meter_refusal why;
	struct delivery *d;
	size_t granted;

	TRY(meter_deliver(x->core->meter, x->db, &ask, &d, &granted, &why, problem));
	x->deliveries[x->n_deliveries++] = d;
	TRY(wait_durable(d));
	x->batches[x->n_deliveries - 1] = batch_of(d);
	x->info.lines += (int64_t)x->lines->n_lines;
	return export_file_write(x->file, buf_view(&x->lines->text));
}

static enum err add_batch(struct exporting *x, struct problem *problem)
{
	enum err err;

	lines_init(x->lines, x->core, x->db, &x->arena, x->licence, &x->ask.fields, "\n", TEXT_MAX);
	err = choose(x);
	if (err == OK && x->lines->n_items)
		err = deliver(x, problem);
	lines_release(x->lines);
	arena_reset(&x->arena);
	return err;
}

/* ---- one file ---- */

static void settle(struct exporting *x, bool whole)
{
	for (size_t i = 0; i < x->n_deliveries; i++)
		meter_settle(x->deliveries[i], whole);
	x->n_deliveries = 0;
}

static bool file_is_full(const struct exporting *x)
{
	return x->info.lines >= LINES_PER_FILE || x->n_deliveries == JOB_BATCHES_MAX;
}

static enum err finish_file(struct exporting *x)
{
	char sum[65];

	TRY(export_file_finish(x->file, &x->info.bytes, sum));
	x->file = NULL;
	x->info.sha256 = view_of(sum);
	x->info.judged = view_of(x->judged);
	x->info.batches = x->batches;
	x->info.n_batches = x->n_deliveries;
	x->job->done += x->info.lines;
	return data_job_add_file(x->core, x->job, &x->info);
}

/* place moves on with the file: when the file comes to nothing, it goes back. */
static enum err make_file(struct exporting *x, int n, struct problem *problem)
{
	char path[4096], name[48];
	int64_t place = x->job->place;
	enum err err = OK;

	snprintf(name, sizeof(name), "part-%04d.ndjson.zst", n);
	TRY(data_job_path(x->core, x->job->id, name, path, sizeof(path)));
	x->info = (struct data_job_file){.n = n, .name = view_of(name)};
	TRY(export_judgement(x->core, x->db, x->licence, x->judged));
	TRY(export_file_open(path, &x->file));
	while (err == OK && !x->at_end && !file_is_full(x))
		err = add_batch(x, problem);
	if (err == OK && x->info.lines)
		err = finish_file(x);
	settle(x, err == OK);
	export_file_drop(x->file);
	x->file = NULL;
	if (err != OK)
		x->job->place = place;
	return err;
}

static enum err run(struct exporting *x, struct arena *a, bool *ret_more, struct problem *problem)
{
	struct query_limits limits = {QUERY_SEARCH, (size_t)x->licence->plan.query_chars};
	struct data_job_file *files;
	size_t n;

	TRY(export_ask_read(a, x->job->ask, &x->ask));
	if (x->ask.query.len)
		TRY(query_parse(a, x->ask.query, &limits, &x->query, problem));
	if (!x->licence->plan.exports)
		return fail(problem, ERR_FORBIDDEN, "the plan \"%s\" does not include exports", x->licence->plan.name);
	TRY(data_job_files(x->db, a, x->job, &files, &n));
	if (x->job->place < x->ask.from_id)
		x->job->place = x->ask.from_id;
	while (!x->at_end && !is_late(x))
		TRY(make_file(x, (int)++n, problem));
	*ret_more = !x->at_end;
	return OK;
}

enum err export_run(struct core *c, struct db *db, struct arena *a, struct data_job *job, const struct licence *l,
		    bool *ret_more, struct problem *problem)
{
	struct exporting *x = xcalloc(1, sizeof(*x));
	enum err err;

	x->core = c;
	x->db = db;
	x->job = job;
	x->licence = l;
	x->lines = xcalloc(1, sizeof(*x->lines));
	x->began_ns = clock_mono_ns();
	arena_init(&x->arena, LIMIT_CALL_ARENA);
	arena_init(&x->scratch, LIMIT_CALL_ARENA);
	err = run(x, a, ret_more, problem);
	arena_release(&x->arena);
	arena_release(&x->scratch);
	free(x->lines);
	free(x);
	return err;
}
