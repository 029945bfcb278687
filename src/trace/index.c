/*
 * index.c - see index.h. Reading alone; the file may be anything, so what it says is held against its size.
 */
#include "base/base.h"

#include "trace/index.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/index_file.h"

struct trace_index {
	struct index_head head;
	unsigned char *map;
	size_t len;
	const unsigned char *ids, *flags, *starts, *surprise, *postings;
};

uint64_t index_head_check(const struct index_head *h)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t v;

	crypto_shorthash(hash, (const unsigned char *)h, offsetof(struct index_head, check), key);
	memcpy(&v, hash, sizeof(v));
	return v;
}

static bool head_fits(const struct index_head *h, uint64_t size)
{
	return memcmp(h->magic, INDEX_MAGIC, sizeof(h->magic)) == 0 && h->check == index_head_check(h) &&
	       h->posts <= UINT32_MAX && h->gone <= UINT32_MAX - h->posts && h->postings <= UINT32_MAX &&
	       h->bucket_bits >= INDEX_BITS_MIN && h->bucket_bits <= INDEX_BITS_MAX && h->post_bytes >= 3 &&
	       h->post_bytes <= 4 && index_file_bytes(h) == size;
}

static enum err map_file(int fd, struct trace_index *x)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return ERR_UNAVAILABLE;
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(x->head))
		return ERR_CORRUPT;
	x->len = (size_t)st.st_size;
	void *map = mmap(NULL, x->len, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return ERR_UNAVAILABLE;
	x->map = map;
	memcpy(&x->head, map, sizeof(x->head));
	if (!head_fits(&x->head, x->len))
		return ERR_CORRUPT;
	x->ids = x->map + index_ids_at();
	x->flags = x->map + index_flags_at(&x->head);
	x->starts = x->map + index_starts_at(&x->head);
	x->surprise = x->map + index_surprise_at(&x->head);
	x->postings = x->map + index_postings_at(&x->head);
	return OK;
}

enum err index_open(const char *path, struct trace_index **ret, struct problem *problem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(problem, ERR_NOT_FOUND, "%.200s: there is no index that can be read", path);
	struct trace_index *x = xcalloc(1, sizeof(*x));
	enum err err = map_file(fd, x);
	close(fd);
	if (err != OK) {
		index_close(x);
		return fail(problem, err, "%.200s: %s", path,
			    err == ERR_CORRUPT ? "not an index of this version, or cut short" : "it cannot be read");
	}
	*ret = x;
	return OK;
}

void index_close(struct trace_index *x)
{
	if (!x)
		return;
	if (x->map)
		munmap(x->map, x->len);
	free(x);
}

uint32_t index_posts(const struct trace_index *x)
{
	return (uint32_t)(x->head.posts + x->head.gone);
}

int64_t index_id(const struct trace_index *x, uint32_t post)
{
	int64_t id;

	memcpy(&id, x->ids + 8 * (size_t)post, sizeof(id));
	return (int64_t)le64toh((uint64_t)id);
}

unsigned index_flags(const struct trace_index *x, uint32_t post)
{
	return post < x->head.posts ? x->flags[post] : INDEX_GONE;
}

static bool find_between(const struct trace_index *x, int64_t id, uint32_t from, uint32_t end, uint32_t *ret)
{
	while (from < end) {
		uint32_t middle = from + (end - from) / 2;
		int64_t there = index_id(x, middle);

		if (there == id) {
			*ret = middle;
			return true;
		}
		if (there < id)
			from = middle + 1;
		else
			end = middle;
	}
	return false;
}

bool index_find_id(const struct trace_index *x, int64_t id, uint32_t *ret)
{
	uint32_t posts = (uint32_t)x->head.posts;

	return find_between(x, id, 0, posts, ret) || find_between(x, id, posts, index_posts(x), ret);
}

uint64_t index_salt(const struct trace_index *x)
{
	return x->head.salt;
}

double index_bits(const struct trace_index *x, struct view normal)
{
	return surprise(x->surprise, x->head.salt, normal);
}

static uint32_t start_of(const struct trace_index *x, uint32_t bucket)
{
	uint32_t at;

	memcpy(&at, x->starts + 4 * (size_t)bucket, sizeof(at));
	at = le32toh(at);
	return at <= x->head.postings ? at : (uint32_t)x->head.postings;
}

void index_prefetch(const struct trace_index *x, uint64_t hash)
{
	__builtin_prefetch(x->starts + 4 * (size_t)index_bucket(hash, x->head.bucket_bits));
}

void index_prefetch_postings(const struct trace_index *x, uint64_t hash)
{
	size_t width = 2 + x->head.post_bytes;

	__builtin_prefetch(x->postings + width * start_of(x, index_bucket(hash, x->head.bucket_bits)));
}

size_t index_look_up(const struct trace_index *x, uint64_t hash, uint32_t ret[INDEX_SAME_MAX])
{
	uint32_t bucket = index_bucket(hash, x->head.bucket_bits);
	uint16_t tag = index_tag(hash, x->head.bucket_bits);
	uint32_t at = start_of(x, bucket), end = start_of(x, bucket + 1);
	size_t width = 2 + x->head.post_bytes, n = 0;

	for (; at < end && n < INDEX_SAME_MAX; at++) {
		const unsigned char *p = x->postings + width * at;
		unsigned there = p[0] | (unsigned)p[1] << 8;
		uint32_t post = p[2] | (uint32_t)p[3] << 8 | (uint32_t)p[4] << 16;

		if (there != tag)
			continue;
		if (width == 6)
			post |= (uint32_t)p[5] << 24;
		if (post < x->head.posts && (n == 0 || ret[n - 1] != post))
			ret[n++] = post;
	}
	return n;
}

struct index_stats index_stats(const struct trace_index *x)
{
	return (struct index_stats){x->len, x->head.posts, x->head.gone, x->head.postings, x->head.made_id};
}
