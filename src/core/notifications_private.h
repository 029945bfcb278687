/*
 * notifications_private.h - how rows of notifications are read, for the files that make pages and groups of them.
 */
#ifndef CORE_NOTIFICATIONS_PRIVATE_H
#define CORE_NOTIFICATIONS_PRIVATE_H

#include "core/notifications.h"

#define NOTIFICATION_COLUMNS "SELECT n.id, n.kind, n.from_id, n.post_id, n.created_at, n.group_id, n.filtered, n.about"
#define NOTIFICATION_COLUMNS_N 8
/* Not from somebody who is blocked either way, muted with notifications, or suspended by now. $1 to, $2 now. */
#define NOTIFICATION_SHOWN                                                                                             \
	"NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = n.from_id) "                     \
	"AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = n.from_id) "            \
	"AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = $1 AND m.target_id = n.from_id "                   \
	"AND m.notifications = 1 AND (m.expires_at IS NULL OR m.expires_at > $2)) "                                    \
	"AND NOT EXISTS (SELECT 1 FROM accounts s WHERE s.id = n.from_id AND s.suspended_at IS NOT NULL) "

/* The row r stands at, which begins with NOTIFICATION_COLUMNS. */
void notification_read(const struct rows *r, struct notification *ret);

/* A direct post that was told of joins the direct timeline and the conversations of who was told. */
enum err notification_join_direct(struct db *tx, struct event_list *list, struct account_id to, struct post_id post,
				  int64_t thread);

/*
 * Gives what a page would show to take() in the order of reading (upward: oldest first), until that says it has enough.
 * *ret_on as notifications_page.
 */
enum err notifications_read(struct db *db, struct account_id to, const struct notification_filter *f,
			    const struct page *page, bool (*take)(void *arg, const struct notification *n), void *arg,
			    int64_t *ret_on);

#endif
