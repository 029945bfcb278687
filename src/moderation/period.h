/*
 * period.h - the days moderators ask about. Midnights are UTC; both ends are of the period.
 */
#ifndef MODERATION_PERIOD_H
#define MODERATION_PERIOD_H

#include "base/base.h"

#define PERIOD_DAYS_MAX 366

struct period {
	int64_t from, to; /* ms of midnight of the first day, and of the day behind the last */
};
/* Times on a day stand for the day. ERR_UNPROCESSABLE with words: the end is before the start, or far behind it. */
enum err period_check(int64_t start, int64_t end, struct period *ret, struct problem *problem);
size_t period_days(const struct period *p);
/* As long before as from the first day to the last (docs: entities/Admin_Measure#previous_total). */
struct period period_before(const struct period *p);

#endif
