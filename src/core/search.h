/*
 * search.h - finding accounts, posts and hashtags (Mastodon: GET /api/v2/search). Who may find a post: its author,
 * whoever favourited, boosted or bookmarked it or is named in it, and for public posts of accounts that allow it
 * (indexable) everybody who is logged in.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/post.h"
#include "core/viewer.h"

struct search_query {
	struct view text;
	struct viewer *viewer;
	bool accounts, posts, tags; /* what is wanted */
	bool resolve;		    /* a URL of a post or profile here answers that one thing */
	bool following;		    /* only accounts the viewer follows */
	struct account_id author;   /* only posts of this account; 0: any */
	int64_t max_id, min_id;	    /* of posts; 0: no bound */
	size_t limit, offset;
};

struct search_result {
	const struct account_id *accounts;
	const struct post_id *posts; /* newest first; to be judged by present_posts(listed) */
	const struct view *tags;     /* folded */
	size_t n_accounts, n_posts, n_tags;
};

/* Results are in the arena. A query without anything to look for finds nothing. */
enum err search(struct core *c, struct db *db, struct arena *a, const struct search_query *q,
		struct search_result *ret);

/* Accounts alone, as GET /api/v1/accounts/search: the exact handle first, then by words of the names. */
enum err search_accounts(struct core *c, struct db *db, struct arena *a, const struct search_query *q,
			 struct search_result *ret);

#endif
