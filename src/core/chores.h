/*
 * chores.h - long work of core that nobody waits for: written down as a job in the transaction that makes it needed, and
 * done in steps. A step is bounded, and leaves less to do, so that the work may end anywhere and begin anew. jobs/ runs
 * them; server/kinds.c lists them.
 */
#ifndef CORE_CHORES_H
#define CORE_CHORES_H

#include "core/core.h"

struct chore {
	const char *kind; /* of the job: stored, never changes */
	/* About the account or post `id`. *ret_more: there may be something left. */
	enum err (*step)(struct core *c, struct db *db, struct arena *a, int64_t id, bool *ret_more);
};

/* Inside a store_write. lease_ms: for so long it is left to the caller. */
enum err chore_add(struct db *tx, const char *kind, int64_t id, int64_t lease_ms);
/* Inside a store_write: it is done, or (free) it is anybody's. Nothing happens where there is none. */
enum err chore_end(struct db *tx, const char *kind, int64_t id);
enum err chore_free(struct db *tx, const char *kind, int64_t id);
/* Whether it is still to be done. */
enum err chore_waits(struct db *db, const char *kind, int64_t id, bool *ret);

/* For the function of a job kind. After many steps the rest becomes a new job, so that others have their turn. */
enum err chore_run(struct core *c, struct db *db, struct arena *a, const struct chore *chore, struct view payload,
		   struct problem *problem);

#endif
