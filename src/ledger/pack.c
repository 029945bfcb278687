/*
 * pack.c - see packed.h: the parts one after the other, and the head before them.
 */
#include "base/base.h"
#include "ledger/packed.h"

#include "ledger/pack_private.h"

/* ---- the index ---- */

static void put_row(struct packing *p, const uint32_t *blocks, size_t n, uint64_t *gaps)
{
	struct buf *out = &p->part[PART_PLACES];
	size_t kept = 0;
	uint32_t last = 0;

	for (size_t i = 0; i < n; i++)
		if (!kept || blocks[i] != last) {
			gaps[kept] = kept ? blocks[i] - last - 1 : blocks[i];
			kept++;
			last = blocks[i];
		}
	buf_u32(&p->part[PART_ROWS], out->len);
	buf_varint(out, kept);
	put_gaps(out, gaps, kept);
}

/* Cells by rows; within a row the order of blocks stays. */
static uint32_t *by_row(const struct packing *p, size_t rows, size_t *begin)
{
	uint32_t *blocks = xcalloc(p->cells.n + 1, sizeof(*blocks));

	for (size_t i = 0; i < p->cells.n; i++)
		begin[(p->cells.v[i] >> 32) + 1]++;
	for (size_t i = 0; i < rows; i++)
		begin[i + 1] += begin[i];
	for (size_t i = 0; i < p->cells.n; i++)
		blocks[begin[p->cells.v[i] >> 32]++] = (uint32_t)p->cells.v[i];
	return blocks; /* begin[row] is its end now */
}

void pack_rows(struct packing *p)
{
	size_t rows = (p->head.posts + PACKED_ROW - 1) / PACKED_ROW, from = 0;
	size_t *ends = xcalloc(rows + 1, sizeof(*ends));
	uint32_t *blocks = by_row(p, rows, ends);
	uint64_t *gaps = xcalloc(p->cells.n + 1, sizeof(*gaps));

	for (size_t i = 0; i < rows; i++) {
		put_row(p, blocks + from, ends[i] - from, gaps);
		from = ends[i];
	}
	free(gaps);
	free(blocks);
	free(ends);
}

/* ---- the whole ---- */

static enum err write_out(struct packing *p, struct buf *out)
{
	unsigned char head[PACKED_HEAD_LEN];
	uint64_t at = PACKED_HEAD_LEN;

	for (int i = 0; i < PART_COUNT; i++) {
		if (p->part[i].over)
			return ERR_TOO_LARGE;
		p->head.begin[i] = at;
		at += p->part[i].len;
	}
	p->head.begin[PART_COUNT] = at;
	packed_head_write(&p->head, head);
	buf_add(out, view_make((const char *)head, sizeof(head)));
	for (int i = 0; i < PART_COUNT; i++)
		buf_add(out, buf_view(&p->part[i]));
	return buf_err(out);
}

enum err pack(const struct pack_input *in, struct buf *out)
{
	struct packing p = {.in = in, .head = {.first = in->first, .n = in->n}};

	strmap_init(&p.parties);
	p.items = xcalloc(LEDGER_ITEMS_MAX, sizeof(*p.items));
	for (int i = 0; i < PART_COUNT; i++)
		buf_init(&p.part[i], PACKED_FILE_MAX);
	enum err err = pack_posts(&p);
	if (err == OK)
		err = pack_records(&p);
	if (err == OK) {
		pack_rows(&p);
		err = write_out(&p, out);
	}
	for (int i = 0; i < PART_COUNT; i++)
		buf_release(&p.part[i]);
	VEC_FREE(&p.cells);
	strmap_release(&p.parties);
	free(p.posts);
	free(p.items);
	return err;
}
