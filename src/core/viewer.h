/*
 * viewer.h - what must be known of whoever looks, to judge and to present: whom they follow, block and mute, who
 * blocks them, and their flags on posts (favourited, boosted, …). Kept in memory for accounts that are active, loaded
 * from the database when they are not, dropped after a commit that changes it. Never the only copy.
 *
 * A viewer is a snapshot with a reference count: viewer_get … viewer_put around a call. Nobody (anonymous) is a
 * viewer too, with account 0.
 */
#ifndef CORE_VIEWER_H
#define CORE_VIEWER_H

#include "base/map.h"
#include "core/cache.h"
#include "core/core.h"

struct viewer {
	struct cached cached;
	struct account_id account;
	struct idset following, blocking, blocked_by; /* account ids; read-only after load */
	struct idset muting; /* in force when loaded; muting_until is the soonest expiry, then it is loaded anew */
	struct idset muted_threads;
	int64_t muting_until;
	const char **tags; /* that they follow, folded */
	size_t n_tags;
	bool hides_anybody; /* any of blocking, blocked_by, muting is not empty */
	struct flag_cache *flags;
};

enum err viewer_get(struct core *c, struct db *db, struct account_id account, struct viewer **ret);
void viewer_put(struct viewer *v);  /* NULL-safe */
struct viewer *viewer_nobody(void); /* no reference needed */

/* name: folded. */
bool viewer_follows_tag(const struct viewer *v, struct view name);

/* Blocked either way or muted: their posts do not appear in lists of posts (they may still be looked at by id). */
bool viewer_hides(const struct viewer *v, struct account_id author);

enum post_flags { POST_FAVOURITED = 1, POST_BOOSTED = 2, POST_BOOKMARKED = 4, POST_PINNED = 8, POST_THREAD_MUTED = 16 };
/*
 * Flags of n posts, from memory where known, else one query each kind; thread_ids stand beside post ids for mutes.
 * Nobody's flags are 0.
 */
enum err viewer_flags(struct core *c, struct db *db, struct viewer *v, const struct post_id *ids,
		      const int64_t *thread_ids, size_t n, uint8_t *ret);

struct viewers *viewers_new(struct core *c, size_t bytes); /* subscribes to events to forget what changed */
void viewers_free(struct viewers *v);

#endif
