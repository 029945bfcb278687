/*
 * scheduled.h - posts that wait for their time (docs: methods/scheduled_statuses). What is scheduled is checked at once
 * as if it were posted, and holds its media. It is posted within a second or two of its time, or when the server is
 * back; once, since it is taken out of the table by the transaction that makes the post.
 */
#ifndef CORE_SCHEDULED_H
#define CORE_SCHEDULED_H

#include "core/page.h"
#include "core/posts.h"

#define SCHEDULED_AHEAD_MS ((int64_t)5 * 60 * 1000) /* at least */
#define LIMIT_SCHEDULED 300			    /* of an account */
#define LIMIT_SCHEDULED_DAY 25			    /* for one day, UTC */

struct scheduled {
	int64_t id, at;
	struct view params; /* JSON: ScheduledStatus.params */
	const int64_t *media;
	size_t n_media;
};

/* np->idempotency_key: a repeat within the hour answers the first. ERR_UNPROCESSABLE with words, as post_create. */
enum err scheduled_create(struct core *c, struct db *db, struct arena *a, const struct new_post *np, int64_t at,
			  int64_t *ret_id, struct problem *problem);
/* ERR_NOT_FOUND also when it is somebody else's, or has been posted. */
enum err scheduled_load(struct db *db, struct arena *a, struct account_id owner, int64_t id, struct scheduled *ret);
/* Newest first; ret has room for page->limit. */
enum err scheduled_page(struct db *db, struct arena *a, struct account_id owner, const struct page *page,
			struct scheduled *ret, size_t *ret_n);
enum err scheduled_move(struct core *c, struct account_id owner, int64_t id, int64_t at, struct problem *problem);
enum err scheduled_cancel(struct core *c, struct account_id owner, int64_t id);

/* Inside the transaction that makes the post: takes it out. ERR_NOT_FOUND: it has been posted or called off. */
enum err scheduled_take(struct db *tx, struct account_id owner, int64_t id);

/* Posts what is due. One that is refused stays, with why, until it gets another time. Every second, by jobs/. */
enum err scheduled_post_due(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
