/*
 * notification.h - Notification and GroupedNotificationsResults (docs: entities/Notification,
 * methods/grouped_notifications).
 */
#ifndef PRESENT_NOTIFICATION_H
#define PRESENT_NOTIFICATION_H

#include "core/notification_groups.h"
#include "present/present.h"

/* "favourite-34" is the group that notification 34 began, "ungrouped-34" that notification alone. Written as the member "group_key". */
bool notification_key_parse(struct view key, struct notification_key *ret);
void notification_key_write(enum notification_kind kind, const struct notification_key *key, struct jw *j);

/* ERR_NOT_FOUND, and nothing written, when who did it or the post is gone, or may not be seen by now. */
enum err present_notification(const struct present *p, const struct notification *n, struct jw *j);
/* [Notification] without those. */
enum err present_notifications(const struct present *p, const struct notification *list, size_t n, struct jw *j);
/*
 * GroupedNotificationsResults without groups about such a post. Of each group the newest account is complete; the others
 * too, or with `partial` as PartialAccountWithAvatar.
 */
enum err present_notification_groups(const struct present *p, const struct notification_group *list, size_t n,
				     bool partial, struct jw *j);

#endif
