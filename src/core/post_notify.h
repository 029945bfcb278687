/*
 * post_notify.h - telling many people of one post. That they are to be told is written down as a job, in the
 * transaction of what happened, so that a crash loses nobody; the job knows how far it has come, so that nobody is told
 * twice. The first batch is told at once, by whoever did it; the rest by jobs/, so that no call is held up by
 * somebody's many followers.
 */
#ifndef CORE_POST_NOTIFY_H
#define CORE_POST_NOTIFY_H

#include "core/notifications.h"

/*
 * kind says who: NOTIFY_STATUS the followers who asked for it, but those the post mentions (told already); NOTIFY_UPDATE
 * those who boosted it or voted in its poll; NOTIFY_QUOTED_UPDATE those who quote it; NOTIFY_POLL the author and those who voted.
 */
struct notify_task {
	enum notification_kind kind;
	struct account_id author;
	struct post_id post;
	int64_t thread_id;
	int64_t job, phase, last; /* 0: set by what follows */
};
/* Whether there may be anybody to tell: a look before the transaction. */
enum err post_notify_wanted(struct db *db, const struct notify_task *t, bool *ret);
/* Inside the store_write of what happened. */
enum err post_notify_add(struct db *tx, struct notify_task *t);
/* Behind its commit. What is left, also after an error, is the job's. */
enum err post_notify_begin(struct core *c, struct db *db, struct arena *a, const struct notify_task *t);

/* The row of server/kinds.c. */
#define POST_NOTIFY_KIND "notify"
enum err post_notify_job(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);

#endif
