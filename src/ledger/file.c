/*
 * file.c - see file.h.
 */
#include "base/base.h"
#include "ledger/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP 16384

static enum err errno_err(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_NO_SPACE;
	default:
		return ERR_UNAVAILABLE;
	}
}

enum err file_path(const char *dir, const char *name, char ret[FILE_PATH_MAX])
{
	int n = snprintf(ret, FILE_PATH_MAX, "%s/%s", dir, name);

	return n < 0 || n >= FILE_PATH_MAX ? ERR_TOO_LARGE : OK;
}

static enum err read_all(int fd, struct buf *out)
{
	for (;;) {
		size_t room = out->max - out->len < READ_STEP ? out->max - out->len : READ_STEP;
		char past, *at = room ? buf_reserve(out, room) : &past;
		ssize_t n = read(fd, at, room ? room : 1);

		if (n < 0 && errno != EINTR)
			return errno_err();
		if (n == 0)
			return OK;
		if (n > 0 && !room)
			return ERR_TOO_LARGE;
		if (n > 0)
			buf_grow(out, (size_t)n);
	}
}

enum err file_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno_err();
	enum err err = read_all(fd, out);
	close(fd);
	return err;
}

static enum err write_all(int fd, struct view v)
{
	while (v.len) {
		ssize_t n = write(fd, v.p, v.len);
		if (n < 0 && errno != EINTR)
			return errno_err();
		if (n > 0)
			v = view_make(v.p + n, v.len - (size_t)n);
	}
	return OK;
}

static enum err write_new(const char *path, struct view bytes, int mode, enum file_care care)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0)
		return errno_err();
	enum err err = write_all(fd, bytes);
	if (err == OK && care == FILE_DURABLE && fsync(fd) != 0)
		err = errno_err();
	if (close(fd) != 0 && err == OK)
		err = errno_err();
	return err;
}

enum err file_sync_parent(const char *path)
{
	char dir[FILE_PATH_MAX];
	const char *slash = strrchr(path, '/');

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno_err();
	enum err err = fsync(fd) == 0 ? OK : errno_err();
	close(fd);
	return err;
}

enum err file_replace(const char *path, struct view bytes, int mode, enum file_care care)
{
	char new[FILE_PATH_MAX + 4];

	snprintf(new, sizeof(new), "%s.new", path);
	enum err err = write_new(new, bytes, mode, care);
	if (err == OK && rename(new, path) != 0)
		err = errno_err();
	if (err != OK) {
		unlink(new);
		return err;
	}
	return care == FILE_DURABLE ? file_sync_parent(path) : OK;
}

enum err file_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
		*slash = '/';
		if (!made)
			return errno_err();
	}
	return OK;
}
