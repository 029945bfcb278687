/*
 * exchange.h - what the files of http/ share: server, connection, exchange. Private to http/.
 *
 * A connection carries one exchange at a time, so the exchange is a member of it. Both belong to one loop thread; a
 * deferred exchange belongs to whoever answers it until MHD_resume_connection() gives it back.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/map.h"
#include "http/forwarded.h"
#include "http/http.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define TARGET_MAX ((size_t)8 * 1024)
#define REPLY_HEADERS_MAX 32
#define LINGERS_MAX 64
#define BODIES_MAX 32
#define SPARES_MAX 64 /* as many as wait for one commit of a crowd; at most 64 KiB each */

struct header {
	struct view name, value;
};

/* A request body on its way in. Counted against LIMIT_BODIES_TOTAL by what is allocated. */
struct body {
	char *p;
	size_t len, alloc, limit;
	int64_t began_ns;
};

struct exchange {
	struct http_exchange pub; /* first, so that the app's pointer is ours */
	struct conn *conn;
	bool active; /* between begin and end */
	bool checked, handled, deferred, counted, http11, chunked;
	const char *uri; /* libmicrohttpd's, until the head has been checked */
	size_t uri_len;
	struct header *headers;
	size_t n_headers;
	struct body body;
	struct header *reply_headers;
	size_t n_reply_headers;
	struct MHD_Response *response;
	int status;
	uint64_t reply_bytes;
	bool streams;	     /* the answer has no end */
	unsigned patience_s; /* of such an answer; 0: the server's */
	bool keeps_body;     /* http_spare_body() was called */
	void (*over)(void *arg, bool whole);
	void *over_arg;
	struct websocket *websocket;
	struct loop *loop;
};

struct conn {
	struct conn *prev, *next; /* under server->lock */
	struct http_server *server;
	struct MHD_Connection *mhd;
	int fd;
	struct http_stream *stream; /* under server->lock */
	_Atomic int64_t deadline;   /* deadline.h */
	struct address address;
	char peer[ADDRESS_TEXT];
	bool trusted; /* a proxy whose forwarding headers count */
	struct exchange x;
};

/* A refused connection that is read out for a moment, so that the refusal arrives instead of a reset. */
struct lingering {
	int fd;
	int64_t until_ns;
	size_t budget; /* bytes it may still send */
};

/* One for each loop thread. */
struct loop {
	struct loop *next;
	struct arena spares[SPARES_MAX]; /* blocks that exchanges start with; the last one was used last */
	size_t n_spares;
	char *bodies[BODIES_MAX]; /* likewise of answers */
	size_t n_bodies;
};

struct http_server {
	struct http_app app;
	uint64_t serial; /* of all servers of this process */
	unsigned idle_seconds, request_seconds, connections_per_ip;
	struct network *trusted;
	size_t n_trusted;
	struct MHD_Daemon *daemon;
	int listen_fd;
	uint16_t port;

	pthread_mutex_t lock; /* the members up to the empty line; of the app only refusal() is called under it */
	struct conn *conns;
	struct map per_ip; /* address → count */
	struct lingering lingers[LINGERS_MAX];
	size_t n_lingers;
	struct loop *loops;

	pthread_t janitor;
	int janitor_wake; /* eventfd */
	atomic_bool draining, stopping, janitor_ends;
	atomic_size_t busy;   /* requests under way, streams aside */
	atomic_size_t inside; /* requests the app has and has not answered */
	atomic_size_t bodies; /* bytes allocated for bodies */
};

static inline struct exchange *exchange_of(const struct http_exchange *x)
{
	return (struct exchange *)(uintptr_t)x;
}

/* exchange.c: libmicrohttpd's callbacks. */
void *exchange_on_target(void *server, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result exchange_on_data(void *server, struct MHD_Connection *mhd, const char *url, const char *method,
				 const char *version, const char *data, size_t *size, void **x);
void exchange_on_completed(void *server, struct MHD_Connection *mhd, void **x, enum MHD_RequestTerminationCode code);
void exchange_end(struct exchange *x); /* idempotent */

/* connection.c */
enum MHD_Result connection_on_accept(void *server, const struct sockaddr *addr, socklen_t len);
void connection_on_change(void *server, struct MHD_Connection *mhd, void **socket_context,
			  enum MHD_ConnectionNotificationCode code);

/* request.c: fills the public members from the head. 0, or the status to refuse it with. */
int request_check(struct exchange *x, const char *method, const char *version);

/* body.c: 0, or the status to refuse with. */
int body_begin(struct exchange *x);
int body_add(struct exchange *x, const char *data, size_t size);
void body_finish(struct exchange *x); /* sets pub.body */
void body_release(struct exchange *x);

/* refuse.c: sends a refusal past libmicrohttpd; the caller closes the connection. x: NULL from threads it does not belong to. */
void refuse(struct conn *c, struct http_exchange *x, int status);

/* reply.c */
void reply_with(struct exchange *x, int status, const char *content_type, struct MHD_Response *response,
		uint64_t bytes);
enum MHD_Result reply_queue(struct exchange *x);
/* The value of an answer's header that is set already; empty when it is not. */
struct view reply_header(const struct exchange *x, const char *name);

/* stream.c, websocket.c: the exchange is over, however it went. */
void stream_end(struct conn *c);
void stream_end_all(struct http_server *s);
/* Nothing more of it: it is woken, also where its socket is closed already, which a paused one does not notice. */
void stream_end_now(struct http_stream *s);
void websocket_end(struct exchange *x);

#endif
