/*
 * ring.h - one home timeline in memory: the newest LIMIT_TIMELINE_RING entries, in order of id. Locks itself with a
 * spin lock that is held for a handful of stores.
 */
#ifndef CORE_RING_H
#define CORE_RING_H

#include <stdatomic.h>

#include "base/base.h"
#include "base/id.h"
#include "base/limits.h"

struct ring_entry {
	int64_t id, boost_of; /* boost_of: 0, or the post that entry `id` boosts */
};

/* How many of the newest entries are looked through before a boost is shown again; Mastodon's figure. */
#define RING_BOOST_DISTANCE 40

struct ring {
	atomic_flag lock;
	_Atomic bool whole;	   /* filled from the database; before, only what arrived since it was made */
	bool complete;		   /* the database has nothing older */
	_Atomic uint16_t start, n; /* entries[start] is the oldest; written under the lock */
	uint64_t serial;	   /* tells this ring from one made later for the same account */
	_Atomic int64_t read_at;   /* ms */
	/* A hash of what each of the newest entries shows; that of entries[i] is marks[i % RING_BOOST_DISTANCE]. */
	uint8_t marks[RING_BOOST_DISTANCE];
	struct ring_entry entries[LIMIT_TIMELINE_RING];
};

/* Asks the processor for what a push will touch; first for the ring itself, some steps later for its newest entries. */
static inline void ring_prefetch(const struct ring *r) { __builtin_prefetch(r, 1); }
void ring_prefetch_end(const struct ring *r);

/* False: it stands there already, or is a boost of what stands among the newest RING_BOOST_DISTANCE. */
bool ring_push(struct ring *r, struct ring_entry e);
/* Puts older entries (newest first) under what has arrived meanwhile; complete: these are all there are. */
void ring_fill(struct ring *r, const struct ring_entry *older, size_t n, bool complete);
/*
 * Entries with floor < id < ceiling, at most cap; newest first, or with `upward` the cap lowest of them, lowest first.
 * *ret_enough: false when the ring cannot know (it begins above the floor and older entries may exist).
 */
size_t ring_page(struct ring *r, int64_t floor, int64_t ceiling, bool upward, struct ring_entry *ret, size_t cap,
		 bool *ret_enough);
/* Takes out a post that turned out to be gone. */
void ring_forget(struct ring *r, int64_t id);

#endif
