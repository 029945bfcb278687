/*
 * search_posts.h - the part of search.h that looks through posts.
 */
#ifndef CORE_SEARCH_POSTS_H
#define CORE_SEARCH_POSTS_H

#include "core/search.h"

/* q->viewer is somebody. Fills posts of *ret. */
enum err search_posts(struct core *c, struct db *db, struct arena *a, const struct search_query *q,
		      struct search_result *ret);

#endif
