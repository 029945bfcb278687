/*
 * activity.h - what happened on this server week by week (Mastodon: GET /api/v1/instance/activity), and whom to ask.
 */
#ifndef CORE_ACTIVITY_H
#define CORE_ACTIVITY_H

#include "core/core.h"

#define ACTIVITY_WEEKS 12
#define ACTIVITY_MAX 100000 /* posts of a week are counted no further */

struct activity_week {
	int64_t begin; /* ms of Monday, midnight UTC */
	int64_t posts, logins, registrations;
};
/*
 * This week first, as it was counted last: anybody may ask, so a question does not count. Before the first count all
 * but the weeks' beginnings are 0.
 */
enum err activity_read(struct db *db, int64_t now, struct activity_week ret[ACTIVITY_WEEKS]);

/* struct job_period: counts, by ranges of ids, which are times. */
enum err activity_count(struct core *c, struct db *db, struct arena *a, int64_t now);

/* The first owner; 0 when there is none. */
enum err activity_contact(struct db *db, struct account_id *ret);

#endif
