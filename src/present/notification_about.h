/*
 * notification_about.h - what notifications tell of that is no post: a report, a warning, a collection (docs: entities/Notification).
 */
#ifndef PRESENT_NOTIFICATION_ABOUT_H
#define PRESENT_NOTIFICATION_ABOUT_H

#include "core/notifications.h"
#include "present/present.h"

/* The member of the notification or of its group; nothing for other kinds. ERR_NOT_FOUND, and nothing written: gone. */
enum err present_notification_about(const struct present *p, const struct notification *n, struct jw *j);

#endif
