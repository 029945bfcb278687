/*
 * plan_page.h - docs/plans.md, from the tables of fields and of the plans that come with the program.
 */
#ifndef METER_PLAN_PAGE_H
#define METER_PLAN_PAGE_H

#include "base/arena.h"
#include "base/buf.h"

void plans_markdown(struct arena *a, struct buf *out);

#endif
