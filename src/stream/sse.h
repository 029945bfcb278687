/*
 * sse.h - server-sent events (HTML standard, 9.2) over http/'s endless bodies: GET /api/v1/streaming/user and its like.
 * One channel each. ":)" at once, so that headers are out; ":thump" every 15 s comes from the hub.
 */
#ifndef STREAM_SSE_H
#define STREAM_SSE_H

#include "http/http.h"
#include "stream/registry.h"

struct sse;

/* Registered and subscribed: no event is missed from here on. Ends with sse_reply or sse_drop. */
enum err sse_new(struct registry *r, const struct auth_info *auth, struct view address, const struct subscription *s,
		 struct sse **ret, struct problem *problem);
void sse_drop(struct sse *s);
/* Answers the exchange; headers other than Content-Type are set already. */
void sse_reply(struct sse *s, struct http_exchange *x);

#endif
