/*
 * hub.h - takes the core's events off the announcing thread, and passes them on in their order from a thread of its
 * own. The queue holds LIMIT_STREAM_QUEUE events; when one more comes, it is emptied and every stream closed
 * (END_LOST), so that clients reload: what they see then is right again.
 */
#ifndef STREAM_HUB_H
#define STREAM_HUB_H

#include "core/core.h"
#include "stream/registry.h"

struct hub;

/* Subscribes to the core's events, so at boot only. The registry outlives the hub. */
struct hub *hub_start(struct core *c, struct registry *r);
/* What is queued is passed on first. No event may be announced any more. NULL-safe. */
void hub_stop(struct hub *h);

#endif
