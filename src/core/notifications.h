/*
 * notifications.h - who is told of what. Written in the transaction of what happened, announced behind it.
 */
#ifndef CORE_NOTIFICATIONS_H
#define CORE_NOTIFICATIONS_H

#include "core/events.h"
#include "core/page.h"
#include "core/post.h"

/* Stored numbers: append only. Names are Mastodon's types. */
enum notification_kind {
	NOTIFY_MENTION,
	NOTIFY_STATUS,
	NOTIFY_REBLOG,
	NOTIFY_FOLLOW,
	NOTIFY_FOLLOW_REQUEST,
	NOTIFY_FAVOURITE,
	NOTIFY_POLL,
	NOTIFY_UPDATE,
	NOTIFY_ADMIN_SIGN_UP,
	NOTIFY_ADMIN_REPORT,
	NOTIFY_QUOTE,
	NOTIFY_QUOTED_UPDATE,
	NOTIFY_MODERATION_WARNING,
	NOTIFY_ADDED_TO_COLLECTION,
	NOTIFY_COLLECTION_UPDATE,
	NOTIFY_KINDS
};
const char *notification_name(enum notification_kind k); /* "follow_request" */
bool notification_parse(struct view v, enum notification_kind *ret);

/*
 * Tells `to` that `from` did something (with a post, or 0). Does nothing when to == from (but for polls: the author's
 * own has ended; and for warnings, which come from nobody), to is not of this server, to blocks or mutes from (with notifications), from blocks to, or to has
 * muted the thread. A direct post that mentions them joins their direct timeline and conversations. What their policy
 * filters waits in a request instead, unannounced (notification_policy.h). Who has asked for pushes gets them (push.h).
 * Inside a store_write; pends EVENT_NOTIFICATION on list.
 */
enum err notification_add(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			  struct account_id from, struct post_id post, int64_t thread_id);
/* The same of something that is no post: the id of a report, a warning or a collection. 0: of nothing. */
enum err notification_add_about(struct db *tx, struct event_list *list, struct account_id to,
				enum notification_kind kind, struct account_id from, int64_t about);
/* Takes back what notification_add told: unfavourite, unboost, unfollow. post 0: any. */
enum err notification_remove(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			     struct account_id from, struct post_id post);
enum err notification_remove_about(struct db *tx, struct event_list *list, struct account_id to,
				   enum notification_kind kind, struct account_id from, int64_t about);
void notifications_pend_changed(struct event_list *list, struct account_id to); /* whoever else changes rows */

struct notification {
	int64_t id, created_at;
	enum notification_kind kind;
	struct account_id from;
	struct post_id post; /* 0: about no post */
	int64_t about;	     /* report, warning or collection; 0 else */
	int64_t group;	     /* 0: alone; see notification_groups.h */
	bool filtered;	     /* waits in a request; see notification_policy.h */
};
#define NOTIFY_ALL ((1u << NOTIFY_KINDS) - 1)
/* Kinds of which notifications may be told together; and for how long a group takes more. */
#define NOTIFY_GROUPED (1u << NOTIFY_FAVOURITE | 1u << NOTIFY_REBLOG | 1u << NOTIFY_FOLLOW | 1u << NOTIFY_ADMIN_SIGN_UP)
#define NOTIFICATION_GROUP_MS ((int64_t)12 * 3600 * 1000)
struct notification_filter {
	unsigned kinds;		/* bits 1 << kind */
	unsigned grouped;	/* likewise, of NOTIFY_GROUPED: kinds that are grouped, where that is asked for */
	struct account_id from; /* 0: anybody */
	bool with_filtered;
};
#define NOTIFICATIONS_PAGE 80	   /* the longest page */
#define NOTIFICATIONS_UNREAD 1000 /* that are counted */
/*
 * Newest first, without those from accounts that are blocked, muted or suspended by now. ret has page->limit. A page may
 * be short, even empty, and not the last: *ret_on is where the next one begins then (max_id, or min_id of a page that is
 * read upwards). 0: there is nothing more.
 */
enum err notifications_page(struct core *c, struct db *db, struct account_id to, const struct notification_filter *f,
			    const struct page *page, struct notification *ret, size_t *ret_n, int64_t *ret_on);
/* One that a page would show; ERR_NOT_FOUND else. */
enum err notification_shown(struct db *db, struct account_id to, int64_t id, struct notification *ret);
/* How many are newer than the id `after` and not hidden by a filter; at most limit (NOTIFICATIONS_UNREAD). */
enum err notifications_unread(struct core *c, struct db *db, struct arena *a, struct account_id to,
			      const struct notification_filter *f, int64_t after, int64_t limit, int64_t *ret);
/* ERR_NOT_FOUND also when it is somebody else's. */
enum err notification_load(struct db *db, struct account_id to, int64_t id, struct notification *ret);
enum err notification_dismiss(struct core *c, struct account_id to, int64_t id);
enum err notifications_clear_all(struct core *c, struct db *db, struct account_id to); /* those there are by now */

#endif
