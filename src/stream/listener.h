/*
 * listener.h - one open stream, whatever carries it: who listens, and the ring of frames that wait to be sent. The hub
 * pushes; one reader (a ws thread, or the HTTP loop of an event stream) sends.
 *
 * Slow readers: when LIMIT_STREAM_RING frames wait and one more comes, the listener has a gap. It gets nothing from then
 * on; what waits is dropped but for the frame that is half sent, and the stream is closed (END_SLOW), so that the
 * client connects anew and reads what it missed. Every other end is the same road with another reason.
 */
#ifndef STREAM_LISTENER_H
#define STREAM_LISTENER_H

#include <pthread.h>

#include "core/sessions.h"
#include "stream/frame.h"

enum transport { TRANSPORT_WS, TRANSPORT_SSE, TRANSPORTS };

enum end {
	END_NOT,
	END_SLOW,    /* its ring was full */
	END_LOST,    /* an event could not be passed on */
	END_REVOKED, /* its token, or its account */
	END_SERVER,  /* the server ends */
	END_ABUSE,   /* too many messages */
	END_PEER,    /* the peer closed */
};

struct listener;
struct listener_ops {
	/* There is something to do. Called under the listener's lock, from any thread. */
	void (*wake)(struct listener *l);
	/* The last reference is gone. */
	void (*release)(struct listener *l);
};

struct subscribed; /* registry.c */
struct registry_group;

struct listener {
	const struct listener_ops *ops;
	_Atomic uint32_t refs;
	uint8_t transport;
	struct auth_info auth;

	/* The registry's, under its lock. */
	struct listener *prev, *next; /* of the same account */
	struct registry_group *group; /* NULL: not registered */
	struct subscribed *subscribed;
	uint16_t n_subscribed;
	uint8_t own; /* a bit for each channel with KEY_ACCOUNT */

	pthread_mutex_t lock;
	struct frame **ring; /* grows to LIMIT_STREAM_RING; NULL while nothing waits for long */
	uint16_t size, first, waiting;
	uint8_t end;
	bool gone; /* nobody reads any more */
};

void listener_init(struct listener *l, const struct listener_ops *ops, enum transport t, const struct auth_info *auth);
void listener_ref(struct listener *l);
void listener_unref(struct listener *l); /* NULL-safe */

/* Takes a reference of its own on f. Wakes the reader when it was asleep. False: it has ended, or ends by this. */
bool listener_push(struct listener *l, struct frame *f);
/* The first reason stays. Wakes the reader. */
void listener_end(struct listener *l, enum end why);

/* --- the reader's side: one thread at a time --- */

/* Up to max frames that wait, without taking them: they stay while this reader does not pop. */
size_t listener_peek(struct listener *l, struct frame **ret, size_t max, enum end *ret_end);
void listener_pop(struct listener *l, size_t n);
/* It has ended: drops what waits behind the first `keep` frames, and adds last (may be NULL; the reference is taken). */
void listener_finish(struct listener *l, size_t keep, struct frame *last);
/* Gives the ring's memory back when nothing waits. */
void listener_trim(struct listener *l);
/* Nobody reads from here on; wake is not called again. Idempotent. */
void listener_gone(struct listener *l);

/* RFC 6455 7.4.1 code and words of an end. */
uint16_t end_code(enum end why);
const char *end_words(enum end why);

#endif
