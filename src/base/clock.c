/*
 * clock.c - the two clocks, and dates in the proleptic Gregorian calendar without the C library's time zones.
 */
#include "base/base.h"
#include "base/clock.h"

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)
#define MS_MAX INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */
#define DAYS_ERA 146097			/* in 400 years */
#define DAYS_TO_1970 719468		/* from 0000-03-01 */

int64_t clock_now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * MS_SECOND + ts.tv_nsec / 1000000;
}

int64_t clock_mono_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* Both directions after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March. */
static void civil_from_days(int64_t days, struct clock_date *d)
{
	int64_t z = days + DAYS_TO_1970, era = z / DAYS_ERA, doe = z % DAYS_ERA;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t month = (5 * doy + 2) / 153;
	d->day = (int)(doy - (153 * month + 2) / 5 + 1);
	d->month = (int)(month < 10 ? month + 3 : month - 9);
	d->year = (int)(yoe + era * 400 + (d->month <= 2));
}

static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400, yoe = y % 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * DAYS_ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy - DAYS_TO_1970;
}

static int64_t clamp(int64_t ms)
{
	return ms < 0 ? 0 : ms > MS_MAX ? MS_MAX : ms;
}

struct clock_date clock_split(int64_t ms)
{
	ms = clamp(ms);
	int64_t days = ms / MS_DAY, rest = ms % MS_DAY;
	struct clock_date d = {
		.hour = (int)(rest / MS_HOUR),
		.minute = (int)(rest / MS_MINUTE % 60),
		.second = (int)(rest / MS_SECOND % 60),
		.ms = (int)(rest % MS_SECOND),
		.weekday = (int)((days + 4) % 7), /* 1970-01-01 was a Thursday */
	};
	civil_from_days(days, &d);
	return d;
}

int64_t clock_join(const struct clock_date *d)
{
	return days_from_civil(d->year, d->month, d->day) * MS_DAY + d->hour * MS_HOUR + d->minute * MS_MINUTE +
	       d->second * MS_SECOND + d->ms;
}

static char *put(char *p, int n, int digits, char after)
{
	for (int i = digits - 1; i >= 0; i--, n /= 10)
		p[i] = (char)('0' + n % 10);
	p[digits] = after;
	return p + digits + 1;
}

void clock_iso(int64_t ms, char ret[CLOCK_ISO_LEN + 1])
{
	struct clock_date d = clock_split(ms);
	char *p = put(ret, d.year, 4, '-');
	p = put(p, d.month, 2, '-');
	p = put(p, d.day, 2, 'T');
	p = put(p, d.hour, 2, ':');
	p = put(p, d.minute, 2, ':');
	p = put(p, d.second, 2, '.');
	p = put(p, d.ms, 3, 'Z');
	*p = '\0';
}

void clock_http(int64_t ms, char ret[CLOCK_HTTP_LEN + 1])
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct clock_date d = clock_split(ms);
	memcpy(ret, days[d.weekday], 3);
	memcpy(ret + 3, ", ", 2);
	char *p = put(ret + 5, d.day, 2, ' ');
	memcpy(p, months[d.month - 1], 3);
	p[3] = ' ';
	p = put(p + 4, d.year, 4, ' ');
	p = put(p, d.hour, 2, ':');
	p = put(p, d.minute, 2, ':');
	p = put(p, d.second, 2, ' ');
	memcpy(p, "GMT", 4);
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* Takes exactly n digits off the front of *v; the number must lie in min..max. */
static bool take_number(struct view *v, size_t n, int min, int max, int *ret)
{
	uint64_t value;
	if (v->len < n || !parse_u64(view_sub(*v, 0, n), (uint64_t)max, &value) || (int)value < min)
		return false;
	*ret = (int)value;
	*v = view_sub(*v, n, SIZE_MAX);
	return true;
}

/* Takes one byte of the set off the front of *v; returns it, or 0. */
static char take_one_of(struct view *v, const char *set)
{
	if (v->len == 0 || v->p[0] == '\0' || !strchr(set, v->p[0]))
		return '\0';
	char c = v->p[0];
	*v = view_sub(*v, 1, SIZE_MAX);
	return c;
}

static bool take_date(struct view *v, struct clock_date *d)
{
	return take_number(v, 4, 1970, 9999, &d->year) && take_one_of(v, "-") && take_number(v, 2, 1, 12, &d->month) &&
	       take_one_of(v, "-") && take_number(v, 2, 1, days_in(d->year, d->month), &d->day);
}

/* Second 60 is a leap second; it becomes the first of the next minute. */
static bool take_time(struct view *v, struct clock_date *d)
{
	return take_number(v, 2, 0, 23, &d->hour) && take_one_of(v, ":") && take_number(v, 2, 0, 59, &d->minute) &&
	       take_one_of(v, ":") && take_number(v, 2, 0, 60, &d->second);
}

static bool take_fraction(struct view *v, struct clock_date *d)
{
	if (!take_one_of(v, "."))
		return true;
	int digit, scale = 100;
	if (!take_number(v, 1, 0, 9, &digit))
		return false;
	do {
		d->ms += digit * scale;
		scale /= 10;
	} while (take_number(v, 1, 0, 9, &digit));
	return true;
}

static bool take_offset(struct view *v, int64_t *ret_ms)
{
	int hours, minutes;
	char sign = take_one_of(v, "Zz+-");
	if (sign == 'Z' || sign == 'z') {
		*ret_ms = 0;
		return true;
	}
	if (!sign || !take_number(v, 2, 0, 23, &hours) || !take_one_of(v, ":") || !take_number(v, 2, 0, 59, &minutes))
		return false;
	int64_t ms = hours * MS_HOUR + minutes * MS_MINUTE;
	*ret_ms = sign == '-' ? -ms : ms;
	return true;
}

bool clock_parse_iso(struct view v, int64_t *ret_ms)
{
	struct clock_date d = {0};
	int64_t offset = 0;
	if (!take_date(&v, &d))
		return false;
	if (v.len &&
	    !(take_one_of(&v, "Tt ") && take_time(&v, &d) && take_fraction(&v, &d) && take_offset(&v, &offset)))
		return false;
	int64_t ms = clock_join(&d) - offset;
	if (v.len || ms != clamp(ms))
		return false;
	*ret_ms = ms;
	return true;
}
