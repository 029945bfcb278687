/*
 * activity.h - posts and accounts as ActivityStreams 2.0 objects, as Mastodon writes them into archives
 * (app/serializers/activitypub/).
 */
#ifndef TRANSFER_ACTIVITY_H
#define TRANSFER_ACTIVITY_H

#include "base/json.h"
#include "core/accounts.h"
#include "core/post.h"

#define ACTIVITY_CONTEXT "https://www.w3.org/ns/activitystreams"

/* Where in the archive an attachment lies: "media_attachments/files/3f/3f9c….jpg". */
struct view activity_media_name(struct arena *a, struct view key);

struct activity_writer {
	struct core *core;
	struct db *db;
	struct arena *arena; /* of one post */
	const struct account *author;
	const struct viewer *viewer; /* the author: what they may not see is not named */
};
/* The activity of a post or boost: Create or Announce. ERR_NOT_FOUND, and nothing written: it is gone, or a boost of what is. */
enum err activity_write(const struct activity_writer *w, struct post_id id, struct jw *j);
/* actor.json of an archive: what belongs to it is named by its files. */
void activity_write_actor(struct arena *a, const struct account *account, const char *avatar, const char *header,
			  struct jw *j);

#endif
