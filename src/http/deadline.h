/*
 * deadline.h - no client may take longer than its deadline, however it doles out its bytes (libmicrohttpd's own
 * timeout starts again with every byte). One janitor thread looks at all connections and shuts those that are late.
 */
#ifndef HTTP_DEADLINE_H
#define HTTP_DEADLINE_H

#include "http/exchange.h"

enum late {
	LATE_CLOSE, /* just close: nothing was asked, or the answer is half sent */
	LATE_408,   /* say 408 first */
};

/* False: too late already, the connection is shut and must be given up. */
bool deadline_set(struct conn *c, int64_t at_ns, enum late late);
bool deadline_clear(struct conn *c);

/* Takes over a duplicate of the connection's socket and reads it out for a moment after libmicrohttpd closed it. */
void linger_add(struct http_server *s, int fd);

enum err janitor_start(struct http_server *s);
void janitor_stop(struct http_server *s);

#endif
