/*
 * votes.h - which posts share most with a row: a small table, emptied for each. What comes when it is full is not counted.
 */
#ifndef TRACE_VOTES_H
#define TRACE_VOTES_H

#include "base/base.h"

#define VOTES_SLOTS 4096
#define VOTES_POSTS (VOTES_SLOTS / 2)

struct votes {
	struct vote {
		uint32_t post, weight; /* weight 0: empty */
	} * slots;
	uint16_t used[VOTES_POSTS]; /* slots, in the order they were first used */
	size_t n;
};

void votes_init(struct votes *v);
void votes_release(struct votes *v);
void votes_add(struct votes *v, uint32_t post, uint32_t weight); /* weight > 0 */
/* The posts with most, at most max, the first of equals first; none with less than a quarter of the best. Empties the table. */
size_t votes_take(struct votes *v, uint32_t *ret, size_t max);

#endif
