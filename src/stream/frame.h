/*
 * frame.h - bytes ready for the wire, made once and shared by every stream they go to.
 *
 * WebSocket frames (RFC 6455 5.2): from the server, so never masked; one frame is one message. Events have the form
 * of docs.joinmastodon.org/methods/streaming; for server-sent events that of the HTML standard, 9.2.
 */
#ifndef STREAM_FRAME_H
#define STREAM_FRAME_H

#include <stdatomic.h>

#include "base/base.h"
#include "base/buf.h"

struct frame {
	_Atomic uint32_t refs;
	uint32_t len;
	char bytes[];
};

void frame_ref(struct frame *f);
void frame_unref(struct frame *f); /* NULL-safe */

/* One event. payload: JSON or an id; p == NULL: the event has none. */
struct frame_event {
	struct view channel, label; /* "hashtag", and what of it: "jalak"; label empty where the channel has none */
	const char *name;	    /* "update" */
	struct view payload;
};

/* NULL: larger than LIMIT_REPLY, which no entity of ours is. */
struct frame *frame_event_ws(const struct frame_event *e);
struct frame *frame_event_sse(const struct frame_event *e); /* channel and label are not told */

struct frame *frame_text_ws(struct view text);
struct frame *frame_ping_ws(void);
struct frame *frame_close_ws(uint16_t code, struct view reason); /* reason at most 123 bytes */
struct frame *frame_raw(struct view bytes);

#endif
