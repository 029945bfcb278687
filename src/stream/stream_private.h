/*
 * stream_private.h - the parts of struct stream, for endpoints.c.
 */
#ifndef STREAM_STREAM_PRIVATE_H
#define STREAM_STREAM_PRIVATE_H

#include "stream/hub.h"
#include "stream/registry.h"
#include "stream/stream.h"
#include "stream/ws.h"

struct stream {
	struct core *core;
	struct registry *registry;
	struct hub *hub;
	struct ws *ws;
};

#endif
