/*
 * usage.h - what a licensee took, by day, app and terms: sums of what was settled, up to about a second ago.
 */
#ifndef METER_USAGE_H
#define METER_USAGE_H

#include "meter/plan.h"

#define USAGE_DAYS_MAX 90
#define USAGE_ROWS_MAX 20000
#define USAGE_DAY_MS ((int64_t)24 * 3600 * 1000)

struct usage_row {
	int32_t day; /* since 1970, UTC */
	int64_t app, project, terms;
	struct view plan; /* the terms' name; plan_version */
	int64_t plan_version;
	int64_t posts_included, posts_extra, posts_repeated; /* charged, within and beyond the plan's; free */
	int64_t users_extra, users_repeated;
	int64_t answers_broken, cost_micro;
};

/* From a day on (included), newest day first, at most USAGE_ROWS_MAX. */
enum err usage_load(struct db *db, struct arena *a, int64_t licensee, int32_t from_day, struct usage_row **ret,
		    size_t *ret_n);

/* Posts charged from a day on (included), and what they cost. */
enum err usage_sum(struct db *db, int64_t licensee, int32_t from_day, int64_t *ret_posts, int64_t *ret_cost);

/* The first day of the month a moment is in, and of the next. UTC. */
int32_t usage_month_begin(int64_t ms);
int32_t usage_month_end(int64_t ms);

#endif
