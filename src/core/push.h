/*
 * push.h - who wants to be told of notifications by Web Push, where, and of which (docs: methods/push). A push is a job,
 * written in the transaction of the notification it is about; push/ sends it.
 */
#ifndef CORE_PUSH_H
#define CORE_PUSH_H

#include "core/notifications.h"
#include "core/sessions.h"

/* Kinds of notification that can be asked for. */
#define PUSH_ALERTS(X)                                                                                                 \
	X(NOTIFY_MENTION, "mention")                                                                                   \
	X(NOTIFY_STATUS, "status")                                                                                     \
	X(NOTIFY_REBLOG, "reblog")                                                                                     \
	X(NOTIFY_FOLLOW, "follow")                                                                                     \
	X(NOTIFY_FOLLOW_REQUEST, "follow_request")                                                                     \
	X(NOTIFY_FAVOURITE, "favourite")                                                                               \
	X(NOTIFY_POLL, "poll")                                                                                         \
	X(NOTIFY_UPDATE, "update")                                                                                     \
	X(NOTIFY_ADMIN_SIGN_UP, "admin.sign_up")                                                                       \
	X(NOTIFY_ADMIN_REPORT, "admin.report")                                                                         \
	X(NOTIFY_QUOTE, "quote")                                                                                       \
	X(NOTIFY_QUOTED_UPDATE, "quoted_update")

/* From whom. Stored numbers: append only. */
enum push_policy { PUSH_ALL, PUSH_FOLLOWED, PUSH_FOLLOWER, PUSH_NONE };
extern const char *const push_policy_names[]; /* ended by NULL */

#define LIMIT_PUSH_ENDPOINT 2000
#define LIMIT_PUSH_SUBSCRIPTIONS 64 /* of one account that are told of one notification: those of its newest tokens */

struct push_subscription {
	struct account_id account;
	int64_t id, token_id;
	struct view endpoint, p256dh, auth; /* the latter base64url */
	struct view access_token;	    /* the token itself: what is sent says whose it is by it */
	bool standard;			    /* RFC 8291; else the draft before it */
	unsigned alerts;		    /* bits 1 << kind */
	enum push_policy policy;
};

/* Instead of the one this token had. s->id is not read. ERR_UNAUTHORIZED: the token was revoked meanwhile. */
enum err push_subscribe(struct core *c, const struct push_subscription *s);
/* ERR_NOT_FOUND when the token has none. */
enum err push_subscription_load(struct db *db, struct arena *a, const struct auth_info *who,
				struct push_subscription *ret);
enum err push_subscription_change(struct core *c, const struct auth_info *who, unsigned alerts,
				  enum push_policy policy);
enum err push_unsubscribe(struct core *c, const struct auth_info *who); /* OK also when there was none */

/* ---- inside a store_write ---- */

/* Writes a job for each subscription of `to` that wants this notification. *ret: there is any. */
enum err push_pend(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
		   int64_t notification, bool *ret);
/* Of a token that is revoked; token 0: all of the account. */
enum err push_forget_token(struct db *tx, struct account_id account, int64_t token);

/* ---- jobs ---- */

#define PUSH_KIND "push" /* in LANE_PUSH */
struct push_task {
	struct account_id account;
	int64_t subscription, notification;
};
bool push_task_parse(struct view payload, struct push_task *ret);
/* ERR_NOT_FOUND: it ended, its token was revoked, or its owner may not log in any more. */
enum err push_task_subscription(struct db *db, struct arena *a, const struct push_task *t,
				struct push_subscription *ret);
/* Inside a store_write: the push service says that there is nobody at the end. */
enum err push_task_gone(struct db *tx, struct view payload);

#endif
