/*
 * media.c - see media.h. Files are written before the row that names them and removed after it is gone, so a crash
 * leaves at worst a file without a row, never a row without its file.
 */
#include "base/base.h"

#include "media/media.h"

#include <math.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "jobs/jobs.h"
#include "media/made.h"
#include "media/media_job.h"
#include "media/pictures.h"
#include "media/sniff.h"

#define POLL_MS 15
/* Threads of the worker pool (8 at least) that uploads may keep from other work. */
#define WAITING_MAX 4
#define ABANDONED_MS (24 * 3600 * 1000)

SQL(media_insert,
    "INSERT INTO media (id, account_id, state, kind, file, preview, preview_width, preview_height, blurhash, upload,"
    " description, focus_x, focus_y, bytes, created_at) VALUES ($1, $2, 0, $3, '', $4, $5, $6, $7, $8, $9,"
    " CAST($10 AS DOUBLE PRECISION), CAST($11 AS DOUBLE PRECISION), $12, $13)");
SQL(media_get_state, "SELECT state, error FROM media WHERE id = $1 AND account_id = $2");
SQL(media_get_kind, "SELECT kind, preview, post_id FROM media WHERE id = $1 AND account_id = $2");
SQL(media_set_description, "UPDATE media SET description = $3 WHERE id = $1 AND account_id = $2");
SQL(media_set_focus, "UPDATE media SET focus_x = CAST($3 AS DOUBLE PRECISION), focus_y = CAST($4 AS DOUBLE PRECISION)"
		     " WHERE id = $1 AND account_id = $2");
SQL(media_set_preview, "UPDATE media SET preview = $2, preview_width = $3, preview_height = $4, blurhash = $5"
		       " WHERE id = $1");
SQL(media_files, "SELECT file, preview, upload FROM media WHERE id = $1 AND account_id = $2");
SQL(media_remove, "DELETE FROM media WHERE id = $1 AND account_id = $2 AND post_id IS NULL"
		  " AND NOT EXISTS (SELECT 1 FROM scheduled_media s WHERE s.media_id = media.id)");
#define ABANDONED                                                                                                      \
	" FROM media WHERE post_id IS NULL AND created_at < $1 AND id > $2 AND NOT EXISTS"                             \
	" (SELECT 1 FROM scheduled_media s WHERE s.media_id = media.id)"
SQL(media_abandoned_rows, "SELECT id, account_id" ABANDONED " ORDER BY id LIMIT 200");
SQL(media_abandoned_sums, "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT)" ABANDONED);

bool media_focus_parse(struct view v, double *ret_x, double *ret_y)
{
	struct view x, y;
	double fx, fy;

	if (!view_split(&v, ',', &x) || !view_split(&v, ',', &y) || v.len || !parse_double(view_trim(x), &fx) ||
	    !parse_double(view_trim(y), &fy) || fabs(fx) > 1 || fabs(fy) > 1)
		return false;
	*ret_x = fx;
	*ret_y = fy;
	return true;
}

/* Doubles travel as text: both databases cast it. */
static struct bind bind_double(double d, char buf[32])
{
	snprintf(buf, 32, "%.4f", d);
	return B_TEXT(view_of(buf));
}

struct insert {
	struct account_id account;
	const struct sniff *format;
	const char *upload;
	const struct media_details *details;
	struct made_preview preview;
	size_t bytes;
	int64_t id;
};

static enum err insert(struct db *tx, void *arg)
{
	struct insert *i = arg;
	char x[32], y[32];
	const struct media_details *d = i->details;
	const struct made_preview *p = &i->preview;

	i->id = id_next();
	TRY(db_exec(tx, &media_insert,
		    BINDS(B_INT(i->id), B_INT(i->account.v), B_TEXT(view_of(i->format->kind)), B_TEXT(view_of(p->file)),
			  B_INT(p->width), B_INT(p->height), B_TEXT(view_of(p->blurhash)), B_TEXT(view_of(i->upload)),
			  d->has_description ? B_TEXT(d->description) : B_NULL, bind_double(d->focus_x, x),
			  bind_double(d->focus_y, y), B_INT(i->bytes), B_INT(clock_now())),
		    NULL));
	return media_job_add(tx, i->id, i->format->family == SNIFF_FILM);
}

/* The job runs on another thread, maybe of another process: the row tells. */
static enum err wait_for_end(struct db *db, struct account_id account, int64_t id, int wait_ms, enum media_state *ret,
			     struct problem *problem)
{
	static _Atomic int waiting;
	const struct timespec pause = {0, POLL_MS * 1000 * 1000};
	int64_t deadline = clock_mono_ns() + (int64_t)wait_ms * 1000000;
	bool may_wait = atomic_fetch_add(&waiting, 1) < WAITING_MAX;
	enum err err;

	while ((err = media_progress(db, account, id, ret, problem)) == OK) {
		if (*ret != MEDIA_PROCESSING || !may_wait || clock_mono_ns() >= deadline)
			break;
		nanosleep(&pause, NULL);
	}
	atomic_fetch_sub(&waiting, 1);
	return err;
}

static enum err check_file(struct view data, const struct sniff **ret, struct problem *problem)
{
	const struct sniff *format = sniff(data);

	if (!data.len)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File can't be blank");
	if (!format)
		return fail(
			problem, ERR_UNPROCESSABLE,
			"Validation failed: File is neither a picture (JPEG, PNG, GIF, WebP, HEIC, AVIF) nor a film or"
			" a sound (MP4, MOV, WebM, Ogg, MP3, M4A, FLAC, WAV, AAC)");
	size_t most = format->family == SNIFF_FILM ? LIMIT_FILM_BYTES : LIMIT_IMAGE_BYTES;
	if (data.len > most)
		return fail(problem, ERR_TOO_LARGE, "Validation failed: File is over %zu MiB", most / LIMIT_MIB);
	*ret = format;
	return OK;
}

static enum err store_upload(struct core *c, struct view data, struct insert *i)
{
	char path[FILE_PATH_MAX];

	files_temp(c->config.data_dir, path);
	TRY(files_write(path, data));
	enum err err = files_keep(c->config.data_dir, path, i->upload);
	if (!err)
		err = store_write(c->store, insert, i);
	if (err) {
		unlink(path);
		files_delete(c->config.data_dir, view_of(i->upload));
	}
	return err;
}

enum err media_upload(struct core *c, struct db *db, struct account_id account, struct view data,
		      const struct media_details *details, int wait_ms, int64_t *ret_id, enum media_state *ret_state,
		      struct problem *problem)
{
	char key[FILE_KEY_MAX];
	struct insert i = {.account = account, .upload = key, .details = details, .bytes = data.len};

	TRY(check_file(data, &i.format, problem));
	if (details->thumbnail.len && i.format->family == SNIFF_FILM)
		TRY(media_store_thumbnail(c, details->thumbnail, &i.preview, problem));
	files_key("upload", key);
	enum err err = store_upload(c, data, &i);
	if (err) {
		files_delete(c->config.data_dir, view_of(i.preview.file));
		return err;
	}
	jobs_wake(c->jobs);
	TRY(wait_for_end(db, account, i.id, wait_ms, ret_state, problem));
	*ret_id = i.id;
	return OK;
}

enum err media_progress(struct db *db, struct account_id account, int64_t id, enum media_state *ret,
			struct problem *problem)
{
	struct rows r;
	bool found = false;

	db_query(db, &r, &media_get_state, BINDS(B_INT(id), B_INT(account.v)));
	if (rows_next(&r)) {
		found = true;
		*ret = (enum media_state)row_int(&r, 0);
		if (*ret == MEDIA_FAILED && problem)
			snprintf(problem->text, sizeof(problem->text), "%.*s", VIEW_ARG(row_text(&r, 1)));
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

struct update {
	struct account_id account;
	int64_t id;
	const struct media_details *details;
	struct made_preview preview;
	char unused[FILE_KEY_MAX]; /* the preview that is not shown from now on */
	struct problem *problem;
};

/* Pictures make their own. One of a post is named by what was read already, so it stays. */
static enum err set_preview(struct db *tx, struct update *u)
{
	const struct made_preview *p = &u->preview;
	struct rows r;
	bool picture = false, posted = false;

	db_query(tx, &r, &media_get_kind, BINDS(B_INT(u->id), B_INT(u->account.v)));
	if (rows_next(&r)) {
		picture = view_is(row_text(&r, 0), "image");
		posted = !row_is_null(&r, 2);
		snprintf(u->unused, sizeof(u->unused), "%.*s", VIEW_ARG(picture ? view_of(p->file) : row_text(&r, 1)));
	}
	TRY(rows_end(&r));
	if (posted)
		return fail(u->problem, ERR_UNPROCESSABLE, "Media attachment is currently used by a status");
	if (picture)
		return OK;
	return db_exec(tx, &media_set_preview,
		       BINDS(B_INT(u->id), B_TEXT(view_of(p->file)), B_INT(p->width), B_INT(p->height),
			     B_TEXT(view_of(p->blurhash))),
		       NULL);
}

static enum err update(struct db *tx, void *arg)
{
	struct update *u = arg;
	const struct media_details *d = u->details;
	char x[32], y[32];
	enum media_state state;

	/* Whose it is matters also when nothing is to be changed: the caller shows it next. */
	TRY(media_progress(tx, u->account, u->id, &state, NULL));
	if (u->preview.file[0])
		TRY(set_preview(tx, u));
	if (d->has_description)
		TRY(db_exec(tx, &media_set_description,
			    BINDS(B_INT(u->id), B_INT(u->account.v), B_TEXT(d->description)), NULL));
	if (d->has_focus)
		TRY(db_exec(tx, &media_set_focus,
			    BINDS(B_INT(u->id), B_INT(u->account.v), bind_double(d->focus_x, x),
				  bind_double(d->focus_y, y)),
			    NULL));
	return OK;
}

enum err media_is_own(struct db *db, struct account_id account, int64_t id, struct post_id post, bool *ret)
{
	struct rows r;
	bool own = false;

	db_query(db, &r, &media_get_kind, BINDS(B_INT(id), B_INT(account.v)));
	if (rows_next(&r))
		own = row_is_null(&r, 2) || row_int(&r, 2) == post.v;
	TRY(rows_end(&r));
	*ret = own;
	return OK;
}

enum err media_update(struct core *c, struct db *db, struct account_id account, int64_t id,
		      const struct media_details *details, struct problem *problem)
{
	struct update u = {.account = account, .id = id, .details = details, .problem = problem};
	enum media_state state;

	if (details->thumbnail.len) {
		TRY(media_progress(db, account, id, &state, NULL));
		TRY(media_store_thumbnail(c, details->thumbnail, &u.preview, problem));
	}
	enum err err = store_write(c->store, update, &u);
	files_delete(c->config.data_dir, view_of(err ? u.preview.file : u.unused));
	return err;
}

struct removal {
	struct account_id account;
	int64_t id, changed;
	char files[3][FILE_KEY_MAX];
};

static enum err remove_row(struct db *tx, void *arg)
{
	struct removal *m = arg;
	struct rows r;
	bool found = false;

	db_query(tx, &r, &media_files, BINDS(B_INT(m->id), B_INT(m->account.v)));
	if (rows_next(&r)) {
		found = true;
		for (int i = 0; i < 3; i++)
			snprintf(m->files[i], FILE_KEY_MAX, "%.*s", VIEW_ARG(row_text(&r, i)));
	}
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	return db_exec(tx, &media_remove, BINDS(B_INT(m->id), B_INT(m->account.v)), &m->changed);
}

enum err media_delete(struct core *c, struct account_id account, int64_t id, struct problem *problem)
{
	struct removal m = {.account = account, .id = id};

	TRY(store_write(c->store, remove_row, &m));
	if (!m.changed)
		return fail(problem, ERR_UNPROCESSABLE, "Media attachment is currently used by a status");
	for (int i = 0; i < 3; i++)
		files_delete(c->config.data_dir, view_of(m.files[i]));
	return OK;
}

enum err media_abandoned_count(struct db *db, int64_t before, struct media_abandoned *ret)
{
	struct media_abandoned sums = {0};
	struct rows r;

	db_query(db, &r, &media_abandoned_sums, BINDS(B_INT(before), B_INT(0)));
	if (rows_next(&r))
		sums = (struct media_abandoned){row_int(&r, 0), row_int(&r, 1)};
	TRY(rows_end(&r));
	*ret = sums;
	return OK;
}

/* Those behind *after, some of them. ERR_NOT_FOUND: there are none. */
static enum err drop_some(struct core *c, struct db *db, int64_t before, struct removal *found, int64_t *after)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &media_abandoned_rows, BINDS(B_INT(before), B_INT(*after)));
	while (rows_next(&r)) {
		*after = found[n].id = row_int(&r, 0);
		found[n++].account.v = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = media_delete(c, found[i].account, found[i].id, NULL);

		if (err && err != ERR_NOT_FOUND && err != ERR_UNPROCESSABLE)
			return err;
	}
	return n ? OK : ERR_NOT_FOUND;
}

enum err media_abandoned_drop(struct core *c, struct db *db, int64_t before, struct arena *a)
{
	struct removal *found = ARENA_ARRAY(a, 200, struct removal);
	int64_t after = 0;
	enum err err;

	while ((err = drop_some(c, db, before, found, &after)) == OK)
		;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err media_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	return media_abandoned_drop(c, db, now - ABANDONED_MS, a);
}
