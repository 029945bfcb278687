/*
 * import.c - see import.h. The row is the truth: a file without a row that needs it is swept away.
 */
#include "base/base.h"

#include "transfer/import.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "jobs/jobs.h"
#include "transfer/folder.h"

#define UNFINISHED_MAX 5
#define STEP_ARENA (64 * LIMIT_MIB)

#define COLUMNS                                                                                                        \
	"SELECT id, kind, overwrite, state, bytes, total, done, taken, known, refused, problems, error, created_at,"   \
	" updated_at FROM imports WHERE account_id = $1"
SQL(import_row, COLUMNS " AND id = $2");
SQL(import_rows, COLUMNS " ORDER BY id DESC LIMIT $2");
SQL(import_insert, "INSERT INTO imports (account_id, id, kind, overwrite, state, created_at, updated_at)"
		   " VALUES ($1, $2, $3, $4, 0, $5, $5)");
SQL(import_unfinished, "SELECT COUNT(*) FROM imports WHERE account_id = $1 AND state < 2");
SQL(import_oldest, "SELECT id FROM imports WHERE account_id = $1 AND state >= 2 ORDER BY id DESC LIMIT 1 OFFSET $2");
SQL(import_grow, "UPDATE imports SET bytes = $4, updated_at = $5 WHERE account_id = $1 AND id = $2 AND state = 0"
		 " AND bytes = $3");
SQL(import_begin, "UPDATE imports SET state = 1, updated_at = $3 WHERE account_id = $1 AND id = $2 AND state = 0");
SQL(import_update, "UPDATE imports SET state = $3, total = $4, done = $5, taken = $6, known = $7, refused = $8,"
		   " problems = $9, error = $10, updated_at = $11 WHERE account_id = $1 AND id = $2");
SQL(import_problem_insert, "INSERT INTO import_problems (import_id, n, place, item, words)"
			   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
SQL(import_problem_rows, "SELECT n, place, item, words FROM import_problems WHERE import_id = $1 AND n > $2"
			 " ORDER BY n LIMIT $3");
SQL(import_drop, "DELETE FROM imports WHERE account_id = $1 AND id = $2");
SQL(import_drop_problems, "DELETE FROM import_problems WHERE import_id = $1");

void import_folder(const struct core *c, int64_t id, char ret[IMPORT_PATH_MAX])
{
	snprintf(ret, IMPORT_PATH_MAX, "%s/imports/%" PRId64, c->config.data_dir, id);
}

void import_file(const struct core *c, int64_t id, char ret[IMPORT_PATH_MAX])
{
	snprintf(ret, IMPORT_PATH_MAX, "%s/imports/%" PRId64 "/upload", c->config.data_dir, id);
}

/* ---- reading ---- */

/* kind NULL: of a later version. */
static void read_row(const struct rows *r, struct arena *a, struct account_id who, struct import *ret)
{
	*ret = (struct import){.id = row_int(r, 0),
			       .account = who,
			       .kind = import_kind_find(row_text(r, 1)),
			       .overwrite = row_int(r, 2),
			       .state = (enum import_state)row_int(r, 3),
			       .bytes = row_int(r, 4),
			       .total = row_int(r, 5),
			       .done = row_int(r, 6),
			       .taken = row_int(r, 7),
			       .known = row_int(r, 8),
			       .refused = row_int(r, 9),
			       .problems = row_int(r, 10),
			       .error = row_copy(r, 11, a),
			       .created_at = row_int(r, 12),
			       .updated_at = row_int(r, 13)};
}

enum err import_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct import *ret)
{
	struct import found = {0};
	struct rows r;

	db_query(db, &r, &import_row, BINDS(B_INT(who.v), B_INT(id)));
	if (rows_next(&r))
		read_row(&r, a, who, &found);
	TRY(rows_end(&r));
	if (!found.kind)
		return ERR_NOT_FOUND;
	*ret = found;
	return OK;
}

enum err imports_load(struct db *db, struct arena *a, struct account_id who, struct import *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &import_rows, BINDS(B_INT(who.v), B_INT(LIMIT_IMPORTS)));
	while (n < LIMIT_IMPORTS && rows_next(&r)) {
		read_row(&r, a, who, &ret[n]);
		n += ret[n].kind != NULL;
	}
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

enum err import_problems(struct db *db, struct arena *a, int64_t id, int64_t after, size_t limit,
			 struct import_problem *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &import_problem_rows, BINDS(B_INT(id), B_INT(after), B_INT(limit)));
	while (n < limit && rows_next(&r)) {
		ret[n++] = (struct import_problem){row_int(&r, 0), row_copy(&r, 1, a), row_copy(&r, 2, a),
						   row_copy(&r, 3, a)};
	}
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

/* ---- coming in ---- */

struct change {
	struct account_id who;
	const struct import_kind *kind;
	bool overwrite;
	int64_t id, from, to, changed, run_at;
	struct problem *problem;
};

static enum err drop(struct db *tx, struct account_id who, int64_t id)
{
	int64_t changed;

	TRY(db_exec(tx, &import_drop, BINDS(B_INT(who.v), B_INT(id)), &changed));
	return changed ? db_exec(tx, &import_drop_problems, BINDS(B_INT(id)), NULL) : ERR_NOT_FOUND;
}

static enum err write_new(struct db *tx, void *arg)
{
	struct change *w = arg;
	int64_t unfinished, oldest;

	TRY(db_int(tx, &import_unfinished, BINDS(B_INT(w->who.v)), &unfinished));
	if (unfinished >= UNFINISHED_MAX)
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: %d imports are under way already",
			    UNFINISHED_MAX);
	enum err err =
		db_int(tx, &import_oldest, BINDS(B_INT(w->who.v), B_INT(LIMIT_IMPORTS - UNFINISHED_MAX)), &oldest);
	if (err == OK)
		err = drop(tx, w->who, oldest);
	if (err && err != ERR_NOT_FOUND)
		return err;
	w->id = id_next();
	return db_exec(tx, &import_insert,
		       BINDS(B_INT(w->who.v), B_INT(w->id), B_TEXT(view_of(w->kind->name)), B_INT(w->overwrite),
			     B_INT(clock_now())),
		       NULL);
}

enum err import_create(struct core *c, struct account_id who, const struct import_kind *kind, bool overwrite,
		       int64_t *ret_id, struct problem *problem)
{
	struct change w = {.who = who, .kind = kind, .overwrite = overwrite, .problem = problem};
	char path[IMPORT_PATH_MAX];

	if (overwrite && !kind->overwrites)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Posts can only be added");
	TRY(store_write(c->store, write_new, &w));
	snprintf(path, sizeof(path), "%s/imports", c->config.data_dir);
	bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
	import_folder(c, w.id, path);
	if (!made || mkdir(path, 0700) != 0)
		return fail(problem, errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL, "%s cannot be made: %s", path,
			    strerrordesc_np(errno));
	*ret_id = w.id;
	return OK;
}

static enum err append(const char *path, int64_t at, struct view bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum err err = fd >= 0 && ftruncate(fd, at) == 0 ? OK : ERR_NO_SPACE;

	for (size_t n = 0; err == OK && n < bytes.len;) {
		ssize_t wrote = pwrite(fd, bytes.p + n, bytes.len - n, at + (int64_t)n);

		if (wrote > 0)
			n += (size_t)wrote;
		else if (wrote == 0 || errno != EINTR)
			err = ERR_NO_SPACE;
	}
	if (err == OK && fsync(fd) != 0)
		err = ERR_NO_SPACE;
	if (fd >= 0)
		close(fd);
	return err;
}

static enum err write_grown(struct db *tx, void *arg)
{
	struct change *w = arg;

	return db_exec(tx, &import_grow,
		       BINDS(B_INT(w->who.v), B_INT(w->id), B_INT(w->from), B_INT(w->to), B_INT(clock_now())),
		       &w->changed);
}

enum err import_send(struct core *c, struct db *db, struct account_id who, int64_t id, int64_t at, struct view bytes,
		     struct problem *problem)
{
	struct change w = {.who = who, .id = id, .from = at, .to = at + (int64_t)bytes.len};
	char path[IMPORT_PATH_MAX];
	struct import i = {0};
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	enum err err = import_load(db, &a, who, id, &i);
	arena_release(&a);
	TRY(err);
	if (i.state != IMPORT_SENDING)
		return ERR_NOT_FOUND;
	if (at != i.bytes)
		return fail(problem, ERR_CONFLICT, "The file goes on at byte %" PRId64, i.bytes);
	if (w.to > i.kind->bytes_max)
		return fail(problem, ERR_TOO_LARGE, "Validation failed: File is over %" PRId64 " MiB",
			    i.kind->bytes_max / (int64_t)LIMIT_MIB);
	import_file(c, id, path);
	TRY(append(path, at, bytes));
	TRY(store_write(c->store, write_grown, &w));
	return w.changed ? OK : fail(problem, ERR_CONFLICT, "The file is being sent by somebody else too");
}

static enum err write_begun(struct db *tx, void *arg)
{
	const struct change *w = arg;
	char payload[64];
	int64_t changed;

	TRY(db_exec(tx, &import_begin, BINDS(B_INT(w->who.v), B_INT(w->id), B_INT(clock_now())), &changed));
	if (!changed)
		return ERR_NOT_FOUND;
	snprintf(payload, sizeof(payload), "%" PRId64 " %" PRId64, w->who.v, w->id);
	return jobs_add(tx, IMPORT_JOB, view_of(payload), w->run_at);
}

enum err import_sent(struct core *c, struct account_id who, int64_t id, int64_t delay_ms)
{
	struct change w = {.who = who, .id = id, .run_at = clock_now() + delay_ms};

	TRY(store_write(c->store, write_begun, &w));
	jobs_wake(c->jobs);
	return OK;
}

static enum err write_gone(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return drop(tx, w->who, w->id);
}

enum err import_delete(struct core *c, struct account_id who, int64_t id)
{
	struct change w = {.who = who, .id = id};
	char path[IMPORT_PATH_MAX];

	TRY(store_write(c->store, write_gone, &w));
	import_folder(c, id, path);
	folder_remove(path);
	return OK;
}

/* ---- going on ---- */

void import_complain(struct import *i, struct import_report *r, bool refused, const char *place, struct view item,
		     const char *words)
{
	i->refused += refused;
	if (i->problems >= LIMIT_IMPORT_PROBLEMS || r->n == IMPORT_REPORT_MAX)
		return;
	i->problems++;
	/* Cut between characters: what is stored is UTF-8. */
	size_t len = 0, step;
	while ((step = utf8_step(item, len)) && len + step < sizeof(r->rows[0].item))
		len += step;
	snprintf(r->rows[r->n].place, sizeof(r->rows[0].place), "%s", place);
	snprintf(r->rows[r->n].item, sizeof(r->rows[0].item), "%.*s", (int)len, item.p);
	snprintf(r->rows[r->n].words, sizeof(r->rows[0].words), "%s", words);
	r->n++;
}

struct saving {
	const struct import *i;
	const struct import_report *r;
};

static enum err write_progress(struct db *tx, void *arg)
{
	const struct saving *s = arg;
	const struct import *i = s->i;
	int64_t n = i->problems - (int64_t)s->r->n, changed;

	TRY(db_exec(tx, &import_update,
		    BINDS(B_INT(i->account.v), B_INT(i->id), B_INT(i->state), B_INT(i->total), B_INT(i->done),
			  B_INT(i->taken), B_INT(i->known), B_INT(i->refused), B_INT(i->problems), B_TEXT(i->error),
			  B_INT(clock_now())),
		    &changed));
	if (!changed)
		return ERR_NOT_FOUND;
	for (size_t k = 0; k < s->r->n; k++)
		TRY(db_exec(tx, &import_problem_insert,
			    BINDS(B_INT(i->id), B_INT(n + 1 + (int64_t)k), B_TEXT(view_of(s->r->rows[k].place)),
				  B_TEXT(view_of(s->r->rows[k].item)), B_TEXT(view_of(s->r->rows[k].words))),
			    NULL));
	return OK;
}

enum err import_save(struct core *c, const struct import *i, struct import_report *r)
{
	struct saving s = {i, r};

	TRY(store_write(c->store, write_progress, &s));
	r->n = 0;
	return OK;
}

static enum err end(struct core *c, struct import *i, enum import_state state, struct view error)
{
	struct import_report *none = xcalloc(1, sizeof(*none));
	char path[IMPORT_PATH_MAX];

	i->state = state;
	i->error = error;
	enum err err = import_save(c, i, none);
	free(none);
	TRY(err);
	import_folder(c, i->id, path);
	folder_remove(path);
	return OK;
}

static enum err step(struct core *c, struct db *db, struct arena *a, struct account_id who, int64_t id, bool *ret_more)
{
	struct problem problem = {0};
	struct import i = {0};

	*ret_more = false;
	TRY(import_load(db, a, who, id, &i));
	if (i.state != IMPORT_RUNNING)
		return OK;
	enum err err = i.kind->step(c, db, a, &i, ret_more, &problem);
	if (err == OK)
		return *ret_more ? OK : end(c, &i, IMPORT_FINISHED, V(""));
	if (err == ERR_FORBIDDEN)
		err = fail(&problem, ERR_UNPROCESSABLE, "This account may not do that");
	if (err != ERR_UNPROCESSABLE && err != ERR_CORRUPT && err != ERR_TOO_LARGE)
		return err;
	*ret_more = false;
	return end(c, &i, IMPORT_FAILED, view_of(problem.text[0] ? problem.text : err_name(err)));
}

enum err import_step(struct core *c, struct db *db, struct account_id who, int64_t id, bool *ret_more)
{
	char path[IMPORT_PATH_MAX + 8], folder[IMPORT_PATH_MAX];
	struct arena a;
	bool more = false;
	enum err err = ERR_BUSY;

	import_folder(c, id, folder);
	snprintf(path, sizeof(path), "%s/lock", folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno != ENOENT)
		return ERR_NO_SPACE;
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0) { /* without its folder it has ended, and the row says so */
		arena_init(&a, STEP_ARENA);
		err = step(c, db, &a, who, id, &more);
		arena_release(&a);
	}
	if (fd >= 0)
		close(fd);
	TRY(err);
	*ret_more = more;
	return OK;
}
