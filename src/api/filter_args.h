/*
 * filter_args.h - parameters that both versions of filters share.
 */
#ifndef API_FILTER_ARGS_H
#define API_FILTER_ARGS_H

#include "core/filters.h"
#include "gate/call.h"

/* "context[]"; a name that is none is ERR_UNPROCESSABLE. */
enum err filter_contexts(struct call *c, struct filter_change *ret);
/* "expires_in": seconds from now; empty: never. */
enum err filter_expiry(struct call *c, struct filter_change *ret);

#define FILTER_CONTEXT_PARAM                                                                                           \
	.name = "context[]", .type = PARAM_STRINGS, .doc = "Where it counts: home, notifications, public, thread, account."
#define FILTER_EXPIRY_PARAM                                                                                            \
	.name = "expires_in", .type = PARAM_STRING, .doc = "Seconds from now until it ends; empty: never."

#endif
