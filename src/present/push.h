/*
 * push.h - WebPushSubscription (docs: entities/WebPushSubscription), and what is pushed, which Mastodon's documentation
 * does not have (Web::NotificationSerializer).
 */
#ifndef PRESENT_PUSH_H
#define PRESENT_PUSH_H

#include "core/push.h"
#include "present/present.h"

enum err present_push_subscription(const struct present *p, const struct push_subscription *s, struct jw *j);

#define PUSH_BODY_CHARS 140 /* of the post or profile it is about */
/*
 * What is pushed of a notification, at most max bytes, to be encrypted; has the subscription's token. p->viewer is the
 * subscription's account. ERR_NOT_FOUND when the notification would not be shown to it by now: exactly when
 * present_notification() says so, with p->context.
 */
enum err present_push(const struct present *p, const struct push_subscription *s, const struct notification *n,
		      size_t max, struct buf *out);

#endif
