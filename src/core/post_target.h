/*
 * post_target.h - the post that an action on a post or on a boost of it is about.
 */
#ifndef CORE_POST_TARGET_H
#define CORE_POST_TARGET_H

#include "core/post.h"

struct post_target {
	struct post_id id; /* never a boost */
	struct account_id author;
	int64_t thread_id;
	enum visibility visibility;
	bool asked_boost; /* a boost was asked for */
};
/* ERR_NOT_FOUND: does not exist. ERR_FORBIDDEN: who blocks its author. Visibility is the caller's to judge. */
enum err post_target_find(struct db *db, struct account_id who, struct post_id id, struct post_target *ret);

#endif
