/*
 * archive.c - see archive.h.
 */
#include "base/base.h"
#include "ledger/archive.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/file.h"
#include "ledger/ledger.h"
#include "ledger/segments.h"

static enum err add_tail(struct segment *s, struct ledger_status *st)
{
	struct ledger_record r;
	struct cursor c;
	enum err err = OK;

	TRY(cursor_open(s, false, &c));
	for (uint32_t i = 0; i < c.n && err == OK; i++) {
		err = cursor_record(&c, i, &r);
		if (err != OK)
			break;
		st->reads += r.kind == LEDGER_POSTS ? r.n_items : 0;
		if (!st->min_ms)
			st->min_ms = r.time_ms;
		st->max_ms = r.time_ms;
	}
	cursor_close(&c);
	st->open++;
	st->open_bytes += s->tail->len;
	return err;
}

static enum err add_segment(struct segment *s, struct ledger_status *st)
{
	if (s->tail)
		return add_tail(s, st);
	st->packed++;
	st->packed_bytes += s->head.begin[PART_COUNT];
	st->reads += s->head.reads;
	if (!st->min_ms)
		st->min_ms = s->head.min_ms;
	st->max_ms = s->head.max_ms;
	return OK;
}

enum err ledger_status(const char *dir, const char *archive, struct ledger_status *ret, struct problem *problem)
{
	struct ledger *l;
	enum err err = OK;
	size_t n;

	TRY(ledger_open_read(dir, archive, &l, problem));
	struct ledger_status s = {.first = ledger_first(l), .size = ledger_size(l)};
	struct segment **all = segments_all(ledger_segments(l), &n);
	for (size_t i = 0; i < n && err == OK; i++)
		err = add_segment(all[i], &s);
	segments_let_go(all, n);
	ledger_close(l);
	if (err == OK)
		*ret = s;
	return err;
}

/* ---- moving ---- */

static enum err copy_file(const char *from, const char *to, uint64_t *bytes)
{
	struct buf b;

	buf_init(&b, PACKED_FILE_MAX);
	enum err err = file_read(from, &b);
	if (err == OK)
		err = file_replace(to, buf_view(&b), 0600, FILE_DURABLE);
	if (err == OK)
		*bytes += b.len;
	buf_release(&b);
	return err;
}

static enum err move_file(const char *dir, const char *to, uint64_t first, const char *suffix, uint64_t *bytes)
{
	char old[FILE_PATH_MAX], new[FILE_PATH_MAX];

	TRY(segment_file(dir, first, suffix, old));
	TRY(segment_file(to, first, suffix, new));
	return copy_file(old, new, bytes);
}

static void remove_file(const char *dir, uint64_t first, const char *suffix)
{
	char path[FILE_PATH_MAX];

	if (segment_file(dir, first, suffix, path) == OK)
		unlink(path);
}

/* Copied, then said to be elsewhere, then removed: a crash at any point leaves it in at least one place. */
static enum err move_segment(const char *dir, const char *to, const struct segment *s, struct ledger_archived *sums)
{
	static const char *const suffixes[] = {PACKED_SUFFIX, SALT_SUFFIX, KEPT_SUFFIX};
	char path[FILE_PATH_MAX], text[24];

	TRY(move_file(dir, to, s->first, PACKED_SUFFIX, &sums->bytes));
	for (size_t i = 1; i < ARRAY_LEN(suffixes); i++) {
		enum err err = move_file(dir, to, s->first, suffixes[i], &sums->bytes);

		if (err != OK && err != ERR_NOT_FOUND)
			return err;
	}
	TRY(file_path(dir, ARCHIVED_FILE, path));
	snprintf(text, sizeof(text), "%" PRIu64 "\n", s->first + segment_count(s));
	TRY(file_replace(path, view_of(text), 0600, FILE_DURABLE));
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		remove_file(dir, s->first, suffixes[i]);
	sums->files++;
	sums->records += segment_count(s);
	return OK;
}

enum err ledger_archive(const char *dir, const char *to, int64_t before_ms, struct ledger_archived *ret,
			struct problem *problem)
{
	struct ledger_archived sums = {0};
	struct ledger *l;
	int fd;
	size_t n;

	TRY(segments_lock(dir, &fd, problem));
	enum err err = mkdir(to, 0700) == 0 || errno == EEXIST
			       ? ledger_open_read(dir, NULL, &l, problem)
			       : fail(problem, ERR_UNAVAILABLE, "%.200s: %s", to, strerror(errno));
	if (err == OK) {
		struct segment **all = segments_all(ledger_segments(l), &n);
		for (size_t i = 0; i < n && err == OK && !all[i]->tail && all[i]->head.max_ms < before_ms; i++)
			err = move_segment(dir, to, all[i], &sums);
		segments_let_go(all, n);
		ledger_close(l);
	}
	close(fd);
	*ret = sums;
	return err;
}
