/*
 * rows.h - a page of a table of moderation/, whatever is in it. Private to moderation/.
 */
#ifndef MODERATION_ROWS_H
#define MODERATION_ROWS_H

#include "base/id.h"
#include "core/page.h"
#include "store/store.h"

/*
 * Both statements answer rows by id; $1 floor and $2 ceiling (exclusive), $3 limit, $4… what else is given. down is
 * ordered by id descending, up ascending.
 */
struct rows_of {
	const struct sql *down, *up;
	size_t size; /* of an item */
	void (*read)(const struct rows *r, struct arena *a, void *ret);
};
#define ROWS_MORE_MAX 20

/* Newest first; ret has room for page->limit items. */
enum err rows_page(struct db *db, struct arena *a, const struct rows_of *of, const struct page *page,
		   const struct bind *more, size_t n_more, void *ret, size_t *ret_n);
/* The row of this id, or ERR_NOT_FOUND. */
enum err rows_one(struct db *db, struct arena *a, const struct rows_of *of, int64_t id, const struct bind *more,
		  size_t n_more, void *ret);

/* Inside a store_write: takes the row $1 away, and notes it (audit.h). ERR_NOT_FOUND: there is none. */
enum err rows_delete(struct db *tx, const struct sql *sql, struct account_id by, const char *kind, int64_t id);

#endif
