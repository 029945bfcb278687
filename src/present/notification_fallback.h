/*
 * notification_fallback.h - what apps that do not know a kind of notification may show in its place (docs:
 * entities/NotificationFallback). Kinds that every app knows have none.
 */
#ifndef PRESENT_NOTIFICATION_FALLBACK_H
#define PRESENT_NOTIFICATION_FALLBACK_H

#include "core/notifications.h"
#include "present/present.h"

#define NOTIFY_WITH_FALLBACK                                                                                           \
	(1u << NOTIFY_ADMIN_SIGN_UP | 1u << NOTIFY_ADMIN_REPORT | 1u << NOTIFY_MODERATION_WARNING |                    \
	 1u << NOTIFY_ADDED_TO_COLLECTION | 1u << NOTIFY_COLLECTION_UPDATE)

/* The member of the notification or of its group, in p->tongue; nothing where p->fallbacks does not have the kind. */
enum err present_notification_fallback(const struct present *p, const struct notification *n, struct jw *j);

#endif
