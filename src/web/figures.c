/*
 * figures.c - see figures.h. Times are UTC: the server does not know where its readers are.
 */
#include "base/base.h"

#include "web/figures.h"

#include "base/clock.h"
#include "web/kept.h"

#define SECOND 1000
#define MINUTE ((int64_t)60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct {
	struct view months[12], short_months[12], now, minutes_short, hours_short, separator;
	struct noun minutes, hours, days;
} words = {
	.months = {N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
		   N_("August"), N_("September"), N_("October"), N_("November"), N_("December")},
	.short_months = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
			 N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")},
	.now = N_("now"),
	.minutes_short = N_("%s min"),
	.hours_short = N_("%s h"),
	.separator = N_(","), /* between thousands */
	.minutes = {N_("minute"), N_("minutes")},
	.hours = {N_("hour"), N_("hours")},
	.days = {N_("day"), N_("days")},
};

void draw_number(struct call *c, struct html *h, int64_t n)
{
	char digits[24], grouped[32];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, n < 0 ? 0 : n), at = 0;
	char separator = page_say(c, words.separator).p[0];

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			grouped[at++] = separator;
		grouped[at++] = digits[i];
	}
	html_text(h, view_make(grouped, at));
}

void draw_counted(struct call *c, struct html *h, int64_t n, const struct noun *noun)
{
	draw_number(c, h, n);
	html_text(h, V(" "));
	html_text(h, page_say(c, n == 1 ? noun->one : noun->many));
}

static struct view full(struct call *c, int64_t ms)
{
	struct clock_date d = clock_split(ms);

	return arena_printf(c->arena, "%d %.*s %d, %02d:%02d UTC", d.day,
			    VIEW_ARG(page_say(c, words.months[d.month - 1])), d.year, d.hour, d.minute);
}

static void draw_date(struct call *c, struct html *h, int64_t ms, int64_t now)
{
	struct clock_date d = clock_split(ms), today = clock_split(now);

	html_int(h, d.day);
	html_text(h, V(" "));
	html_text(h, page_say(c, words.short_months[d.month - 1]));
	if (d.year == today.year)
		return;
	html_text(h, V(" "));
	html_int(h, d.year);
}

static void open_time(struct html *h, int64_t ms, struct view title)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	html_tag(h, "time", A("datetime", view_of(iso)));
	if (title.len)
		html_attr(h, "title", title);
}

void draw_time(struct call *c, struct html *h, int64_t ms, int64_t now)
{
	int64_t age = now - ms;

	open_time(h, ms, full(c, ms));
	if (age < 0 || age >= DAY) {
		draw_date(c, h, ms, now);
	} else if (age < MINUTE) {
		kept_until(c, ms + MINUTE);
		html_text(h, page_say(c, words.now));
	} else {
		kept_until(c, ms + (age / MINUTE + 1) * MINUTE);
		struct view n = arena_printf(c->arena, "%" PRId64, age < HOUR ? age / MINUTE : age / HOUR);

		html_text(h, PAGE_SAY_WITH(c, age < HOUR ? words.minutes_short : words.hours_short, n));
	}
	html_close(h, "time");
}

void draw_time_full(struct call *c, struct html *h, int64_t ms)
{
	open_time(h, ms, V(""));
	html_text(h, full(c, ms));
	html_close(h, "time");
}

void draw_month(struct call *c, struct html *h, int64_t ms)
{
	struct clock_date d = clock_split(ms);

	open_time(h, ms, V(""));
	html_text(h, page_say(c, words.months[d.month - 1]));
	html_text(h, V(" "));
	html_int(h, d.year);
	html_close(h, "time");
}

void draw_span(struct call *c, struct html *h, int64_t ms)
{
	if (ms >= DAY)
		draw_counted(c, h, ms / DAY, &words.days);
	else if (ms >= HOUR)
		draw_counted(c, h, ms / HOUR, &words.hours);
	else
		draw_counted(c, h, ms < MINUTE ? 1 : ms / MINUTE, &words.minutes);
}
