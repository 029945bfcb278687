/*
 * charged.c - see charged.h. Open addressing with linear probing; removing shifts back what would be lost, so that there
 * are no tombstones in a table that lives for a day.
 */
#include "base/base.h"
#include "meter/charged.h"

#include "base/map.h"

#define SLOTS_MIN 256

void charged_init(struct charged *c)
{
	*c = (struct charged){0};
}

void charged_release(struct charged *c)
{
	free(c->slots);
	charged_init(c);
}

static size_t home_of(const struct charged *c, uint64_t id, uint32_t version)
{
	return (size_t)hash_u64(id + ((uint64_t)version << 40)) & c->mask;
}

static struct charged_slot *find(const struct charged *c, uint64_t id, uint32_t version)
{
	size_t i = home_of(c, id, version);

	while (c->slots[i].id && (c->slots[i].id != id || c->slots[i].version != version))
		i = (i + 1) & c->mask;
	return &c->slots[i];
}

static void grow(struct charged *c)
{
	struct charged old = *c;

	c->mask = old.slots ? old.mask * 2 + 1 : SLOTS_MIN - 1;
	c->slots = xcalloc(c->mask + 1, sizeof(*c->slots));
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].id)
			*find(c, old.slots[i].id, old.slots[i].version) = old.slots[i];
	free(old.slots);
}

void charged_prefetch(const struct charged *c, uint64_t id, uint32_t version)
{
	if (c->slots)
		__builtin_prefetch(&c->slots[home_of(c, id, version)]);
}

enum charged_state charged_state(const struct charged *c, uint64_t id, uint32_t version)
{
	const struct charged_slot *s = c->slots ? find(c, id, version) : NULL;

	return s && s->id ? (enum charged_state)s->state : CHARGED_FREE;
}

struct charged_slot *charged_at(struct charged *c, uint64_t id, uint32_t version)
{
	struct charged_slot *s;

	if (!c->slots || c->count * 4 >= (c->mask + 1) * 3)
		grow(c);
	s = find(c, id, version);
	if (!s->id) {
		*s = (struct charged_slot){.id = id, .version = version, .state = CHARGED_FREE};
		c->count++;
	}
	return s;
}

void charged_remove(struct charged *c, uint64_t id, uint32_t version)
{
	if (!c->slots)
		return;
	struct charged_slot *s = find(c, id, version);
	size_t hole = (size_t)(s - c->slots);

	if (!s->id)
		return;
	for (size_t i = (hole + 1) & c->mask; c->slots[i].id; i = (i + 1) & c->mask) {
		size_t home = home_of(c, c->slots[i].id, c->slots[i].version);

		/* It may move into the hole unless its home lies behind the hole, cyclically. */
		if (((i - home) & c->mask) >= ((i - hole) & c->mask)) {
			c->slots[hole] = c->slots[i];
			hole = i;
		}
	}
	c->slots[hole].id = 0;
	c->count--;
}
