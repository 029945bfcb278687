/*
 * files.c - see files.h.
 */
#include "base/base.h"

#include "trace/files.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/vec.h"

#define PATH_BYTES 4096

static uint64_t stamped(uint64_t stamp, const void *p, size_t n) /* FNV-1a: whether it is the same leak as before */
{
	for (size_t i = 0; i < n; i++)
		stamp = (stamp ^ ((const unsigned char *)p)[i]) * UINT64_C(0x100000001b3);
	return stamp;
}

static enum err add_file(struct files *f, const char *path, const struct stat *st, struct problem *problem)
{
	int64_t numbers[] = {st->st_size, st->st_mtim.tv_sec, st->st_mtim.tv_nsec};

	if (f->n == FILES_MAX)
		return fail(problem, ERR_TOO_LARGE, "there are more than %d files", FILES_MAX);
	if (f->n == f->alloc)
		f->v = vec_grow(f->v, &f->alloc, sizeof(*f->v));
	f->v[f->n++].path = xstrdup(path);
	if (S_ISREG(st->st_mode))
		f->bytes += (uint64_t)st->st_size;
	f->stamp = stamped(stamped(f->stamp, path, strlen(path) + 1), numbers, sizeof(numbers));
	return OK;
}

static enum err add_all(struct files *f, const char *path, unsigned depth, struct problem *problem);

static enum err add_directory(struct files *f, const char *path, unsigned depth, struct problem *problem)
{
	struct dirent **names;
	enum err err = OK;
	int n = scandir(path, &names, NULL, alphasort);

	if (n < 0)
		return fail(problem, ERR_UNAVAILABLE, "%.200s: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		char below[PATH_BYTES];
		int len = snprintf(below, sizeof(below), "%s/%s", path, names[i]->d_name);

		if (err == OK && names[i]->d_name[0] != '.' && len < (int)sizeof(below))
			err = add_all(f, below, depth + 1, problem);
		free(names[i]);
	}
	free(names);
	return err;
}

static enum err add_all(struct files *f, const char *path, unsigned depth, struct problem *problem)
{
	struct stat st;

	if ((depth ? lstat(path, &st) : stat(path, &st)) != 0)
		return fail(problem, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%.200s: %s", path,
			    strerror(errno));
	if (S_ISREG(st.st_mode) || (depth == 0 && !S_ISDIR(st.st_mode)))
		return add_file(f, path, &st, problem);
	if (!S_ISDIR(st.st_mode))
		return OK;
	if (depth == FILES_DEPTH)
		return fail(problem, ERR_TOO_LARGE, "%.200s: directories lie too deep", path);
	return add_directory(f, path, depth, problem);
}

enum err files_find(const char *path, struct files *ret, struct problem *problem)
{
	struct files f = {.stamp = UINT64_C(0xcbf29ce484222325)};
	enum err err = add_all(&f, path, 0, problem);

	if (err == OK)
		*ret = f;
	else
		files_release(&f);
	return err;
}

void files_release(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].path);
	free(f->v);
	*f = (struct files){0};
}
