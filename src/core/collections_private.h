/*
 * collections_private.h - what collections.c and collection_items.c share: one change, and its way into the database.
 */
#ifndef CORE_COLLECTIONS_PRIVATE_H
#define CORE_COLLECTIONS_PRIVATE_H

#include "core/collections.h"

struct collection_op {
	struct collection *col; /* as it shall be, or only whose and which */
	const struct account_id *members;
	size_t n;
	struct collection_item *item;
	int64_t item_id;
	struct account_id who;
	struct problem *problem;
	struct event_list events;
};
/* Runs fn in a store_write, and announces what it pended. fn begins with op->events.n = 0. */
enum err collection_run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct collection_op *op);

/* ---- inside the transaction ---- */

/* Others that concern op->col->owner or one of the members wait: limits hold, and no block comes between. */
enum err collection_lock(struct db *tx, const struct collection_op *op);
/* Puts op->members into it and tells them; *op->item, where it is not NULL, is the last. */
enum err collection_put(struct db *tx, struct collection_op *op);
enum err collection_tell(struct db *tx, struct collection_op *op);  /* who is in it, that it has changed */
enum err collection_empty(struct db *tx, struct collection_op *op); /* and takes back what they were told */

/* Before it: everybody is there for others to know of. */
enum err collection_members_known(struct core *c, struct db *db, const struct account_id *members, size_t n);

#endif
