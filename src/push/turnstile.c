/*
 * turnstile.c - a map of the places somebody is at, or that are left alone for now.
 */
#include "base/base.h"
#include "push/turnstile.h"

#include <pthread.h>

#include "base/map.h"
#include "base/secret.h"

#define FAILURES 3 /* in a row, before a place is left alone */
#define REST_MS 30000 /* doubles */
#define REST_DOUBLINGS 5
#define REST_MAX_MS ((int64_t)3600 * 1000)
#define FULL_MS 2000 /* where only others are in the way */
#define PLACES_MAX 8192 /* then those that were not heard of for long are forgotten */

struct place {
	unsigned inside, failures;
	int64_t rest_until;
};

struct turnstile {
	unsigned at_once;
	pthread_mutex_t lock; /* of what follows */
	struct map places;
};

struct turnstile *turnstile_new(unsigned at_once)
{
	struct turnstile *t = xcalloc(1, sizeof(*t));

	t->at_once = at_once;
	pthread_mutex_init(&t->lock, NULL);
	map_init(&t->places);
	return t;
}

void turnstile_free(struct turnstile *t)
{
	uint64_t key;
	size_t at = 0;
	void *place;

	if (!t)
		return;
	while (map_next(&t->places, &at, &key, &place))
		free(place);
	map_release(&t->places);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void forget_idle(struct turnstile *t, int64_t now)
{
	uint64_t key;
	size_t at = 0;
	void *value;

	while (map_next(&t->places, &at, &key, &value)) {
		const struct place *p = value;
		if (!p->inside && p->rest_until < now) {
			map_del(&t->places, key);
			free(value);
		}
	}
}

static struct place *find(struct turnstile *t, uint64_t key, int64_t now)
{
	struct place *p = map_get(&t->places, key);

	if (p)
		return p;
	if (t->places.count >= PLACES_MAX)
		forget_idle(t, now);
	p = xcalloc(1, sizeof(*p));
	map_put(&t->places, key, p);
	return p;
}

/* Up to half as long again, so that those who are sent away together do not return together. */
static int64_t about(int64_t ms)
{
	return ms + (int64_t)(rand_u64() % (uint64_t)(ms / 2 + 1));
}

bool turnstile_enter(struct turnstile *t, uint64_t place, int64_t now, int64_t *ret_wait_ms)
{
	pthread_mutex_lock(&t->lock);
	struct place *p = find(t, place, now);
	bool rests = now < p->rest_until;
	unsigned room = p->failures >= FAILURES ? 1 : t->at_once;
	bool in = !rests && p->inside < room;
	if (in)
		p->inside++;
	else
		*ret_wait_ms = about(rests ? p->rest_until - now : FULL_MS);
	pthread_mutex_unlock(&t->lock);
	return in;
}

static int64_t rest_after(unsigned failures)
{
	unsigned doublings = failures - FAILURES;

	return REST_MS << (doublings > REST_DOUBLINGS ? REST_DOUBLINGS : doublings);
}

static void note(struct place *p, enum visit visit, int64_t rest_ms, int64_t now)
{
	if (visit == VISIT_GOOD)
		p->failures = 0;
	if (visit != VISIT_BAD || now < p->rest_until) /* they went together with those who failed before */
		return;
	p->failures++;
	if (!rest_ms && p->failures >= FAILURES)
		rest_ms = rest_after(p->failures);
	p->rest_until = now + (rest_ms > REST_MAX_MS ? REST_MAX_MS : rest_ms);
}

void turnstile_leave(struct turnstile *t, uint64_t place, enum visit visit, int64_t rest_ms, int64_t now)
{
	pthread_mutex_lock(&t->lock);
	struct place *p = map_get(&t->places, place);
	if (!p || !p->inside)
		BUG("somebody leaves who was not let in");
	p->inside--;
	note(p, visit, rest_ms, now);
	if (!p->inside && !p->failures) {
		map_del(&t->places, place);
		free(p);
	}
	pthread_mutex_unlock(&t->lock);
}
