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
#define TURN_US 5000	/* that a visit takes the place, as long as that is not known better */
#define TURN_US_MAX 500000
#define TURNS_MIN_MS 100 /* nobody comes back sooner */
#define PLACES_MAX 8192 /* then those that were not heard of for long are forgotten */

struct place {
	unsigned inside, window, failures, n_held;
	int64_t rest_until;
	int64_t turn_us, good_at; /* time between two that leave while others wait; when the last left */
	int64_t next_turn;	  /* for who is sent away because it is full, ms */
	struct visitor *held, **held_end;
};

struct turnstile {
	pthread_mutex_t lock; /* of what follows */
	struct turnstile_limits limits;
	struct map places;
};

struct turnstile *turnstile_new(struct turnstile_limits limits)
{
	struct turnstile *t = xcalloc(1, sizeof(*t));

	t->limits = limits;
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
	p->window = t->limits.at_once;
	p->turn_us = TURN_US;
	p->held_end = &p->held;
	map_put(&t->places, key, p);
	return p;
}

/* Up to half as long again, so that those who are sent away together do not return together. */
static int64_t about(int64_t ms)
{
	return ms + (int64_t)(rand_u64() % (uint64_t)(ms / 2 + 1));
}

/* Each gets a turn behind those that are held and were sent away before, so that they come back one after the other. */
static int64_t wait_for_turn(struct place *p, int64_t now)
{
	int64_t behind_held = now + TURNS_MIN_MS + p->n_held * p->turn_us / 1000;

	if (p->next_turn < behind_held)
		p->next_turn = behind_held;
	int64_t wait_ms = p->next_turn - now;
	p->next_turn += p->turn_us / 1000 + 1;
	return wait_ms > REST_MAX_MS ? REST_MAX_MS : wait_ms;
}

static unsigned room_of(const struct place *p)
{
	return p->failures >= FAILURES ? 1 : p->window;
}

static void hold(struct place *p, struct visitor *v)
{
	v->next = NULL;
	*p->held_end = v;
	p->held_end = &v->next;
	p->n_held++;
}

enum admission turnstile_enter(struct turnstile *t, uint64_t place, struct visitor *v, int64_t now,
			       int64_t *ret_wait_ms)
{
	enum admission a = SENT_AWAY;

	pthread_mutex_lock(&t->lock);
	struct place *p = find(t, place, now);
	bool rests = now < p->rest_until;
	if (!rests && p->inside < room_of(p)) {
		p->inside++;
		a = ADMITTED;
	} else if (!rests && !p->failures && p->n_held < t->limits.held) {
		hold(p, v);
		a = HELD;
	} else {
		*ret_wait_ms = rests ? about(p->rest_until - now) : wait_for_turn(p, now);
	}
	pthread_mutex_unlock(&t->lock);
	return a;
}

static int64_t rest_after(unsigned failures)
{
	unsigned doublings = failures - FAILURES;

	return REST_MS << (doublings > REST_DOUBLINGS ? REST_DOUBLINGS : doublings);
}

/* A moving average, of times in which the place had all it could do. */
static void note_turn(struct place *p, int64_t now)
{
	int64_t us = (now - p->good_at) * 1000;

	if (p->n_held && p->good_at)
		p->turn_us += ((us < 0 ? 0 : us > TURN_US_MAX ? TURN_US_MAX : us) - p->turn_us) / 16;
	p->good_at = now;
}

static void note_good(const struct turnstile *t, struct place *p, int64_t now)
{
	note_turn(p, now);
	p->failures = 0;
	if (p->window < t->limits.at_most)
		p->window++;
}

static void note_bad(const struct turnstile *t, struct place *p, int64_t rest_ms, int64_t now)
{
	if (now < p->rest_until) /* it went together with those who failed before */
		return;
	p->window = t->limits.at_once;
	p->failures++;
	if (!rest_ms && p->failures >= FAILURES)
		rest_ms = rest_after(p->failures);
	p->rest_until = now + (rest_ms > REST_MAX_MS ? REST_MAX_MS : rest_ms);
}

/* The first n that are held, at most. */
static struct visitor *take_held(struct place *p, unsigned n)
{
	struct visitor *first = p->held, **end = &first;

	for (; *end && n; n--, p->n_held--)
		end = &(*end)->next;
	p->held = *end;
	*end = NULL;
	if (!p->held)
		p->held_end = &p->held;
	return first;
}

static struct visitor *release(struct place *p, int64_t now, int64_t *ret_wait_ms)
{
	unsigned before = p->n_held, room = room_of(p);
	struct visitor *list;

	*ret_wait_ms = 0;
	if (now < p->rest_until) {
		*ret_wait_ms = about(p->rest_until - now);
		return take_held(p, before);
	}
	list = take_held(p, room > p->inside ? room - p->inside : 0);
	p->inside += before - p->n_held;
	return list;
}

struct visitor *turnstile_leave(struct turnstile *t, uint64_t place, enum visit visit, int64_t rest_ms, int64_t now,
				int64_t *ret_wait_ms)
{
	pthread_mutex_lock(&t->lock);
	struct place *p = map_get(&t->places, place);
	if (!p || !p->inside)
		BUG("somebody leaves who was not let in");
	p->inside--;
	if (visit == VISIT_GOOD)
		note_good(t, p, now);
	else if (visit == VISIT_BAD)
		note_bad(t, p, rest_ms, now);
	struct visitor *list = release(p, now, ret_wait_ms);
	if (!p->inside && !p->failures) {
		map_del(&t->places, place);
		free(p);
	}
	pthread_mutex_unlock(&t->lock);
	return list;
}

struct visitor *turnstile_close(struct turnstile *t)
{
	struct visitor *all = NULL, **end = &all;
	uint64_t key;
	size_t at = 0;
	void *value;

	pthread_mutex_lock(&t->lock);
	t->limits.held = 0;
	while (map_next(&t->places, &at, &key, &value)) {
		struct place *p = value;
		*end = take_held(p, p->n_held);
		while (*end)
			end = &(*end)->next;
	}
	pthread_mutex_unlock(&t->lock);
	return all;
}
