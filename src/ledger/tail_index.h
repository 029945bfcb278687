/*
 * tail_index.h - which records of the open segment may hold a post: a Bloom filter for every few thousand items, a byte
 * an item. One thread at a time adds, others ask meanwhile.
 */
#ifndef LEDGER_TAIL_INDEX_H
#define LEDGER_TAIL_INDEX_H

#include "base/base.h"
#include "ledger/ledger.h"

struct tail_index;
/* For at most so many items. */
struct tail_index *tail_index_make(size_t items_max);
void tail_index_free(struct tail_index *x); /* NULL-safe */
void tail_index_add(struct tail_index *x, uint32_t record, const struct ledger_item *items, size_t n);
/* The next records [*from, *ret_end) at or after *from that may hold the post; false when none may. */
bool tail_index_next(const struct tail_index *x, int64_t post, uint32_t *from, uint32_t *ret_end);

#endif
