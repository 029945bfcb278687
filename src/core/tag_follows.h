/*
 * tag_follows.h - hashtags an account follows (docs: methods/tags, methods/followed_tags): public posts with them come
 * to its home, whoever wrote them. Homes take them in when they are read (timelines.c), so posting costs nothing more.
 */
#ifndef CORE_TAG_FOLLOWS_H
#define CORE_TAG_FOLLOWS_H

#include "core/core.h"
#include "core/page.h"

#define LIMIT_FOLLOWED_TAGS 100 /* each is a look into the database when the home is read */

struct tag_follow {
	int64_t id;
	struct view name; /* folded */
};

/* name: folded (tag_name). Idempotent. ERR_UNPROCESSABLE with words: there are LIMIT_FOLLOWED_TAGS already. */
enum err tag_follow(struct core *c, struct account_id who, struct view name, struct problem *problem);
enum err tag_unfollow(struct core *c, struct account_id who, struct view name);
/* Newest first; ret has room for page->limit. */
enum err tag_follows_page(struct db *db, struct arena *a, struct account_id who, const struct page *page,
			  struct tag_follow *ret, size_t *ret_n);
/* Calls fn for each account that follows a tag of this post. */
enum err tag_followers(struct db *db, struct post_id post, void (*fn)(void *arg, struct account_id who), void *arg);

#endif
