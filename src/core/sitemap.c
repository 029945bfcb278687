/*
 * sitemap.c - see sitemap.h.
 */
#include "base/base.h"

#include "core/sitemap.h"

#define TOLD                                                                                                           \
	"FROM accounts a JOIN users u ON u.account_id = a.id AND u.approved = 1 AND u.confirmed_at IS NOT NULL "       \
	"LEFT JOIN account_counts c ON c.account_id = a.id "                                                           \
	"WHERE a.indexable = 1 AND a.noindex = 0 AND a.domain = '' AND a.suspended_at IS NULL AND a.silenced_at IS NULL "

SQL(sitemap_ends,
    "SELECT t.id FROM (SELECT a.id AS id, ROW_NUMBER() OVER (ORDER BY a.id) AS n " TOLD ") t WHERE t.n % $1 = 0 "
    "ORDER BY t.id LIMIT $2");
SQL(sitemap_rows, "SELECT a.username, c.last_post_at " TOLD "AND a.id > $1 ORDER BY a.id LIMIT $2");

enum err sitemap_pages(struct db *db, int64_t *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &sitemap_ends, BINDS(B_INT(SITEMAP_PAGE), B_INT(SITEMAP_PAGES)));
	while (n < SITEMAP_PAGES && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

enum err sitemap_page(struct db *db, struct arena *a, int64_t behind, struct sitemap_entry *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &sitemap_rows, BINDS(B_INT(behind), B_INT(SITEMAP_PAGE)));
	while (n < SITEMAP_PAGE && rows_next(&r))
		ret[n++] = (struct sitemap_entry){row_copy(&r, 0, a), row_int(&r, 1)};
	*ret_n = n;
	return rows_end(&r);
}
