/*
 * page_read.h - reading a page of (cursor, id) rows: one statement downwards from the newest, one upwards for min_id.
 */
#ifndef CORE_PAGE_READ_H
#define CORE_PAGE_READ_H

#include "core/page.h"
#include "store/store.h"

/* One entry of a list: the number it is ordered by, and what it is about. */
struct page_item {
	int64_t cursor, id;
};

/*
 * Both statements answer cursor and id; $1 key, $2 floor and $3 ceiling (exclusive), $4 limit. down is ordered by cursor
 * descending, up ascending. Answers newest first; ret has room for page->limit.
 */
enum err page_read(struct db *db, const struct sql *down, const struct sql *up, int64_t key, const struct page *page,
		   struct page_item *ret, size_t *ret_n);

#endif
