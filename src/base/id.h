/*
 * id.h - 64-bit time-ordered ids: milliseconds since 1970 << 16 | sequence. Positive, unique in this process, and
 * strictly increasing in the order of the calls; sent as decimal strings. Ids of accounts and posts are types of
 * their own, so that one cannot stand in the other's place.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/base.h"

struct account_id {
	int64_t v;
};
struct post_id {
	int64_t v;
};

int64_t id_next(void);
/*
 * One that is a multiple of 100: for ids that are sent as numbers too. Doubles, which is what JavaScript reads numbers
 * as, tell those apart until the year 2248, and print all their digits.
 */
int64_t id_next_round(void);
/* The smallest id of a moment: for "older than" cursors and ids of imported things. */
int64_t id_at(int64_t ms);
int64_t id_time(int64_t id); /* ms */
/*
 * For a program that writes beside the server: from now on its ids of a millisecond begin somewhere in it, at random.
 * Two that begin at 0 would make the same ids in the same millisecond.
 */
void id_stand_apart(void);
/* Tells the generator an id that exists, so that the next one is larger even if the clock went back. */
void id_seen(int64_t id);

static inline bool account_eq(struct account_id a, struct account_id b) { return a.v == b.v; }
static inline bool post_eq(struct post_id a, struct post_id b) { return a.v == b.v; }

#endif
