/*
 * filter.h - Filter, FilterKeyword, FilterStatus, FilterResult and V1::Filter (docs: entities/Filter…).
 */
#ifndef PRESENT_FILTER_H
#define PRESENT_FILTER_H

#include "base/json.h"
#include "core/filter_set.h"

/* Filter with its keywords and statuses; [Filter]. */
void present_filters(const struct filters *all, struct jw *j);
void present_filter(const struct filters *one, struct jw *j);
void present_filter_keyword(const struct filter_keyword *k, struct jw *j);
void present_filter_keywords(const struct filters *one, struct jw *j);
void present_filter_status(const struct filter_status *s, struct jw *j);
void present_filter_statuses(const struct filters *one, struct jw *j);

/* V1::Filter: one for each keyword. */
void present_filter_v1(const struct filter *f, const struct filter_keyword *k, struct jw *j);

/* [FilterResult] of a post, as a value without anything around it. */
void present_filtered(const struct filter_set *set, const struct filtered *f, struct buf *out);

#endif
