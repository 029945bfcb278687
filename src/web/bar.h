/*
 * bar.h - what is around a page: the bar at its top, and for who is logged in the ways to everything, which stand at the
 * side of a wide screen and at the foot of a phone.
 */
#ifndef WEB_BAR_H
#define WEB_BAR_H

#include "web/page.h"

/* bare: reads nothing of who looks. */
void draw_bar(struct call *c, struct html *h, bool bare);
void draw_rail(struct call *c, struct html *h);

/* <nav class=tabs> of links; the one to the path of this page is the current one. Words are marked. */
struct tab {
	const char *path;
	struct view words;
};
void draw_tabs(struct call *c, struct html *h, struct view label, const struct tab *tabs, size_t n);

#endif
