/*
 * index_build.c - making the index. Postings go to PARTS files by their hashes' first bits, each of which is sorted in memory
 * at the end: memory is that of the ids, of the table of how common shingles are, and of one part.
 */
#include "base/base.h"

#include "trace/index.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/vec.h"
#include "trace/grams.h"
#include "trace/index_file.h"

#define PART_BITS INDEX_BITS_MIN
#define PARTS (1 << PART_BITS)
#define PER_BUCKET 8 /* postings, about */
#define PATH_BYTES 4096
#define COMMON_BITS_MIN 16
#define COMMON_BITS_MAX 28 /* bytes of the table, as a power of two */
#define DELIVERED_BATCH ((size_t)1 << 20)

struct posting {
	uint64_t hash;
	uint32_t post;
} __attribute__((packed));

struct index_builder {
	char path[PATH_BYTES];
	uint64_t salt;
	unsigned common_bits;
	struct surprise_counts *surprise;
	uint8_t *common; /* how often a shingle was met in the sample, up to 255; several share one place */
	struct VEC(int64_t) ids;
	struct VEC(uint8_t) flags;
	struct VEC(int64_t) gone;
	size_t gone_sorted; /* of them, distinct */
	FILE *parts[PARTS];
	uint64_t n_parts[PARTS], postings;
};

static FILE *open_part(const char *path)
{
	char name[PATH_BYTES + 16];

	snprintf(name, sizeof(name), "%s.XXXXXX", path);
	int fd = mkstemp(name);
	if (fd < 0)
		return NULL;
	unlink(name);
	return fdopen(fd, "w+");
}

static unsigned bits_for(uint64_t n, unsigned least, unsigned most)
{
	unsigned bits = least;

	while (bits < most && (uint64_t)1 << bits < n)
		bits++;
	return bits;
}

enum err index_build(const char *path, uint64_t expected, struct index_builder **ret, struct problem *problem)
{
	struct index_builder *b = xcalloc(1, sizeof(*b));

	if (strlen(path) >= PATH_BYTES) {
		free(b);
		return fail(problem, ERR_TOO_LARGE, "the path of the index is too long");
	}
	snprintf(b->path, sizeof(b->path), "%s", path);
	b->salt = rand_u64();
	b->surprise = surprise_counts_new(b->salt);
	b->common_bits = bits_for(16 * expected, COMMON_BITS_MIN, COMMON_BITS_MAX);
	b->common = xcalloc((size_t)1 << b->common_bits, 1);
	for (size_t i = 0; i < PARTS; i++) {
		b->parts[i] = open_part(path);
		if (b->parts[i])
			continue;
		index_build_free(b);
		return fail(problem, ERR_UNAVAILABLE, "%.150s: the index cannot be written there: %s", path,
			    strerror(errno));
	}
	*ret = b;
	return OK;
}

void index_build_free(struct index_builder *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < PARTS; i++)
		if (b->parts[i])
			fclose(b->parts[i]);
	free(b->common);
	surprise_counts_free(b->surprise);
	VEC_FREE(&b->ids);
	VEC_FREE(&b->flags);
	VEC_FREE(&b->gone);
	free(b);
}

static uint8_t *common_of(const struct index_builder *b, uint64_t gram)
{
	return &b->common[gram >> (64 - b->common_bits)];
}

void index_build_sample(struct index_builder *b, struct view normal)
{
	uint64_t all[GRAMS_MAX];
	size_t n = grams(normal, b->salt, all);

	for (size_t i = 0; i < n; i++) {
		uint8_t *met = common_of(b, all[i]);
		*met = (uint8_t)(*met + (*met < UINT8_MAX));
	}
	surprise_learn(b->surprise, normal);
}

enum err index_build_post(struct index_builder *b, int64_t id, unsigned flags, uint32_t *ret)
{
	if (id <= 0 || (b->ids.n && b->ids.v[b->ids.n - 1] >= id) || b->ids.n == UINT32_MAX)
		return ERR_INVALID;
	*ret = (uint32_t)b->ids.n;
	VEC_PUSH(&b->ids, id);
	VEC_PUSH(&b->flags, (uint8_t)flags);
	return OK;
}

static enum err add_posting(struct index_builder *b, uint64_t hash, uint32_t post)
{
	struct posting p = {hash, post};
	size_t part = hash >> (64 - PART_BITS);

	if (fwrite_unlocked(&p, sizeof(p), 1, b->parts[part]) != 1)
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	b->n_parts[part]++;
	b->postings++;
	return OK;
}

enum err index_build_text(struct index_builder *b, uint32_t post, struct view normal)
{
	uint64_t all[GRAMS_MAX];
	size_t n = grams(normal, b->salt, all);
	size_t stretches = n < INDEX_ANCHORS ? n : INDEX_ANCHORS;

	if (!normal.len)
		return OK;
	TRY(add_posting(b, gram_whole(normal, b->salt), post));
	for (size_t i = 0; i < stretches; i++) {
		size_t best = i * n / stretches;

		for (size_t j = best + 1; j < (i + 1) * n / stretches; j++)
			if (*common_of(b, all[j]) < *common_of(b, all[best]))
				best = j;
		TRY(add_posting(b, all[best], post));
	}
	return OK;
}

/* ---- what was delivered and is not here ---- */

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_gone(struct index_builder *b)
{
	size_t n = 0;

	if (b->gone.n)
		qsort(b->gone.v, b->gone.n, sizeof(*b->gone.v), compare_ids);
	for (size_t i = 0; i < b->gone.n; i++)
		if (n == 0 || b->gone.v[n - 1] != b->gone.v[i])
			b->gone.v[n++] = b->gone.v[i];
	b->gone.n = b->gone_sorted = n;
}

static bool has_id(const int64_t *sorted, size_t n, int64_t id)
{
	return n && bsearch(&id, sorted, n, sizeof(id), compare_ids);
}

void index_build_delivered(struct index_builder *b, int64_t id)
{
	if (has_id(b->ids.v, b->ids.n, id) || has_id(b->gone.v, b->gone_sorted, id))
		return;
	VEC_PUSH(&b->gone, id);
	if (b->gone.n - b->gone_sorted >= DELIVERED_BATCH)
		sort_gone(b);
}

/* ---- the file ---- */

static int compare_postings(const void *a, const void *b)
{
	const struct posting *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->post < y->post ? -1 : x->post > y->post;
}

struct writing {
	FILE *to;
	struct index_head head;
	uint32_t *starts; /* postings of each bucket, then their sums */
	uint64_t hash;	  /* of the last posting, and how many had it */
	unsigned same;
};

static void write_posting(struct writing *w, const struct posting *p)
{
	uint16_t tag = index_tag(p->hash, w->head.bucket_bits);
	unsigned char bytes[6] = {(unsigned char)tag,
				  (unsigned char)(tag >> 8),
				  (unsigned char)p->post,
				  (unsigned char)(p->post >> 8),
				  (unsigned char)(p->post >> 16),
				  (unsigned char)(p->post >> 24)};

	w->same = w->head.postings && w->hash == p->hash ? w->same + 1 : 1;
	w->hash = p->hash;
	if (w->same > INDEX_SAME_MAX)
		return;
	fwrite_unlocked(bytes, 2 + w->head.post_bytes, 1, w->to);
	w->starts[index_bucket(p->hash, w->head.bucket_bits)]++;
	w->head.postings++;
}

static enum err write_part(struct index_builder *b, struct writing *w, size_t part)
{
	size_t n = b->n_parts[part];

	if (fflush(b->parts[part]) != 0 || fseek(b->parts[part], 0, SEEK_SET) != 0)
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	if (n == 0)
		return OK;
	struct posting *all = xmalloc(n * sizeof(*all));
	enum err err = fread(all, sizeof(*all), n, b->parts[part]) == n ? OK : ERR_UNAVAILABLE;
	if (err == OK)
		qsort(all, n, sizeof(*all), compare_postings);
	for (size_t i = 0; err == OK && i < n; i++)
		write_posting(w, &all[i]);
	free(all);
	fclose(b->parts[part]);
	b->parts[part] = NULL;
	return err;
}

static void write_starts(struct writing *w)
{
	size_t n = (size_t)1 << w->head.bucket_bits;
	uint32_t sum = 0;

	for (size_t i = 0; i <= n; i++) {
		uint32_t here = w->starts[i];

		w->starts[i] = htole32(sum);
		sum += here;
	}
	fseeko(w->to, (off_t)index_starts_at(&w->head), SEEK_SET);
	fwrite(w->starts, sizeof(*w->starts), n + 1, w->to);
}

static void write_surprise(const struct index_builder *b, struct writing *w)
{
	unsigned char *table = xmalloc(SURPRISE_BYTES);

	surprise_write(b->surprise, table);
	fseeko(w->to, (off_t)index_surprise_at(&w->head), SEEK_SET);
	fwrite(table, 1, SURPRISE_BYTES, w->to);
	free(table);
}

/* A vector without elements has no memory either. */
static void write_array(FILE *to, const void *v, size_t size, size_t n)
{
	if (n)
		fwrite(v, size, n, to);
}

static void write_head(const struct index_builder *b, struct writing *w)
{
	w->head.check = index_head_check(&w->head);
	fseeko(w->to, 0, SEEK_SET);
	fwrite(&w->head, sizeof(w->head), 1, w->to);
	write_array(w->to, b->ids.v, sizeof(*b->ids.v), b->ids.n);
	write_array(w->to, b->gone.v, sizeof(*b->gone.v), b->gone.n);
	write_array(w->to, b->flags.v, 1, b->flags.n);
}

static enum err write_file(struct index_builder *b, struct writing *w)
{
	w->head = (struct index_head){.magic = INDEX_MAGIC,
				      .salt = b->salt,
				      .made_id = rand_u64(),
				      .posts = b->ids.n,
				      .gone = b->gone.n,
				      .bucket_bits = bits_for(b->postings / PER_BUCKET, INDEX_BITS_MIN, INDEX_BITS_MAX),
				      .post_bytes = b->ids.n > (size_t)1 << 24 ? 4 : 3};
	w->starts = xcalloc(((size_t)1 << w->head.bucket_bits) + 1, sizeof(*w->starts));
	fseeko(w->to, (off_t)index_postings_at(&w->head), SEEK_SET);
	for (size_t i = 0; i < PARTS; i++)
		TRY(write_part(b, w, i));
	write_starts(w);
	write_surprise(b, w);
	write_head(b, w);
	if (fflush(w->to) != 0 || ferror(w->to))
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	/* Nothing may stand behind the last posting, and all before it must be there. */
	return ftruncate(fileno(w->to), (off_t)index_file_bytes(&w->head)) == 0 ? OK : ERR_UNAVAILABLE;
}

enum err index_build_end(struct index_builder *b, struct problem *problem)
{
	char path[PATH_BYTES + 8];
	struct writing w = {0};

	sort_gone(b);
	snprintf(path, sizeof(path), "%s.new", b->path);
	if (b->postings > UINT32_MAX)
		return fail(problem, ERR_TOO_LARGE, "there are more posts than an index can hold");
	w.to = fopen(path, "we");
	enum err err = w.to ? write_file(b, &w) : ERR_UNAVAILABLE;
	free(w.starts);
	if (w.to && fclose(w.to) != 0 && err == OK)
		err = ERR_NO_SPACE;
	if (err == OK && rename(path, b->path) != 0)
		err = ERR_UNAVAILABLE;
	if (err == OK)
		return OK;
	unlink(path);
	return fail(problem, err, "%.150s: the index cannot be written: %s", b->path, strerror(errno));
}
