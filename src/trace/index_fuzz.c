/* A file of an index whose head is right, and anything behind it: looked up, it answers posts that it has. */
#include "base/base.h"

#include <sodium.h>
#include <unistd.h>

#include "base/secret.h"
#include "trace/grams.h"
#include "trace/index.h"
#include "trace/index_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_NAME "/tmp/kicau-index-fuzz"

static void look(const struct trace_index *x)
{
	uint32_t same[INDEX_SAME_MAX], post;

	for (uint64_t i = 0; i < 64; i++) {
		uint64_t hash = i * UINT64_C(0x0400000000000000) + i;
		size_t n;

		index_prefetch(x, hash);
		index_prefetch_postings(x, hash);
		n = index_look_up(x, hash, same);
		for (size_t j = 0; j < n; j++)
			if (same[j] >= index_posts(x))
				BUG("a post that is not there");
	}
	for (uint32_t i = 0; i < index_posts(x); i++) {
		index_flags(x, i);
		if (index_find_id(x, index_id(x, i), &post) && index_id(x, post) != index_id(x, i))
			BUG("another id");
	}
	if (!(index_bits(x, V("whatever the table says")) >= 0))
		BUG("less than no bits");
}

/* The first bytes say how many posts and postings; the rest is the file behind the head. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct index_head h = {.magic = INDEX_MAGIC, .bucket_bits = INDEX_BITS_MIN, .post_bytes = 3};
	char path[64];
	struct trace_index *x;

	if (size < 3 || secret_init() != OK)
		return 0;
	h.posts = data[0];
	h.gone = data[1] % 16;
	h.postings = data[2];
	h.post_bytes += data[2] & 1;
	h.check = index_head_check(&h);
	snprintf(path, sizeof(path), FILE_NAME "-%d", (int)getpid());
	FILE *f = fopen(path, "w");
	if (!f)
		return 0;
	fwrite(&h, sizeof(h), 1, f);
	fwrite(data + 3, 1, size - 3, f);
	fflush(f);
	if (ftruncate(fileno(f), (off_t)index_file_bytes(&h)) != 0)
		BUG("no room");
	fclose(f);
	if (index_open(path, &x, NULL) != OK)
		BUG("a whole file is refused");
	look(x);
	index_close(x);
	unlink(path);
	return 0;
}
