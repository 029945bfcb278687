/*
 * notification_requests.h - filtered notifications wait, by who they are from, until one accepts or dismisses them
 * (docs: entities/NotificationRequest).
 */
#ifndef CORE_NOTIFICATION_REQUESTS_H
#define CORE_NOTIFICATION_REQUESTS_H

#include "core/notifications.h"

#define NOTIFICATION_REQUESTS_PAGE 80
#define NOTIFICATIONS_COUNTED 100 /* as Mastodon: more is not told apart */

struct notification_request {
	int64_t id, updated_at, count;
	struct account_id from;
	struct post_id last; /* newest that one of them is about, or 0 */
};

/* Inside the transaction that adds a filtered notification. */
enum err notification_request_note(struct db *tx, struct account_id to, struct account_id from);

/* Newest first; ret has page->limit. Without those of whom one has blocked or muted, or who is suspended, by now. */
enum err notification_requests_page(struct db *db, struct account_id to, const struct page *page,
				    struct notification_request *ret, size_t *ret_n);
enum err notification_request_load(struct db *db, struct account_id to, int64_t id, struct notification_request *ret);
/* How many requests there are, and notifications in them; each at most NOTIFICATIONS_COUNTED. */
enum err notification_requests_count(struct db *db, struct account_id to, int64_t *ret_requests,
				     int64_t *ret_notifications);

/*
 * Takes in what waits, and from now on all from this account; or forgets what waits. ERR_NOT_FOUND: no such request.
 * Accepting pends EVENT_NOTIFICATIONS_MERGED.
 */
enum err notification_request_accept(struct core *c, struct account_id to, int64_t id);
enum err notification_request_dismiss(struct core *c, struct account_id to, int64_t id);

#endif
