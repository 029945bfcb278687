/*
 * ring_pool.c - see ring_pool.h.
 */
#include "base/base.h"

#include "core/ring_pool.h"

#include <sys/mman.h>

#define BLOCK ((size_t)2 * 1024 * 1024)

static void add_block(struct ring_pool *p)
{
	char *block = aligned_alloc(BLOCK, BLOCK);

	if (!block)
		BUG("out of memory");
	madvise(block, BLOCK, MADV_HUGEPAGE); /* advice only */
	VEC_PUSH(&p->blocks, block);
	for (size_t i = BLOCK / sizeof(struct ring); i-- > 0;)
		VEC_PUSH(&p->free, (struct ring *)(void *)(block + i * sizeof(struct ring)));
}

struct ring *ring_pool_take(struct ring_pool *p)
{
	if (!p->free.n)
		add_block(p);
	struct ring *r = p->free.v[--p->free.n];
	memset(r, 0, sizeof(*r));
	return r;
}

void ring_pool_give(struct ring_pool *p, struct ring *r) { VEC_PUSH(&p->free, r); }

void ring_pool_release(struct ring_pool *p)
{
	for (size_t i = 0; i < p->blocks.n; i++)
		free(p->blocks.v[i]);
	VEC_FREE(&p->blocks);
	VEC_FREE(&p->free);
}
