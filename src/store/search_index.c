/*
 * search_index.c - hands over to the database's own full-text search (fts_sqlite.c, fts_pgsql.c).
 */
#include "base/base.h"
#include "store/search_index.h"

#include "store/driver.h"

enum err search_index_put(struct db *tx, struct post_id post, struct view tokens)
{
	return tx->store->driver->fts->put(tx, post, tokens);
}

enum err search_index_delete(struct db *tx, struct post_id post)
{
	return tx->store->driver->fts->del(tx, post);
}

enum err search_index_find(struct db *db, const struct search_term *terms, size_t n, int64_t max_id, int64_t min_id,
			   struct post_id *ret, size_t cap, size_t *ret_n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= !terms[i].negated;
	if (!any || cap == 0) {
		*ret_n = 0;
		return OK;
	}
	return db->store->driver->fts->find(db, terms, n, max_id ? max_id : INT64_MAX, min_id, ret, cap, ret_n);
}
