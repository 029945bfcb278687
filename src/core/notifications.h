/*
 * notifications.h - who is told of what. Written in the transaction of what happened, announced behind it.
 */
#ifndef CORE_NOTIFICATIONS_H
#define CORE_NOTIFICATIONS_H

#include "core/events.h"
#include "core/page.h"
#include "core/post.h"

/* Stored numbers: append only. Names are Mastodon's types. */
enum notification_kind {
	NOTIFY_MENTION, NOTIFY_STATUS, NOTIFY_REBLOG, NOTIFY_FOLLOW, NOTIFY_FOLLOW_REQUEST, NOTIFY_FAVOURITE,
	NOTIFY_POLL, NOTIFY_UPDATE, NOTIFY_ADMIN_SIGN_UP, NOTIFY_ADMIN_REPORT, NOTIFY_KINDS
};
const char *notification_name(enum notification_kind k); /* "follow_request" */

/*
 * Tells `to` that `from` did something (with a post, or 0). Does nothing when to == from, to is not of this server, to
 * blocks or mutes from (with notifications), from blocks to, or to has muted the thread. Inside a store_write;
 * pends EVENT_NOTIFICATION on list.
 */
enum err notification_add(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			  struct account_id from, struct post_id post, int64_t thread_id);
/* Takes back what notification_add told: unfavourite, unboost, unfollow. post 0: any. */
enum err notification_remove(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
			     struct post_id post);
/* All notifications about a post that is being deleted. */
enum err notification_remove_post(struct db *tx, struct post_id post);

#endif
