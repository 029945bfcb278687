/*
 * source.c - see source.h.
 */
#include "base/base.h"

#include "trace/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "trace/files.h"
#include "trace/utf16.h"
#include "trace/window.h"

#define HEAD_BYTES 512 /* of a file, to see what it is */
#define BLOCK ((size_t)64 * 1024)
#define NAME_BYTES 1024
#define ENTRY_NAME_BYTES 300
#define HOLE_READ (2 * (off_t)WINDOW_MAX) /* of a hole in a file: enough for no reader to take it for a row */

/* The file itself, and what was read of it to see what it is. */
struct feed {
	int fd;
	char head[HEAD_BYTES];
	size_t head_at, head_len;
	char block[BLOCK];
	uint64_t bytes;
	bool zero; /* the last byte that was read: perhaps of a hole */
};

struct source {
	char name[NAME_BYTES];
	struct feed feed;
	struct archive *archive; /* NULL: the file is what it is */
	const char *damage;
	char damage_words[200];
	struct utf16 utf16; /* decodes where needed */
	bool begun;
	char raw[BLOCK];
	char ready[UTF16_OUT(BLOCK)]; /* decoded, or what stood in front */
	size_t ready_at, ready_len;
	uint64_t before, total; /* bytes of the files before this one, and of all */
};

/* ---- bytes as they lie there ---- */

static ssize_t feed_read(struct feed *f, char *p, size_t cap)
{
	ssize_t n;

	if (f->head_at < f->head_len) {
		size_t left = f->head_len - f->head_at, some = left < cap ? left : cap;

		memcpy(p, f->head + f->head_at, some);
		f->head_at += some;
		return (ssize_t)some;
	}
	do
		n = read(f->fd, p, cap);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		f->bytes += (uint64_t)n;
	return n;
}

static la_ssize_t feed_archive(struct archive *a, void *arg, const void **ret)
{
	struct feed *f = arg;
	ssize_t n = feed_read(f, f->block, sizeof(f->block));

	if (n < 0)
		archive_set_error(a, errno, "%s", strerror(errno));
	*ret = f->block;
	return n;
}

static void fill_head(struct feed *f)
{
	ssize_t n = 1;

	while (f->head_len < HEAD_BYTES && n > 0) {
		n = read(f->fd, f->head + f->head_len, HEAD_BYTES - f->head_len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			f->head_len += (size_t)n;
	}
	f->bytes = f->head_len;
}

static bool is_packed(const struct feed *f)
{
	static const struct {
		size_t at;
		struct view bytes;
	} magics[] = {
		{0, V("\x1f\x8b")}, {0, V("\x28\xb5\x2f\xfd")}, {0, V("\xfd\x37zXZ")},
		{0, V("BZh")},	    {0, V("PK\x03\x04")},	{257, V("ustar")},
	};
	struct view head = view_make(f->head, f->head_len);

	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (view_starts(view_sub(head, magics[i].at, head.len), magics[i].bytes))
			return true;
	return false;
}

static void damaged(struct source *s, const char *words)
{
	snprintf(s->damage_words, sizeof(s->damage_words), "%.180s", words ? words : "it is damaged");
	for (char *p = s->damage_words; *p; p++) /* libarchive may quote what it could not read */
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = '?';
	s->damage = s->damage_words;
}

/*
 * A sparse file says that it has terabytes, and has nothing. Of a hole the end is read, the rest passed over. By an even number of
 * bytes: UTF-16 comes in pairs.
 */
static void pass_hole(struct feed *f)
{
	off_t at = lseek(f->fd, 0, SEEK_CUR), end = at < 0 ? -1 : lseek(f->fd, at, SEEK_DATA);

	if (at < 0)
		return; /* a pipe */
	if (end < 0 && errno == ENXIO)
		end = lseek(f->fd, 0, SEEK_END);
	off_t passed = end - at > HOLE_READ ? (end - at - HOLE_READ) / 2 * 2 : 0;
	if (end >= 0 && lseek(f->fd, at + passed, SEEK_SET) >= 0)
		f->bytes += (uint64_t)passed;
}

static ssize_t read_plain(struct feed *f, char *p, size_t cap)
{
	if (f->zero && f->head_at == f->head_len)
		pass_hole(f);
	ssize_t n = feed_read(f, p, cap);
	f->zero = n > 0 && !p[n - 1];
	return n;
}

static size_t read_raw(struct source *s, char *p, size_t cap)
{
	if (s->damage)
		return 0;
	ssize_t n = s->archive ? archive_read_data(s->archive, p, cap) : read_plain(&s->feed, p, cap);

	if (n < 0)
		damaged(s, s->archive ? archive_error_string(s->archive) : strerror(errno));
	return n > 0 ? (size_t)n : 0;
}

/* ---- bytes as they are read ---- */

/* The mark at the beginning says what it is; in UTF-8 it says nothing. */
static void begin(struct source *s)
{
	size_t n = 0, some;

	while (n < UTF16_MARK && (some = read_raw(s, s->raw + n, UTF16_MARK - n)) > 0)
		n += some;
	s->begun = true;
	s->utf16 = utf16_begin(s->raw, &n);
	if (s->utf16.on) {
		s->ready_len = utf16_decode(&s->utf16, s->raw, n, s->ready);
	} else {
		memcpy(s->ready, s->raw, n);
		s->ready_len = n;
	}
}

static void decode_more(struct source *s)
{
	size_t n;

	s->ready_at = s->ready_len = 0;
	while (s->ready_len == 0 && (n = read_raw(s, s->raw, sizeof(s->raw))) > 0)
		s->ready_len = utf16_decode(&s->utf16, s->raw, n, s->ready);
}

size_t source_read(void *source, char *p, size_t cap)
{
	struct source *s = source;

	if (!s->begun)
		begin(s);
	if (s->ready_at == s->ready_len && s->utf16.on)
		decode_more(s);
	if (s->ready_at == s->ready_len)
		return s->utf16.on ? 0 : read_raw(s, p, cap);
	size_t left = s->ready_len - s->ready_at, n = left < cap ? left : cap;
	memcpy(p, s->ready + s->ready_at, n);
	s->ready_at += n;
	return n;
}

const char *source_name(const struct source *s) { return s->name; }

bool source_converted(const struct source *s) { return s->utf16.on; }

const char *source_damage(const struct source *s) { return s->damage; }

struct source_place source_place(const struct source *s)
{
	return (struct source_place){s->before + s->feed.bytes, s->total};
}

/* ---- one file ---- */

static void next_entry(struct source *s)
{
	s->begun = false;
	s->damage = NULL;
	s->ready_at = s->ready_len = 0;
}

static enum err each_entry(struct source *s, const char *file, source_fn *fn, void *arg)
{
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(s->archive, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(e);

		/* What was merely compressed is one entry, which libarchive calls "data". */
		if (archive_format(s->archive) == ARCHIVE_FORMAT_RAW)
			snprintf(s->name, sizeof(s->name), "%.*s", NAME_BYTES - 1, file);
		else if (archive_entry_filetype(e) != AE_IFREG)
			continue;
		else
			snprintf(s->name, sizeof(s->name), "%.*s: %.*s", NAME_BYTES - ENTRY_NAME_BYTES - 4, file,
				 ENTRY_NAME_BYTES, name ? name : "?");
		next_entry(s);
		TRY(fn(arg, s));
	}
	if (rc == ARCHIVE_EOF)
		return OK;
	next_entry(s);
	s->begun = true; /* there is nothing to read */
	snprintf(s->name, sizeof(s->name), "%.*s", NAME_BYTES - 1, file);
	damaged(s, archive_error_string(s->archive));
	return fn(arg, s);
}

static enum err each_packed(struct source *s, const char *file, source_fn *fn, void *arg)
{
	s->archive = archive_read_new();
	archive_read_support_filter_gzip(s->archive);
	archive_read_support_filter_zstd(s->archive);
	archive_read_support_filter_xz(s->archive);
	archive_read_support_filter_bzip2(s->archive);
	archive_read_support_format_tar(s->archive);
	archive_read_support_format_zip(s->archive);
	archive_read_support_format_raw(s->archive);
	archive_read_support_format_empty(s->archive);
	archive_read_open(s->archive, &s->feed, NULL, feed_archive, NULL); /* what is wrong shows at the first header */
	enum err err = each_entry(s, file, fn, arg);
	archive_read_free(s->archive);
	s->archive = NULL;
	return err;
}

struct walking {
	source_fn *fn;
	void *arg;
	uint64_t done, total;
};

static enum err each_in_file(struct walking *w, int fd, const char *name)
{
	struct source *s = xcalloc(1, sizeof(*s));
	enum err err;

	s->feed.fd = fd;
	s->before = w->done;
	s->total = w->total;
	snprintf(s->name, sizeof(s->name), "%.*s", NAME_BYTES - 1, name);
	if (fd < 0) {
		s->begun = true;
		damaged(s, strerror(errno));
		err = w->fn(w->arg, s);
	} else {
		fill_head(&s->feed);
		err = is_packed(&s->feed) ? each_packed(s, name, w->fn, w->arg) : w->fn(w->arg, s);
	}
	w->done += s->feed.bytes;
	free(s);
	return err;
}

enum err sources_each(const char *path, source_fn *fn, void *arg, struct problem *problem)
{
	struct walking w = {.fn = fn, .arg = arg};
	struct files files = {0};
	enum err err = OK;

	if (strcmp(path, "-") == 0)
		return each_in_file(&w, STDIN_FILENO, "(standard input)");
	TRY(files_find(path, &files, problem));
	w.total = files.bytes;
	for (size_t i = 0; err == OK && i < files.n; i++) {
		int fd = open(files.v[i].path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

		err = each_in_file(&w, fd, files.v[i].path);
		if (fd >= 0)
			close(fd);
	}
	files_release(&files);
	return err;
}

enum err sources_stamp(const char *path, uint64_t *ret, struct problem *problem)
{
	struct files files = {0};

	*ret = 0;
	if (strcmp(path, "-") == 0)
		return OK;
	TRY(files_find(path, &files, problem));
	*ret = files.stamp;
	files_release(&files);
	return OK;
}
