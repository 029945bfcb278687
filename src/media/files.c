/*
 * files.c - see files.h.
 */
#include "base/base.h"

#include "media/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

static const struct {
	const char *ext, *type;
} types[] = {
	{"jpg", "image/jpeg"},	{"png", "image/png"}, {"gif", "image/gif"},
	{"webp", "image/webp"}, {"mp4", "video/mp4"}, {"mp3", "audio/mpeg"},
};

static enum err errno_err(void)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_NO_SPACE;
	case ENOENT:
		return ERR_NOT_FOUND;
	default:
		return ERR_INTERNAL;
	}
}

void files_key(const char *ext, char ret[FILE_KEY_MAX])
{
	unsigned char random[16];
	char hex[HEX_LEN(sizeof(random)) + 1];

	rand_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), hex);
	snprintf(ret, FILE_KEY_MAX, "%.2s/%s.%s", hex, hex, ext);
}

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool files_key_valid(struct view key)
{
	static const size_t name_at = 3, ext_at = 3 + 32 + 1;

	if (key.len <= ext_at || key.len > ext_at + 6 || key.p[2] != '/' || key.p[ext_at - 1] != '.')
		return false;
	for (size_t i = 0; i < ext_at - 1; i++)
		if (i != 2 && !is_hex(key.p[i]))
			return false;
	for (size_t i = ext_at; i < key.len; i++)
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') && !(key.p[i] >= '0' && key.p[i] <= '9'))
			return false;
	return !memcmp(key.p, key.p + name_at, 2);
}

bool files_ext_is(const char *ext, const char *family)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (!strcmp(types[i].ext, ext))
			return view_starts(view_of(types[i].type), view_of(family));
	return false;
}

const char *files_type(struct view key)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (view_ends(key, view_of(types[i].ext)))
			return types[i].type;
	return "application/octet-stream";
}

void files_path(const char *data_dir, const char *key, char ret[FILE_PATH_MAX])
{
	snprintf(ret, FILE_PATH_MAX, "%s/media/%s", data_dir, key);
}

enum err files_init(const char *data_dir, struct problem *problem)
{
	static const char *const folders[] = {"media", "tmp"};
	char path[FILE_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", data_dir, folders[i]);
		if (mkdir(path, 0700) && errno != EEXIST)
			return fail(problem, errno_err(), "cannot make the folder %s: %s", path,
				    strerrordesc_np(errno));
	}
	return OK;
}

void files_temp(const char *data_dir, char ret[FILE_PATH_MAX])
{
	char token[TOKEN_LEN + 1];

	token_make(token);
	snprintf(ret, FILE_PATH_MAX, "%s/tmp/%s", data_dir, token);
}

static bool write_all(int fd, struct view data)
{
	while (data.len) {
		ssize_t n = write(fd, data.p, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data = view_make(data.p + n, data.len - (size_t)n);
	}
	return true;
}

enum err files_write(const char *path, struct view data)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno_err();
	enum err err = write_all(fd, data) && !fsync(fd) ? OK : errno_err();
	if (close(fd) && !err)
		err = errno_err();
	if (err)
		unlink(path);
	return err;
}

static enum err sync_path(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);

	if (fd < 0)
		return errno_err();
	enum err err = fsync(fd) ? errno_err() : OK;
	close(fd);
	return err;
}

enum err files_keep(const char *data_dir, const char *temp_path, const char *key)
{
	char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], parent[FILE_PATH_MAX];

	snprintf(parent, sizeof(parent), "%s/media", data_dir);
	snprintf(folder, sizeof(folder), "%s/media/%.2s", data_dir, key);
	files_path(data_dir, key, path);
	if (!mkdir(folder, 0700))
		TRY(sync_path(parent, O_DIRECTORY));
	else if (errno != EEXIST)
		return errno_err();
	TRY(sync_path(temp_path, 0));
	if (rename(temp_path, path))
		return errno_err();
	return sync_path(folder, O_DIRECTORY);
}

enum err files_open(const char *data_dir, struct view key, int *ret_fd, uint64_t *ret_size)
{
	char path[FILE_PATH_MAX], name[FILE_KEY_MAX];
	struct stat st;

	if (!files_key_valid(key))
		return ERR_NOT_FOUND;
	snprintf(name, sizeof(name), "%.*s", VIEW_ARG(key));
	files_path(data_dir, name, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno_err();
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return ERR_NOT_FOUND;
	}
	*ret_fd = fd;
	*ret_size = (uint64_t)st.st_size;
	return OK;
}

void files_delete(const char *data_dir, struct view key)
{
	char path[FILE_PATH_MAX], name[FILE_KEY_MAX];

	if (!files_key_valid(key))
		return;
	snprintf(name, sizeof(name), "%.*s", VIEW_ARG(key));
	files_path(data_dir, name, path);
	unlink(path);
}

/* What is in DATA/tmp under a name that begins so. */
static void clean(const char *data_dir, struct view prefix)
{
	char path[FILE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/tmp", data_dir);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] != '.' && view_starts(view_of(e->d_name), prefix))
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
}

void files_clean_temp(const char *data_dir) { clean(data_dir, V("")); }

void files_drop_temp(const char *data_dir, const char *temp_path)
{
	const char *name = strrchr(temp_path, '/');

	clean(data_dir, view_of(name ? name + 1 : temp_path));
}

uint64_t files_size(const char *data_dir, struct view key)
{
	uint64_t size;
	int fd;

	if (files_open(data_dir, key, &fd, &size) != OK)
		return 0;
	close(fd);
	return size;
}
