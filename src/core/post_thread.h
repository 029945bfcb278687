/*
 * post_thread.h - what a post answers, and what answers it (Mastodon: GET /api/v1/statuses/:id/context). Nobody in
 * particular sees less of it than who is logged in: LIMIT_THREAD_ANON_….
 */
#ifndef CORE_POST_THREAD_H
#define CORE_POST_THREAD_H

#include "core/post.h"
#include "core/viewer.h"

struct post_thread {
	const struct post_id *ancestors; /* from the first post of the thread down */
	size_t n_ancestors;
	/* Each answer followed by its own answers, older first; the author's own go before those of others at the top. */
	const struct post_id *descendants;
	size_t n_descendants;
};

/* Not judged: present_posts(listed) leaves out what may not be seen. In the arena. */
enum err post_thread_load(struct db *db, struct arena *a, const struct viewer *v, struct post_id id,
			  struct post_thread *ret);

#endif
