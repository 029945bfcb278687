/*
 * preview_sites.c - see preview_sites.h.
 */
#include "base/base.h"

#include "core/preview_sites.h"

#define SITES                                                                                                          \
	"SELECT s.id, s.domain, r.allowed, r.reviewed_at FROM preview_sites s LEFT JOIN trend_reviews r ON r.kind = 3" \
	" AND r.id = s.id "
SQL(sites_one, SITES "WHERE s.id = $1");
SQL(sites_down, SITES "WHERE s.id > $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3");
SQL(sites_up, SITES "WHERE s.id > $1 AND s.id < $2 ORDER BY s.id ASC LIMIT $3");

static struct preview_site read_row(const struct rows *r, struct arena *a)
{
	struct preview_site s = {.id = row_int(r, 0), .domain = row_copy(r, 1, a), .reviewed_at = row_int(r, 3)};

	if (s.reviewed_at)
		s.review = row_int(r, 2) ? TREND_APPROVED : TREND_REJECTED;
	return s;
}

enum err preview_site_load(struct db *db, struct arena *a, int64_t id, struct preview_site *ret)
{
	bool found;
	struct rows r;

	db_query(db, &r, &sites_one, BINDS(B_INT(id)));
	found = rows_next(&r);
	if (found)
		*ret = read_row(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err preview_sites_page(struct db *db, struct arena *a, const struct page *page, struct preview_site *ret,
			    size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &sites_up : &sites_down,
		 BINDS(B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct preview_site other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}
