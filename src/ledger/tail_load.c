/*
 * tail_load.c - reads an open segment: what is whole, what a crash left, and what is damage.
 */
#include "base/base.h"
#include "ledger/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/tail_private.h"

struct frame {
	size_t len; /* of the whole frame */
	size_t group;
	uint64_t index;
	struct view canonical;
};

/* The frame at an offset, if there is one that fits together. */
static bool frame_at(const struct tail *t, size_t at, size_t end, struct frame *ret)
{
	const unsigned char *p = t->bytes + at;
	uint32_t len, group;
	uint64_t index;

	if (end - at < FRAME_LEN(0))
		return false;
	memcpy(&len, p, 4);
	memcpy(&group, p + 4, 4);
	memcpy(&index, p + 8, 8);
	len = le32toh(len);
	if (len > RECORD_MAX || FRAME_LEN(len) > end - at)
		return false;
	struct reader check = {p + FRAME_HEAD_LEN + len, p + FRAME_LEN(len), false};
	if (get_u64(&check) != frame_check(p, FRAME_HEAD_LEN + len))
		return false;
	*ret = (struct frame){FRAME_LEN(len), le32toh(group), le64toh(index),
			      view_make((const char *)p + FRAME_HEAD_LEN, len)};
	return true;
}

/* The next one of this file: its index and its commit's beginning go on where the last left off. */
static bool frame_follows(const struct tail *t, size_t at, size_t group, const struct frame *f, int64_t *ret_ms)
{
	struct ledger_record r;
	unsigned flags;

	if (f->index != t->first + t->n_added || (f->group != at && f->group != group) || t->n_added == t->n_max ||
	    record_decode(f->canonical, t->items, &r, &flags) != OK)
		return false;
	*ret_ms = r.time_ms;
	return r.time_ms >= t->last_ms;
}

/* Adds frames from the offset on, to the first that is not good. */
static void take_frames(struct tail *t, size_t end)
{
	size_t group = TAIL_HEAD_LEN;
	struct frame f;
	int64_t ms;

	while (frame_at(t, t->len, end, &f) && frame_follows(t, t->len, group, &f, &ms)) {
		group = f.group;
		t->last_ms = ms;
		t->offsets[t->n_added++] = (uint32_t)t->len;
		t->len += f.len;
	}
	tail_publish(t);
}

/* Whether a frame that begins anywhere behind the bad one was written when that one was durable. */
static bool was_durable(const struct tail *t, size_t bad, size_t end)
{
	struct frame f;

	for (size_t at = bad; at < end; at++)
		if (frame_at(t, at, end, &f) && f.group > bad && f.group <= at)
			return true;
	return false;
}

static enum err read_file(int fd, struct tail *t, size_t *ret_len)
{
	size_t n = 0;

	while (n < t->capacity) {
		ssize_t got = pread(fd, t->bytes + n, t->capacity - n, (off_t)n);
		if (got < 0 && errno != EINTR)
			return ERR_UNAVAILABLE;
		if (got == 0)
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	*ret_len = n;
	return n == t->capacity ? ERR_CORRUPT : OK;
}

static enum err check(struct tail *t, size_t end, struct tail_damage *damage, struct problem *problem)
{
	unsigned char head[TAIL_HEAD_LEN];

	tail_head(t->first, head);
	*damage = (struct tail_damage){.index = t->first};
	if (end < TAIL_HEAD_LEN || memcmp(t->bytes, head, TAIL_HEAD_LEN) != 0)
		return fail(problem, ERR_CORRUPT, "%.180s: its head is not that of record %" PRIu64, t->path, t->first);
	t->len = t->durable = TAIL_HEAD_LEN;
	take_frames(t, end);
	*damage = (struct tail_damage){.offset = t->len, .index = t->first + t->n_added, .cut = end - t->len};
	if (damage->cut && was_durable(t, t->len, end)) {
		damage->cut = 0;
		return fail(problem, ERR_CORRUPT, "%.150s: record %" PRIu64 ", at byte %zu, is damaged", t->path,
			    damage->index, damage->offset);
	}
	return OK;
}

enum err tail_load(const char *path, uint64_t first, size_t segment, bool repair, struct tail **ret,
		   struct tail_damage *damage, struct problem *problem)
{
	struct tail_damage found;
	struct stat st;
	size_t end = 0;
	int fd = open(path, (repair ? O_RDWR : O_RDONLY) | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return fail(problem, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%.180s: %s", path,
			    strerror(errno));
	}
	/* It was made with another setting, maybe. */
	if ((size_t)st.st_size > segment)
		segment = (size_t)st.st_size;
	struct tail *t = tail_make(path, first, segment);
	t->fd = fd;
	enum err err = segment > TAIL_SEGMENT_MAX + 2 * LEDGER_QUEUE_BYTES ? ERR_CORRUPT : read_file(fd, t, &end);
	if (err == OK)
		err = check(t, end, damage ? damage : &found, problem);
	else
		err = fail(problem, err, "%.180s cannot be read", path);
	if (err == OK && repair && end > t->len && (ftruncate(fd, (off_t)t->len) != 0 || fsync(fd) != 0))
		err = fail(problem, ERR_UNAVAILABLE, "%.180s: its end cannot be cut", path);
	if (err != OK) {
		tail_free(t);
		return err;
	}
	*ret = t;
	return OK;
}
