/*
 * preview_sites.h - sites that posts link to, for moderators to say whether their links may be trends (docs: methods/
 * admin/trends, "publishers").
 */
#ifndef CORE_PREVIEW_SITES_H
#define CORE_PREVIEW_SITES_H

#include "core/page.h"
#include "core/trends.h"

struct preview_site {
	int64_t id, reviewed_at; /* 0: nobody has said anything yet */
	struct view domain;
	enum trend_review review;
};
/* ERR_NOT_FOUND when there is none. */
enum err preview_site_load(struct db *db, struct arena *a, int64_t id, struct preview_site *ret);
/* Newest first; ret has room for page->limit. */
enum err preview_sites_page(struct db *db, struct arena *a, const struct page *page, struct preview_site *ret,
			    size_t *ret_n);

#endif
