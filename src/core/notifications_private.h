/*
 * notifications_private.h - how rows of notifications are read, for the files that make pages and groups of them.
 */
#ifndef CORE_NOTIFICATIONS_PRIVATE_H
#define CORE_NOTIFICATIONS_PRIVATE_H

#include "core/notification_window.h"
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

/* Each with whether it is shown: 1 or 0 in column NOTIFICATION_COLUMNS_N. */
#define NOTIFICATION_WITH_SHOWN                                                                                        \
	NOTIFICATION_COLUMNS ", CASE WHEN " NOTIFICATION_SHOWN "THEN 1 ELSE 0 END FROM notifications n"

/* The row r stands at, which begins with NOTIFICATION_COLUMNS. */
void notification_read(const struct rows *r, struct notification *ret);

/* A direct post that was told of joins the direct timeline and the conversations of who was told. */
enum err notification_join_direct(struct db *tx, struct event_list *list, struct account_id to, struct post_id post,
				  int64_t thread);

/*
 * Gives what a page would show to take() in the order of reading (upward: oldest first), until that says it has enough.
 * *ret_on as notifications_page. What is in the window w (NULL: none) is not asked of the database.
 */
enum err notifications_read(struct db *db, const struct notification_window *w, struct account_id to,
			    const struct notification_filter *f, const struct page *page,
			    bool (*take)(void *arg, const struct notification *n), void *arg, int64_t *ret_on);
/* The window for a page, or NULL where it begins further down: that is rarely read, and hardly ever twice. */
enum err notifications_window(struct core *c, struct db *db, struct account_id to, const struct page *page,
			      struct notification_window **ret);

/* The same from the page's window, without what the reader's filters hide; for who does not go on reading. */
enum err notifications_read_unhidden(struct core *c, struct db *db, struct arena *a, struct account_id to,
				     const struct notification_filter *f, const struct page *page,
				     bool (*take)(void *arg, const struct notification *n), void *arg);

/* A store_write, and EVENT_NOTIFICATIONS_CHANGED. */
enum err notifications_change(struct core *c, struct account_id to, enum err (*fn)(struct db *tx, void *arg),
			      void *arg);

#endif
