/*
 * ring_pool.h - memory of rings, in blocks of 2 MiB that the kernel may back with one huge page each: deliveries go to
 * rings all over memory, and most of their time would be spent looking up pages. Not locked: the owner does.
 */
#ifndef CORE_RING_POOL_H
#define CORE_RING_POOL_H

#include "base/vec.h"
#include "core/ring.h"

struct ring_pool {
	struct VEC(void *) blocks;
	struct VEC(struct ring *) free;
};

struct ring *ring_pool_take(struct ring_pool *p); /* zeroed */
void ring_pool_give(struct ring_pool *p, struct ring *r);
void ring_pool_release(struct ring_pool *p); /* all rings with it */

#endif
