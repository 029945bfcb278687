/*
 * removal.h - accounts that moderators delete: of who waits to be let in, and of who is suspended. It cannot be undone, so
 * it stands in the record before it begins; posts and the rest go by a job.
 */
#ifndef MODERATION_REMOVAL_H
#define MODERATION_REMOVAL_H

#include "moderation/people.h"

/* ERR_FORBIDDEN: they do not wait. */
enum err moderate_reject(struct core *c, struct db *db, struct arena *a, struct account_id by,
			 const struct person *person);
/* ERR_FORBIDDEN: they are not suspended. */
enum err moderate_remove(struct core *c, struct db *db, struct arena *a, struct account_id by,
			 const struct person *person);

#endif
