/*
 * page_read.c - see page_read.h.
 */
#include "base/base.h"

#include "core/page_read.h"

enum err page_read(struct db *db, const struct sql *down, const struct sql *up, int64_t key, const struct page *page,
		   struct page_item *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? up : down,
		 BINDS(B_INT(key), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++] = (struct page_item){row_int(&r, 0), row_int(&r, 1)};
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i < n / 2; i++) {
		struct page_item swap = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}
