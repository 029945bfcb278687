/*
 * stream.h - what happens, told as it happens: Mastodon's streaming API over WebSocket and server-sent events.
 *
 * events → hub (queue, one thread: who may see it, rendered once for all who see the same) → listeners' rings → ws
 * (epoll threads) or sse (http's loops). Nothing is lost silently: where an event could not be passed on, because a
 * queue or a ring was full or the database away, the stream is closed, so that its client connects anew and reloads.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "core/core.h"
#include "gate/endpoint.h"

struct stream;

/* After core_open, before the HTTP server starts. Sets core->stream. */
enum err stream_start(struct core *core, struct stream **ret, struct problem *problem);
/* Tells every client to go, and takes no more; before http_server_drain. Waits at most 3 s. NULL-safe. */
void stream_drain(struct stream *s);
/* After http_server_stop and after the last that announces events (jobs_stop); before core_close. NULL-safe. */
void stream_stop(struct stream *s);

extern const struct endpoint stream_endpoints[];

#endif
