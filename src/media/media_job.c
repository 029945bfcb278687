/*
 * media_job.c - see media_job.h. A job may run twice, or find that its attachment was removed meanwhile: what it has
 * made then goes.
 */
#include "base/base.h"

#include "media/media_job.h"

#include "base/metrics.h"
#include "core/post_load.h"
#include "jobs/jobs.h"
#include "media/made.h"
#include "media/sniff.h"

const char media_job[] = "media";
const char media_film_job[] = "media film";

SQL(media_find_upload, "SELECT upload, preview FROM media WHERE id = $1 AND state = 0");
SQL(media_finish, "UPDATE media SET state = 1, kind = $2, file = $3, width = $4, height = $5, duration_ms = $6,"
		  " frame_rate = $7, bit_rate = $8, sound_codec = $9, sound_rate = $10, channels = $11, bytes = $12,"
		  " upload = '' WHERE id = $1 AND state = 0");
SQL(media_finish_preview, "UPDATE media SET preview = $2, preview_width = $3, preview_height = $4, blurhash = $5"
			  " WHERE id = $1 AND preview = ''");
SQL(media_fail, "UPDATE media SET state = 2, error = $2, upload = '' WHERE id = $1 AND state = 0");

struct conversion {
	struct core *core;
	int64_t id;
	char upload[FILE_KEY_MAX], path[FILE_PATH_MAX];
	bool has_preview;
	struct made made;
	struct view error; /* empty: it is made */
	int64_t changed, shown;
};

enum err media_job_add(struct db *tx, int64_t id, bool film)
{
	char payload[24];

	snprintf(payload, sizeof(payload), "%" PRId64, id);
	return jobs_add_to(tx, film ? LANE_FILM : LANE_WORK, film ? media_film_job : media_job, view_of(payload), 0);
}

static enum err begin(struct core *c, struct db *db, int64_t id, struct conversion *ret)
{
	struct conversion v = {.core = c, .id = id};
	struct rows r;

	db_query(db, &r, &media_find_upload, BINDS(B_INT(v.id)));
	if (rows_next(&r)) {
		snprintf(v.upload, sizeof(v.upload), "%.*s", VIEW_ARG(row_text(&r, 0)));
		v.has_preview = row_text(&r, 1).len > 0;
	}
	TRY(rows_end(&r));
	files_path(c->config.data_dir, v.upload, v.path);
	*ret = v;
	return v.upload[0] ? OK : ERR_NOT_FOUND;
}

static enum err write_end(struct db *tx, void *arg)
{
	struct conversion *v = arg;
	const struct made *m = &v->made;
	const struct made_preview *p = &m->preview;
	const struct av_result *f = &m->film;
	char rate[48] = "";

	if (v->error.len)
		return db_exec(tx, &media_fail, BINDS(B_INT(v->id), B_TEXT(v->error)), &v->changed);
	if (f->rate_num)
		snprintf(rate, sizeof(rate), "%" PRId64 "/%" PRId64, f->rate_num, f->rate_den);
	TRY(db_exec(tx, &media_finish,
		    BINDS(B_INT(v->id), B_TEXT(view_of(m->kind)), B_TEXT(view_of(m->file)), B_INT(m->width),
			  B_INT(m->height), B_INT(f->duration_ms), B_TEXT(view_of(rate)), B_INT(f->bits),
			  B_TEXT(view_of(f->sound_codec)), B_INT(f->sound_rate), B_INT(f->channels), B_INT(m->bytes)),
		    &v->changed));
	if (!v->changed || !p->file[0])
		return OK;
	return db_exec(tx, &media_finish_preview,
		       BINDS(B_INT(v->id), B_TEXT(view_of(p->file)), B_INT(p->width), B_INT(p->height),
			     B_TEXT(view_of(p->blurhash))),
		       &v->shown);
}

/* err: of the conversion. */
static enum err end(struct conversion *v, enum err err, const struct problem *problem)
{
	const char *dir = v->core->config.data_dir;

	if (err == ERR_NO_SPACE || err == ERR_BUSY)
		return err; /* tried again */
	if (err)
		v->error = view_of(problem->text[0] ? problem->text : "Validation failed: File could not be processed");
	metric_add(err ? METRIC_MEDIA_FAILED : METRIC_MEDIA_PROCESSED, 1);
	err = store_write(v->core->store, write_end, v);
	if (err || !v->changed)
		made_drop(dir, &v->made);
	else if (!v->shown) /* somebody has chosen another one meanwhile */
		files_delete(dir, view_of(v->made.preview.file));
	if (!err)
		files_delete(dir, view_of(v->upload));
	return err;
}

static enum err add_film_job(struct db *tx, void *arg)
{
	const struct conversion *v = arg;

	return media_job_add(tx, v->id, true);
}

static enum err convert_film(struct conversion *v, struct problem *problem)
{
	return end(v, made_film(v->core, v->path, !v->has_preview, &v->made, problem), problem);
}

static enum err hand_over(struct conversion *v, struct problem *problem)
{
	(void)problem;
	TRY(store_write(v->core->store, add_film_job, v));
	jobs_wake(v->core->jobs);
	return OK;
}

/* moving: what is done with an animation. */
static enum err convert_picture(struct conversion *v, struct problem *problem,
				enum err (*moving)(struct conversion *v, struct problem *problem))
{
	bool moves = false;
	enum err err = made_picture(v->core->config.data_dir, "media", v->path, &v->made, &moves, problem);

	return !err && moves ? moving(v, problem) : end(v, err, problem);
}

enum err media_convert_now(struct core *c, struct db *db, int64_t id, struct problem *problem)
{
	struct conversion v;

	TRY(begin(c, db, id, &v));
	const struct sniff *format = sniff_file(v.path);
	if (format && format->family == SNIFF_FILM)
		return convert_film(&v, problem);
	return convert_picture(&v, problem, convert_film);
}

enum err media_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	struct conversion v;
	int64_t id;

	(void)a;
	if (!parse_i64(payload, 1, INT64_MAX, &id))
		return ERR_NOT_FOUND;
	TRY(begin(c, db, id, &v));
	return convert_picture(&v, problem, hand_over);
}

enum err media_film_job_run(struct core *c, struct db *db, struct arena *a, struct view payload,
			    struct problem *problem)
{
	struct conversion v;
	int64_t id;

	(void)a;
	if (!parse_i64(payload, 1, INT64_MAX, &id))
		return ERR_NOT_FOUND;
	TRY(begin(c, db, id, &v));
	return convert_film(&v, problem);
}
