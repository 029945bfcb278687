/*
 * import_posts.h - the kinds of imports that are posts: one's own, as they were, with their dates, pictures and threads.
 * Nobody is told of them. What others wrote, answers to others, and messages to single people are left out and listed.
 */
#ifndef TRANSFER_IMPORT_POSTS_H
#define TRANSFER_IMPORT_POSTS_H

#include "transfer/import.h"

/* A step of a kind each: import_kind.step. */
enum err import_mastodon(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			 struct problem *problem);
enum err import_twitter(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem);

#endif
