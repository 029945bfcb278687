/*
 * packed_private.h - what the readers of packed segments share.
 */
#ifndef LEDGER_PACKED_PRIVATE_H
#define LEDGER_PACKED_PRIVATE_H

#include "ledger/pack_private.h"

struct packed_bytes {
	unsigned char *p; /* and BIT_SLACK zeros behind len */
	size_t len, alloc;
};

struct party {
	enum ledger_kind kind;
	uint8_t endpoint;
	enum party_cost cost;
	int64_t licensee, key, terms, unit;
};

struct packed {
	int fd;
	struct view whole; /* or in memory */
	uint64_t len;
	struct packed_head head;
	struct party *parties;
	int64_t *posts; /* all, once they are loaded */
	struct ledger_item *items;
	struct packed_bytes small, block, page_bytes;

	uint64_t page_at; /* the page of the dictionary that was read last; UINT64_MAX: none */
	size_t page_n;
	int64_t page[PACKED_PAGE];

	uint32_t block_at;  /* the block in `block`; UINT32_MAX: none */
	uint32_t next;	    /* record that `in` stands before */
	struct reader in;   /* of the block */
	int64_t before_ms;  /* time of the record before it, in its block */
	struct reader body; /* behind what packed_record() read of its record */
	const struct party *party;
	unsigned flags;
};

static inline uint64_t packed_part_len(const struct packed *p, enum packed_part part)
{
	return p->head.begin[part + 1] - p->head.begin[part];
}
enum err packed_read(struct packed *p, uint64_t at, size_t n, struct packed_bytes *into);
/* From where to where in the file entry i of a directory points; the entry itself is in p->small then. */
enum err packed_span(struct packed *p, enum packed_part dir, size_t entry, size_t offset_at, enum packed_part part,
		     uint64_t i, uint64_t *ret_from, uint64_t *ret_to);
enum err packed_post(struct packed *p, uint32_t ordinal, int64_t *ret);
/* ERR_NOT_FOUND: it is not among them. */
enum err packed_ordinal(struct packed *p, int64_t post, uint32_t *ret);
/* The ordinals of the record packed_record() went to, n of them, ascending. */
enum err packed_ordinals(struct packed *p, size_t n, uint32_t ret[LEDGER_ITEMS_MAX]);

#endif
