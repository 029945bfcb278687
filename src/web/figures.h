/*
 * figures.h - numbers and times as people read them, in the language of the page. Nouns are marked words.
 */
#ifndef WEB_FIGURES_H
#define WEB_FIGURES_H

#include "web/page.h"

/* "1 post", "12,345 posts". */
struct noun {
	struct view one, many;
};
void draw_number(struct call *c, struct html *h, int64_t n); /* "12,345" */
void draw_counted(struct call *c, struct html *h, int64_t n, const struct noun *noun);

/* <time>: "12 min", "5 h", "6 May", "6 May 2023"; the whole of it in title. */
void draw_time(struct call *c, struct html *h, int64_t ms, int64_t now);
void draw_time_full(struct call *c, struct html *h, int64_t ms); /* "6 May 2023, 07:08 UTC" */
void draw_month(struct call *c, struct html *h, int64_t ms);	 /* "May 2023" */
/* How long until then: "3 days", "5 hours", "12 minutes". */
void draw_span(struct call *c, struct html *h, int64_t ms);

#endif
