/*
 * icons.c - see icons.h. Paths on a 24 × 24 grid, drawn with a line 2 wide.
 */
#include "base/base.h"

#include "web/icons.h"

static const char *const paths[ICON_COUNT] = {
	[ICON_REPLY] = "M20 12a8 8 0 0 1-11.600 7.200L4 20.500l1.200-4.300A8 8 0 1 1 20 12z",
	[ICON_BOOST] = "M7 4 3.500 7.500 7 11M3.500 7.500H16a4 4 0 0 1 4 4v1M17 20l3.500-3.500L17 13m3.500 3.500H8a4 4 0 0 1-4-4v-1",
	[ICON_FAVOURITE] = "m12 3.500 2.600 5.400 5.900.8-4.300 4.100 1 5.900-5.200-2.800-5.200 2.800 1-5.900-4.300-4.100 5.900-.8z",
	[ICON_PIN] = "M12 21v-6m-5 0h10l-2-4V5h1V3H8v2h1v6z",
	[ICON_PUBLIC] = "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM3.500 12h17M12 3.500c5 5 5 12 0 17-5-5-5-12 0-17z",
	[ICON_UNLISTED] = "M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z",
	[ICON_PRIVATE] = "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
	[ICON_DIRECT] = "M4 6h16v12H4zm0 1 8 6 8-6",
	[ICON_BOT] = "M5 9h14v10H5zM12 9V5m-3 8v2m6-2v2M2.500 12.500v3m19-3v3",
	[ICON_CHECK] = "m5 12.500 4.500 4.500L19 7",
	[ICON_EYE_OFF] = "M4 4l16 16M9.500 5.700A10 10 0 0 1 21 12a13 13 0 0 1-2.300 3.300M6.300 7.300A12 12 0 0 0 3 12c2.500 5 8 7.500 12.500 5.500",
};

void draw_icon(struct html *h, enum icon icon)
{
	html_tag(h, "svg", A("class", V("icon")), A("viewBox", V("0 0 24 24")), A("aria-hidden", V("true")));
	html_elem(h, "path", V(""), A("d", view_of(paths[icon])));
	html_close(h, "svg");
}
