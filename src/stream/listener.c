/*
 * listener.c - the ring and its two sides.
 */
#include "base/base.h"

#include "stream/listener.h"

#include "base/limits.h"
#include "base/metrics.h"

#define RING_FIRST 8 /* a power of two below LIMIT_STREAM_RING, which is one */

static const struct {
	uint16_t code;
	const char *words;
} ends[] = {
	[END_NOT] = {1000, ""},
	[END_SLOW] = {1013, "Too slow: events were dropped, connect again and reload"},
	[END_LOST] = {1013, "Events were lost: connect again and reload"},
	[END_REVOKED] = {1008, "The access token was revoked"},
	[END_SERVER] = {1001, "Going away"},
	[END_ABUSE] = {1008, "Too many messages"},
	[END_PEER] = {1000, ""},
};

uint16_t end_code(enum end why)
{
	return ends[why].code;
}
const char *end_words(enum end why)
{
	return ends[why].words;
}

void listener_init(struct listener *l, const struct listener_ops *ops, enum transport t, const struct auth_info *auth)
{
	*l = (struct listener){.ops = ops, .transport = (uint8_t)t, .auth = *auth};
	atomic_init(&l->refs, 1);
	pthread_mutex_init(&l->lock, NULL);
}

void listener_ref(struct listener *l)
{
	atomic_fetch_add_explicit(&l->refs, 1, memory_order_relaxed);
}

static struct frame **slot(struct listener *l, size_t i)
{
	return &l->ring[(l->first + i) % l->size];
}

static void drop(struct listener *l, size_t keep)
{
	while (l->waiting > keep)
		frame_unref(*slot(l, --l->waiting));
}

void listener_unref(struct listener *l)
{
	if (!l || atomic_fetch_sub_explicit(&l->refs, 1, memory_order_acq_rel) != 1)
		return;
	drop(l, 0);
	free(l->ring);
	pthread_mutex_destroy(&l->lock);
	l->ops->release(l);
}

static void end_locked(struct listener *l, enum end why)
{
	if (l->end || l->gone)
		return;
	l->end = (uint8_t)why;
	if (why == END_SLOW || why == END_LOST)
		metric_add(METRIC_STREAM_DROPPED, 1);
	l->ops->wake(l);
}

/* Most readers never have more waiting than a few. */
static void grow(struct listener *l)
{
	uint16_t size = l->size ? (uint16_t)(l->size * 2) : RING_FIRST;
	struct frame **ring = xcalloc(size, sizeof(struct frame *));

	for (size_t i = 0; i < l->waiting; i++)
		ring[i] = *slot(l, i);
	free(l->ring);
	l->ring = ring;
	l->size = size;
	l->first = 0;
}

static void add(struct listener *l, struct frame *f)
{
	if (l->waiting == l->size)
		grow(l);
	*slot(l, l->waiting++) = f;
}

bool listener_push(struct listener *l, struct frame *f)
{
	pthread_mutex_lock(&l->lock);
	if (!l->end && !l->gone) {
		if (l->waiting == LIMIT_STREAM_RING) {
			end_locked(l, END_SLOW);
		} else {
			frame_ref(f);
			add(l, f);
			if (l->waiting == 1)
				l->ops->wake(l);
		}
	}
	bool ok = !l->end && !l->gone;
	pthread_mutex_unlock(&l->lock);
	return ok;
}

void listener_end(struct listener *l, enum end why)
{
	pthread_mutex_lock(&l->lock);
	end_locked(l, why);
	pthread_mutex_unlock(&l->lock);
}

size_t listener_peek(struct listener *l, struct frame **ret, size_t max, enum end *ret_end)
{
	pthread_mutex_lock(&l->lock);
	size_t n = l->waiting < max ? l->waiting : max;
	for (size_t i = 0; i < n; i++)
		ret[i] = *slot(l, i);
	*ret_end = (enum end)l->end;
	pthread_mutex_unlock(&l->lock);
	return n;
}

void listener_pop(struct listener *l, size_t n)
{
	pthread_mutex_lock(&l->lock);
	if (n > l->waiting)
		BUG("%zu frames taken of %u", n, l->waiting);
	for (size_t i = 0; i < n; i++)
		frame_unref(*slot(l, i));
	if (n)
		l->first = (uint16_t)((l->first + n) % l->size);
	l->waiting = (uint16_t)(l->waiting - n);
	pthread_mutex_unlock(&l->lock);
}

void listener_finish(struct listener *l, size_t keep, struct frame *last)
{
	pthread_mutex_lock(&l->lock);
	if (!l->end)
		BUG("a listener that goes on is finished");
	drop(l, keep < LIMIT_STREAM_RING ? keep : LIMIT_STREAM_RING - 1);
	if (last)
		add(l, last);
	pthread_mutex_unlock(&l->lock);
}

void listener_trim(struct listener *l)
{
	pthread_mutex_lock(&l->lock);
	if (!l->waiting) {
		free(l->ring);
		l->ring = NULL;
		l->size = l->first = 0;
	}
	pthread_mutex_unlock(&l->lock);
}

void listener_gone(struct listener *l)
{
	pthread_mutex_lock(&l->lock);
	l->gone = true;
	drop(l, 0);
	pthread_mutex_unlock(&l->lock);
}
