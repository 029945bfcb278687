/*
 * present.h - what is stored → Mastodon's JSON. The only place with those shapes, shared by api/ and stream/.
 * Each function appends one value to j. Entities: docs.joinmastodon.org/entities.
 */
#ifndef PRESENT_PRESENT_H
#define PRESENT_PRESENT_H

#include "base/json.h"
#include "core/cards.h"
#include "core/post.h"
#include "core/viewer.h"

/* Registers the card renderers. At boot. */
void present_init(struct core *c);

/* What every presenter needs. viewer may be viewer_nobody(): then the fields of logged-in viewers are left out. */
struct present {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct viewer *viewer;
	/* An enum filter_context, or 0: posts that the viewer's filters hide there are left out. */
	unsigned context;
	/* Of notifications: bits of enum notification_kind that get a fallback (notification_fallback.h), in that language. */
	unsigned fallbacks;
	uint8_t tongue; /* enum tongue */
};

/* Status. ERR_NOT_FOUND when it does not exist or the viewer may not see it; nothing is written then. */
enum err present_post(const struct present *p, struct post_id id, struct jw *j);
/*
 * [Status], in the order given, without those the viewer may not see or (listed) hides, and without what does not fit
 * into j's buffer: LIMIT_PAGE_POSTS of ordinary size always do.
 */
enum err present_posts(const struct present *p, const struct post_id *ids, size_t n, bool listed, struct jw *j);
/*
 * The same of posts that notifications are about, as far as they may be seen and take no more than part_max bytes each.
 * ret_shown: of each of ids whether it is there.
 */
enum err present_posts_told(const struct present *p, const struct post_id *ids, size_t n, size_t part_max,
			    bool *ret_shown, struct jw *j);
/* The same of reported posts, for moderators: visibility.h, reported_to(). */
enum err present_posts_reported(const struct present *p, const struct post_id *ids, size_t n, struct jw *j);
/* Status with `text` and `spoiler` source, as DELETE answers (delete and redraft). Call before deleting. */
enum err present_post_source(const struct present *p, struct post_id id, struct jw *j);

/* Account; [Account] without those that are gone or suspended, as far as j's buffer goes. */
enum err present_account(const struct present *p, struct account_id id, struct jw *j);
enum err present_accounts(const struct present *p, const struct account_id *ids, size_t n, struct jw *j);

/* URL of a stored file: base_url/media/KEY. Into the arena. */
struct view present_file_url(const struct present *p, struct view key);

#endif
