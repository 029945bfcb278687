/*
 * post_history.h - the versions of an edited post. The first edit keeps the original too, so a post has either no
 * stored version or all of them, the present one last.
 */
#ifndef CORE_POST_HISTORY_H
#define CORE_POST_HISTORY_H

#include "core/post_draft.h"

struct post_version {
	struct view html, spoiler;
	bool sensitive;
	int64_t created_at;
	size_t n_media;
	struct draft_media media[LIMIT_POST_MEDIA]; /* with the description they had */
	bool has_poll;
	size_t n_options;
	struct view options[20];
};

/* Oldest first, at most LIMIT_POST_EDITS + 1; of a post never edited the one it has. */
enum err post_history(struct core *c, struct db *db, struct arena *a, struct post_id id,
		      const struct post_version **ret, size_t *ret_n);

/* Inside a transaction. */
enum err post_versions_count(struct db *tx, struct post_id id, int64_t *ret);
enum err post_version_add(struct db *tx, struct post_id id, struct view text, const struct post_version *v);
enum err post_versions_drop(struct db *tx, struct post_id id);
/* What the post is now, from where it was loaded. */
void post_version_of(const struct post *p, struct post_version *ret);

#endif
