/*
 * post_load.h - reading parts of a post by themselves. Whole posts: post.h.
 */
#ifndef CORE_POST_LOAD_H
#define CORE_POST_LOAD_H

#include "core/post.h"

enum media_state { MEDIA_PROCESSING, MEDIA_READY, MEDIA_FAILED }; /* media.state */

#define LIMIT_POST_MEDIA_SHOWN 16 /* posts of other servers may carry more than ours */

/* A post by who has just written it, but for its app, mentions, media and poll. */
struct post_row {
	struct post post;
	int64_t app_id; /* 0: none */
	bool has_mentions;
};
/* Reads what the row leaves open: *ret is then as post_load would have it. */
enum err post_load_rest(struct db *db, struct arena *a, const struct post_row *row, struct post *ret);

/* A post of this server by its page or ActivityPub id, whoever may see it. */
enum err post_find_url(struct db *db, struct view url, struct post_id *ret);

/* The media a post shows now, in their order. */
enum err post_load_attachments(struct db *db, struct arena *a, struct post_id id, const struct post_media **ret,
			       size_t *ret_n);
/* One attachment, whoever's it is. ERR_NOT_FOUND when there is none. */
enum err media_load(struct db *db, struct arena *a, int64_t id, struct post_media *ret);
/* ERR_NOT_FOUND when the post has no poll. */
enum err poll_load(struct db *db, struct arena *a, struct post_id id, struct post_poll **ret);

#endif
