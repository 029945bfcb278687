/*
 * exchange.c - the life of one request, driven by libmicrohttpd's callbacks on a loop thread:
 *
 *   target read → head checked → body collected → app's handle() → answer queued → completed
 *
 * libmicrohttpd closes the connection when an answer is queued at the head, so answers wait for the call behind the
 * body, also when there is none.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "http/deadline.h"

#include <fcntl.h>
#include <unistd.h>

static _Thread_local struct loop *this_loop;
static _Thread_local uint64_t this_server; /* whose it is: a thread may see several servers one after another */
static _Atomic uint64_t request_count;

static struct loop *loop_of(struct http_server *s)
{
	if (this_server == s->serial)
		return this_loop;
	this_server = s->serial;
	this_loop = xcalloc(1, sizeof(*this_loop));
	pthread_mutex_lock(&s->lock);
	this_loop->next = s->loops;
	s->loops = this_loop;
	pthread_mutex_unlock(&s->lock);
	return this_loop;
}

static void make_id(char ret[17])
{
	static const char digits[] = "0123456789abcdef";
	/* hash_u64 is seeded at random: ids of one process differ, and those of the next start elsewhere. */
	uint64_t v = hash_u64(atomic_fetch_add_explicit(&request_count, 1, memory_order_relaxed));
	for (int i = 15; i >= 0; i--, v >>= 4)
		ret[i] = digits[v & 15];
	ret[16] = '\0';
}

static void exchange_begin(struct exchange *x, struct conn *c)
{
	struct loop *loop = loop_of(c->server);
	*x = (struct exchange){.conn = c, .active = true, .loop = loop};
	if (loop->n_spares)
		x->pub.arena = loop->spares[--loop->n_spares];
	else
		arena_init(&x->pub.arena, LIMIT_CALL_ARENA);
	x->pub.started_ns = clock_mono_ns();
	make_id(x->pub.id);
}

void *exchange_on_target(void *server, const char *uri, struct MHD_Connection *mhd)
{
	struct http_server *s = server;
	struct conn *c = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	struct exchange *x = &c->x;
	exchange_end(x);
	exchange_begin(x, c);
	deadline_set(c, x->pub.started_ns + s->request_seconds * NS_PER_SECOND, LATE_408);
	x->uri = uri ? uri : "";
	x->uri_len = strlen(x->uri);
	if (x->uri_len <= TARGET_MAX)
		x->pub.target = arena_view(&x->pub.arena, view_make(x->uri, x->uri_len));
	/*
	 * libmicrohttpd would now split the query into parameters of its own, each a piece of the connection's small
	 * memory, which nobody reads; when that is used up it waits for ever. It looks at the byte behind '?': with NUL
	 * there it finds none.
	 */
	char *query = uri ? strchr(uri, '?') : NULL;
	if (query)
		query[1] = '\0';
	return x;
}

/* The reason this connection ends is sent; what the client still has to say is read out so that it gets to see it. */
static enum MHD_Result give_up(struct exchange *x, int status)
{
	struct conn *c = x->conn;
	if (!deadline_clear(c))
		return MHD_NO;
	refuse(c, &x->pub, status);
	int fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		linger_add(c->server, fd);
	return MHD_NO;
}

static enum MHD_Result on_head(struct exchange *x, const char *method, const char *version)
{
	x->checked = true;
	int status = request_check(x, method, version);
	if (!status)
		status = body_begin(x);
	return status ? give_up(x, status) : MHD_YES;
}

static enum MHD_Result on_request(struct exchange *x)
{
	struct http_server *s = x->conn->server;
	x->handled = true;
	body_finish(x);
	if (!deadline_clear(x->conn))
		return MHD_NO;
	atomic_fetch_add(&s->inside, 1);
	if (s->stopping) {
		atomic_fetch_sub(&s->inside, 1);
		return give_up(x, 503);
	}
	atomic_fetch_add(&s->busy, 1);
	x->counted = true;
	s->app.handle(s->app.ctx, &x->pub);
	/* Only this thread sets deferred, and the exchange is alive until this thread is back in the loop. */
	if (x->deferred)
		return MHD_YES;
	if (!x->response)
		BUG("a request was neither answered nor deferred");
	enum MHD_Result result = reply_queue(x);
	atomic_fetch_sub(&s->inside, 1);
	return result;
}

enum MHD_Result exchange_on_data(void *server, struct MHD_Connection *mhd, const char *url, const char *method,
				 const char *version, const char *data, size_t *size, void **context)
{
	(void)server;
	(void)mhd;
	(void)url;
	struct exchange *x = *context;
	if (!x->checked)
		return on_head(x, method, version);
	if (*size) {
		int status = body_add(x, data, *size);
		*size = 0;
		return status ? give_up(x, status) : MHD_YES;
	}
	if (!x->handled)
		return on_request(x);
	return x->response ? reply_queue(x) : MHD_YES;
}

void http_defer(struct http_exchange *pub)
{
	struct exchange *x = exchange_of(pub);
	x->deferred = true;
	MHD_suspend_connection(x->conn->mhd);
}

void http_when_over(struct http_exchange *pub, void (*fn)(void *arg, bool whole), void *arg)
{
	struct exchange *x = exchange_of(pub);
	x->over = fn;
	x->over_arg = arg;
}

void exchange_end(struct exchange *x)
{
	if (!x->active)
		return;
	x->active = false;
	if (x->response)
		MHD_destroy_response(x->response);
	websocket_end(x);
	if (x->streams)
		stream_end(x->conn);
	body_release(x);
	struct loop *loop = loop_of(x->conn->server);
	if (loop->n_spares == SPARES_MAX) {
		arena_release(&x->pub.arena);
	} else {
		arena_reset(&x->pub.arena);
		loop->spares[loop->n_spares++] = x->pub.arena;
	}
	x->pub.arena = (struct arena){0};
	if (x->counted)
		atomic_fetch_sub(&x->conn->server->busy, 1);
	x->counted = false;
}

void exchange_on_completed(void *server, struct MHD_Connection *mhd, void **context,
			   enum MHD_RequestTerminationCode code)
{
	struct http_server *s = server;
	(void)mhd;
	struct exchange *x = *context;
	if (!x)
		return;
	if (x->over)
		x->over(x->over_arg, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	x->over = NULL;
	int64_t now = clock_mono_ns();
	if (x->handled && x->active && !x->websocket && !x->streams)
		metric_observe(METRIC_HTTP_SECONDS, now - x->pub.started_ns);
	exchange_end(x);
	deadline_set(x->conn, now + s->idle_seconds * NS_PER_SECOND, LATE_CLOSE);
	*context = NULL;
}
