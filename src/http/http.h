/*
 * http.h - HTTP/1.1 server over libmicrohttpd: limits, deadlines, bodies, replies. Knows nothing of kicau: it hands
 * every request to one struct http_app and sends what comes back.
 *
 * An exchange is one request and its answer. It lives on one loop thread until the app defers it; then any thread may
 * answer it, once. After http_reply* the exchange must not be touched.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER };
const char *http_method_name(enum http_method m);

struct http_exchange {
	enum http_method method;
	struct view target; /* as sent: path and query */
	struct view path;   /* still percent-encoded, no query, one trailing slash removed ("/oauth/authorize/" too) */
	struct view query;  /* still encoded, without '?' */
	struct view body;   /* complete when handle() runs; NUL-terminated behind */
	struct view peer;   /* client's address as text; from X-Forwarded-For only behind a trusted proxy */
	bool https;	    /* X-Forwarded-Proto from a trusted proxy says so */
	struct arena arena; /* everything of this exchange; capped at LIMIT_CALL_ARENA */
	int64_t started_ns; /* clock_mono_ns when its first byte was seen to be a request */
	char id[17];	    /* request id: 16 hex digits */
	void *user;	    /* the app's */
};

/* Value of a request header, empty view when absent. Name is matched without case. */
struct view http_header(const struct http_exchange *x, const char *name);
struct view http_cookie(const struct http_exchange *x, const char *name);

struct http_app {
	void *ctx;
	/* Headers are in: how many body bytes may follow. More is answered 413 without reading them all. 0: no body. */
	size_t (*body_limit)(void *ctx, struct http_exchange *x);
	/* The request is complete. Answers with http_reply…, or http_defer()s and answers later. Must not block. */
	void (*handle)(void *ctx, struct http_exchange *x);
	/*
	 * A refusal made below the app (400, 408, 413, 431, 503): writes the body to send, at most 4 KiB, returns its content
	 * type. x: of whose headers; NULL when they may not be looked at.
	 */
	const char *(*refusal)(void *ctx, struct http_exchange *x, int status, struct buf *out);
};

struct http_server_config {
	struct view listen;	     /* "127.0.0.1:8080", "[::]:80" */
	unsigned loops;		     /* loop threads; 0: one per core */
	unsigned connections_max;    /* open at once, all together */
	unsigned connections_per_ip; /* 0: no bound */
	unsigned idle_seconds;	     /* a kept-alive connection without a request */
	unsigned request_seconds;    /* from first byte to the end of headers; bodies get 1 s more per 16 KiB */
	const char *trusted_proxies; /* comma-separated addresses or CIDR whose forwarding headers are believed */
};

struct http_server;
enum err http_server_start(const struct http_server_config *c, const struct http_app *app, struct http_server **ret,
			   struct problem *problem);
uint16_t http_server_port(const struct http_server *s);
void http_server_drain(struct http_server *s); /* stop accepting; finish what is under way, at most 10 s */
void http_server_stop(struct http_server *s);  /* after drain; frees; NULL-safe */

/*
 * Headers of the answer, in order; replaces one of the same name, except Set-Cookie, Vary and Link. A name that is not
 * one is a BUG; a value with control characters is dropped. Content-Type overrides that of http_reply…(). name is
 * not copied.
 */
void http_set_header(struct http_exchange *x, const char *name, struct view value);
bool http_has_header(const struct http_exchange *x, const char *name); /* set for the answer already */

void http_defer(struct http_exchange *x);
/*
 * fn runs once, on a loop thread, when the answer is over: whole when its last byte was handed to the system, false when
 * the connection ended before. The exchange and its arena still live then. Set before http_reply…().
 */
void http_when_over(struct http_exchange *x, void (*fn)(void *arg, bool whole), void *arg);
/*
 * The bytes of a large answer that this loop has sent, for one that http_reply() sends: *ret_size of them, malloc()ed; NULL when there are
 * none. On the loop. For answers that are large, of like size, and many at once.
 */
char *http_spare_body(struct http_exchange *x, size_t *ret_size);
/* Copies nothing: body is malloc()ed and freed by http. Content-Length is set; HEAD and 304 send no body. */
void http_reply(struct http_exchange *x, int status, const char *content_type, char *body, size_t len);
/* Bytes that live as long as the program. */
void http_reply_static(struct http_exchange *x, int status, const char *content_type, struct view body);
/* Bytes of somebody else's: release(arg) runs when they are not needed any more, on any thread. */
void http_reply_shared(struct http_exchange *x, int status, const char *content_type, struct view body,
		       void (*release)(void *arg), void *arg);
/* A file; fd is taken over. Answers Range requests (RFC 9110 14) when ranged. */
void http_reply_file(struct http_exchange *x, int status, const char *content_type, int fd, uint64_t size, bool ranged);

/*
 * RFC 6455 upgrade: sends 101 with Sec-WebSocket-Accept (and protocol, when not empty), then gives the bare socket
 * away: taken(arg, fd, early, early_len) runs on a loop thread, owns fd (non-blocking), and early bytes that came
 * behind the request. Connection memory in libmicrohttpd is released. The caller has checked the handshake with
 * http_websocket_ok(). fd is -1 when it came to nothing: the client was gone, or no descriptor is free.
 */
bool http_websocket_ok(const struct http_exchange *x);
void http_reply_websocket(struct http_exchange *x, struct view protocol,
			  void (*taken)(void *arg, int fd, const char *early, size_t early_len), void *arg);

/*
 * A body without end. block: bytes that more() is asked for at once; each open stream keeps as many. more() is called on a loop thread: fill at most cap bytes and return the count; 0 pauses
 * until http_stream_wake(); -1 ends. It is called again when the socket has taken all of the block before. done() runs once, when the connection is over.
 * *ret_stream may be woken from any thread until done() has returned. patience_s: how long a block may wait for the
 * socket; 0: as long as a connection may be idle.
 */
struct http_stream;
struct http_stream_ops {
	ssize_t (*more)(void *arg, char *buf, size_t cap);
	void (*done)(void *arg);
	unsigned patience_s;
};
void http_reply_stream(struct http_exchange *x, int status, const char *content_type, size_t block,
		       const struct http_stream_ops *ops, void *arg, void (*opened)(void *arg, struct http_stream *s));
void http_stream_wake(struct http_stream *s);
/* The connection is closed after so many seconds, if it is not over before. Any thread. */
void http_stream_ends_in(struct http_stream *s, unsigned seconds);
/* What was sent is not confirmed, though it was sent again several times: for some seconds nothing has come back. Any thread. */
bool http_stream_is_unheard(struct http_stream *s);
/* The client has ended its side. A stream that is paused would notice only when it sends something. Any thread. */
bool http_stream_has_left(struct http_stream *s);

#endif
