/*
 * notification.h - Notification and GroupedNotificationsResults (docs: entities/Notification,
 * methods/grouped_notifications). Every notification is a group of its own.
 */
#ifndef PRESENT_NOTIFICATION_H
#define PRESENT_NOTIFICATION_H

#include "core/notifications.h"
#include "present/present.h"

/* "ungrouped-34": of a notification, and back. */
#define NOTIFICATION_KEY_PREFIX "ungrouped-"
bool notification_key_parse(struct view key, int64_t *ret_id);

/* ERR_NOT_FOUND, and nothing written, when who did it or the post is gone, or may not be seen by now. */
enum err present_notification(const struct present *p, const struct notification *n, struct jw *j);
/* [Notification] without those. */
enum err present_notifications(const struct present *p, const struct notification *list, size_t n, struct jw *j);
enum err present_notification_groups(const struct present *p, const struct notification *list, size_t n, struct jw *j);

#endif
