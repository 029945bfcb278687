/*
 * stream.c - bodies without end. libmicrohttpd asks for bytes; when there are none the connection is suspended, which
 * costs nothing, until somebody wakes it. A client that has gone is noticed at the next write: streams send
 * something now and then.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/clock.h"
#include "http/deadline.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define UNSENT_BYTES (128 * 1024)
#define UNHEARD_MS 100000
#define RESENT_UNHEARD 4 /* each waits twice as long as the one before, the first 200 ms: 3 s */

struct http_stream {
	struct conn *conn; /* NULL once the exchange has ended; under server->lock */
	struct MHD_Connection *mhd;
	struct http_server *server;
	struct http_stream_ops ops;
	void *arg;
	pthread_mutex_t lock;
	bool paused, woken, ended; /* under lock */
};

static void pause_stream(struct http_stream *s)
{
	pthread_mutex_lock(&s->lock);
	MHD_suspend_connection(s->mhd);
	s->paused = true;
	if (s->woken) {
		s->paused = false;
		MHD_resume_connection(s->mhd);
	}
	s->woken = false;
	pthread_mutex_unlock(&s->lock);
}

static ssize_t fill(void *arg, uint64_t at, char *buf, size_t cap)
{
	struct http_stream *s = arg;
	(void)at;
	pthread_mutex_lock(&s->lock);
	bool ended = s->ended;
	s->woken = false;
	pthread_mutex_unlock(&s->lock);
	if (ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	ssize_t n = s->ops.more(s->arg, buf, cap);
	if (n < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0)
		pause_stream(s);
	return n;
}

static void finish(void *arg)
{
	struct http_stream *s = arg;
	pthread_mutex_lock(&s->server->lock);
	if (s->conn)
		s->conn->stream = NULL;
	pthread_mutex_unlock(&s->server->lock);
	s->ops.done(s->arg);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void stream_end(struct conn *c)
{
	pthread_mutex_lock(&c->server->lock);
	if (c->stream)
		c->stream->conn = NULL;
	c->stream = NULL;
	pthread_mutex_unlock(&c->server->lock);
}

/*
 * The system keeps little that it could not send yet: what is behind that can still be taken back. And a client that confirms
 * nothing, not even that it has no room, has gone without a word.
 */
static void bound_socket(int fd)
{
	int unsent = UNSENT_BYTES, unheard = UNHEARD_MS;

	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard, sizeof(unheard));
}

void http_reply_stream(struct http_exchange *pub, int status, const char *content_type, size_t block,
		       const struct http_stream_ops *ops, void *arg, void (*opened)(void *arg, struct http_stream *s))
{
	struct exchange *x = exchange_of(pub);
	struct http_server *server = x->conn->server;
	struct http_stream *s = xcalloc(1, sizeof(*s));
	*s = (struct http_stream){.conn = x->conn, .mhd = x->conn->mhd, .server = server, .ops = *ops, .arg = arg};
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_lock(&server->lock);
	s->ended = server->stopping;
	x->conn->stream = s;
	pthread_mutex_unlock(&server->lock);
	x->streams = true;
	x->patience_s = ops->patience_s;
	bound_socket(x->conn->fd);
	if (x->counted)
		atomic_fetch_sub(&server->busy, 1);
	x->counted = false;
	struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, fill, s, finish);
	opened(arg, s);
	reply_with(x, status, content_type, r, 0);
}

void http_stream_wake(struct http_stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->woken = true;
	if (s->paused) {
		s->paused = false;
		MHD_resume_connection(s->mhd);
	}
	pthread_mutex_unlock(&s->lock);
}

void http_stream_ends_in(struct http_stream *s, unsigned seconds)
{
	pthread_mutex_lock(&s->server->lock);
	if (s->conn)
		deadline_set(s->conn, clock_mono_ns() + seconds * NS_PER_SECOND, LATE_CLOSE);
	pthread_mutex_unlock(&s->server->lock);
}

bool http_stream_is_unheard(struct http_stream *s)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);
	bool known = false;

	pthread_mutex_lock(&s->server->lock);
	if (s->conn)
		known = getsockopt(s->conn->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0;
	pthread_mutex_unlock(&s->server->lock);
	/* Probes are what is sent while the client has no room; each answer sets both numbers to 0. */
	return known && (info.tcpi_retransmits >= RESENT_UNHEARD || info.tcpi_probes >= RESENT_UNHEARD);
}

bool http_stream_has_left(struct http_stream *s)
{
	char byte;
	ssize_t n = -1;

	errno = EAGAIN;
	pthread_mutex_lock(&s->server->lock);
	if (s->conn)
		n = recv(s->conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	pthread_mutex_unlock(&s->server->lock);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

void stream_end_now(struct http_stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->ended = true;
	pthread_mutex_unlock(&s->lock);
	http_stream_wake(s);
}

void stream_end_all(struct http_server *server)
{
	pthread_mutex_lock(&server->lock);
	for (struct conn *c = server->conns; c; c = c->next) {
		if (c->stream)
			stream_end_now(c->stream);
	}
	pthread_mutex_unlock(&server->lock);
}
