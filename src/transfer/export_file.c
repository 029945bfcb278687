/*
 * export_file.c - lists to be downloaded: a list may be long, so it is written to a file without a name, and sent from
 * there.
 */
#include "base/base.h"

#include "transfer/export.h"

#include <unistd.h>

#include "media/files.h"

const struct export_kind *export_of_file(struct view name)
{
	size_t dot = view_find(name, 0, '.');
	const struct export_kind *kind = export_find(view_sub(name, 0, dot));

	return kind && view_is(view_sub(name, dot, name.len), strrchr(kind->file, '.')) ? kind : NULL;
}

static enum err write_to(struct core *c, struct db *db, struct account_id who, const struct export_kind *kind, FILE *f,
			 int *ret_fd, uint64_t *ret_size)
{
	TRY(export_write(c, db, who, kind, f));
	long size = ftell(f);
	int fd = size >= 0 ? dup(fileno(f)) : -1;
	if (fd < 0)
		return ERR_INTERNAL;
	*ret_fd = fd;
	*ret_size = (uint64_t)size;
	return OK;
}

enum err export_open(struct core *c, struct db *db, struct account_id who, const struct export_kind *kind, int *ret_fd,
		     uint64_t *ret_size)
{
	char path[FILE_PATH_MAX];

	files_temp(c->config.data_dir, path);
	FILE *f = fopen(path, "w+xe");
	if (!f)
		return ERR_NO_SPACE;
	unlink(path);
	enum err err = write_to(c, db, who, kind, f, ret_fd, ret_size);
	fclose(f);
	return err;
}
