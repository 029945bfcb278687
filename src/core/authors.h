/*
 * authors.h - what making a post has to know of its author, and a page of whom it is for, kept: whoever posts or looks often
 * is not read each time.
 */
#ifndef CORE_AUTHORS_H
#define CORE_AUTHORS_H

#include "core/cache.h"
#include "core/post.h"

struct author {
	struct cached cached;
	struct account_id id;
	struct view uri, url; /* of the account */
	struct view username;
	struct view default_language, locale; /* "" without */
	enum visibility default_visibility;
	enum quote_policy default_quote_policy;
	bool default_sensitive, silenced, suspended, sensitized;
	bool followed_closely; /* somebody wants to be told of each post */
};

struct authors *authors_new(struct core *c, size_t bytes); /* subscribes to events */
void authors_free(struct authors *a);			   /* NULL-safe */

/* ERR_NOT_FOUND: nobody of this server. author_put gives the reference back. */
enum err author_get(struct core *c, struct db *db, struct account_id id, struct author **ret);
void author_put(struct author *author); /* NULL-safe */
/* Whether nothing of it has changed since author_get. */
bool author_current(struct core *c, const struct author *author);

#endif
