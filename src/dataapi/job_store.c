/*
 * job_store.c - see job_store.h.
 */
#include "base/base.h"
#include "dataapi/job_store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "jobs/jobs.h"

#define COLUMNS                                                                                                        \
	"id, app_id, key_id, kind, name, ask, secret, state, place, done, error, created_at, ended_at, expires_at, "   \
	"licensee_id"
#define SWEPT_AT_ONCE 50

SQL(job_new,
    "INSERT INTO data_jobs (licensee_id, id, app_id, key_id, kind, name, ask, secret, state, place, done, error,"
    " created_at, ended_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, '', $9, 0, $10)");
/* On PostgreSQL two may write at once: the row of the licensee is what the second waits for. */
SQL(job_hold_licensee, "UPDATE licensees SET name = name WHERE id = $1");
SQL(job_open, "SELECT COUNT(*) FROM data_jobs WHERE licensee_id = $1 AND ended_at = 0");
SQL(job_find, "SELECT " COLUMNS " FROM data_jobs WHERE licensee_id = $1 AND id = $2");
SQL(job_all, "SELECT " COLUMNS " FROM data_jobs WHERE licensee_id = $1 ORDER BY id DESC LIMIT $2");
SQL(job_set, "UPDATE data_jobs SET state = $3, place = $4, done = $5, error = $6, ended_at = $7 WHERE licensee_id = $1"
	     " AND id = $2");
SQL(job_file_add, "INSERT INTO data_job_files (licensee_id, job_id, n, name, bytes, lines, sha256, first_id, last_id,"
		  " ledger_index, judged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
SQL(job_file_all, "SELECT n, name, bytes, lines, first_id, last_id, left_out, sha256, judged FROM data_job_files"
		  " WHERE licensee_id = $1 AND job_id = $2 ORDER BY n");
SQL(job_file_change, "UPDATE data_job_files SET name = $5, bytes = $6, lines = $7, sha256 = $8, first_id = $9,"
		     " last_id = $10, left_out = $11, judged = $12"
		     " WHERE licensee_id = $1 AND job_id = $2 AND n = $3 AND name = $4");
SQL(job_batch_add, "INSERT INTO data_job_batches (licensee_id, job_id, n, ledger_index, receipt, charged, repeated,"
		   " cost_micro) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(job_batch_all, "SELECT ledger_index, receipt, charged, repeated, cost_micro FROM data_job_batches"
		   " WHERE licensee_id = $1 AND job_id = $2 AND n = $3 ORDER BY ledger_index");
SQL(job_batch_sum, "SELECT COALESCE(SUM(charged), 0), COALESCE(SUM(repeated), 0), COALESCE(SUM(cost_micro), 0)"
		   " FROM data_job_batches WHERE licensee_id = $1 AND job_id = $2");
SQL(job_batches_gone, "DELETE FROM data_job_batches WHERE licensee_id = $1 AND job_id = $2");
SQL(job_expired, "SELECT " COLUMNS " FROM data_jobs WHERE expires_at < $1 LIMIT $2");
SQL(job_gone, "DELETE FROM data_jobs WHERE licensee_id = $1 AND id = $2");
SQL(job_files_gone, "DELETE FROM data_job_files WHERE licensee_id = $1 AND job_id = $2");

const char *data_job_state_name(enum data_job_state s)
{
	static const char *const names[] = {
		[DATA_JOB_CREATED] = "created",	  [DATA_JOB_RUNNING] = "in_progress", [DATA_JOB_COMPLETE] = "complete",
		[DATA_JOB_FAILED] = "failed", [DATA_JOB_EXPIRED] = "expired",
	};

	return names[s];
}

/* ---- making ---- */

struct making {
	const struct licence *licence;
	enum data_job_kind kind;
	struct view name, ask;
	int64_t id, now;
	char secret[TOKEN_LEN + 1];
	bool full;
};

static enum err insert(struct db *tx, void *arg)
{
	struct making *m = arg;
	const struct licence *l = m->licence;
	int64_t open;

	TRY(db_exec(tx, &job_hold_licensee, BINDS(B_INT(l->licensee)), NULL));
	TRY(db_int(tx, &job_open, BINDS(B_INT(l->licensee)), &open));
	m->full = open >= JOBS_OPEN_MAX;
	if (m->full)
		return ERR_TOO_MANY;
	return db_exec(tx, &job_new,
		       BINDS(B_INT(l->licensee), B_INT(m->id), B_INT(l->app), B_INT(l->key), B_INT(m->kind),
			     B_TEXT(m->name), B_TEXT(m->ask), B_TEXT(view_of(m->secret)), B_INT(m->now),
			     B_INT(m->now + JOB_KEPT_MS)),
		       NULL);
}

enum err data_job_create(struct core *c, const struct licence *l, enum data_job_kind kind, struct view name,
			 struct view ask, int64_t *ret_id, struct problem *problem)
{
	struct making m = {.licence = l, .kind = kind, .name = name, .ask = ask, .id = id_next(), .now = clock_now()};
	enum err err;

	token_make(m.secret);
	err = store_write(c->store, insert, &m);
	*ret_id = m.id;
	if (err == ERR_TOO_MANY && m.full)
		return fail(problem, err, "%d jobs wait or run, which is as many as there may be; wait until one ends",
			    JOBS_OPEN_MAX);
	return err;
}

/* ---- reading ---- */

static struct data_job job_of(const struct rows *r, struct arena *a)
{
	struct data_job j = {
		.id = row_int(r, 0),
		.app = row_int(r, 1),
		.key = row_int(r, 2),
		.kind = (enum data_job_kind)row_int(r, 3),
		.name = row_copy(r, 4, a),
		.ask = row_copy(r, 5, a),
		.state = (enum data_job_state)row_int(r, 7),
		.place = row_int(r, 8),
		.done = row_int(r, 9),
		.error = row_copy(r, 10, a),
		.created_ms = row_int(r, 11),
		.ended_ms = row_int(r, 12),
		.expires_ms = row_int(r, 13),
		.licensee = row_int(r, 14),
	};

	snprintf(j.secret, sizeof(j.secret), "%.*s", VIEW_ARG(row_text(r, 6)));
	return j;
}

enum err data_job_load(struct db *db, struct arena *a, int64_t licensee, int64_t id, struct data_job *ret)
{
	struct rows r;
	bool found;

	db_query(db, &r, &job_find, BINDS(B_INT(licensee), B_INT(id)));
	found = rows_next(&r);
	if (found)
		*ret = job_of(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err read_jobs(struct rows *r, struct arena *a, size_t max, struct data_job **ret, size_t *ret_n)
{
	struct data_job *list = ARENA_ARRAY(a, max, struct data_job);
	size_t n = 0;

	while (n < max && rows_next(r))
		list[n++] = job_of(r, a);
	*ret = list;
	*ret_n = n;
	return rows_end(r);
}

enum err data_job_list(struct db *db, struct arena *a, int64_t licensee, size_t max, struct data_job **ret,
		       size_t *ret_n)
{
	struct rows r;

	db_query(db, &r, &job_all, BINDS(B_INT(licensee), B_INT(max)));
	return read_jobs(&r, a, max, ret, ret_n);
}

enum err data_job_files(struct db *db, struct arena *a, const struct data_job *job, struct data_job_file **ret,
			size_t *ret_n)
{
	struct data_job_file *list = ARENA_ARRAY(a, JOB_FILES_MAX, struct data_job_file);
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &job_file_all, BINDS(B_INT(job->licensee), B_INT(job->id)));
	while (n < JOB_FILES_MAX && rows_next(&r))
		list[n++] = (struct data_job_file){
			.n = (int)row_int(&r, 0),
			.name = row_copy(&r, 1, a),
			.bytes = row_int(&r, 2),
			.lines = row_int(&r, 3),
			.first_id = row_int(&r, 4),
			.last_id = row_int(&r, 5),
			.left_out = row_int(&r, 6),
			.sha256 = row_copy(&r, 7, a),
			.judged = row_copy(&r, 8, a),
		};
	*ret = list;
	*ret_n = n;
	return rows_end(&r);
}

enum err data_job_batches(struct db *db, struct arena *a, const struct data_job *job, int n,
			  struct data_job_batch **ret, size_t *ret_n)
{
	struct data_job_batch *list = ARENA_ARRAY(a, JOB_BATCHES_MAX, struct data_job_batch);
	struct rows r;
	size_t count = 0;

	db_query(db, &r, &job_batch_all, BINDS(B_INT(job->licensee), B_INT(job->id), B_INT(n)));
	while (count < JOB_BATCHES_MAX && rows_next(&r))
		list[count++] = (struct data_job_batch){(uint64_t)row_int(&r, 0), row_copy(&r, 1, a), row_int(&r, 2),
							row_int(&r, 3), row_int(&r, 4)};
	*ret = list;
	*ret_n = count;
	return rows_end(&r);
}

enum err data_job_cost(struct db *db, const struct data_job *job, struct data_job_batch *ret)
{
	struct rows r;

	*ret = (struct data_job_batch){0};
	db_query(db, &r, &job_batch_sum, BINDS(B_INT(job->licensee), B_INT(job->id)));
	if (rows_next(&r)) {
		ret->charged = row_int(&r, 0);
		ret->repeated = row_int(&r, 1);
		ret->cost_micro = row_int(&r, 2);
	}
	return rows_end(&r);
}

/* ---- writing ---- */

struct writing {
	const struct data_job *job;
	const struct data_job_file *file; /* or NULL */
	struct view old_name;		  /* of change_file */
	bool done;
};

static enum err add_batches(struct db *tx, const struct data_job *j, const struct data_job_file *f)
{
	for (size_t i = 0; i < f->n_batches; i++) {
		const struct data_job_batch *b = &f->batches[i];

		TRY(db_exec(tx, &job_batch_add,
			    BINDS(B_INT(j->licensee), B_INT(j->id), B_INT(f->n), B_INT(b->ledger_index),
				  B_TEXT(b->receipt), B_INT(b->charged), B_INT(b->repeated), B_INT(b->cost_micro)),
			    NULL));
	}
	return OK;
}

static enum err write_job(struct db *tx, void *arg)
{
	const struct writing *w = arg;
	const struct data_job *j = w->job;
	const struct data_job_file *f = w->file;

	TRY(db_exec(tx, &job_set,
		    BINDS(B_INT(j->licensee), B_INT(j->id), B_INT(j->state), B_INT(j->place), B_INT(j->done),
			  B_TEXT(j->error), B_INT(j->ended_ms)),
		    NULL));
	if (!f)
		return OK;
	TRY(db_exec(tx, &job_file_add,
		    BINDS(B_INT(j->licensee), B_INT(j->id), B_INT(f->n), B_TEXT(f->name), B_INT(f->bytes),
			  B_INT(f->lines), B_TEXT(f->sha256), B_INT(f->first_id), B_INT(f->last_id),
			  B_INT(f->n_batches ? f->batches[f->n_batches - 1].ledger_index : 0), B_TEXT(f->judged)),
		    NULL));
	return add_batches(tx, j, f);
}

static enum err change_file(struct db *tx, void *arg)
{
	struct writing *w = arg;
	const struct data_job *j = w->job;
	const struct data_job_file *f = w->file;
	int64_t n;

	TRY(db_exec(tx, &job_file_change,
		    BINDS(B_INT(j->licensee), B_INT(j->id), B_INT(f->n), B_TEXT(w->old_name), B_TEXT(f->name),
			  B_INT(f->bytes), B_INT(f->lines), B_TEXT(f->sha256), B_INT(f->first_id), B_INT(f->last_id),
			  B_INT(f->left_out), B_TEXT(f->judged)),
		    &n));
	w->done = n > 0;
	return OK;
}

enum err data_job_update(struct core *c, const struct data_job *job)
{
	return store_write(c->store, write_job, &(struct writing){.job = job});
}

enum err data_job_add_file(struct core *c, const struct data_job *job, const struct data_job_file *file)
{
	return store_write(c->store, write_job, &(struct writing){.job = job, .file = file});
}

enum err data_job_change_file(struct core *c, const struct data_job *job, struct view old_name,
			      const struct data_job_file *file, bool *ret_done)
{
	struct writing w = {.job = job, .file = file, .old_name = old_name};

	TRY(store_write(c->store, change_file, &w));
	*ret_done = w.done;
	return OK;
}

/* ---- files ---- */

enum err data_job_path(struct core *c, int64_t id, const char *name, char *ret, size_t cap)
{
	int n = snprintf(ret, cap, "%s/jobs", c->config.data_dir);

	if (n < 0 || (size_t)n >= cap)
		return ERR_TOO_LARGE;
	if (mkdir(ret, 0700) != 0 && errno != EEXIST)
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	n = snprintf(ret, cap, "%s/jobs/%" PRId64 ".%s", c->config.data_dir, id, name);
	return n > 0 && (size_t)n < cap ? OK : ERR_TOO_LARGE;
}

enum err data_job_open(struct core *c, int64_t id, const char *name, int *ret_fd, uint64_t *ret_size)
{
	char path[4096];
	struct stat st;

	TRY(data_job_path(c, id, name, path, sizeof(path)));
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return ERR_NOT_FOUND;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return ERR_NOT_FOUND;
	}
	*ret_fd = fd;
	*ret_size = (uint64_t)st.st_size;
	return OK;
}

void data_job_remove_file(struct core *c, int64_t id, const char *name)
{
	char path[4096];

	if (data_job_path(c, id, name, path, sizeof(path)) == OK)
		unlink(path);
}

static enum err forget(struct db *tx, void *arg)
{
	const struct data_job *j = arg;

	TRY(db_exec(tx, &job_batches_gone, BINDS(B_INT(j->licensee), B_INT(j->id)), NULL));
	TRY(db_exec(tx, &job_files_gone, BINDS(B_INT(j->licensee), B_INT(j->id)), NULL));
	return db_exec(tx, &job_gone, BINDS(B_INT(j->licensee), B_INT(j->id)), NULL);
}

static enum err remove_job(struct core *c, struct db *db, struct arena *a, struct data_job *j)
{
	struct data_job_file *files;
	size_t n;

	TRY(data_job_files(db, a, j, &files, &n));
	for (size_t i = 0; i < n; i++)
		data_job_remove_file(c, j->id, arena_cstr(a, files[i].name));
	data_job_remove_file(c, j->id, JOB_IDS_FILE);
	data_job_remove_file(c, j->id, JOB_RESULT_FILE);
	return store_write(c->store, forget, j);
}

enum err data_job_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct data_job *jobs;
	struct rows r;
	size_t n;

	db_query(db, &r, &job_expired, BINDS(B_INT(now), B_INT(SWEPT_AT_ONCE)));
	TRY(read_jobs(&r, a, SWEPT_AT_ONCE, &jobs, &n));
	for (size_t i = 0; i < n; i++)
		TRY(remove_job(c, db, a, &jobs[i]));
	return OK;
}
