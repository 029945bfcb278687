/*
 * archive_unpack.c - reading a backup. The file may be damaged or made to hurt: only known names are written, into a
 * folder of their own, and nothing counts before the sums are right.
 */
#include "base/base.h"
#include "cli/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/archive_sums.h"

#define NAME_MAX_BYTES 256
#define PATH_BYTES 4096

struct unpacker {
	struct archive *archive;
	const char *file, *folder;
	FILE *sums;   /* as computed */
	FILE *listed; /* as the archive says; NULL until it came */
	uint64_t files;
	struct problem *problem;
	char chunk[ARCHIVE_CHUNK];
};

static enum err bad_archive(struct unpacker *u)
{
	return fail(u->problem, ERR_CORRUPT, "%s cannot be read: %s", u->file,
		    archive_error_string(u->archive) ? archive_error_string(u->archive) : "it is not a backup");
}

static bool is_name_in_folder(struct view name)
{
	struct view piece;

	if (!(view_starts(name, V(ARCHIVE_MEDIA "/")) || view_starts(name, V(ARCHIVE_LEDGER "/"))) ||
	    name.len > NAME_MAX_BYTES || view_ends(name, V("/")))
		return false;
	while (view_split(&name, '/', &piece)) {
		if (!piece.len || piece.p[0] == '.')
			return false;
		for (size_t i = 0; i < piece.len; i++)
			if ((unsigned char)piece.p[i] <= ' ' || (unsigned char)piece.p[i] >= 0x7f || piece.p[i] == '\\')
				return false;
	}
	return true;
}

static bool is_known(struct view name)
{
	return view_is(name, ARCHIVE_ABOUT) || view_is(name, ARCHIVE_DATABASE) || view_is(name, ARCHIVE_CONF) ||
	       view_is(name, ARCHIVE_SUMS) || is_name_in_folder(name);
}

/* The folders in front of the last '/' of path, from offset from on. */
static bool make_folders(char *path, size_t from)
{
	for (char *p = strchr(path + from, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*p = '/';
		if (!made)
			return false;
	}
	return true;
}

static enum err copy_data(struct unpacker *u, FILE *to, crypto_hash_sha256_state *sum)
{
	la_ssize_t n;

	while ((n = archive_read_data(u->archive, u->chunk, ARCHIVE_CHUNK)) > 0) {
		crypto_hash_sha256_update(sum, (const unsigned char *)u->chunk, (size_t)n);
		if (fwrite(u->chunk, 1, (size_t)n, to) != (size_t)n)
			return fail(u->problem, ERR_NO_SPACE, "%s cannot be written: %s", u->folder, strerror(errno));
	}
	return n == 0 ? OK : bad_archive(u);
}

static enum err unpack_file(struct unpacker *u, const char *name)
{
	crypto_hash_sha256_state sum;
	char path[PATH_BYTES];

	crypto_hash_sha256_init(&sum);
	snprintf(path, sizeof(path), "%s/%s", u->folder, name);
	int fd = make_folders(path, strlen(u->folder) + 1) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
							   : -1;
	FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!to) {
		if (fd >= 0)
			close(fd);
		return fail(u->problem, errno == EEXIST ? ERR_CORRUPT : ERR_INTERNAL, "%s cannot be made: %s", path,
			    strerror(errno));
	}
	enum err err = copy_data(u, to, &sum);
	if (fclose(to) != 0 && err == OK)
		err = fail(u->problem, ERR_NO_SPACE, "%s cannot be written: %s", path, strerror(errno));
	TRY(err);
	sums_add(u->sums, &sum, name);
	u->files++;
	return OK;
}

static enum err unpack_sums(struct unpacker *u)
{
	crypto_hash_sha256_state unused;

	u->listed = tmpfile();
	if (!u->listed)
		return fail(u->problem, ERR_INTERNAL, "no temporary file: %s", strerror(errno));
	crypto_hash_sha256_init(&unused);
	return copy_data(u, u->listed, &unused);
}

static enum err unpack_entry(struct unpacker *u, struct archive_entry *e)
{
	const char *path = archive_entry_pathname(e);
	struct view name = view_of(path);

	if (u->listed)
		return fail(u->problem, ERR_CORRUPT, "%s goes on behind its list of sums", u->file);
	if (archive_entry_filetype(e) != AE_IFREG || !view_starts(name, V(ARCHIVE_FOLDER)) ||
	    !is_known(view_sub(name, strlen(ARCHIVE_FOLDER), name.len)))
		return fail(u->problem, ERR_CORRUPT, "%s holds %.60s, which does not belong into a backup of kicau",
			    u->file, path ? path : "a file without a name");
	path += strlen(ARCHIVE_FOLDER);
	return strcmp(path, ARCHIVE_SUMS) == 0 ? unpack_sums(u) : unpack_file(u, path);
}

static enum err compare_sums(struct unpacker *u)
{
	char is[NAME_MAX_BYTES + 128], was[NAME_MAX_BYTES + 128];

	if (!u->listed)
		return fail(u->problem, ERR_CORRUPT, "%s is cut short: its list of sums is missing", u->file);
	rewind(u->sums);
	rewind(u->listed);
	for (;;) {
		bool more = fgets(is, sizeof(is), u->sums), wanted = fgets(was, sizeof(was), u->listed);
		if (!more && !wanted)
			return OK;
		was[strcspn(was, "\n")] = '\0';
		is[strcspn(is, "\n")] = '\0';
		if (!more || !wanted || strcmp(is, was) != 0)
			return fail(u->problem, ERR_CORRUPT, "%s is damaged: %.100s is not as it was", u->file,
				    wanted && strlen(was) > 66 ? was + 66 : "its list of sums");
	}
}

static enum err unpack_all(struct unpacker *u)
{
	struct archive_entry *e;
	struct progress progress;
	int rc;

	progress_start(&progress, "unpacking");
	while ((rc = archive_read_next_header(u->archive, &e)) == ARCHIVE_OK) {
		TRY(unpack_entry(u, e));
		progress_at(&progress, u->files, 0, "files");
	}
	progress_end(&progress);
	return rc == ARCHIVE_EOF ? compare_sums(u) : bad_archive(u);
}

enum err archive_unpack(const char *file, const char *folder, uint64_t *ret_files, struct problem *problem)
{
	struct unpacker *u = xcalloc(1, sizeof(*u));
	enum err err;

	u->file = file;
	u->folder = folder;
	u->problem = problem;
	u->archive = archive_read_new();
	u->sums = tmpfile();
	archive_read_support_format_tar(u->archive);
	archive_read_support_filter_gzip(u->archive);
	archive_read_support_filter_zstd(u->archive);
	if (!u->sums)
		err = fail(problem, ERR_INTERNAL, "no temporary file: %s", strerror(errno));
	else if (archive_read_open_filename(u->archive, file, ARCHIVE_CHUNK) != ARCHIVE_OK)
		err = bad_archive(u);
	else
		err = unpack_all(u);
	if (err == OK)
		*ret_files = u->files;
	archive_read_free(u->archive);
	if (u->sums)
		fclose(u->sums);
	if (u->listed)
		fclose(u->listed);
	free(u);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	remove(path);
	return 0;
}

void remove_folder(const char *path)
{
	nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}
