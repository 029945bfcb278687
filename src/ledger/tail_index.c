/*
 * tail_index.c - see tail_index.h. Three bits of eight are set for each item: 3 % of the filters that need not be looked
 * behind say otherwise.
 */
#include "base/base.h"
#include "ledger/tail_index.h"

#include <stdatomic.h>

#define CHUNK_ITEMS 4096
#define CHUNK_WORDS (CHUNK_ITEMS * 8 / 64)
#define HASHES 3

struct chunk {
	_Atomic uint32_t first, end; /* records */
	_Atomic uint64_t bits[CHUNK_WORDS];
};

struct tail_index {
	size_t max, in_last; /* chunks; items in the last one */
	_Atomic size_t n;
	_Atomic(struct chunk *) chunks[];
};

struct tail_index *tail_index_make(size_t items_max)
{
	size_t max = items_max / CHUNK_ITEMS + 1;
	struct tail_index *x = xcalloc(1, sizeof(*x) + max * sizeof(x->chunks[0]));

	x->max = max;
	x->in_last = CHUNK_ITEMS;
	return x;
}

void tail_index_free(struct tail_index *x)
{
	for (size_t i = 0; x && i < x->n; i++)
		free(x->chunks[i]);
	free(x);
}

/* splitmix64: ids are times, and differ in few bits. */
static uint64_t mix(uint64_t v)
{
	v += UINT64_C(0x9e3779b97f4a7c15);
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	return v ^ v >> 31;
}

/* One thread sets bits, others read them. */
static void chunk_set(struct chunk *c, uint64_t hash)
{
	for (unsigned i = 0; i < HASHES; i++, hash >>= 15) {
		_Atomic uint64_t *word = &c->bits[hash % (CHUNK_WORDS * 64) / 64];
		uint64_t bits = atomic_load_explicit(word, memory_order_relaxed) | (uint64_t)1 << hash % 64;

		atomic_store_explicit(word, bits, memory_order_relaxed);
	}
}

static bool chunk_may(const struct chunk *c, uint64_t hash)
{
	for (unsigned i = 0; i < HASHES; i++, hash >>= 15)
		if (!(atomic_load_explicit(&c->bits[hash % (CHUNK_WORDS * 64) / 64], memory_order_relaxed) >>
			      hash % 64 &
		      1))
			return false;
	return true;
}

void tail_index_add(struct tail_index *x, uint32_t record, const struct ledger_item *items, size_t n)
{
	size_t at = x->n;

	if (x->in_last >= CHUNK_ITEMS && at < x->max) {
		struct chunk *made = xcalloc(1, sizeof(*made));
		made->first = record;
		x->chunks[at] = made;
		atomic_store_explicit(&x->n, ++at, memory_order_release);
		x->in_last = 0;
	}
	struct chunk *c = x->chunks[at - 1];
	for (size_t i = 0; i < n; i++)
		chunk_set(c, mix((uint64_t)items[i].id));
	x->in_last += n;
	atomic_store_explicit(&c->end, record + 1, memory_order_relaxed);
}

bool tail_index_next(const struct tail_index *x, int64_t post, uint32_t *from, uint32_t *ret_end)
{
	uint64_t hash = mix((uint64_t)post);
	size_t n = atomic_load_explicit(&x->n, memory_order_acquire);

	for (size_t i = 0; i < n; i++) {
		const struct chunk *c = x->chunks[i];
		uint32_t end = atomic_load_explicit(&c->end, memory_order_relaxed);
		if (end <= *from || !chunk_may(c, hash))
			continue;
		if (c->first > *from)
			*from = c->first;
		*ret_end = end;
		return true;
	}
	return false;
}
