/*
 * sse.c - the ring's reader is the HTTP loop that asks for bytes. It is asleep from an answer of 0 until the wake,
 * which http/ remembers if it comes in between.
 */
#include "base/base.h"

#include "stream/sse.h"

#define BLOCK_BYTES 1024 /* there are very many, and each says little */

struct sse {
	struct listener listener; /* first */
	struct registry *registry;
	struct http_stream *stream; /* under the listener's lock; NULL: not answered yet */
	size_t sent;		    /* bytes of the first frame of the ring */
};

static void on_wake(struct listener *l)
{
	struct sse *s = (struct sse *)l;

	if (s->stream)
		http_stream_wake(s->stream);
}

static void on_release(struct listener *l)
{
	free((struct sse *)l);
}

enum err sse_new(struct registry *r, const struct auth_info *auth, struct view address, const struct subscription *sub,
		 struct sse **ret, struct problem *problem)
{
	static const struct listener_ops ops = {on_wake, on_release};
	struct sse *s = xcalloc(1, sizeof(*s));
	struct frame *smile = frame_raw(V(":)\n"));

	listener_init(&s->listener, &ops, TRANSPORT_SSE, auth);
	s->registry = r;
	listener_push(&s->listener, smile);
	frame_unref(smile);
	enum err err = registry_add(r, &s->listener, address, problem);
	if (err == OK)
		err = registry_subscribe(r, &s->listener, sub, problem);
	if (err != OK)
		sse_drop(s);
	else
		*ret = s;
	return err;
}

void sse_drop(struct sse *s)
{
	registry_remove(s->registry, &s->listener);
	listener_gone(&s->listener);
	listener_unref(&s->listener);
}

/* Frames whole and in parts, as they fit. Returns how many bytes. */
static size_t take(struct sse *s, char *buf, size_t cap)
{
	struct frame *f;
	enum end end;
	size_t n = 0;

	while (n < cap && listener_peek(&s->listener, &f, 1, &end)) {
		size_t part = f->len - s->sent < cap - n ? f->len - s->sent : cap - n;

		memcpy(buf + n, f->bytes + s->sent, part);
		n += part;
		s->sent += part;
		if (s->sent == f->len) {
			listener_pop(&s->listener, 1);
			s->sent = 0;
		}
	}
	return n;
}

static ssize_t on_more(void *arg, char *buf, size_t cap)
{
	struct sse *s = arg;
	struct frame *first;
	enum end end;

	listener_peek(&s->listener, &first, 1, &end);
	if (end)
		listener_finish(&s->listener, s->sent ? 1 : 0, NULL);
	size_t n = take(s, buf, cap);
	return n || !end ? (ssize_t)n : -1;
}

static void on_done(void *arg)
{
	sse_drop(arg);
}

static void on_opened(void *arg, struct http_stream *stream)
{
	struct sse *s = arg;

	pthread_mutex_lock(&s->listener.lock);
	s->stream = stream;
	pthread_mutex_unlock(&s->listener.lock);
}

void sse_reply(struct sse *s, struct http_exchange *x)
{
	static const struct http_stream_ops ops = {on_more, on_done};

	http_reply_stream(x, 200, "text/event-stream", BLOCK_BYTES, &ops, s, on_opened);
}
