/*
 * xuser.h - accounts as licensees get them (X API v2, "User fields"), kept as xpost.h keeps posts. An account goes out
 * as its posts do: of this server, neither suspended nor limited, allowing every use the licence is for.
 */
#ifndef LICENSED_XUSER_H
#define LICENSED_XUSER_H

#include "licensed/xpost.h"

struct xuser {
	struct cached cached;
	struct account_id id;
	struct licensed_author *author; /* NULL: may never go out */
	uint64_t stamp;			/* as of xpost.h */
	bool hides_follows;		/* its followers and whom it follows are nobody's business */
	struct post_id pinned;		/* 0: none */
	int64_t followers, following, posts;
	struct xpieces pieces; /* enum user_field */
};

struct xusers;
struct xusers *xusers_new(struct core *c, struct licensed_authors *authors, size_t bytes); /* subscribes to events */
void xusers_free(struct xusers *x);							   /* NULL-safe */

/* As xpost_get. */
enum err xuser_get(struct core *c, struct db *db, struct account_id id, const struct licence *licence,
		   struct xuser **ret, struct ledger_item *ret_item);
void xuser_put(struct xuser *user); /* NULL-safe */

#endif
