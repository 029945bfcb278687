/*
 * pictures.c - see pictures.h.
 */
#include "base/base.h"

#include "media/pictures.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "core/accounts.h"

/* Threads of the worker pool (8 at least) that pictures may keep from other work. */
#define PICTURES_MAX 2

struct picture {
	const char *mode; /* NULL: a thumbnail */
	struct view data;
	size_t most;
	struct made made;
};

static enum err convert(const char *data_dir, struct picture *p, struct problem *problem)
{
	char path[FILE_PATH_MAX];

	files_temp(data_dir, path);
	TRY(files_write(path, p->data));
	enum err err = p->mode ? made_picture(data_dir, p->mode, path, &p->made, NULL, problem)
			       : made_thumbnail(data_dir, path, &p->made.preview, problem);
	unlink(path);
	return err;
}

static enum err store(struct core *c, struct picture *p, struct problem *problem)
{
	static _Atomic int pictures;

	if (p->data.len > p->most)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File is over %zu MiB", p->most / LIMIT_MIB);
	enum err err = ERR_BUSY;
	if (atomic_fetch_add(&pictures, 1) < PICTURES_MAX)
		err = convert(c->config.data_dir, p, problem);
	atomic_fetch_sub(&pictures, 1);
	return err;
}

enum err media_store_picture(struct core *c, const char *mode, struct view data, char ret_key[FILE_KEY_MAX],
			     char ret_static[FILE_KEY_MAX], struct problem *problem)
{
	struct picture p = {.mode = mode, .data = data, .most = LIMIT_AVATAR_BYTES};

	TRY(store(c, &p, problem));
	memcpy(ret_key, p.made.file, FILE_KEY_MAX);
	memcpy(ret_static, p.made.preview.file, FILE_KEY_MAX);
	return OK;
}

enum err media_store_thumbnail(struct core *c, struct view data, struct made_preview *ret, struct problem *problem)
{
	struct picture p = {.data = data, .most = LIMIT_THUMBNAIL_BYTES};

	TRY(store(c, &p, problem));
	*ret = p.made.preview;
	return OK;
}

void media_drop_pictures(struct core *c, const struct account *account)
{
	const struct view keys[] = {account->avatar, account->avatar_static, account->header, account->header_static};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		files_delete(c->config.data_dir, keys[i]);
}
