/*
 * archive_pack.c - writing a backup with libarchive.
 */
#include "base/base.h"
#include "cli/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/archive_sums.h"

struct packer {
	struct archive *archive;
	int fd;
	FILE *sums; /* temporary, without a name */
	char *file, *part;
	uint64_t files, bytes;
	char chunk[ARCHIVE_CHUNK];
};

static enum err failed(const struct packer *p, struct problem *problem)
{
	enum err err = archive_errno(p->archive) == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;

	return fail(problem, err, "%s cannot be written: %s", p->part, archive_error_string(p->archive));
}

static int choose_filter(struct archive *a, struct view name)
{
	if (view_ends(name, V(".gz")) || view_ends(name, V(".tgz")))
		return archive_write_add_filter_gzip(a);
	if (view_ends(name, V(".zst")))
		return archive_write_add_filter_zstd(a);
	return archive_write_add_filter_none(a);
}

enum err packer_open(const char *file, struct packer **ret, struct problem *problem)
{
	struct packer *p = xcalloc(1, sizeof(*p));
	size_t len = strlen(file) + sizeof(".part");

	p->file = xstrdup(file);
	p->part = xmalloc(len);
	snprintf(p->part, len, "%s.part", file);
	p->archive = archive_write_new();
	p->sums = tmpfile();
	p->fd = open(p->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (p->fd < 0 || !p->sums || !p->archive) {
		enum err err = fail(problem, ERR_INVALID, "%s cannot be made: %s", p->part, strerror(errno));
		packer_abandon(p);
		return err;
	}
	if (archive_write_set_format_pax_restricted(p->archive) != ARCHIVE_OK ||
	    choose_filter(p->archive, view_of(file)) != ARCHIVE_OK ||
	    archive_write_open_fd(p->archive, p->fd) != ARCHIVE_OK) {
		enum err err = failed(p, problem);
		packer_abandon(p);
		return err;
	}
	*ret = p;
	return OK;
}

static enum err begin(struct packer *p, const char *name, uint64_t size, int64_t mtime, struct problem *problem)
{
	struct archive_entry *e = archive_entry_new();
	char path[4096];

	snprintf(path, sizeof(path), ARCHIVE_FOLDER "%s", name);
	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0600);
	archive_entry_set_size(e, (la_int64_t)size);
	archive_entry_set_mtime(e, (time_t)mtime, 0);
	int rc = archive_write_header(p->archive, e);
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? OK : failed(p, problem);
}

static enum err add_data(struct packer *p, crypto_hash_sha256_state *sum, struct view data, struct problem *problem)
{
	if (archive_write_data(p->archive, data.p, data.len) != (la_ssize_t)data.len)
		return failed(p, problem);
	crypto_hash_sha256_update(sum, (const unsigned char *)data.p, data.len);
	p->bytes += data.len;
	return OK;
}

/* Exactly size bytes: a file that grows meanwhile is cut there, one that shrinks is an error. */
static enum err add_fd(struct packer *p, const char *name, int fd, uint64_t size, struct progress *progress,
		       struct problem *problem)
{
	crypto_hash_sha256_state sum;

	crypto_hash_sha256_init(&sum);
	while (size > 0) {
		ssize_t n = read(fd, p->chunk, size < ARCHIVE_CHUNK ? size : ARCHIVE_CHUNK);
		if (n <= 0)
			return fail(problem, ERR_INTERNAL, "%s cannot be read: %s", name,
				    n < 0 ? strerror(errno) : "it has become shorter");
		TRY(add_data(p, &sum, view_make(p->chunk, (size_t)n), problem));
		size -= (uint64_t)n;
		if (progress)
			progress_at(progress, p->bytes >> 20, 0, "MiB");
	}
	sums_add(p->sums, &sum, name);
	p->files++;
	return OK;
}

enum err packer_add_file(struct packer *p, const char *name, const char *path, struct progress *progress,
			 struct problem *problem)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return fail(problem, errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s cannot be read: %s", path,
			    strerror(errno));
	enum err err = fstat(fd, &st) == 0 ? OK : ERR_INTERNAL;
	if (err == OK)
		err = begin(p, name, (uint64_t)st.st_size, st.st_mtim.tv_sec, problem);
	if (err == OK)
		err = add_fd(p, name, fd, (uint64_t)st.st_size, progress, problem);
	close(fd);
	return err;
}

enum err packer_add_bytes(struct packer *p, const char *name, struct view bytes, struct problem *problem)
{
	crypto_hash_sha256_state sum;

	crypto_hash_sha256_init(&sum);
	TRY(begin(p, name, bytes.len, clock_now() / 1000, problem));
	TRY(add_data(p, &sum, bytes, problem));
	sums_add(p->sums, &sum, name);
	p->files++;
	return OK;
}

static enum err add_sums(struct packer *p, struct problem *problem)
{
	crypto_hash_sha256_state unused;
	long size;

	if (fflush(p->sums) != 0 || (size = ftell(p->sums)) < 0)
		return fail(problem, ERR_NO_SPACE,
			    "the list of sums cannot be kept in the folder for temporary files: %s", strerror(errno));
	rewind(p->sums);
	TRY(begin(p, ARCHIVE_SUMS, (uint64_t)size, clock_now() / 1000, problem));
	crypto_hash_sha256_init(&unused);
	for (size_t n; (n = fread(p->chunk, 1, ARCHIVE_CHUNK, p->sums)) > 0;)
		TRY(add_data(p, &unused, view_make(p->chunk, n), problem));
	return OK;
}

enum err packer_finish(struct packer *p, struct problem *problem)
{
	enum err err = add_sums(p, problem);

	if (err == OK && archive_write_close(p->archive) != ARCHIVE_OK)
		err = failed(p, problem);
	if (err == OK && (fsync(p->fd) != 0 || rename(p->part, p->file) != 0))
		err = fail(problem, ERR_INTERNAL, "%s cannot be written: %s", p->file, strerror(errno));
	packer_abandon(p);
	return err;
}

void packer_abandon(struct packer *p)
{
	if (!p)
		return;
	if (p->archive)
		archive_write_free(p->archive);
	if (p->fd >= 0)
		close(p->fd);
	if (p->sums)
		fclose(p->sums);
	unlink(p->part); /* gone already after packer_finish */
	free(p->part);
	free(p->file);
	free(p);
}

uint64_t packer_files(const struct packer *p)
{
	return p->files;
}

uint64_t packer_bytes(const struct packer *p)
{
	return p->bytes;
}
