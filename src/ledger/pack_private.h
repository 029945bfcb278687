/*
 * pack_private.h - what the writers of the parts of a packed file share.
 */
#ifndef LEDGER_PACK_PRIVATE_H
#define LEDGER_PACK_PRIVATE_H

#include "base/map.h"
#include "base/vec.h"
#include "ledger/bits.h"
#include "ledger/gaps.h"
#include "ledger/packed.h"

#define PACKED_MAGIC "kicauseg"
#define PACKED_VERSION 1
#define PAGE_LEN 12	/* bytes in PART_PAGES */
#define CODING_RUNS 255 /* instead of the byte of gaps.h: lengths of runs and of the gaps between them */
#define SEQUENCE_BITS 16 /* of an id (base/id.h): the rest are milliseconds */

/* How the cost of a record is written. */
enum party_cost { COST_IN_RECORD = 0, COST_BY_ITEM = 1 };

struct packing {
	const struct pack_input *in;
	struct packed_head head;
	struct ledger_item *items;  /* of the record under way */
	uint64_t *posts;	    /* all, sorted, once each */
	struct strmap parties;	    /* bytes → number + 1 */
	struct VEC(uint64_t) cells; /* row << 32 | block: in the order of blocks */
	struct buf part[PART_COUNT];
};

static inline void buf_varint(struct buf *b, uint64_t v)
{
	unsigned char bytes[VARINT_MAX];

	buf_add(b, view_make((const char *)bytes, (size_t)(put_varint(bytes, v) - bytes)));
}
static inline void buf_u32(struct buf *b, size_t v)
{
	uint32_t n = htole32((uint32_t)v);

	buf_add(b, view_make((const char *)&n, sizeof(n)));
}

/* The k that codes these values in the fewest bits, near enough. */
unsigned rice_best(const uint64_t *v, size_t n);
/* Sorts, by their bytes. */
void sort_u64(uint64_t *v, size_t n);

enum err pack_posts(struct packing *p);	  /* p->posts from the records; PART_PAGES, PART_POSTS */
enum err pack_records(struct packing *p); /* PART_PARTIES, PART_BLOCKS, PART_RECORDS; cells */
void pack_rows(struct packing *p);	  /* PART_ROWS, PART_PLACES, from cells */

/* PACKED_HEAD_LEN bytes. */
void packed_head_write(const struct packed_head *h, unsigned char ret[PACKED_HEAD_LEN]);
bool packed_head_read(const unsigned char *p, struct packed_head *ret);

#endif
