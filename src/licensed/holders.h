/*
 * holders.h - who still holds what an author has taken back: posts deleted, and uses withdrawn (consent.h). A holder is a
 * licensee to whom, as the ledger says, it went out before; whoever a post was withheld from is none.
 */
#ifndef LICENSED_HOLDERS_H
#define LICENSED_HOLDERS_H

#include "core/core.h"

#define HOLDERS_PAGE 40	  /* entries at once */
#define HOLDERS_MAX 1000  /* of an entry */
#define HOLDERS_POSTS 500 /* that are asked for in the ledger, for who got any under a use: the newest */

struct holder {
	int64_t licensee;
	struct view name;
	int64_t received_at;	 /* ms: the last time before it was taken back */
	int64_t acknowledged_at; /* ms: it said that it is done; 0: it has not */
};

struct taken_back {
	int64_t seq;	     /* of the event (core/compliance.h) */
	struct post_id post; /* that was deleted; 0: uses were withdrawn, for all posts */
	uint32_t uses;	     /* that were withdrawn: enum data_use; 0 for a post */
	int64_t at;
	bool partial; /* there may be more holders: the author has more than HOLDERS_POSTS, or they are more than HOLDERS_MAX */
	struct holder *holders;
	size_t n;
};

/*
 * Newest first, older than the event `before`, at most HOLDERS_PAGE, in the arena. Reads files: not on the loop.
 * ERR_UNAVAILABLE without a ledger.
 */
enum err holders_load(struct core *c, struct db *db, struct arena *a, struct account_id author, int64_t before,
		      size_t max, struct taken_back **ret, size_t *ret_n);

#endif
