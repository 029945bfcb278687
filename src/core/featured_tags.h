/*
 * featured_tags.h - hashtags an account shows on its profile, with how many of its public and unlisted posts have them
 * (docs: methods/featured_tags). The numbers are kept with the posts, so reading them counts nothing.
 */
#ifndef CORE_FEATURED_TAGS_H
#define CORE_FEATURED_TAGS_H

#include "core/post_parts.h"

struct featured_tag {
	int64_t id, posts, last_post_id; /* last_post_id: 0: none */
	struct view name, display;
};

/*
 * Featuring twice is OK. ERR_NOT_FOUND: no tag at all. ERR_UNPROCESSABLE: LIMIT_FEATURED_TAGS reached. Of what the
 * account has posted, the newest FEATURED_TAG_POSTS posts are looked through for the tag.
 */
#define FEATURED_TAG_POSTS 10000
enum err tag_feature(struct core *c, struct arena *a, struct account_id who, struct view name, struct problem *problem);
enum err tag_unfeature(struct core *c, struct arena *a, struct account_id who, struct view name);
/* ERR_NOT_FOUND: not one's own. */
enum err featured_tag_delete(struct core *c, struct account_id who, int64_t id);

/* In the order they were featured; ret has room for LIMIT_FEATURED_TAGS. */
enum err featured_tags_load(struct db *db, struct arena *a, struct account_id who, struct featured_tag *ret,
			    size_t *ret_n);
/* Of the account's newest public posts, those of its tags it uses most and does not feature. */
enum err featured_tags_suggest(struct db *db, struct arena *a, struct account_id who, size_t limit, struct view *ret,
			       size_t *ret_n);

/* Inside the transaction that gives a post a tag, takes one, or (before its tags go) deletes it. */
enum err featured_tag_add(struct db *tx, const struct post_place *p, struct view name);
enum err featured_tag_remove(struct db *tx, const struct post_place *p, struct view name);
enum err featured_tags_remove_all(struct db *tx, const struct post_place *p);

#endif
