/*
 * xplaces.c - see xplaces.h. Open addressing over twice the room, in the arena. It begins small, for a line of a stream, and
 * grows in leaps, for a list.
 */
#include "base/base.h"

#include "licensed/xplaces.h"

#include "base/map.h"

#define FIRST_ROOM 8
#define LEAP 4

static size_t slot_of(const struct xplaces *p, int64_t id)
{
	size_t at = hash_u64((uint64_t)id) & p->mask;

	while (p->slots[at] && p->items[p->slots[at] - 1].id != id)
		at = (at + 1) & p->mask;
	return at;
}

size_t xplaces_find(const struct xplaces *p, int64_t id)
{
	if (!p->n)
		return XPLACES_NONE;
	uint32_t found = p->slots[slot_of(p, id)];
	return found ? found - 1 : XPLACES_NONE;
}

static void grow(struct xplaces *p, struct arena *a)
{
	size_t room = p->room ? LEAP * p->room : FIRST_ROOM;
	struct xplace *v = ARENA_ARRAY(a, room, struct xplace);
	struct ledger_item *items = ARENA_ARRAY(a, room, struct ledger_item);

	if (p->n) {
		memcpy(v, p->v, p->n * sizeof(*v));
		memcpy(items, p->items, p->n * sizeof(*items));
	}
	p->v = v;
	p->items = items;
	p->room = room;
	p->slots = ARENA_ARRAY(a, 2 * room, uint32_t);
	p->mask = 2 * room - 1;
	for (size_t i = 0; i < p->n; i++)
		p->slots[slot_of(p, items[i].id)] = (uint32_t)i + 1;
}

size_t xplaces_add(struct xplaces *p, struct arena *a, struct xplace place, const struct ledger_item *item)
{
	if (p->n == LEDGER_ITEMS_MAX)
		return XPLACES_NONE;
	if (p->n == p->room)
		grow(p, a);
	p->slots[slot_of(p, item->id)] = (uint32_t)p->n + 1;
	p->v[p->n] = place;
	p->items[p->n] = *item;
	return p->n++;
}
