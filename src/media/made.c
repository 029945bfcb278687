/*
 * made.c - see made.h. Programs write under a temporary name, and all that has it goes in the end, so that what one of
 * them left when it was killed goes too.
 */
#include "base/base.h"

#include "media/made.h"

#include "jobs/jobs.h"
#include "media/image.h"

/* Keeps base + ending.ext under a new key. */
static enum err keep(const char *data_dir, const char *base, const char *ending, const char *ext,
		     char ret[FILE_KEY_MAX])
{
	char path[FILE_PATH_MAX + 32], key[FILE_KEY_MAX];

	snprintf(path, sizeof(path), "%s%s.%s", base, ending, ext);
	files_key(ext, key);
	TRY(files_keep(data_dir, path, key));
	memcpy(ret, key, FILE_KEY_MAX);
	return OK;
}

static int64_t size_of(const char *data_dir, const char *key) { return (int64_t)files_size(data_dir, view_of(key)); }

void made_drop(const char *data_dir, const struct made *made)
{
	files_delete(data_dir, view_of(made->file));
	files_delete(data_dir, view_of(made->preview.file));
}

/* Both files, or none. */
static enum err keep_picture(const char *data_dir, const char *base, const struct image_result *r, struct made *m)
{
	TRY(keep(data_dir, base, "", r->ext, m->file));
	enum err err = keep(data_dir, base, "-small", r->small_ext, m->preview.file);
	if (err)
		made_drop(data_dir, m);
	return err;
}

static void take_preview(const struct image_result *r, struct made_preview *p)
{
	p->width = r->small_width;
	p->height = r->small_height;
	snprintf(p->blurhash, sizeof(p->blurhash), "%s", r->blurhash);
}

enum err made_picture(const char *data_dir, const char *mode, const char *input, struct made *ret, bool *ret_moving,
		      struct problem *problem)
{
	struct made m = {.kind = "image"};
	struct image_result r;
	char base[FILE_PATH_MAX];

	files_temp(data_dir, base);
	enum err err = image_convert(mode, input, base, &r, problem);
	if (!err && r.moving && !ret_moving)
		err = ERR_INTERNAL;
	if (!err && !r.moving)
		err = keep_picture(data_dir, base, &r, &m);
	files_drop_temp(data_dir, base);
	TRY(err);
	if (ret_moving)
		*ret_moving = r.moving;
	if (r.moving)
		return OK;
	m.width = r.width;
	m.height = r.height;
	take_preview(&r, &m.preview);
	m.bytes = size_of(data_dir, m.file) + size_of(data_dir, m.preview.file);
	*ret = m;
	return OK;
}

enum err made_thumbnail(const char *data_dir, const char *input, struct made_preview *ret, struct problem *problem)
{
	struct made_preview p = {0};
	struct image_result r;
	char base[FILE_PATH_MAX];

	files_temp(data_dir, base);
	enum err err = image_convert("preview", input, base, &r, problem);
	if (!err)
		err = keep(data_dir, base, "-small", r.small_ext, p.file);
	files_drop_temp(data_dir, base);
	TRY(err);
	take_preview(&r, &p);
	*ret = p;
	return OK;
}

static enum err keep_film(const char *data_dir, const char *base, bool with_preview, struct made *m,
			  struct problem *problem)
{
	char frame[FILE_PATH_MAX + 32];

	TRY(keep(data_dir, base, "", m->film.ext, m->file));
	if (!with_preview || !m->film.width)
		return OK;
	snprintf(frame, sizeof(frame), "%s" AV_FRAME, base);
	enum err err = made_thumbnail(data_dir, frame, &m->preview, problem);
	if (err)
		made_drop(data_dir, m);
	return err;
}

static bool is_stopping(void *core)
{
	return jobs_stopping(((struct core *)core)->jobs);
}

enum err made_film(struct core *c, const char *input, bool with_preview, struct made *ret, struct problem *problem)
{
	const char *data_dir = c->config.data_dir;
	struct made m = {0};
	char base[FILE_PATH_MAX];

	files_temp(data_dir, base);
	enum err err = av_convert(input, base, &(struct stop){is_stopping, c}, &m.film, problem);
	if (!err)
		err = keep_film(data_dir, base, with_preview, &m, problem);
	files_drop_temp(data_dir, base);
	TRY(err);
	memcpy(m.kind, m.film.kind, sizeof(m.kind));
	m.width = m.film.width;
	m.height = m.film.height;
	m.bytes = size_of(data_dir, m.file) + size_of(data_dir, m.preview.file);
	*ret = m;
	return OK;
}
