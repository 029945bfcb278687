/*
 * clock.h - time. Wall time is milliseconds since 1970 UTC in int64_t; durations are measured on the monotonic clock.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"

int64_t clock_now(void);     /* wall clock, ms */
int64_t clock_mono_ns(void); /* monotonic, ns */

struct clock_date {
	int year, month, day, hour, minute, second, ms, weekday; /* month and day from 1, weekday 0 = Sunday */
};
struct clock_date clock_split(int64_t ms);	/* UTC; clamped to the years 1970-9999 */
int64_t clock_join(const struct clock_date *d); /* fields in range; weekday is not looked at */

#define CLOCK_ISO_LEN 24 /* "2024-05-06T07:08:09.123Z" */
void clock_iso(int64_t ms, char ret[CLOCK_ISO_LEN + 1]);
#define CLOCK_HTTP_LEN 29 /* "Mon, 06 May 2024 07:08:09 GMT", RFC 9110 5.6.7 */
void clock_http(int64_t ms, char ret[CLOCK_HTTP_LEN + 1]);
/* RFC 3339 with Z or an offset, or a bare date (midnight UTC); fractions cut to ms. Only the years 1970-9999. */
bool clock_parse_iso(struct view v, int64_t *ret_ms);

#define CLOCK_DAY_MS ((int64_t)24 * 3600 * 1000)
static inline int64_t clock_midnight(int64_t ms)
{
	return ms - ms % CLOCK_DAY_MS;
} /* UTC; since 1970 only */

#endif
