/*
 * unpack.c - see unpack.h. The archive is read twice: first for its names alone.
 */
#include "base/base.h"

#include "transfer/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/secret.h"

#define BLOCK ((size_t)64 * 1024)
#define FREE_BYTES ((int64_t)64 * 1024 * 1024)
#define HEADERS_MAX (2 * UNPACK_ENTRIES_MAX) /* with folders and what is not wanted */

struct work {
	const char *file, *folder;
	const struct unpack *u;
	struct archive *archive;
	struct problem *problem;
	char root[UNPACK_NAME_MAX];
	bool found;
	int64_t bytes, bytes_max, entries;
	char *damage;
	char block[BLOCK];
};

void unpack_path(const char *folder, struct view name, char ret[UNPACK_PATH_MAX])
{
	struct digest d = digest_sha256(name);
	char hex[HEX_LEN(DIGEST_LEN) + 1];

	hex_encode(d.b, DIGEST_LEN, hex);
	snprintf(ret, UNPACK_PATH_MAX, "%.4096s/m-%s", folder, hex);
}

static enum err open_archive(struct work *w)
{
	w->archive = archive_read_new();
	archive_read_support_format_zip(w->archive);
	archive_read_support_format_tar(w->archive);
	archive_read_support_filter_gzip(w->archive);
	archive_read_support_filter_xz(w->archive);
	archive_read_support_filter_zstd(w->archive);
	if (archive_read_open_filename(w->archive, w->file, BLOCK) == ARCHIVE_OK)
		return OK;
	return fail(w->problem, ERR_UNPROCESSABLE, "The file is no archive that can be read: a zip or tar is wanted");
}

static void close_archive(struct work *w)
{
	archive_read_free(w->archive);
	w->archive = NULL;
}

static void note_damage(struct work *w)
{
	const char *words = archive_error_string(w->archive);

	snprintf(w->damage, 256, "it is damaged or cut short, and was read as far as it goes (%.150s)",
		 words ? words : "no reason given");
	for (char *p = w->damage; *p; p++) /* libarchive may quote what it could not read */
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = '?';
}

/* The next plain file; false at the end, or where it cannot be read any further. */
static bool next_file(struct work *w, int64_t *headers, struct archive_entry **ret, struct view *ret_name)
{
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(w->archive, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN ||
	       rc == ARCHIVE_RETRY) {
		if (++*headers > HEADERS_MAX || archive_filter_bytes(w->archive, 0) > UNPACK_BYTES_MAX)
			return false;
		const char *raw = rc == ARCHIVE_RETRY ? NULL : archive_entry_pathname_utf8(e);
		struct view name = view_of(raw ? raw : rc == ARCHIVE_RETRY ? NULL : archive_entry_pathname(e));

		while (view_starts(name, V("./")) || view_starts(name, V("/")))
			name = view_sub(name, name.p[0] == '.' ? 2 : 1, name.len);
		if (archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) || !name.len ||
		    name.len >= UNPACK_NAME_MAX || view_starts(name, V("__MACOSX/")))
			continue;
		*ret = e;
		*ret_name = name;
		return true;
	}
	if (rc != ARCHIVE_EOF)
		note_damage(w);
	return false;
}

/* The shortest folder that has one of the marks. */
static void look_for_root(struct work *w, struct view name)
{
	for (const char *const *m = w->u->marks; *m; m++) {
		struct view mark = view_of(*m);

		if (!view_ends(name, mark))
			continue;
		struct view root = view_sub(name, 0, name.len - mark.len);
		if (root.len && root.p[root.len - 1] != '/')
			continue;
		if (w->found && strlen(w->root) <= root.len)
			continue;
		snprintf(w->root, sizeof(w->root), "%.*s", VIEW_ARG(root));
		w->found = true;
	}
}

static enum err stopped(const struct work *w)
{
	return w->u->stop && w->u->stop(w->u->arg) ? ERR_BUSY : OK;
}

static enum err find_root(struct work *w)
{
	struct archive_entry *e;
	struct view name;
	int64_t headers = 0;

	TRY(open_archive(w));
	while (next_file(w, &headers, &e, &name)) {
		TRY(stopped(w));
		look_for_root(w, name);
		if (w->found && !w->root[0])
			break;
	}
	if (!w->found)
		return fail(w->problem, ERR_UNPROCESSABLE, "There is no %s in the file%s", w->u->marks[0],
			    w->damage[0] ? ": it is no archive, or damaged" : "");
	return OK;
}

/* *ret_whole false: it is longer than it may be, or damaged. */
static enum err copy(struct work *w, int fd, struct view name, int64_t max, bool *ret_whole)
{
	int64_t size = 0;
	la_ssize_t n;

	*ret_whole = false;
	while ((n = archive_read_data(w->archive, w->block, BLOCK)) > 0) {
		TRY(stopped(w));
		size += n;
		w->bytes += n;
		if (w->bytes > w->bytes_max)
			return fail(w->problem, ERR_UNPROCESSABLE, "The archive unpacks to more than %" PRId64 " MiB",
				    w->bytes_max / (int64_t)LIMIT_MIB);
		if (size > max) {
			w->u->complain(w->u->arg, name, "it is larger than it may be");
			return OK;
		}
		for (la_ssize_t done = 0; done < n;) {
			ssize_t wrote = write(fd, w->block + done, (size_t)(n - done));

			if (wrote <= 0 && errno != EINTR)
				return ERR_NO_SPACE;
			done += wrote > 0 ? wrote : 0;
		}
	}
	if (n < 0)
		note_damage(w);
	*ret_whole = n == 0;
	return OK;
}

/* A list that is cut short is read as far as it goes, a picture is not. */
static enum err take(struct work *w, struct view name, int64_t max)
{
	char path[UNPACK_PATH_MAX];
	bool whole = false;

	unpack_path(w->folder, name, path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST) {
		w->u->complain(w->u->arg, name, "there is another of this name");
		return OK;
	}
	if (fd < 0)
		return ERR_NO_SPACE;
	enum err err = copy(w, fd, name, max, &whole);
	close(fd);
	if (err || (!whole && !view_ends(name, V(".js")) && !view_ends(name, V(".json"))))
		unlink(path);
	return err;
}

static enum err take_all(struct work *w)
{
	struct archive_entry *e;
	struct view name, root = view_of(w->root);
	int64_t headers = 0;

	TRY(open_archive(w));
	while (next_file(w, &headers, &e, &name)) {
		TRY(stopped(w));
		if (!view_starts(name, root))
			continue;
		name = view_sub(name, root.len, name.len);
		int64_t max = w->u->wanted(name);
		if (!max)
			continue;
		if (++w->entries > UNPACK_ENTRIES_MAX)
			return fail(w->problem, ERR_UNPROCESSABLE, "The archive has more than %d files",
				    UNPACK_ENTRIES_MAX);
		TRY(take(w, name, max));
	}
	return OK;
}

enum err unpack(const char *file, const char *folder, const struct unpack *u, char ret_damage[256],
		struct problem *problem)
{
	struct work *w = xcalloc(1, sizeof(*w));
	struct stat st;

	*w = (struct work){.file = file, .folder = folder, .u = u, .problem = problem, .damage = ret_damage};
	ret_damage[0] = '\0';
	enum err err = stat(file, &st) == 0 ? OK : fail(problem, ERR_UNPROCESSABLE, "The file is gone");
	if (err == OK) {
		w->bytes_max = FREE_BYTES + st.st_size * UNPACK_RATIO;
		w->bytes_max = w->bytes_max < UNPACK_BYTES_MAX ? w->bytes_max : UNPACK_BYTES_MAX;
		err = find_root(w);
	}
	close_archive(w);
	if (err == OK) {
		ret_damage[0] = '\0';
		err = take_all(w);
		close_archive(w);
	}
	free(w);
	return err;
}
