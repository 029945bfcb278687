/*
 * calendar.c - see calendar.h.
 */
#include "base/base.h"

#include "meter/calendar.h"

#include "base/clock.h"

int32_t day_of(int64_t ms)
{
	return (int32_t)(ms / DAY_MS);
}

int64_t day_begin_ms(int32_t day)
{
	return day * DAY_MS;
}

int32_t month_of_day(int32_t day)
{
	struct clock_date d = clock_split(day_begin_ms(day));

	return (d.year - 1970) * 12 + d.month - 1;
}

int32_t month_first_day(int32_t month)
{
	const struct clock_date d = {.year = 1970 + month / 12, .month = month % 12 + 1, .day = 1};

	return day_of(clock_join(&d));
}

int32_t month_days(int32_t month)
{
	return month_first_day(month + 1) - month_first_day(month);
}

void month_text(int32_t month, char ret[MONTH_LEN + 1])
{
	snprintf(ret, MONTH_LEN + 1, "%04u-%02u", (1970u + (unsigned)month / 12) % 10000, (unsigned)month % 12 + 1);
}

bool month_parse(struct view v, int32_t *ret)
{
	uint64_t year, month;

	if (v.len != MONTH_LEN || v.p[4] != '-' || !parse_u64(view_sub(v, 0, 4), 9999, &year) ||
	    !parse_u64(view_sub(v, 5, 2), 12, &month) || year < 1970 || month < 1)
		return false;
	*ret = (int32_t)((year - 1970) * 12 + month - 1);
	return true;
}

void day_text(int32_t day, char ret[DAY_LEN + 1])
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(day_begin_ms(day), iso);
	memcpy(ret, iso, DAY_LEN);
	ret[DAY_LEN] = '\0';
}

/* floor(fee × n / days) without its large product */
static int64_t first_days(int64_t fee, int32_t n, int32_t days)
{
	return fee / days * n + fee % days * n / days;
}

int64_t fee_of_day(int64_t fee, int32_t at, int32_t days)
{
	return first_days(fee, at + 1, days) - first_days(fee, at, days);
}
