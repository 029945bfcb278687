/*
 * renderings.h - one event, rendered and framed once for all who get the same bytes. What differs is the variant of
 * the payload (what the viewer's flags make of a post), the carrier, and for WebSockets the channel and its label. A
 * few of each are kept: who shares comes one after the other.
 */
#ifndef STREAM_RENDERINGS_H
#define STREAM_RENDERINGS_H

#include "stream/registry.h"

#define RENDERINGS_PAYLOADS 4
#define RENDERINGS_FRAMES 16

struct renderings {
	const char *event; /* "update" */
	struct {
		uint64_t variant;
		struct buf json;
	} payloads[RENDERINGS_PAYLOADS];
	struct {
		uint64_t variant;
		uint8_t transport;
		enum channel channel;
		struct view label;
		struct frame *frame;
	} frames[RENDERINGS_FRAMES];
	size_t n_payloads, n_frames; /* made so far: the oldest gives way */
};

void renderings_init(struct renderings *r, const char *event);
void renderings_release(struct renderings *r);

/* Writes the payload of one variant into out; out left empty: the event has none. */
struct renderer {
	enum err (*render)(void *arg, struct buf *out);
	void *arg;
};
/* variant is not 0. The frame for t, owned by r until the next call; render runs when no rendering of this variant is kept. */
enum err renderings_frame(struct renderings *r, uint64_t variant, const struct target *t,
			  const struct renderer *renderer, struct frame **ret);

#endif
