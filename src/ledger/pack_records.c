/*
 * pack_records.c - the records of a packed segment, in blocks; who they went to is said once, in a table.
 */
#include "base/base.h"
#include "ledger/pack_private.h"

/* ---- parties ---- */

static bool cost_by_item(const struct ledger_record *r, int64_t *ret_unit)
{
	int64_t charged = 0;

	for (size_t i = 0; i < r->n_items; i++)
		charged += r->items[i].charged;
	*ret_unit = charged ? r->cost_micro / charged : 0;
	return *ret_unit * charged == r->cost_micro;
}

/* The number of the record's party, which is added when it is new. */
static size_t party_of(struct packing *p, const struct ledger_record *r, enum party_cost *ret_cost)
{
	unsigned char bytes[3 + 4 * VARINT_MAX], *at = bytes;
	int64_t unit;

	*ret_cost = cost_by_item(r, &unit) ? COST_BY_ITEM : COST_IN_RECORD;
	*at++ = (unsigned char)r->kind;
	*at++ = r->endpoint;
	*at++ = (unsigned char)*ret_cost;
	at = put_varint(at, (uint64_t)r->licensee);
	at = put_varint(at, (uint64_t)r->key);
	at = put_varint(at, (uint64_t)r->terms);
	if (*ret_cost == COST_BY_ITEM)
		at = put_varint(at, zigzag(unit));
	struct view key = view_make((const char *)bytes, (size_t)(at - bytes));
	uintptr_t known = (uintptr_t)strmap_get(&p->parties, key);
	if (known)
		return known - 1;
	buf_add(&p->part[PART_PARTIES], key);
	strmap_put(&p->parties, key, (void *)(uintptr_t)(p->head.parties + 1));
	return p->head.parties++;
}

/* ---- items ---- */

/* The post's place among all, at or behind `from`: by steps that double, then by halves. It is there. */
static size_t find_post(const struct packing *p, uint64_t post, size_t from)
{
	size_t step = 1, low = from, high;

	while (low + step < p->head.posts && p->posts[low + step] <= post) {
		low += step;
		step *= 2;
	}
	high = low + step < p->head.posts ? low + step : p->head.posts;
	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;
		if (p->posts[mid] <= post)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static void add_cells(struct packing *p, const uint32_t *ordinals, size_t n, uint32_t block)
{
	uint64_t last = UINT64_MAX;

	for (size_t i = 0; i < n; i++) {
		uint64_t cell = (uint64_t)(ordinals[i] / PACKED_ROW) << 32 | block;
		if (cell != last)
			VEC_PUSH(&p->cells, cell);
		last = cell;
	}
}

static size_t varint_len(uint64_t v)
{
	return v ? (bit_width(v) + 6) / 7 : 1;
}

/* Lengths of runs, less one, and of the gaps between them, in turn. With out NULL only counts the bytes. */
static size_t put_ordinal_runs(const uint32_t *v, size_t n, struct buf *out)
{
	size_t bytes = 0;

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && v[end] == v[end - 1] + 1; end++)
			;
		bytes += varint_len(end - i - 1);
		if (out)
			buf_varint(out, end - i - 1);
		if (end == n)
			break;
		uint64_t gap = v[end] - v[end - 1] - 2;
		bytes += varint_len(gap);
		if (out)
			buf_varint(out, gap);
	}
	return bytes;
}

static void put_ordinals(struct buf *out, const uint32_t *v, size_t n)
{
	uint64_t gaps[LEDGER_ITEMS_MAX];

	gaps[0] = 0;
	for (size_t i = 1; i < n; i++)
		gaps[i - 1] = v[i] - v[i - 1] - 1;
	buf_varint(out, v[0]);
	if (1 + put_ordinal_runs(v, n, NULL) <= gaps_len(gaps, n - 1)) {
		buf_add_c(out, (char)CODING_RUNS);
		put_ordinal_runs(v, n, out);
	} else {
		put_gaps(out, gaps, n - 1);
	}
}

static void put_posts(struct packing *p, struct buf *out, const struct ledger_record *r, uint32_t block)
{
	uint32_t ordinals[LEDGER_ITEMS_MAX];
	size_t at = 0;

	for (size_t i = 0; i < r->n_items; i++) {
		at = find_post(p, (uint64_t)r->items[i].id, at);
		ordinals[i] = (uint32_t)at;
	}
	put_ordinals(out, ordinals, r->n_items);
	add_cells(p, ordinals, r->n_items, block);
}

static void put_ids(struct buf *out, const struct ledger_record *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		buf_varint(out, (uint64_t)(r->items[i].id - (i ? r->items[i - 1].id : 0) - 1));
}

/* ---- the record ---- */

static void put_record(struct packing *p, struct buf *body, const struct ledger_record *r, unsigned flags,
		       int64_t before_ms, uint32_t block)
{
	enum party_cost cost;

	buf_varint(body, party_of(p, r, &cost));
	buf_varint(body, (uint64_t)(r->time_ms - before_ms));
	buf_add_c(body, (char)flags);
	if (cost == COST_IN_RECORD)
		buf_varint(body, zigzag(r->cost_micro));
	if (flags & RECORD_REQUEST)
		put_u64((unsigned char *)buf_reserve(body, 8), r->request), buf_grow(body, 8);
	buf_varint(body, r->n_items);
	if (r->n_items && r->kind == LEDGER_POSTS)
		put_posts(p, body, r, block);
	else
		put_ids(body, r);
	char *at = buf_reserve(body, RECORD_MAX);
	buf_grow(body, (size_t)((char *)record_put_columns((unsigned char *)at, r, flags) - at));
}

enum err pack_records(struct packing *p)
{
	struct buf body, *out = &p->part[PART_RECORDS];
	struct ledger_record r;
	int64_t before = 0;
	enum err err = OK;
	unsigned flags;

	buf_init(&body, 4 * RECORD_MAX);
	for (uint32_t i = 0; i < p->in->n && err == OK; i++) {
		err = record_decode(p->in->record(p->in->arg, i), p->items, &r, &flags);
		if (err == OK && r.time_ms < before)
			err = ERR_CORRUPT;
		if (err != OK)
			break;
		if (!i)
			p->head.min_ms = r.time_ms;
		if (i % PACKED_BLOCK == 0) {
			buf_u32(&p->part[PART_BLOCKS], out->len);
			before = p->head.min_ms;
		}
		buf_clear(&body);
		put_record(p, &body, &r, flags, before, i / PACKED_BLOCK);
		buf_varint(out, body.len);
		buf_add(out, buf_view(&body));
		before = p->head.max_ms = r.time_ms;
	}
	buf_release(&body);
	return err;
}
