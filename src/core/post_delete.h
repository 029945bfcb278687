/*
 * post_delete.h - taking back a boost, inside a transaction. Deleting posts: posts.h.
 */
#ifndef CORE_POST_DELETE_H
#define CORE_POST_DELETE_H

#include "core/events.h"
#include "core/post.h"

enum err post_delete_boost(struct db *tx, struct event_list *events, struct account_id who, struct post_id boost,
			   struct post_id target, struct account_id target_author);

#endif
