/*
 * xpost.h - posts as licensees get them (X API v2, "Post (Tweet) fields"), kept: every member that may be asked for is
 * rendered once, in one block, and an answer copies those it wants. Beside them stands what decides whether the post may
 * go out, and what the ledger keeps of it. Reference-counted, never changed: a change makes a new one.
 */
#ifndef LICENSED_XPOST_H
#define LICENSED_XPOST_H

#include "core/cache.h"
#include "core/post.h"
#include "ledger/ledger.h"
#include "licensed/authors.h"
#include "licensed/xfields.h"
#include "licensed/xpieces.h"
#include "meter/licensees.h"

struct xpost {
	struct cached cached;
	struct post_meta meta;		/* without mentions */
	bool rendered;			/* the rest is there: nobody renders what may not go out */
	struct licensed_author *author; /* NULL: may never go out */
	uint64_t stamp;			/* no two made by this process are the same */
	uint32_t boosted_version;	/* of what is boosted, whose text it shows */
	uint32_t version;		/* 0, and one more for each edit */
	int64_t replies, boosts, likes, quotes;
	struct xpieces pieces; /* enum tweet_field */
	size_t n_media;
	const struct xpieces *media; /* enum media_field, each */
	bool has_poll;
	struct xpieces poll; /* enum poll_field */
	size_t n_mentions;
	const struct account_id *mentions; /* named in the text */
	_Atomic uint64_t print; /* the fingerprint last asked for, see xpost.c; the only thing that changes */
};

struct xposts;
struct xposts *xposts_new(struct core *c, struct licensed_authors *authors, size_t bytes); /* subscribes to events */
void xposts_free(struct xposts *x);							   /* NULL-safe */

/*
 * The one judge of what goes out: public, of this server, of authors neither suspended nor limited, who allow every use
 * the licence is for, and not withheld at random (withhold.h); of a boost, the post it is of as well. ERR_NOT_FOUND for all that does not, and for what does not exist,
 * in the same way and (once looked at) in the same time. xpost_put gives the reference back.
 */
enum err xpost_get(struct core *c, struct db *db, struct post_id id, const struct licence *licence, struct xpost **ret,
		   struct ledger_item *ret_item);
void xpost_put(struct xpost *post); /* NULL-safe */

/*
 * The same for posts whose ids are known beforehand: looked for together, so that the memory they lie in is waited for once, then taken
 * one by one, in their order, and judged as they are taken. xposts_leave gives back those that were not.
 */
struct xposts_ahead {
	size_t n, next;
	struct post_id ids[CACHE_MANY];
	uint64_t keys[CACHE_MANY], generations[CACHE_MANY];
	struct cached *found[CACHE_MANY];
};
void xposts_look(struct core *c, const struct licence *licence, const struct post_id *ids, size_t n,
		 struct xposts_ahead *ret); /* at most CACHE_MANY */
/* As xpost_get, for any id. */
enum err xposts_take(struct core *c, struct db *db, struct xposts_ahead *ahead, struct post_id id,
		     const struct licence *licence, struct xpost **ret, struct ledger_item *ret_item);
void xposts_leave(struct xposts_ahead *ahead);

#endif
