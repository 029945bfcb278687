/*
 * page.h - a page of a list ordered by id, newest first. max_id: older than; since_id: newer than, from the top;
 * min_id: newer than, right above it. Answers are always newest first. 0 is no bound.
 */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include "base/base.h"

struct page {
	int64_t max_id, since_id, min_id;
	size_t limit;
};

/* Lower bound (exclusive) of a page, and whether it is read upwards (min_id given). */
static inline int64_t page_floor(const struct page *p) { return p->min_id > p->since_id ? p->min_id : p->since_id; }
static inline int64_t page_ceiling(const struct page *p) { return p->max_id > 0 ? p->max_id : INT64_MAX; }
static inline bool page_upward(const struct page *p) { return p->min_id > 0; }

#endif
