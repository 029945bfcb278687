/*
 * packed_record.c - one record after the other: first what it is, then, when asked for, its items.
 */
#include "base/base.h"
#include "ledger/packed_private.h"

/* ---- finding it ---- */

static enum err open_block(struct packed *p, uint32_t block)
{
	uint64_t from, to;

	p->block_at = UINT32_MAX;
	TRY(packed_span(p, PART_BLOCKS, 4, 0, PART_RECORDS, block, &from, &to));
	TRY(packed_read(p, from, to - from, &p->block));
	p->in = (struct reader){p->block.p, p->block.p + p->block.len, false};
	p->block_at = block;
	p->next = block * PACKED_BLOCK;
	p->before_ms = p->head.min_ms;
	return OK;
}

/* Party, time and flags of the record that `in` stands before; goes behind it. */
static enum err step(struct packed *p)
{
	struct view body = get_bytes_view(&p->in, get_varint(&p->in));

	p->body = reader_of(body);
	uint64_t party = get_varint(&p->body);
	p->before_ms += (int64_t)get_varint_to(&p->body, (uint64_t)(INT64_MAX - p->before_ms));
	p->flags = get_byte(&p->body);
	if (p->in.bad || p->body.bad || party >= p->head.parties) {
		p->block_at = UINT32_MAX;
		return ERR_CORRUPT;
	}
	p->party = &p->parties[party];
	p->next++;
	return OK;
}

/* ---- its items ---- */

static enum err get_ordinal_gaps(struct packed *p, unsigned coding, size_t n, uint32_t *v)
{
	struct gap_reader in = gaps_of(&p->body, coding);

	for (size_t i = 1; i < n; i++) {
		uint64_t gap = get_gap(&in);
		if (in.in.bad || gap >= UINT32_MAX - v[i - 1])
			return ERR_CORRUPT;
		v[i] = v[i - 1] + (uint32_t)gap + 1;
	}
	p->body.p += (in.in.at + 7) / 8;
	return in.in.bad ? ERR_CORRUPT : OK;
}

static enum err get_ordinal_runs(struct packed *p, size_t n, uint32_t *v)
{
	for (size_t i = 1;;) {
		size_t run = get_varint_to(&p->body, n - i);
		for (; run; run--, i++)
			v[i] = v[i - 1] + 1;
		if (p->body.bad || v[i - 1] < v[0])
			return ERR_CORRUPT;
		if (i == n)
			return OK;
		uint64_t gap = get_varint(&p->body);
		if (p->body.bad || gap >= UINT32_MAX - (uint64_t)v[i - 1] - 2)
			return ERR_CORRUPT;
		v[i] = v[i - 1] + (uint32_t)gap + 2;
		i++;
	}
}

enum err packed_ordinals(struct packed *p, size_t n, uint32_t ret[LEDGER_ITEMS_MAX])
{
	ret[0] = (uint32_t)get_varint_to(&p->body, UINT32_MAX);
	unsigned coding = get_byte(&p->body);

	if (p->body.bad)
		return ERR_CORRUPT;
	return coding == CODING_RUNS ? get_ordinal_runs(p, n, ret) : get_ordinal_gaps(p, coding, n, ret);
}

static enum err get_posts(struct packed *p, struct ledger_record *r)
{
	uint32_t ordinals[LEDGER_ITEMS_MAX];

	TRY(packed_ordinals(p, r->n_items, ordinals));
	for (size_t i = 0; i < r->n_items; i++) {
		r->items[i] = (struct ledger_item){0};
		TRY(packed_post(p, ordinals[i], &r->items[i].id));
	}
	return OK;
}

static enum err get_ids(struct packed *p, struct ledger_record *r)
{
	int64_t last = 0;

	for (size_t i = 0; i < r->n_items; i++) {
		if (last == INT64_MAX)
			return ERR_CORRUPT;
		last += (int64_t)get_varint_to(&p->body, (uint64_t)(INT64_MAX - last) - 1) + 1;
		r->items[i] = (struct ledger_item){.id = last};
		if (p->body.bad)
			return ERR_CORRUPT;
	}
	return OK;
}

/* What a charged item costs is said once for all of a party. */
static enum err add_cost(const struct party *party, struct ledger_record *r)
{
	int64_t charged = 0;

	for (size_t i = 0; i < r->n_items; i++)
		charged += r->items[i].charged;
	if (party->cost == COST_BY_ITEM && __builtin_mul_overflow(charged, party->unit, &r->cost_micro))
		return ERR_CORRUPT;
	return OK;
}

enum err packed_items(struct packed *p, struct ledger_record *r, struct ledger_item items[LEDGER_ITEMS_MAX])
{
	struct reader start = p->body;

	r->items = items;
	if (r->n_items)
		TRY(r->kind == LEDGER_POSTS ? get_posts(p, r) : get_ids(p, r));
	record_get_columns(&p->body, r, p->flags);
	bool bad = p->body.bad;
	p->body = start; /* it may be asked again */
	return bad ? ERR_CORRUPT : add_cost(p->party, r);
}

/* ---- the record ---- */

enum err packed_record(struct packed *p, uint32_t i, struct ledger_record *ret)
{
	uint32_t block = i / PACKED_BLOCK;

	if (i >= p->head.n)
		return ERR_NOT_FOUND;
	if (block != p->block_at || p->next > i)
		TRY(open_block(p, block));
	while (p->next <= i)
		TRY(step(p));
	const struct party *a = p->party;
	*ret = (struct ledger_record){.kind = a->kind,
				      .endpoint = a->endpoint,
				      .time_ms = p->before_ms,
				      .licensee = a->licensee,
				      .key = a->key,
				      .terms = a->terms};
	if (a->cost == COST_IN_RECORD)
		ret->cost_micro = unzigzag(get_varint(&p->body));
	if (p->flags & RECORD_REQUEST)
		ret->request = get_u64(&p->body);
	ret->n_items = get_varint_to(&p->body, LEDGER_ITEMS_MAX);
	return p->body.bad ? ERR_CORRUPT : OK;
}

unsigned packed_flags(const struct packed *p)
{
	return p->flags;
}
