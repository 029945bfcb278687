/*
 * ws_client.c - what a client says: subscribe, unsubscribe, and signs of life.
 */
#include "base/base.h"

#include "stream/ws_private.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/json.h"
#include "base/limits.h"
#include "stream/message.h"

#define READ_AT_ONCE (64 * LIMIT_KIB) /* then others have their turn */
#define ERROR_BYTES 1024

/* The numbers in error messages are HTTP's. */
static int status_of(enum err err)
{
	switch (err) {
	case ERR_INVALID:
		return 400;
	case ERR_UNAUTHORIZED:
		return 401;
	case ERR_TOO_MANY:
		return 429;
	case ERR_BUSY:
	case ERR_UNAVAILABLE:
		return 503;
	default:
		return 500;
	}
}

static void tell(struct ws_socket *s, enum err err, const struct problem *problem)
{
	struct buf CLEANUP(buf_release) out = {.max = ERROR_BYTES};
	struct jw j = jw_to(&out);

	jw_object(&j);
	jw_kv_cstr(&j, "error", problem->text);
	jw_kv_int(&j, "status", status_of(err));
	jw_object_end(&j);
	struct frame *f = frame_text_ws(buf_view(&out));
	listener_push(&s->listener, f);
	frame_unref(f);
}

void ws_socket_wish(struct ws_socket *s, struct db *db, struct arena *a, const struct wish *wish)
{
	struct ws *ws = s->loop->ws;
	struct problem problem = {0};
	struct subscription sub;
	enum err err = subscription_parse(a, wish, &sub, &problem);

	if (err == OK)
		err = subscription_allowed(ws->core, db, &s->listener.auth, &sub, &problem);
	if (err == OK)
		err = registry_subscribe(ws->registry, &s->listener, &sub, &problem);
	if (err != OK)
		tell(s, err, &problem);
}

static void unwish(struct ws_socket *s, struct arena *a, const struct wish *wish)
{
	struct problem problem = {0};
	struct subscription sub;
	enum err err = subscription_parse(a, wish, &sub, &problem);

	if (err == OK)
		registry_unsubscribe(s->loop->ws->registry, &s->listener, &sub);
	else
		tell(s, err, &problem);
}

static void on_message(void *arg, struct view text)
{
	struct ws_socket *s = arg;
	struct ws_loop *loop = s->loop;
	struct wish wish;

	if (s->messages == LIMIT_STREAM_MESSAGES) {
		listener_end(&s->listener, END_ABUSE);
		return;
	}
	s->messages++;
	arena_reset(&loop->arena);
	switch (message_parse(&loop->arena, text, &wish)) {
	case MESSAGE_SUBSCRIBE:
		ws_socket_wish(s, store_db(loop->ws->core->store), &loop->arena, &wish);
		break;
	case MESSAGE_UNSUBSCRIBE:
		unwish(s, &loop->arena, &wish);
		break;
	case MESSAGE_OTHER:
		break;
	}
}

struct reading {
	struct ws_socket *s;
	size_t left;
	struct frame *said; /* wslay's answer */
};

static ssize_t take_early(struct ws_socket *s, void *p, size_t cap)
{
	size_t n = s->early_len < cap ? s->early_len : cap;

	memcpy(p, s->early, n);
	memmove(s->early, s->early + n, s->early_len - n);
	s->early_len -= (uint32_t)n;
	if (!s->early_len) {
		free(s->early);
		s->early = NULL;
	}
	return (ssize_t)n;
}

static ssize_t on_read(void *arg, void *p, size_t cap)
{
	struct reading *r = arg;
	struct ws_socket *s = r->s;

	if (!r->left)
		return 0;
	ssize_t n = s->early ? take_early(s, p, cap) : recv(s->fd, p, cap, MSG_DONTWAIT);
	if (n > 0) {
		s->heard = s->loop->now;
		r->left -= (size_t)n < r->left ? (size_t)n : r->left;
		return n;
	}
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return 0;
	s->eof = true;
	return -1;
}

static void on_reading_message(void *arg, struct view text)
{
	on_message(((struct reading *)arg)->s, text);
}

static void on_write(void *arg, struct view bytes)
{
	struct reading *r = arg;

	frame_unref(r->said);
	r->said = frame_raw(bytes);
}

/* The end has been said: only the client's hanging up is of interest. */
static bool discard(struct reading *r)
{
	char waste[4096];

	while (on_read(r, waste, sizeof(waste)) > 0)
		;
	return !r->s->eof;
}

bool ws_receive(struct ws_socket *s)
{
	static const struct ws_input_ops ops = {on_read, on_reading_message, on_write};
	struct reading r = {.s = s, .left = READ_AT_ONCE};

	if (s->state != WS_OPEN)
		return discard(&r);
	if (ws_input_run(&s->input, &ops, &r)) {
		if (r.said)
			listener_push(&s->listener, r.said);
		frame_unref(r.said);
		return true;
	}
	if (s->eof) {
		frame_unref(r.said);
		return false;
	}
	frame_unref(s->last);
	s->last = r.said;
	listener_end(&s->listener, END_PEER);
	return true;
}
