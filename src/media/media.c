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
#include "base/metrics.h"
#include "core/accounts.h"
#include "core/events.h"
#include "media/image.h"

#define POLL_MS 15
/* Threads of the worker pool (8 at least) that pictures may keep from other work. */
#define WAITING_MAX 4
#define PICTURES_MAX 2
#define ABANDONED_MS (24 * 3600 * 1000)

const char media_job[] = "media";

SQL(media_insert,
    "INSERT INTO media (id, account_id, state, kind, file, preview, upload, description, focus_x, focus_y,"
    " bytes, created_at) VALUES ($1, $2, 0, 'image', '', '', $3, $4, CAST($5 AS DOUBLE PRECISION),"
    " CAST($6 AS DOUBLE PRECISION), $7, $8)");
SQL(media_find_upload, "SELECT upload, state FROM media WHERE id = $1");
SQL(media_finish, "UPDATE media SET state = 1, file = $2, preview = $3, width = $4, height = $5, preview_width = $6,"
		  " preview_height = $7, blurhash = $8, upload = '' WHERE id = $1 AND state = 0");
SQL(media_fail, "UPDATE media SET state = 2, error = $2, upload = '' WHERE id = $1 AND state = 0");
SQL(media_get_state, "SELECT state, error FROM media WHERE id = $1 AND account_id = $2");
SQL(media_set_description, "UPDATE media SET description = $3 WHERE id = $1 AND account_id = $2");
SQL(media_set_focus, "UPDATE media SET focus_x = CAST($3 AS DOUBLE PRECISION), focus_y = CAST($4 AS DOUBLE PRECISION)"
		     " WHERE id = $1 AND account_id = $2");
SQL(media_files, "SELECT file, preview, upload FROM media WHERE id = $1 AND account_id = $2");
SQL(media_remove, "DELETE FROM media WHERE id = $1 AND account_id = $2 AND post_id IS NULL"
		  " AND NOT EXISTS (SELECT 1 FROM scheduled_media s WHERE s.media_id = media.id)");
SQL(media_abandoned, "SELECT id, account_id FROM media WHERE post_id IS NULL AND created_at < $1 AND NOT EXISTS"
		     " (SELECT 1 FROM scheduled_media s WHERE s.media_id = media.id) LIMIT 200");

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
	const char *upload;
	const struct media_details *details;
	size_t bytes;
	int64_t id;
};

static enum err insert(struct db *tx, void *arg)
{
	struct insert *i = arg;
	char x[32], y[32], payload[24];
	const struct media_details *d = i->details;

	i->id = id_next();
	TRY(db_exec(tx, &media_insert,
		    BINDS(B_INT(i->id), B_INT(i->account.v), B_TEXT(view_of(i->upload)),
			  d->has_description ? B_TEXT(d->description) : B_NULL, bind_double(d->focus_x, x),
			  bind_double(d->focus_y, y), B_INT(i->bytes), B_INT(clock_now())),
		    NULL));
	snprintf(payload, sizeof(payload), "%" PRId64, i->id);
	return jobs_add(tx, media_job, view_of(payload), 0);
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

enum err media_upload(struct core *c, struct db *db, struct account_id account, struct view data,
		      const struct media_details *details, int wait_ms, int64_t *ret_id, enum media_state *ret_state,
		      struct problem *problem)
{
	char path[FILE_PATH_MAX], key[FILE_KEY_MAX];
	struct insert i = {.account = account, .upload = key, .details = details, .bytes = data.len};

	if (!data.len)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File can't be blank");
	if (data.len > LIMIT_IMAGE_BYTES)
		return fail(problem, ERR_TOO_LARGE, "Validation failed: File is over %zu MiB",
			    LIMIT_IMAGE_BYTES / LIMIT_MIB);
	files_temp(c->config.data_dir, path);
	files_key("upload", key);
	TRY(files_write(path, data));
	enum err err = files_keep(c->config.data_dir, path, key);
	if (!err)
		err = store_write(c->store, insert, &i);
	if (err) {
		unlink(path);
		files_delete(c->config.data_dir, view_of(key));
		return err;
	}
	jobs_wake(c->jobs);
	TRY(wait_for_end(db, account, i.id, wait_ms, ret_state, problem));
	*ret_id = i.id;
	return OK;
}

/* What a conversion that failed, or was stopped in the middle, may have written. */
static void remove_outputs(const char *base)
{
	static const char *const endings[] = {".jpg", ".png", ".gif", ".webp", "-small.jpg", "-small.png"};
	char path[FILE_PATH_MAX + 16];

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		snprintf(path, sizeof(path), "%s%s", base, endings[i]);
		unlink(path);
	}
}

/* Converts the file at `input` and keeps both results under new keys. */
static enum err convert(struct core *c, const char *mode, const char *input, struct image_result *r,
			char ret_key[FILE_KEY_MAX], char ret_small[FILE_KEY_MAX], struct problem *problem)
{
	char base[FILE_PATH_MAX], big[FILE_PATH_MAX + 16], small[FILE_PATH_MAX + 16];

	files_temp(c->config.data_dir, base);
	enum err err = image_convert(mode, input, base, r, problem);
	if (err) {
		remove_outputs(base);
		return err;
	}
	snprintf(big, sizeof(big), "%s.%s", base, r->ext);
	snprintf(small, sizeof(small), "%s-small.%s", base, r->small_ext);
	files_key(r->ext, ret_key);
	files_key(r->small_ext, ret_small);
	err = files_keep(c->config.data_dir, big, ret_key);
	if (!err)
		err = files_keep(c->config.data_dir, small, ret_small);
	if (err) {
		remove_outputs(base);
		files_delete(c->config.data_dir, view_of(ret_key));
	}
	return err;
}

struct finish {
	int64_t id, changed;
	const struct image_result *result;
	const char *key, *small;
	struct view error;
};

static enum err finish(struct db *tx, void *arg)
{
	struct finish *f = arg;
	const struct image_result *r = f->result;

	if (f->error.len)
		return db_exec(tx, &media_fail, BINDS(B_INT(f->id), B_TEXT(f->error)), &f->changed);
	return db_exec(tx, &media_finish,
		       BINDS(B_INT(f->id), B_TEXT(view_of(f->key)), B_TEXT(view_of(f->small)), B_INT(r->width),
			     B_INT(r->height), B_INT(r->small_width), B_INT(r->small_height),
			     B_TEXT(view_of(r->blurhash))),
		       &f->changed);
}

static enum err find_upload(struct db *db, int64_t id, char ret_key[FILE_KEY_MAX])
{
	struct rows r;
	bool waiting = false;

	db_query(db, &r, &media_find_upload, BINDS(B_INT(id)));
	if (rows_next(&r)) {
		waiting = row_int(&r, 1) == MEDIA_PROCESSING;
		snprintf(ret_key, FILE_KEY_MAX, "%.*s", VIEW_ARG(row_text(&r, 0)));
	}
	TRY(rows_end(&r));
	return waiting ? OK : ERR_NOT_FOUND;
}

enum err media_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	char upload[FILE_KEY_MAX], key[FILE_KEY_MAX] = "", small[FILE_KEY_MAX] = "", path[FILE_PATH_MAX];
	struct image_result result;
	struct finish f = {.result = &result, .key = key, .small = small};
	uint64_t id;

	(void)a;
	if (!parse_u64(payload, INT64_MAX, &id))
		return ERR_NOT_FOUND;
	f.id = (int64_t)id;
	TRY(find_upload(db, f.id, upload));
	files_path(c->config.data_dir, upload, path);
	enum err err = convert(c, "media", path, &result, key, small, problem);
	if (err == ERR_NO_SPACE || err == ERR_BUSY)
		return err; /* tried again */
	if (err)
		f.error =
			problem->text[0] ? view_of(problem->text) : V("Validation failed: File could not be processed");
	metric_add(err ? METRIC_MEDIA_FAILED : METRIC_MEDIA_PROCESSED, 1);
	err = store_write(c->store, finish, &f);
	if (err || !f.changed) { /* run twice, or removed meanwhile */
		files_delete(c->config.data_dir, view_of(key));
		files_delete(c->config.data_dir, view_of(small));
	}
	if (!err)
		files_delete(c->config.data_dir, view_of(upload));
	return err;
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
};

static enum err update(struct db *tx, void *arg)
{
	const struct update *u = arg;
	const struct media_details *d = u->details;
	char x[32], y[32];
	enum media_state state;

	/* Whose it is matters also when nothing is to be changed: the caller shows it next. */
	TRY(media_progress(tx, u->account, u->id, &state, NULL));
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

enum err media_update(struct core *c, struct account_id account, int64_t id, const struct media_details *details)
{
	struct update u = {account, id, details};

	return store_write(c->store, update, &u);
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

enum err media_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct rows r;
	struct removal *found = ARENA_ARRAY(a, 200, struct removal);
	size_t n = 0;

	db_query(db, &r, &media_abandoned, BINDS(B_INT(now - ABANDONED_MS)));
	while (rows_next(&r)) {
		found[n].id = row_int(&r, 0);
		found[n++].account.v = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = media_delete(c, found[i].account, found[i].id, NULL);

		if (err && err != ERR_NOT_FOUND && err != ERR_UNPROCESSABLE)
			return err;
	}
	return OK;
}

static enum err store_picture(struct core *c, const char *mode, struct view data, char ret_key[FILE_KEY_MAX],
			      char ret_static[FILE_KEY_MAX], struct problem *problem)
{
	char path[FILE_PATH_MAX], key[FILE_KEY_MAX], still[FILE_KEY_MAX];
	struct image_result result;

	files_temp(c->config.data_dir, path);
	TRY(files_write(path, data));
	enum err err = convert(c, mode, path, &result, key, still, problem);
	unlink(path);
	TRY(err);
	memcpy(ret_key, key, FILE_KEY_MAX);
	memcpy(ret_static, still, FILE_KEY_MAX);
	return OK;
}

enum err media_store_picture(struct core *c, const char *mode, struct view data, char ret_key[FILE_KEY_MAX],
			     char ret_static[FILE_KEY_MAX], struct problem *problem)
{
	static _Atomic int pictures;

	if (data.len > LIMIT_AVATAR_BYTES)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File is over %zu MiB",
			    LIMIT_AVATAR_BYTES / LIMIT_MIB);
	enum err err = ERR_BUSY;
	if (atomic_fetch_add(&pictures, 1) < PICTURES_MAX)
		err = store_picture(c, mode, data, ret_key, ret_static, problem);
	atomic_fetch_sub(&pictures, 1);
	return err;
}

void media_drop_pictures(struct core *c, const struct account *account)
{
	const struct view keys[] = {account->avatar, account->avatar_static, account->header, account->header_static};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		files_delete(c->config.data_dir, keys[i]);
}
