/*
 * calendar.h - days and months as money counts them: numbers since January 1970, UTC.
 */
#ifndef METER_CALENDAR_H
#define METER_CALENDAR_H

#include "base/base.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

int32_t day_of(int64_t ms);
int64_t day_begin_ms(int32_t day);

int32_t month_of_day(int32_t day); /* 0: January 1970 */
int32_t month_first_day(int32_t month);
int32_t month_days(int32_t month); /* 28 … 31 */

#define MONTH_LEN 7 /* "2026-11" */
void month_text(int32_t month, char ret[MONTH_LEN + 1]);
bool month_parse(struct view v, int32_t *ret); /* of the years 1970 to 9999 */
#define DAY_LEN 10 /* "2026-11-28" */
void day_text(int32_t day, char ret[DAY_LEN + 1]);

/*
 * The share of a month's fee that falls on its day number `at` (0 … days - 1). The first n days always have
 * floor(fee × n / days) together: so the shares of a whole month add up to the fee, and no day is off by more than
 * one micro-unit. fee is not negative.
 */
int64_t fee_of_day(int64_t fee, int32_t at, int32_t days);

#endif
