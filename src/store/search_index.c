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
	const struct search_clause clause = {terms, n};

	return search_index_find_any(db, &clause, 1, max_id, min_id, ret, cap, ret_n);
}

static bool finds_something(const struct search_clause *clause)
{
	for (size_t i = 0; i < clause->n; i++)
		if (!clause->terms[i].negated)
			return true;
	return false;
}

enum err search_index_find_any(struct db *db, const struct search_clause *clauses, size_t n, int64_t max_id,
			       int64_t min_id, struct post_id *ret, size_t cap, size_t *ret_n)
{
	bool all = n > 0;

	for (size_t i = 0; i < n; i++)
		all &= finds_something(&clauses[i]);
	if (!all || cap == 0) {
		*ret_n = 0;
		return OK;
	}
	return db->store->driver->fts->find(db, clauses, n, max_id ? max_id : INT64_MAX, min_id, ret, cap, ret_n);
}
