/*
 * lists.h - an account's lists of others (docs: methods/lists). Members are followed by the owner, or the owner.
 */
#ifndef CORE_LISTS_H
#define CORE_LISTS_H

#include "core/core.h"
#include "core/graph.h"
#include "core/page.h"

/* Whose replies a list shows: to anybody the owner follows, to members of the list, none. Stored numbers. */
enum replies_policy { REPLIES_FOLLOWED, REPLIES_LIST, REPLIES_NONE };
#define REPLIES_POLICIES 3
const char *replies_policy_name(enum replies_policy p);

struct list {
	int64_t id;
	struct view title;
	enum replies_policy replies;
	bool exclusive; /* members' posts are left out of home */
};
#define LIMIT_LIST_TITLE_CHARS 256

/* ERR_NOT_FOUND also when it is somebody else's. */
enum err list_load(struct db *db, struct arena *a, struct account_id owner, int64_t id, struct list *ret);
/* All of an account's lists, oldest first; only those with the member when it is not 0. At most LIMIT_LISTS. */
enum err lists_load(struct db *db, struct arena *a, struct account_id owner, struct account_id member, struct list *ret,
		    size_t *ret_n);

/* ERR_UNPROCESSABLE with words: blank or long title, too many lists. *list's id is set. */
enum err list_create(struct core *c, struct account_id owner, struct list *list, struct problem *problem);
/* Replaces all of it; list->id says which. */
enum err list_update(struct core *c, struct account_id owner, const struct list *list, struct problem *problem);
enum err list_delete(struct core *c, struct account_id owner, int64_t id);

/*
 * Adds all or none. ERR_NOT_FOUND: one is not followed (nor asked to be). ERR_UNPROCESSABLE: one is in it already, or
 * LIMIT_LIST_ACCOUNTS.
 */
enum err list_add(struct core *c, struct account_id owner, int64_t list, const struct account_id *ids, size_t n,
		  struct problem *problem);
enum err list_remove(struct core *c, struct account_id owner, int64_t list, const struct account_id *ids, size_t n);
/* Newest member first. The caller has loaded the list. */
enum err list_members(struct db *db, int64_t list, const struct page *page, struct graph_entry *ret, size_t *ret_n);

#endif
