/*
 * archive.c - rows of archives, the job that makes them, and their end.
 */
#include "base/base.h"

#include "transfer/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "jobs/jobs.h"
#include "transfer/folder.h"

#define PATH_BYTES 4096

#define COLUMNS "SELECT id, state, bytes, posts, error, created_at, expires_at FROM archives WHERE account_id = $1"
SQL(archive_row, COLUMNS " AND id = $2 AND expires_at > $3");
SQL(archive_rows, COLUMNS " AND expires_at > $3 ORDER BY id DESC LIMIT $2");
SQL(archive_young, "SELECT COUNT(*) FROM archives WHERE account_id = $1 AND state < 2 AND created_at > $2");
SQL(archive_insert, "INSERT INTO archives (account_id, id, state, created_at, expires_at) VALUES ($1, $2, 0, $3, $4)");
SQL(archive_end, "UPDATE archives SET state = $3, bytes = $4, posts = $5, error = $6, expires_at = $7"
		 " WHERE account_id = $1 AND id = $2 AND state = 0");
SQL(archive_drop, "DELETE FROM archives WHERE account_id = $1 AND id = $2");
SQL(archive_drop_expired, "DELETE FROM archives WHERE expires_at <= $1");
SQL(archive_any_expired, "SELECT 1 FROM archives WHERE expires_at <= $1 LIMIT 1");
SQL(archive_is_there, "SELECT 1 FROM archives WHERE id = $1");

static void archive_path(const struct core *c, int64_t id, char ret[PATH_BYTES])
{
	snprintf(ret, PATH_BYTES, "%s/archives/%" PRId64 ".zip", c->config.data_dir, id);
}

static void read_row(const struct rows *r, struct arena *a, struct account_archive *ret)
{
	*ret = (struct account_archive){.id = row_int(r, 0),
					.state = (enum archive_state)row_int(r, 1),
					.bytes = row_int(r, 2),
					.posts = row_int(r, 3),
					.error = row_copy(r, 4, a),
					.created_at = row_int(r, 5),
					.expires_at = row_int(r, 6)};
}

enum err archive_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct account_archive *ret)
{
	struct rows r;

	db_query(db, &r, &archive_row, BINDS(B_INT(who.v), B_INT(id), B_INT(clock_now())));
	bool found = rows_next(&r);
	if (found)
		read_row(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err archives_load(struct db *db, struct arena *a, struct account_id who, struct account_archive *ret,
		       size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &archive_rows, BINDS(B_INT(who.v), B_INT(LIMIT_ARCHIVES), B_INT(clock_now())));
	while (n < LIMIT_ARCHIVES && rows_next(&r))
		read_row(&r, a, &ret[n++]);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

struct change {
	struct account_id who;
	int64_t id, bytes, posts;
	enum archive_state state;
	struct view error;
	struct problem *problem;
};

static enum err write_new(struct db *tx, void *arg)
{
	struct change *w = arg;
	int64_t now = clock_now(), young;
	char payload[64];

	TRY(db_int(tx, &archive_young, BINDS(B_INT(w->who.v), B_INT(now - ARCHIVE_AGAIN_MS)), &young));
	if (young)
		return fail(w->problem, ERR_UNPROCESSABLE, "You can request an archive every 7 days");
	w->id = id_next();
	TRY(db_exec(tx, &archive_insert, BINDS(B_INT(w->who.v), B_INT(w->id), B_INT(now), B_INT(now + ARCHIVE_KEPT_MS)),
		    NULL));
	snprintf(payload, sizeof(payload), "%" PRId64 " %" PRId64, w->who.v, w->id);
	return jobs_add(tx, ARCHIVE_JOB, view_of(payload), 0);
}

enum err archive_request(struct core *c, struct account_id who, int64_t *ret_id, struct problem *problem)
{
	struct change w = {.who = who, .problem = problem};

	TRY(store_write(c->store, write_new, &w));
	jobs_wake(c->jobs);
	*ret_id = w.id;
	return OK;
}

static enum err write_gone(struct db *tx, void *arg)
{
	struct change *w = arg;
	int64_t changed;

	TRY(db_exec(tx, &archive_drop, BINDS(B_INT(w->who.v), B_INT(w->id)), &changed));
	return changed ? OK : ERR_NOT_FOUND;
}

enum err archive_delete(struct core *c, struct account_id who, int64_t id)
{
	struct change w = {.who = who, .id = id};
	char path[PATH_BYTES];

	TRY(store_write(c->store, write_gone, &w));
	archive_path(c, id, path);
	unlink(path);
	return OK;
}

enum err archive_open(struct core *c, struct db *db, struct account_id who, int64_t id, int *ret_fd, uint64_t *ret_size)
{
	struct account_archive archive = {0};
	char path[PATH_BYTES];
	struct stat st;
	struct arena a;

	arena_init(&a, PATH_BYTES);
	enum err err = archive_load(db, &a, who, id, &archive);
	arena_release(&a);
	TRY(err);
	if (archive.state != ARCHIVE_READY)
		return ERR_NOT_FOUND;
	archive_path(c, id, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return ERR_NOT_FOUND;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return ERR_INTERNAL;
	}
	*ret_fd = fd;
	*ret_size = (uint64_t)st.st_size;
	return OK;
}

/* ---- the job ---- */

static enum err write_end(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return db_exec(tx, &archive_end,
		       BINDS(B_INT(w->who.v), B_INT(w->id), B_INT(w->state), B_INT(w->bytes), B_INT(w->posts),
			     B_TEXT(w->error), B_INT(clock_now() + ARCHIVE_KEPT_MS)),
		       NULL);
}

static bool go_on(void *arg, int64_t posts)
{
	const struct core *c = arg;

	(void)posts;
	return !jobs_stopping(c->jobs);
}

static enum err make(struct core *c, struct db *db, struct change *w)
{
	const struct archive_watch watch = {go_on, c};
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/archives", c->config.data_dir);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERR_NO_SPACE;
	archive_path(c, w->id, path);
	enum err err = archive_write_file(c, db, w->who, path, &watch, &w->bytes, &w->posts, w->problem);
	if (err == ERR_BUSY || err == ERR_UNAVAILABLE || err == ERR_NO_SPACE)
		return err; /* tried again */
	w->state = err ? ARCHIVE_FAILED : ARCHIVE_READY;
	w->error = err ? view_of(w->problem->text[0] ? w->problem->text : err_name(err)) : V("");
	return store_write(c->store, write_end, w);
}

enum err archive_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	static atomic_bool busy; /* one at a time, so that a long one never takes all threads there are */
	struct account_archive archive;
	struct change w = {.problem = problem};
	struct view rest = payload, word = V("");

	if (!view_split(&rest, ' ', &word) || !parse_i64(word, 1, INT64_MAX, &w.who.v) ||
	    !parse_i64(rest, 1, INT64_MAX, &w.id))
		return fail(problem, ERR_CORRUPT, "the task cannot be read");
	TRY(archive_load(db, a, w.who, w.id, &archive));
	if (archive.state != ARCHIVE_MAKING)
		return OK;
	if (atomic_exchange(&busy, true))
		return fail(problem, ERR_BUSY, "another archive is being made");
	enum err err = make(c, db, &w);
	atomic_store(&busy, false);
	return err;
}

/* ---- the end ---- */

static enum err write_expired(struct db *tx, void *arg)
{
	return db_exec(tx, &archive_drop_expired, BINDS(B_INT(*(int64_t *)arg)), NULL);
}

static enum err keep(void *arg, int64_t id, bool *ret)
{
	int64_t one;
	enum err err = db_int(arg, &archive_is_there, BINDS(B_INT(id)), &one);

	*ret = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err archive_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	char path[PATH_BYTES];
	int64_t one;
	enum err err = db_int(db, &archive_any_expired, BINDS(B_INT(now)), &one);

	(void)a;
	if (err == OK)
		err = store_write(c->store, write_expired, &now);
	if (err && err != ERR_NOT_FOUND)
		return err;
	snprintf(path, sizeof(path), "%s/archives", c->config.data_dir);
	return folder_sweep(path, keep, db);
}
