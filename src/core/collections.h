/*
 * collections.h - accounts that somebody recommends together (docs: methods/collections). In one is who may be found
 * anyway (discoverable), is told, and can leave for good. Everybody may look; what is not discoverable is not listed.
 */
#ifndef CORE_COLLECTIONS_H
#define CORE_COLLECTIONS_H

#include "core/core.h"
#include "core/events.h"

#define LIMIT_COLLECTIONS 10	  /* of one account: what Mastodon's roles have as they are installed */
#define LIMIT_COLLECTION_ITEMS 25 /* Mastodon's, as the next two */
#define LIMIT_COLLECTION_NAME_CHARS 40
#define LIMIT_COLLECTION_DESCRIPTION_CHARS 100

struct collection {
	int64_t id;
	struct account_id owner;
	struct view name, description;
	struct view language; /* ISO 639; empty: not said */
	struct view tag;      /* as written; empty: none */
	bool sensitive, discoverable;
	int64_t updated_at;
};

/* Mastodon's, in its order. Stored numbers: append only. Who is of this server need not be asked, so none waits. */
enum collection_item_state { ITEM_PENDING, ITEM_ACCEPTED, ITEM_REJECTED, ITEM_REVOKED };
const char *collection_item_state_name(enum collection_item_state s);

struct collection_item {
	int64_t id;
	struct account_id account;
	enum collection_item_state state;
};

/* ---- reading; texts live in the arena ---- */

/* ERR_NOT_FOUND also when whose it is is suspended. */
enum err collection_load(struct db *db, struct arena *a, int64_t id, struct collection *ret);

struct collection_query {
	struct account_id owner;  /* or 0, and */
	struct account_id member; /* who is in it */
	bool listed;		  /* only discoverable ones */
	size_t limit, offset;
};
/* Newest first; ret has room for limit. */
enum err collections_load(struct db *db, struct arena *a, const struct collection_query *q, struct collection *ret,
			  size_t *ret_n);
/* Those accepted and not suspended, in the order they were added; ret has room for LIMIT_COLLECTION_ITEMS. */
enum err collection_items_load(struct db *db, int64_t collection, struct collection_item *ret, size_t *ret_n);

/* ---- changing ---- */

/*
 * Language and tag as anybody writes them. Sets id and the texts as they are kept. ERR_UNPROCESSABLE with words: a text
 * does not do, or there are too many. Of members: all or none, and see collection_add.
 */
enum err collection_create(struct core *c, struct db *db, struct arena *a, struct collection *col,
			   const struct account_id *members, size_t n, struct problem *problem);
/* All of it, by id and owner. A new name or description is told to who is in it. ERR_NOT_FOUND: not theirs. */
enum err collection_update(struct core *c, struct arena *a, struct collection *col, struct problem *problem);
enum err collection_delete(struct core *c, struct account_id owner, int64_t id);

/*
 * ERR_FORBIDDEN: who does not want to be found, or a block between them. ERR_UNPROCESSABLE: in it already, or has left
 * it; or it is full. ERR_NOT_FOUND: no such account, or not their collection.
 */
enum err collection_add(struct core *c, struct db *db, const struct collection *col, struct account_id who,
			struct collection_item *ret, struct problem *problem);
/* By whose collection it is. ERR_NOT_FOUND: not in it, or has left. */
enum err collection_remove(struct core *c, struct account_id owner, int64_t id, int64_t item);
/* By who is in it; cannot be added again. ERR_FORBIDDEN: that is somebody else. */
enum err collection_leave(struct core *c, struct account_id who, int64_t id, int64_t item);

/* `who` blocks `target`: neither stays in a collection of the other. Inside a store_write. */
enum err collections_part(struct db *tx, struct event_list *list, struct account_id who, struct account_id target);

#endif
