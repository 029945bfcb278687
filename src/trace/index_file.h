/*
 * index_file.h - the layout of the index, shared by index.c and index_build.c. Little-endian:
 *
 *   head (64 bytes) ‖ ids, 8 each (posts, then gone) ‖ flags, 1 each for posts, filled up to 8 ‖ starts of buckets, 4 each (one
 *   more than buckets), filled up to 8 ‖ how ordinary letters are (surprise.h) ‖ postings: tag (2), post (3, or 4 when there are
 *   more than 2^24)
 *
 * A hash's first bits are its bucket, the next 16 its tag. In a bucket postings ascend by hash and post.
 */
#ifndef TRACE_INDEX_FILE_H
#define TRACE_INDEX_FILE_H

#include "base/base.h"

#include <endian.h>

#include "trace/surprise.h"

#define INDEX_MAGIC "kicautx2"
#define INDEX_BITS_MIN 6
#define INDEX_BITS_MAX 31

struct index_head {
	char magic[8];
	uint64_t salt, made_id, posts, gone, postings;
	uint32_t bucket_bits, post_bytes;
	uint64_t check; /* SipHash-2-4 with a key of zeros over what stands before it */
};
_Static_assert(sizeof(struct index_head) == 64, "as it is in the file");

static inline uint64_t index_pad(uint64_t n) { return (n + 7) / 8 * 8; }
static inline uint64_t index_ids_at(void) { return sizeof(struct index_head); }
static inline uint64_t index_flags_at(const struct index_head *h) { return index_ids_at() + 8 * (h->posts + h->gone); }
static inline uint64_t index_starts_at(const struct index_head *h)
{
	return index_flags_at(h) + index_pad(h->posts);
}
static inline uint64_t index_surprise_at(const struct index_head *h)
{
	return index_starts_at(h) + index_pad(4 * (((uint64_t)1 << h->bucket_bits) + 1));
}
static inline uint64_t index_postings_at(const struct index_head *h)
{
	return index_surprise_at(h) + SURPRISE_BYTES;
}
static inline uint64_t index_file_bytes(const struct index_head *h)
{
	return index_postings_at(h) + h->postings * (2 + h->post_bytes);
}
static inline uint32_t index_bucket(uint64_t hash, unsigned bits) { return (uint32_t)(hash >> (64 - bits)); }
static inline uint16_t index_tag(uint64_t hash, unsigned bits) { return (uint16_t)(hash << bits >> 48); }

uint64_t index_head_check(const struct index_head *h);

#endif
