/*
 * post_lists.h - lists around posts, in pages: who favourited or boosted one, what an account favourited, bookmarked,
 * posted or was sent directly. What a page is ordered by is its cursor, which is not always the id of the thing.
 */
#ifndef CORE_POST_LISTS_H
#define CORE_POST_LISTS_H

#include "core/page_read.h"
#include "core/post.h"
#include "core/viewer.h"

/* ids are accounts. Boosts for followers only are nobody else's business and left out. */
enum err post_favourited_by(struct db *db, struct post_id post, const struct page *page, struct page_item *ret,
			    size_t *ret_n);
enum err post_boosted_by(struct db *db, struct post_id post, const struct page *page, struct page_item *ret,
			 size_t *ret_n);
/* ids are posts; not judged: present_posts() leaves out what may not be seen by now. */
enum err account_favourites(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			    size_t *ret_n);
enum err account_bookmarks(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			   size_t *ret_n);
/* Direct posts from and to an account; cursor and id are the post's. */
enum err account_direct_posts(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			      size_t *ret_n);

/* Posts that name an account in their text, whoever may see them; cursor and id are the post's. */
enum err account_mentions(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			  size_t *ret_n);

struct account_posts_filter {
	bool only_media, exclude_replies, exclude_boosts, pinned;
	bool exclude_self_replies; /* those to oneself, too */
	struct view tagged;	   /* folded; empty: any */
};
/*
 * GET /api/v1/accounts/:id/statuses. What this viewer may see of an account: followers its private posts, whoever is
 * named a private or direct one too. Boosts of those the viewer blocks or mutes are left out. Pinned posts come in the
 * order of pinning, newest first, without pages.
 *
 * A page may be short, even empty, and not the last: *ret_on is where the next one begins then (max_id, or min_id of a
 * page that is read upwards). 0: there is nothing more.
 */
enum err account_posts(struct core *c, struct db *db, struct arena *a, const struct viewer *v,
		       struct account_id account, const struct account_posts_filter *filter, const struct page *page,
		       struct post_id *ret, size_t *ret_n, int64_t *ret_on);

#endif
