/*
 * zip.c - see zip.h. libarchive writes.
 */
#include "base/base.h"

#include "transfer/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define CHUNK ((size_t)64 * 1024)

struct zip {
	struct archive *archive;
	int fd;
	char *file, *part;
	char chunk[CHUNK];
};

enum err zip_open(const char *file, struct zip **ret)
{
	struct zip *z = xcalloc(1, sizeof(*z));
	size_t len = strlen(file) + sizeof(".part");

	z->file = xstrdup(file);
	z->part = xmalloc(len);
	snprintf(z->part, len, "%s.part", file);
	z->archive = archive_write_new();
	z->fd = open(z->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (z->fd < 0 || archive_write_set_format_zip(z->archive) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(z->archive, 1) != ARCHIVE_OK ||
	    archive_write_open_fd(z->archive, z->fd) != ARCHIVE_OK) {
		zip_abandon(z);
		return ERR_NO_SPACE;
	}
	*ret = z;
	return OK;
}

static enum err begin(struct zip *z, const char *name, int64_t size, int64_t mtime)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_mtime(e, (time_t)mtime, 0);
	if (size >= 0)
		archive_entry_set_size(e, size);
	int rc = archive_write_header(z->archive, e);
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? OK : ERR_NO_SPACE;
}

enum err zip_begin(struct zip *z, const char *name, bool compress)
{
	if (compress)
		archive_write_zip_set_compression_deflate(z->archive);
	else
		archive_write_zip_set_compression_store(z->archive);
	return begin(z, name, -1, clock_now() / 1000);
}

enum err zip_write(struct zip *z, struct view bytes)
{
	return archive_write_data(z->archive, bytes.p, bytes.len) == (la_ssize_t)bytes.len ? OK : ERR_NO_SPACE;
}

static enum err copy(struct zip *z, int fd, int64_t size)
{
	while (size > 0) {
		ssize_t n = read(fd, z->chunk, (size_t)size < CHUNK ? (size_t)size : CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_INTERNAL;
		TRY(zip_write(z, view_make(z->chunk, (size_t)n)));
		size -= n;
	}
	return OK;
}

enum err zip_add_file(struct zip *z, const char *name, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL;
	archive_write_zip_set_compression_store(z->archive);
	enum err err = fstat(fd, &st) == 0 ? begin(z, name, st.st_size, st.st_mtim.tv_sec) : ERR_INTERNAL;
	if (err == OK)
		err = copy(z, fd, st.st_size);
	close(fd);
	return err;
}

enum err zip_finish(struct zip *z, int64_t *ret_bytes)
{
	struct stat st = {0};
	enum err err = archive_write_close(z->archive) == ARCHIVE_OK ? OK : ERR_NO_SPACE;

	if (err == OK && (fsync(z->fd) != 0 || fstat(z->fd, &st) != 0 || rename(z->part, z->file) != 0))
		err = ERR_NO_SPACE;
	zip_abandon(z);
	if (err == OK)
		*ret_bytes = st.st_size;
	return err;
}

void zip_abandon(struct zip *z)
{
	if (!z)
		return;
	if (z->archive)
		archive_write_free(z->archive);
	if (z->fd >= 0)
		close(z->fd);
	unlink(z->part); /* gone already after zip_finish */
	free(z->part);
	free(z->file);
	free(z);
}
