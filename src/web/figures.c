/*
 * figures.c - see figures.h. Times are UTC: the server does not know where its readers are.
 */
#include "base/base.h"

#include "web/figures.h"

#include "base/clock.h"

#define SECOND 1000
#define MINUTE ((int64_t)60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct {
	const char *months[12];
	struct view now, minutes_short, hours_short;
	struct noun minutes, hours, days;
} words = {
	.months = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
		   "November", "December"},
	.now = V("now"),
	.minutes_short = V(" min"),
	.hours_short = V(" h"),
	.minutes = {V("minute"), V("minutes")},
	.hours = {V("hour"), V("hours")},
	.days = {V("day"), V("days")},
};

#define SHORT_MONTH 3 /* letters */

void draw_number(struct html *h, int64_t n)
{
	char digits[24], grouped[32];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, n < 0 ? 0 : n), at = 0;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			grouped[at++] = ',';
		grouped[at++] = digits[i];
	}
	html_text(h, view_make(grouped, at));
}

void draw_counted(struct html *h, int64_t n, const struct noun *noun)
{
	draw_number(h, n);
	html_text(h, V(" "));
	html_text(h, n == 1 ? noun->one : noun->many);
}

static void full(int64_t ms, char *ret, size_t size)
{
	struct clock_date d = clock_split(ms);

	snprintf(ret, size, "%d %s %d, %02d:%02d UTC", d.day, words.months[d.month - 1], d.year, d.hour, d.minute);
}

static void draw_date(struct html *h, int64_t ms, int64_t now)
{
	struct clock_date d = clock_split(ms), today = clock_split(now);

	html_int(h, d.day);
	html_text(h, V(" "));
	html_text(h, view_sub(view_of(words.months[d.month - 1]), 0, SHORT_MONTH));
	if (d.year == today.year)
		return;
	html_text(h, V(" "));
	html_int(h, d.year);
}

static void open_time(struct html *h, int64_t ms, bool titled)
{
	char iso[CLOCK_ISO_LEN + 1], title[64];

	clock_iso(ms, iso);
	html_tag(h, "time", A("datetime", view_of(iso)));
	if (!titled)
		return;
	full(ms, title, sizeof(title));
	html_attr(h, "title", view_of(title));
}

void draw_time(struct html *h, int64_t ms, int64_t now)
{
	int64_t age = now - ms;

	open_time(h, ms, true);
	if (age < 0 || age >= DAY) {
		draw_date(h, ms, now);
	} else if (age < MINUTE) {
		html_text(h, words.now);
	} else {
		html_int(h, age < HOUR ? age / MINUTE : age / HOUR);
		html_text(h, age < HOUR ? words.minutes_short : words.hours_short);
	}
	html_close(h, "time");
}

void draw_time_full(struct html *h, int64_t ms)
{
	char text[64];

	open_time(h, ms, false);
	full(ms, text, sizeof(text));
	html_text(h, view_of(text));
	html_close(h, "time");
}

void draw_month(struct html *h, int64_t ms)
{
	struct clock_date d = clock_split(ms);

	open_time(h, ms, false);
	html_text(h, view_of(words.months[d.month - 1]));
	html_text(h, V(" "));
	html_int(h, d.year);
	html_close(h, "time");
}

void draw_span(struct html *h, int64_t ms)
{
	if (ms >= DAY)
		draw_counted(h, ms / DAY, &words.days);
	else if (ms >= HOUR)
		draw_counted(h, ms / HOUR, &words.hours);
	else
		draw_counted(h, ms < MINUTE ? 1 : ms / MINUTE, &words.minutes);
}
