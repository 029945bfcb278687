/*
 * ws_input.h - what a WebSocket's client sends (RFC 6455), read by wslay. wslay's context has two buffers of 4 KiB,
 * and a stream's client says next to nothing: so a context exists only from the first byte of a message to its last.
 */
#ifndef STREAM_WS_INPUT_H
#define STREAM_WS_INPUT_H

#include "base/base.h"

struct ws_input; /* NULL: between messages */

struct ws_input_ops {
	/* Bytes from the client; 0: none for now; -1: it is gone. */
	ssize_t (*read)(void *arg, void *p, size_t cap);
	/* One text message, at most LIMIT_STREAM_FRAME bytes of UTF-8. */
	void (*message)(void *arg, struct view text);
	/* Bytes to send: pongs, and the closing frame when the input is over. */
	void (*write)(void *arg, struct view bytes);
};

/*
 * Reads until there is nothing for now. False: no more input will be taken, because the client is gone, closed, or
 * broke the protocol (not masked, too long, not UTF-8, binary, …); what was written is the last thing to send.
 * *in is released then, and whenever the input ends between messages.
 */
bool ws_input_run(struct ws_input **in, const struct ws_input_ops *ops, void *arg);
void ws_input_free(struct ws_input *in); /* NULL-safe */

#endif
