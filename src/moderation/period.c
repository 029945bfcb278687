/*
 * period.c - see period.h.
 */
#include "base/base.h"

#include "moderation/period.h"

#include "base/clock.h"

enum err period_check(int64_t start, int64_t end, struct period *ret, struct problem *problem)
{
	struct period p = {clock_midnight(start), clock_midnight(end) + CLOCK_DAY_MS};

	if (p.to <= p.from)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: End at must not be before start at");
	if (period_days(&p) > PERIOD_DAYS_MAX)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: The period must not be longer than %d days",
			    PERIOD_DAYS_MAX);
	*ret = p;
	return OK;
}

size_t period_days(const struct period *p)
{
	return (size_t)((p->to - p->from) / CLOCK_DAY_MS);
}

struct period period_before(const struct period *p)
{
	int64_t length = p->to - CLOCK_DAY_MS - p->from;

	return (struct period){p->from - length, p->to - length};
}
