/*
 * events.c - the list of subscribers, fixed at boot, and the walk over it.
 */
#include "base/base.h"

#include "core/events.h"

#define SUBSCRIBERS_MAX 32

struct events {
	size_t n;
	struct {
		void (*fn)(void *arg, const struct event *ev);
		void *arg;
	} subscribers[SUBSCRIBERS_MAX];
};

struct events *events_new(void) { return xcalloc(1, sizeof(struct events)); }

void events_free(struct events *e) { free(e); }

void events_subscribe(struct events *e, void (*fn)(void *arg, const struct event *ev), void *arg)
{
	if (e->n == SUBSCRIBERS_MAX)
		BUG("more than %d subscribers", SUBSCRIBERS_MAX);
	e->subscribers[e->n].fn = fn;
	e->subscribers[e->n++].arg = arg;
}

void events_announce(struct events *e, const struct event *ev)
{
	for (size_t i = 0; i < e->n; i++)
		e->subscribers[i].fn(e->subscribers[i].arg, ev);
}

void events_pend(struct event_list *list, struct event ev) { VEC_PUSH(list, ev); }

void events_announce_all(struct events *e, struct event_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		events_announce(e, &list->v[i]);
	event_list_drop(list);
}

void event_list_drop(struct event_list *list) { VEC_FREE(list); }
