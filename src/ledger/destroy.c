/*
 * destroy.c - see destroy.h. For each file: what is kept is written and durable, then the key is removed and overwritten.
 */
#include "base/base.h"
#include "ledger/destroy.h"

#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>

#include "ledger/ledger.h"
#include "ledger/proof.h"
#include "ledger/segments.h"

/* What deliveries are judged by, and nothing about whose posts went where. */
static bool is_kept(enum ledger_kind kind)
{
	return kind == LEDGER_TERMS || kind == LEDGER_STATEMENT;
}

static enum err collect_kept(struct segment *s, struct kept_list *ret)
{
	struct ledger_record r;
	struct cursor c;
	enum err err = OK;

	TRY(cursor_open(s, false, &c));
	for (uint32_t i = 0; i < c.n && err == OK; i++) {
		struct kept k = {.index = s->first + i};

		err = cursor_head(&c, i, &r);
		if (err != OK || !is_kept(r.kind))
			continue;
		err = segment_salt(s, k.index, k.salt);
		VEC_PUSH(ret, k);
	}
	cursor_close(&c);
	return err;
}

/* ---- what would be ---- */

static bool is_old(const struct segment *s, int64_t before_ms)
{
	return !s->tail && s->head.max_ms < before_ms;
}

static enum err add(struct ledger_salts *sums, struct segment *s)
{
	struct kept_list kept = {0};

	if (!s->salted)
		return OK;
	TRY(collect_kept(s, &kept));
	if (!sums->files++)
		sums->first = s->first;
	sums->until = s->first + segment_count(s);
	sums->records += segment_count(s) - kept.n;
	sums->kept += kept.n;
	sums->max_ms = s->head.max_ms;
	VEC_FREE(&kept);
	return OK;
}

static enum err check_published(const char *dir, uint64_t until, struct problem *problem)
{
	struct published *p = xcalloc(1, sizeof(*p));
	struct arena a;

	arena_init(&a, (size_t)1 << 20);
	enum err err = published_read(dir, &a, p);
	if (err == OK && p->head.size < until)
		err = fail(problem, ERR_UNAVAILABLE,
			   "the checkpoint has %" PRIu64 " records, and these are %" PRIu64
			   ": start the server and stop it again, then they are published",
			   p->head.size, until);
	else if (err != OK)
		err = fail(problem, err, "the checkpoint in %.200s cannot be read", dir);
	arena_release(&a);
	free(p);
	return err;
}

/* Calls fn with each segment, while nobody else writes the ledger. */
static enum err each_segment(const char *dir, const char *archive, enum err (*fn)(void *arg, struct segment *s),
			     void *arg, struct problem *problem)
{
	struct ledger *l;
	int fd;
	size_t n;

	TRY(segments_lock(dir, &fd, problem));
	enum err err = ledger_open_read(dir, archive, &l, problem);
	if (err == OK) {
		struct segment **all = segments_all(ledger_segments(l), &n);

		for (size_t i = 0; i < n && err == OK; i++)
			err = fn(arg, all[i]);
		segments_let_go(all, n);
		ledger_close(l);
	}
	close(fd);
	return err;
}

struct looking {
	int64_t before_ms;
	struct ledger_salts sums;
};

static enum err look_at(void *arg, struct segment *s)
{
	struct looking *w = arg;

	return is_old(s, w->before_ms) ? add(&w->sums, s) : OK;
}

enum err ledger_salts_before(const char *dir, const char *archive, int64_t before_ms, struct ledger_salts *ret,
			     struct problem *problem)
{
	struct looking w = {.before_ms = before_ms};

	TRY(each_segment(dir, archive, look_at, &w, problem));
	if (w.sums.files)
		TRY(check_published(dir, w.sums.until, problem));
	*ret = w.sums;
	return OK;
}

/* ---- destroying ---- */

/*
 * First the name goes, so that nobody ever finds zeros for a key; then the bytes. What a file system keeps of blocks that it
 * has replaced is its own affair (docs/operate.md).
 */
static enum err wipe(const char *path)
{
	static const char zeros[RECORD_SALT_KEY_LEN];
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return ERR_UNAVAILABLE;
	enum err err = unlink(path) == 0 ? file_sync_parent(path) : ERR_UNAVAILABLE;
	if (err == OK && (pwrite(fd, zeros, sizeof(zeros), 0) != (ssize_t)sizeof(zeros) || fsync(fd) != 0))
		err = ERR_UNAVAILABLE;
	close(fd);
	return err;
}

struct destroying {
	const struct ledger_salts *what;
	struct problem *problem;
};

static enum err destroy_one(void *arg, struct segment *s)
{
	const struct destroying *w = arg;
	char dir[FILE_PATH_MAX], path[FILE_PATH_MAX];
	struct kept_list kept = {0};

	if (!s->salted || s->first < w->what->first || s->first >= w->what->until)
		return OK;
	snprintf(dir, sizeof(dir), "%s", s->path);
	const char *folder = dirname(dir);

	TRY(segment_file(folder, s->first, KEPT_SUFFIX, path));
	enum err err = collect_kept(s, &kept);
	if (err == OK)
		err = kept_write(path, &kept);
	VEC_FREE(&kept);
	if (err == OK)
		err = segment_file(folder, s->first, SALT_SUFFIX, path);
	if (err == OK)
		err = wipe(path);
	return err == OK ? OK : fail(w->problem, err, "%.200s cannot be destroyed: %s", path, err_name(err));
}

enum err ledger_salts_destroy(const char *dir, const char *archive, const struct ledger_salts *what,
			      struct problem *problem)
{
	struct destroying w = {what, problem};

	return each_segment(dir, archive, destroy_one, &w, problem);
}
