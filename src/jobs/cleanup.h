/*
 * cleanup.h - periodic tasks that forget what has had its time. Each removes a bounded number of rows at a time and
 * comes back for the rest. Signatures are those of struct job_period.
 */
#ifndef JOBS_CLEANUP_H
#define JOBS_CLEANUP_H

#include "core/core.h"

#define IDEMPOTENCY_MS (60 * 60 * 1000) /* Mastodon: an hour */

enum err cleanup_idempotency(struct core *c, struct db *db, struct arena *a, int64_t now);
enum err cleanup_sessions(struct core *c, struct db *db, struct arena *a, int64_t now);
enum err cleanup_codes(struct core *c, struct db *db, struct arena *a, int64_t now);
enum err cleanup_mutes(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
