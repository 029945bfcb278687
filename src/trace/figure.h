/*
 * figure.h - plain figures of a report: SVG inside HTML, without scripts, that prints in black and white. Every number in them
 * stands in the report's attachments too.
 */
#ifndef TRACE_FIGURE_H
#define TRACE_FIGURE_H

#include "base/base.h"
#include "text/html.h"

struct figure_mark {
	double x;
	struct view label;
};
/* Points (x, y) as columns or as a line, over a horizontal axis; marks are vertical lines across it. */
struct figure {
	struct view title, x_label, y_label;
	const double *x, *y; /* x ascending, y not negative; finite */
	size_t n;
	bool columns;
	const struct figure_mark *marks;
	size_t n_marks;
};
void figure_draw(struct html *h, const struct figure *f);

/* One bar for each row, to the right of its label; a threshold is a vertical line. */
struct figure_row {
	struct view label;
	double value; /* negative ones are drawn as 0 */
	bool strong;
};
struct figure_rows {
	struct view title, x_label;
	const struct figure_row *rows;
	size_t n;
	double threshold; /* 0: none */
	struct view threshold_label;
};
void figure_draw_rows(struct html *h, const struct figure_rows *f);

#endif
