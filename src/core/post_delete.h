/*
 * post_delete.h - taking away a boost, inside a transaction. Deleting posts: posts.h.
 */
#ifndef CORE_POST_DELETE_H
#define CORE_POST_DELETE_H

#include "core/events.h"
#include "core/post.h"

struct post_place; /* core/post_parts.h */
/* A boost's rows; the count of the post boosted is left to the caller. ERR_NOT_FOUND when it is gone already. */
enum err post_drop_boost(struct db *tx, struct event_list *events, const struct post_place *p, struct post_id target);
/* The same with the count, and what its author was told. */
enum err post_delete_boost(struct db *tx, struct event_list *events, struct account_id who, struct post_id boost,
			   struct post_id target, struct account_id target_author);

#endif
