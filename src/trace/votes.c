/*
 * votes.c - see votes.h.
 */
#include "base/base.h"

#include "trace/votes.h"

void votes_init(struct votes *v)
{
	*v = (struct votes){.slots = xcalloc(VOTES_SLOTS, sizeof(*v->slots))};
}

void votes_release(struct votes *v)
{
	free(v->slots);
	v->slots = NULL;
}

void votes_add(struct votes *v, uint32_t post, uint32_t weight)
{
	size_t at = post * UINT32_C(2654435769) % VOTES_SLOTS;

	while (v->slots[at].weight && v->slots[at].post != post)
		at = (at + 1) % VOTES_SLOTS;
	if (!v->slots[at].weight) {
		if (v->n == VOTES_POSTS)
			return;
		v->used[v->n++] = (uint16_t)at;
		v->slots[at].post = post;
	}
	v->slots[at].weight += weight;
}

/* The heaviest that is left; it is taken out. */
static struct vote take_best(struct votes *v)
{
	struct vote best = {0};
	size_t at = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (v->slots[v->used[i]].weight <= best.weight)
			continue;
		at = v->used[i];
		best = v->slots[at];
	}
	if (best.weight)
		v->slots[at].weight = 0;
	return best;
}

size_t votes_take(struct votes *v, uint32_t *ret, size_t max)
{
	size_t n = 0;
	uint32_t least = 1;

	while (n < max) {
		struct vote best = take_best(v);

		if (best.weight < least || !best.weight)
			break;
		if (n == 0)
			least = best.weight / 4 + 1;
		ret[n++] = best.post;
	}
	for (size_t i = 0; i < v->n; i++)
		v->slots[v->used[i]].weight = 0;
	v->n = 0;
	return n;
}
