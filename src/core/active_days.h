/*
 * active_days.h - which accounts were here on which day: written once a day for each, when their token or session is
 * used, and read by moderators' numbers (moderation/measures.h).
 */
#ifndef CORE_ACTIVE_DAYS_H
#define CORE_ACTIVE_DAYS_H

#include "core/core.h"

#define ACTIVE_DAYS_KEPT 800 /* twice the longest period moderators ask about, and a little */

/* Inside a store_write. */
enum err active_day_note(struct db *tx, struct account_id who, int64_t now);

/* struct job_period: forgets what is older. */
enum err active_days_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
