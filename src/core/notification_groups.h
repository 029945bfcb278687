/*
 * notification_groups.h - notifications of one kind about one post, or of new followers, told together (docs: methods/
 * grouped_notifications). A group begins with a notification, whose id names it, and takes what comes within
 * NOTIFICATION_GROUP_MS; kinds that are never grouped, and older rows, are alone.
 */
#ifndef CORE_NOTIFICATION_GROUPS_H
#define CORE_NOTIFICATION_GROUPS_H

#include "core/notifications.h"

#define NOTIFICATION_SAMPLE 8 /* accounts that are shown of a group; Mastodon's figure */

struct notification_group {
	int64_t id; /* 0: of one notification that is alone */
	struct notification newest;
	int64_t count, page_min_id;		       /* page_min_id: the oldest that is on the page */
	struct account_id sample[NOTIFICATION_SAMPLE]; /* the newest */
	size_t n_sample;
};

/* What a client calls a group by. */
struct notification_key {
	int64_t id;
	bool grouped; /* id is a group's; else a notification's */
};

/*
 * The groups of a page's notifications (those of f->grouped), the one with the newest first; ret has page->limit. A
 * group of which a page does not show everything comes again on the next. *ret_on as notifications_page.
 */
enum err notification_groups_page(struct core *c, struct db *db, struct account_id to,
				  const struct notification_filter *f, const struct page *page,
				  struct notification_group *ret, size_t *ret_n, int64_t *ret_on);
/* With what is filtered too. ERR_NOT_FOUND when it is empty, or somebody else's. */
enum err notification_group_load(struct db *db, struct account_id to, const struct notification_key *key,
				 struct notification_group *ret);
/* Who is in it, from the newest; *ret_last is the notification of the last of them. */
enum err notification_group_accounts(struct db *db, struct account_id to, const struct notification_key *key,
				     const struct page *page, struct account_id *ret, size_t *ret_n, int64_t *ret_last);
/* How many groups have something newer than `after` that no filter hides; at most limit (NOTIFICATIONS_UNREAD). */
enum err notification_groups_unread(struct core *c, struct db *db, struct arena *a, struct account_id to,
				    const struct notification_filter *f, int64_t after, int64_t limit, int64_t *ret);
/* All that is in it; nothing when it is gone. */
enum err notification_group_dismiss(struct core *c, struct account_id to, const struct notification_key *key);

#endif
