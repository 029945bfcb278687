/*
 * packed_head.c - the first bytes of a packed segment: magic, 18 numbers of eight bytes, and their check.
 */
#include "base/base.h"
#include "ledger/pack_private.h"

#include <assert.h>

#include "ledger/tail_private.h"

#define FIXED 10
#define NUMBERS (FIXED + PART_COUNT + 1)
#define CHECKED (8 + 8 * NUMBERS)

static_assert(CHECKED + 8 == PACKED_HEAD_LEN, "the head is its numbers");

void packed_head_write(const struct packed_head *h, unsigned char ret[PACKED_HEAD_LEN])
{
	const uint64_t fixed[FIXED] = {PACKED_VERSION,
				       h->first,
				       h->n,
				       h->reads,
				       h->posts,
				       (uint64_t)h->min_post,
				       (uint64_t)h->max_post,
				       (uint64_t)h->min_ms,
				       (uint64_t)h->max_ms,
				       h->parties};
	unsigned char *p = put_bytes(ret, PACKED_MAGIC, 8);

	for (size_t i = 0; i < FIXED; i++)
		p = put_u64(p, fixed[i]);
	for (size_t i = 0; i <= PART_COUNT; i++)
		p = put_u64(p, h->begin[i]);
	put_u64(p, frame_check(ret, CHECKED));
}

bool packed_head_read(const unsigned char *p, struct packed_head *ret)
{
	struct reader in = {p + 8, p + PACKED_HEAD_LEN, false};
	struct packed_head h;
	uint64_t version;

	if (memcmp(p, PACKED_MAGIC, 8) != 0)
		return false;
	version = get_u64(&in);
	h.first = get_u64(&in);
	h.n = get_u64(&in);
	h.reads = get_u64(&in);
	h.posts = get_u64(&in);
	h.min_post = (int64_t)get_u64(&in);
	h.max_post = (int64_t)get_u64(&in);
	h.min_ms = (int64_t)get_u64(&in);
	h.max_ms = (int64_t)get_u64(&in);
	h.parties = get_u64(&in);
	for (size_t i = 0; i <= PART_COUNT; i++)
		h.begin[i] = get_u64(&in);
	if (version != PACKED_VERSION || get_u64(&in) != frame_check(p, CHECKED))
		return false;
	*ret = h;
	return true;
}
