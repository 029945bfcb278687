/*
 * emoji_keep.h - the server's own emojis with their pictures: made from what somebody uploads, and their files deleted when
 * they are replaced or go.
 */
#ifndef MEDIA_EMOJI_KEEP_H
#define MEDIA_EMOJI_KEEP_H

#include "core/emojis.h"

#define EMOJI_SHORTCODE_MIN 2
#define EMOJI_SHORTCODE_MAX 50

/* [A-Za-z0-9_], so many of them (Mastodon: CustomEmoji::SHORTCODE_RE_FRAGMENT). */
bool emoji_shortcode_ok(struct view shortcode);

struct new_emoji {
	struct view shortcode, category; /* category empty: none */
	bool visible;
	struct view picture; /* PNG, GIF, WebP, JPEG; at most LIMIT_EMOJI_BYTES */
};
/* Adds it, or replaces the one of this shortcode. Slow. ERR_UNPROCESSABLE with words. */
enum err emoji_keep(struct core *c, struct db *db, struct arena *a, const struct new_emoji *new,
		    struct problem *problem);
/* ERR_NOT_FOUND: there is none. */
enum err emoji_drop(struct core *c, struct db *db, struct arena *a, struct view shortcode);

#endif
