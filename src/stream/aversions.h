/*
 * aversions.h - whom an author's posts are kept from: blocks either way and mutes, seen from the author's side. An event
 * has one or two authors and thousands of receivers, so this is what fits in memory; a viewer (core/viewer.h) is the same
 * from the other side, and ten thousand of them would be a hundred megabytes.
 */
#ifndef STREAM_AVERSIONS_H
#define STREAM_AVERSIONS_H

#include "base/map.h"
#include "core/cache.h"
#include "core/events.h"

struct aversions {
	struct cached cached;
	struct idset blocked, blocking, muting; /* whom the author blocks; who blocks the author; who mutes */
	int64_t muting_until;			/* the soonest end of a mute; 0: none ends */
};

/* Keeps what it read in cache, which aversions_on_event keeps true. cached_unref() gives it back. */
enum err aversions_get(struct cache *cache, struct db *db, struct account_id author, struct aversions **ret);
/* Is the account among them, in any way? */
bool aversions_tell(const struct aversions *a, struct account_id account);
void aversions_on_event(struct cache *cache, const struct event *ev); /* on the announcing thread */

#endif
