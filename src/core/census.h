/*
 * census.h - how many people and posts this server has. Counted at once while they are few; where they are many, by a
 * periodic task, and remembered.
 */
#ifndef CORE_CENSUS_H
#define CORE_CENSUS_H

#include "core/core.h"

struct census {
	int64_t people; /* accounts of this server that may be used */
	int64_t posts;	/* theirs, boosts too */
	int64_t active; /* people here in the last 30 days */
};
enum err census_read(struct core *c, struct db *db, struct census *ret);

/* struct job_period: counts anew what census_read() answers for a large server. */
enum err census_count(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
