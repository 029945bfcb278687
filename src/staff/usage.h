/*
 * usage.h - what a licensee took in the last 30 days, as charts.
 */
#ifndef STAFF_USAGE_H
#define STAFF_USAGE_H

#include "web/page.h"

enum err usage_charts_draw(struct call *c, struct html *h, int64_t licensee);

#endif
