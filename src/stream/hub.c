/*
 * hub.c - the queue and its thread; every HEARTBEAT_SECONDS it also says ":thump" to the event streams, as Mastodon does,
 * so that nobody between takes them for dead.
 */
#include "base/base.h"

#include "stream/hub.h"

#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/events.h"
#include "stream/aversions.h"
#include "stream/deliver.h"

#define HEARTBEAT_SECONDS 15
#define BATCH 64
#define AVERSIONS_BYTES (8 * LIMIT_MIB)

struct hub {
	struct core *core;
	struct registry *registry;
	struct cache *aversions;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct event *ring; /* LIMIT_STREAM_QUEUE */
	size_t first, waiting;
	bool overflowed, stopping;
};

static void enqueue(struct hub *h, const struct event *ev)
{
	pthread_mutex_lock(&h->lock);
	if (h->waiting == LIMIT_STREAM_QUEUE)
		h->overflowed = true;
	else
		h->ring[(h->first + h->waiting++) % LIMIT_STREAM_QUEUE] = *ev;
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->lock);
}

/* On the announcing thread. An end of a right takes effect at once, past the queue. */
static void on_event(void *arg, const struct event *ev)
{
	struct hub *h = arg;

	aversions_on_event(h->aversions, ev);
	if (ev->kind == EVENT_TOKEN_REVOKED)
		registry_end_token(h->registry, ev->account, ev->other_id);
	else if (ev->kind == EVENT_ACCOUNT_CHANGED && ev->other_id == 1)
		registry_end_token(h->registry, ev->account, 0);
	else if (deliver_takes(ev) && registry_count(h->registry))
		enqueue(h, ev);
}

/* Up to BATCH events; 0: the time is up, or the end. False: the end. *ret_lost: the queue was full and is empty now. */
static bool dequeue(struct hub *h, const struct timespec *until, struct event *ret, size_t *ret_n, bool *ret_lost)
{
	size_t n = 0;

	pthread_mutex_lock(&h->lock);
	while (!h->waiting && !h->stopping)
		if (pthread_cond_timedwait(&h->wake, &h->lock, until) == ETIMEDOUT)
			break;
	*ret_lost = h->overflowed;
	if (h->overflowed)
		h->waiting = 0;
	h->overflowed = false;
	for (; n < BATCH && h->waiting; n++, h->waiting--) {
		ret[n] = h->ring[h->first];
		h->first = (h->first + 1) % LIMIT_STREAM_QUEUE;
	}
	bool more = n || !h->stopping;
	pthread_mutex_unlock(&h->lock);
	*ret_n = n;
	return more;
}

static void heartbeat(struct hub *h)
{
	struct frame *thump = frame_raw(V(":thump\n"));

	registry_push_all(h->registry, TRANSPORT_SSE, thump);
	frame_unref(thump);
}

static void *run(void *arg)
{
	struct hub *h = arg;
	struct deliver d = {h->core, store_db(h->core->store), h->registry, h->aversions};
	struct event events[BATCH];
	struct timespec next;
	size_t n;
	bool lost;

	pthread_setname_np(pthread_self(), "stream-hub");
	clock_gettime(CLOCK_MONOTONIC, &next);
	next.tv_sec += HEARTBEAT_SECONDS;
	while (dequeue(h, &next, events, &n, &lost)) {
		if (lost) {
			log_warn("all streams are closed: more events than could be passed on");
			registry_end_all(h->registry, END_LOST);
		}
		for (size_t i = 0; i < n; i++)
			deliver_event(&d, &events[i]);
		if (clock_mono_ns() / 1000000000 >= next.tv_sec) {
			heartbeat(h);
			next.tv_sec += HEARTBEAT_SECONDS;
		}
	}
	store_thread_done(h->core->store);
	return NULL;
}

struct hub *hub_start(struct core *c, struct registry *r)
{
	struct hub *h = xcalloc(1, sizeof(*h));
	pthread_condattr_t attr;

	h->core = c;
	h->registry = r;
	h->aversions = cache_new(AVERSIONS_BYTES, METRIC_COUNT);
	h->ring = xcalloc(LIMIT_STREAM_QUEUE, sizeof(*h->ring));
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->wake, &attr);
	pthread_condattr_destroy(&attr);
	events_subscribe(c->events, on_event, h);
	if (pthread_create(&h->thread, NULL, run, h) != 0)
		BUG("no thread for streams");
	return h;
}

void hub_stop(struct hub *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->stopping = true;
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
	pthread_cond_destroy(&h->wake);
	pthread_mutex_destroy(&h->lock);
	cache_free(h->aversions);
	free(h->ring);
	free(h);
}
