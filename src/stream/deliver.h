/*
 * deliver.h - one event to everybody whom it is for. Every delivery is judged by core/visibility.h for its receiver,
 * at the moment of delivery. Runs on the hub's thread.
 *
 *   post made, edited   home timelines and lists (core/timelines.h says whose), public channels and hashtags for
 *                       public posts: no boosts, nobody silenced, and in public no answers to others
 *   post deleted        the same people; hashtags of a post are gone with it, so all hashtag streams are told
 *   notification        user (with read:notifications) and user:notification
 *   conversation        direct
 *   filters changed     user
 *
 * Home and lists get the post with the receiver's flags; public channels and hashtags get what nobody in particular
 * sees, as with Mastodon.
 */
#ifndef STREAM_DELIVER_H
#define STREAM_DELIVER_H

#include "core/events.h"
#include "stream/registry.h"

struct deliver {
	struct core *core;
	struct db *db; /* of the hub's thread */
	struct registry *registry;
	struct cache *aversions; /* aversions.h */
};

bool deliver_takes(const struct event *ev); /* whether streams are told of it at all */
/* A receiver who cannot be judged or served (the database is away) is closed with END_LOST. */
void deliver_event(const struct deliver *d, const struct event *ev);

#endif
