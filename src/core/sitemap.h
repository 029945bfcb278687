/*
 * sitemap.h - accounts of this server whose owners let everybody find their posts by searching: what search engines are
 * told of. In the order of their ids, in pages.
 */
#ifndef CORE_SITEMAP_H
#define CORE_SITEMAP_H

#include "core/core.h"

#define SITEMAP_PAGE 5000   /* accounts of one page; sitemaps.org allows 50,000 */
#define SITEMAP_PAGES 10000 /* no more are told of */

struct sitemap_entry {
	struct view username;
	int64_t last_post_at; /* 0: never */
};

/* What each page but the first begins behind, for sitemap_page(). ret holds SITEMAP_PAGES. */
enum err sitemap_pages(struct db *db, int64_t *ret, size_t *ret_n);
/* ret holds SITEMAP_PAGE. */
enum err sitemap_page(struct db *db, struct arena *a, int64_t behind, struct sitemap_entry *ret, size_t *ret_n);

#endif
