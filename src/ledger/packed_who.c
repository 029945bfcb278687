/*
 * packed_who.c - which records of a packed segment hold a post: its ordinal, the blocks its row names, and the records of
 * these that have it.
 */
#include "base/base.h"
#include "ledger/packed_private.h"

/* The place of the ordinal among n ascending ones; n when it is not there. */
static size_t place_of(const uint32_t *v, size_t n, uint32_t ordinal)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (v[mid] < ordinal)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && v[low] == ordinal ? low : n;
}

static enum err ask_record(struct packed *p, uint32_t i, uint32_t ordinal, packed_who_fn *fn, void *arg)
{
	uint32_t ordinals[LEDGER_ITEMS_MAX];
	struct ledger_record r;

	TRY(packed_record(p, i, &r));
	if (r.kind != LEDGER_POSTS || !r.n_items)
		return OK;
	struct reader before = p->body;
	TRY(packed_ordinals(p, r.n_items, ordinals));
	size_t at = place_of(ordinals, r.n_items, ordinal);
	if (at == r.n_items)
		return OK;
	p->body = before;
	TRY(packed_items(p, &r, p->items));
	return fn(arg, p->head.first + i, &r, &r.items[at]);
}

static enum err ask_block(struct packed *p, uint64_t block, uint32_t ordinal, packed_who_fn *fn, void *arg)
{
	uint64_t from = block * PACKED_BLOCK, to = from + PACKED_BLOCK < p->head.n ? from + PACKED_BLOCK : p->head.n;

	if (from >= p->head.n)
		return ERR_CORRUPT;
	for (uint64_t i = from; i < to; i++)
		TRY(ask_record(p, (uint32_t)i, ordinal, fn, arg));
	return OK;
}

static enum err ask_row(struct packed *p, struct packed_bytes *row, uint32_t ordinal, packed_who_fn *fn, void *arg)
{
	uint64_t from, to, block = 0;

	TRY(packed_span(p, PART_ROWS, 4, 0, PART_PLACES, ordinal / PACKED_ROW, &from, &to));
	TRY(packed_read(p, from, to - from, row));
	struct reader head = {row->p, row->p + row->len, false};
	uint64_t n = get_varint(&head);
	unsigned coding = get_byte(&head);
	if (head.bad || n > p->head.n)
		return ERR_CORRUPT;
	struct gap_reader in = gaps_of(&head, coding);
	for (uint64_t i = 0; i < n; i++) {
		block += get_gap(&in) + (i > 0);
		if (in.in.bad || block > UINT32_MAX)
			return ERR_CORRUPT;
		TRY(ask_block(p, block, ordinal, fn, arg));
	}
	return OK;
}

enum err packed_who(struct packed *p, int64_t post, packed_who_fn *fn, void *arg)
{
	struct packed_bytes row = {0};
	uint32_t ordinal;

	enum err err = packed_ordinal(p, post, &ordinal);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = ask_row(p, &row, ordinal, fn, arg);
	free(row.p);
	return err;
}
