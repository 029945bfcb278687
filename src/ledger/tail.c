/*
 * tail.c - see tail.h: making, adding, committing. tail_load.c reads.
 */
#include "base/base.h"
#include "ledger/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ledger/file.h"
#include "ledger/tail_private.h"

#define FRAME_MIN FRAME_LEN(12)

struct tail *tail_make(const char *path, uint64_t first, size_t segment)
{
	struct tail *t = xcalloc(1, sizeof(*t));

	t->path = xstrdup(path);
	t->fd = -1;
	t->first = first;
	t->segment = segment;
	/* A commit takes what the queue held, and a full file may get one more. */
	t->capacity = TAIL_HEAD_LEN + segment + 2 * LEDGER_QUEUE_BYTES;
	t->n_max = t->capacity / FRAME_MIN;
	t->bytes = mmap(NULL, t->capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	t->offsets = mmap(NULL, t->n_max * sizeof(*t->offsets), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (t->bytes == MAP_FAILED || t->offsets == MAP_FAILED)
		BUG("no address space for a segment of %zu bytes", segment);
	t->items = xmalloc(LEDGER_ITEMS_MAX * sizeof(*t->items));
	t->index = tail_index_make(t->capacity);
	pthread_mutex_init(&t->index_lock, NULL);
	return t;
}

void tail_free(struct tail *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd);
	munmap(t->bytes, t->capacity);
	munmap(t->offsets, t->n_max * sizeof(*t->offsets));
	tail_index_free(t->index);
	pthread_mutex_destroy(&t->index_lock);
	free(t->items);
	free(t->path);
	free(t);
}

void tail_head(uint64_t first, unsigned char ret[TAIL_HEAD_LEN])
{
	memcpy(ret, TAIL_MAGIC, 8);
	put_u64(ret + 8, first);
	put_u64(ret + 16, frame_check(ret, 16));
}

enum err tail_create(const char *dir, uint64_t first, size_t segment, struct tail **ret, struct problem *problem)
{
	unsigned char head[TAIL_HEAD_LEN];
	char name[32], path[FILE_PATH_MAX];

	snprintf(name, sizeof(name), "%012" PRIu64 TAIL_SUFFIX, first);
	TRY(file_path(dir, name, path));
	tail_head(first, head);
	enum err err = file_replace(path, view_make((const char *)head, sizeof(head)), 0600, FILE_DURABLE);
	if (err != OK)
		return fail(problem, err, "%s cannot be made", path);
	return tail_load(path, first, segment, true, ret, NULL, problem);
}

/* ---- adding ---- */

bool tail_add(struct tail *t, struct view canonical)
{
	size_t n = FRAME_LEN(canonical.len);
	unsigned char *p = t->bytes + t->len, *begin = p;
	uint32_t len = htole32((uint32_t)canonical.len), group = htole32((uint32_t)t->durable);

	if (n > t->capacity - t->len || t->n_added == t->n_max)
		return false;
	p = put_bytes(p, &len, sizeof(len));
	p = put_bytes(p, &group, sizeof(group));
	p = put_u64(p, t->first + t->n_added);
	p = put_bytes(p, canonical.p, canonical.len);
	put_u64(p, frame_check(begin, (size_t)(p - begin)));
	t->offsets[t->n_added++] = (uint32_t)t->len;
	t->len += n;
	return true;
}

static enum err write_at(int fd, const unsigned char *p, size_t n, size_t at)
{
	while (n) {
		ssize_t done = pwrite(fd, p, n, (off_t)at);
		if (done < 0 && errno != EINTR)
			return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_NO_SPACE : ERR_UNAVAILABLE;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
			at += (size_t)done;
		}
	}
	return OK;
}

static enum err cut_back(struct tail *t)
{
	t->torn = ftruncate(t->fd, (off_t)t->durable) != 0;
	return t->torn ? ERR_UNAVAILABLE : OK;
}

static enum err write_group(struct tail *t)
{
	if (t->torn)
		TRY(cut_back(t));
	TRY(write_at(t->fd, t->bytes + t->durable, t->len - t->durable, t->durable));
	return fdatasync(t->fd) == 0 ? OK : errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
}

void tail_publish(struct tail *t)
{
	t->durable = t->len;
	atomic_store_explicit(&t->n, (uint32_t)t->n_added, memory_order_release);
}

enum err tail_commit(struct tail *t)
{
	enum err err = write_group(t);

	if (err == OK) {
		tail_publish(t);
		return OK;
	}
	t->len = t->durable;
	t->n_added = t->n;
	(void)!cut_back(t); /* and again before the next one, if it fails */
	return err;
}

bool tail_full(const struct tail *t)
{
	return t->durable >= t->segment;
}

struct view tail_record(const struct tail *t, uint32_t i)
{
	const unsigned char *p = t->bytes + t->offsets[i];
	uint32_t len;

	memcpy(&len, p, sizeof(len));
	return view_make((const char *)p + FRAME_HEAD_LEN, le32toh(len));
}

/* ---- finding ---- */

/* Under the lock: what was committed since somebody asked. */
static void index_more(struct tail *t)
{
	struct ledger_record r;

	for (uint32_t n = tail_count(t); t->n_indexed < n; t->n_indexed++) {
		if (record_skim(tail_record(t, t->n_indexed), t->items, &r) != OK)
			BUG("record %" PRIu64 " is none", t->first + t->n_indexed);
		if (r.kind == LEDGER_POSTS)
			tail_index_add(t->index, t->n_indexed, r.items, r.n_items);
	}
}

bool tail_next(struct tail *t, int64_t post, uint32_t *from, uint32_t *ret_end)
{
	pthread_mutex_lock(&t->index_lock);
	index_more(t);
	pthread_mutex_unlock(&t->index_lock);
	return tail_index_next(t->index, post, from, ret_end);
}
