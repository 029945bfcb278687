/*
 * chart.h - numbers in their order as bars: an SVG of rectangles, with the numbers themselves in a table that opens below.
 */
#ifndef STAFF_CHART_H
#define STAFF_CHART_H

#include "staff/table.h"

struct chart {
	struct view title;   /* marked words */
	enum cell_kind kind; /* of the values: CELL_NUMBER, CELL_MONEY or CELL_BYTES */
	const int64_t *values;
	const struct view *labels; /* of each; the first and the last stand below the bars */
	size_t n;
	bool last_only; /* the figure beside the title is the last value, not the sum */
};
void chart_draw(struct call *c, struct html *h, const struct chart *chart);

#endif
