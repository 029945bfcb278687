/*
 * rows.c - see rows.h.
 */
#include "base/base.h"

#include "moderation/rows.h"

#include "moderation/audit.h"

static void turn(struct arena *a, char *items, size_t n, size_t size)
{
	char *other = arena_alloc(a, size);

	for (size_t i = 0; i + 1 < n - i; i++) {
		char *low = items + i * size, *high = items + (n - 1 - i) * size;

		memcpy(other, low, size);
		memcpy(low, high, size);
		memcpy(high, other, size);
	}
}

enum err rows_page(struct db *db, struct arena *a, const struct rows_of *of, const struct page *page,
		   const struct bind *more, size_t n_more, void *ret, size_t *ret_n)
{
	struct bind binds[3 + ROWS_MORE_MAX] = {B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)};
	bool upward = page_upward(page);
	struct rows r;
	size_t n = 0;

	if (n_more > ROWS_MORE_MAX)
		BUG("%zu parameters", n_more);
	for (size_t i = 0; i < n_more; i++)
		binds[3 + i] = more[i];
	db_query(db, &r, upward ? of->up : of->down, binds, 3 + n_more);
	for (; n < page->limit && rows_next(&r); n++)
		of->read(&r, a, (char *)ret + n * of->size);
	TRY(rows_end(&r));
	if (upward)
		turn(a, ret, n, of->size);
	*ret_n = n;
	return OK;
}

enum err rows_one(struct db *db, struct arena *a, const struct rows_of *of, int64_t id, const struct bind *more,
		  size_t n_more, void *ret)
{
	const struct page page = {.max_id = id + 1, .since_id = id - 1, .limit = 1};
	size_t n;

	if (id <= 0 || id == INT64_MAX)
		return ERR_NOT_FOUND;
	TRY(rows_page(db, a, of, &page, more, n_more, ret, &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err rows_delete(struct db *tx, const struct sql *sql, struct account_id by, const char *kind, int64_t id)
{
	int64_t gone;

	TRY(db_exec(tx, sql, BINDS(B_INT(id)), &gone));
	return gone ? audit_add(tx, by, "destroy", kind, id, V("")) : ERR_NOT_FOUND;
}
