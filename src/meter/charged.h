/*
 * charged.h - what a licensee was charged for on one UTC day: a set of (id, version), 16 bytes each. Exact: two things are
 * never taken for one. Not thread-safe: the licensee's lock guards it.
 */
#ifndef METER_CHARGED_H
#define METER_CHARGED_H

#include "base/base.h"

enum charged_state {
	CHARGED_FREE,	 /* it is not in the set */
	CHARGED_WAITING, /* an answer with it is under way */
	CHARGED_SHARED,	 /* so it is, and another answer brought it meanwhile for nothing */
	CHARGED_PAID,
};

struct charged_slot {
	uint64_t id; /* 0: empty */
	uint32_t version, state;
};

struct charged {
	struct charged_slot *slots;
	size_t count, mask;
};

void charged_init(struct charged *c);
void charged_release(struct charged *c);
void charged_prefetch(const struct charged *c, uint64_t id, uint32_t version); /* its state is about to be asked for */
enum charged_state charged_state(const struct charged *c, uint64_t id, uint32_t version);
/* The slot of one thing, made as CHARGED_FREE when it was not there. Good until the next call. id is not 0. */
struct charged_slot *charged_at(struct charged *c, uint64_t id, uint32_t version);
void charged_remove(struct charged *c, uint64_t id, uint32_t version);

#endif
