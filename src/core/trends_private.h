/*
 * trends_private.h - between trends.c, which keeps the lists, and trends_refresh.c, which makes them.
 */
#ifndef CORE_TRENDS_PRIVATE_H
#define CORE_TRENDS_PRIVATE_H

#include "core/trends.h"

/* Makes these the list of their kind; copied. At most TRENDS_MAX. */
void trends_publish(struct core *c, enum trend_kind kind, const struct trend *list, size_t n);

/* Posts that were favourited or boosted since the last call; *ret_all: since before the start, which nobody noted. */
void trends_take_touched(struct core *c, struct arena *a, int64_t **ret, size_t *ret_n, bool *ret_all);

/* True once every core_config.trends_seconds. */
bool trends_due(struct core *c, int64_t now);

#endif
