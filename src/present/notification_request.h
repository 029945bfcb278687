/*
 * notification_request.h - NotificationRequest (docs: entities/NotificationRequest).
 */
#ifndef PRESENT_NOTIFICATION_REQUEST_H
#define PRESENT_NOTIFICATION_REQUEST_H

#include "core/notification_requests.h"
#include "present/present.h"

/* ERR_NOT_FOUND, and nothing written, when the account is gone. */
enum err present_notification_request(const struct present *p, const struct notification_request *r, struct jw *j);
/* [NotificationRequest] without those. */
enum err present_notification_requests(const struct present *p, const struct notification_request *list, size_t n,
				       struct jw *j);

#endif
