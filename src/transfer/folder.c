/*
 * folder.c
 */
#include "base/base.h"

#include "transfer/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define PATH_BYTES 4096

void folder_remove(const char *path)
{
	DIR *d = opendir(path);

	if (!d) {
		unlink(path);
		return;
	}
	for (struct dirent *e; (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(path);
}

static enum err sweep(DIR *d, const char *path, enum err (*keep)(void *arg, int64_t id, bool *ret), void *arg)
{
	char name[PATH_BYTES];

	for (struct dirent *e; (e = readdir(d));) {
		struct view number = view_sub(view_of(e->d_name), 0, strspn(e->d_name, "0123456789"));
		bool kept = false;
		int64_t id;

		if (e->d_name[0] == '.')
			continue;
		if (parse_i64(number, 1, INT64_MAX, &id))
			TRY(keep(arg, id, &kept));
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (!kept)
			folder_remove(name);
	}
	return OK;
}

enum err folder_sweep(const char *path, enum err (*keep)(void *arg, int64_t id, bool *ret), void *arg)
{
	DIR *d = opendir(path);

	if (!d)
		return OK;
	enum err err = sweep(d, path, keep, arg);
	closedir(d);
	return err;
}
