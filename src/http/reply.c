/*
 * reply.c - answers as libmicrohttpd's response objects. They are made on the thread that answers, so that a worker
 * does this work and not the loop, and queued on the loop.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "http/deadline.h"
#include "http/range.h"

#include <malloc.h>
#include <unistd.h>

#define READ_BYTES_PER_SECOND (4 * LIMIT_KIB) /* a client that reads slower than this is cut off */

static bool is_single(const char *name)
{
	return strcasecmp(name, "Set-Cookie") != 0 && strcasecmp(name, "Vary") != 0 && strcasecmp(name, "Link") != 0;
}

static struct header *find_reply_header(const struct exchange *x, const char *name)
{
	for (size_t i = 0; i < x->n_reply_headers; i++)
		if (view_eq_nocase(x->reply_headers[i].name, view_of(name)))
			return &x->reply_headers[i];
	return NULL;
}

struct view reply_header(const struct exchange *x, const char *name)
{
	const struct header *h = find_reply_header(x, name);
	return h ? h->value : V("");
}

bool http_has_header(const struct http_exchange *pub, const char *name)
{
	return find_reply_header(exchange_of(pub), name) != NULL;
}

static bool is_clean(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7f)
			return false;
	return true;
}

void http_set_header(struct http_exchange *pub, const char *name, struct view value)
{
	struct exchange *x = exchange_of(pub);
	if (!*name || !is_clean(view_of(name)) || strpbrk(name, ": "))
		BUG("header name \"%s\"", name);
	if (!is_clean(value))
		return;
	struct header *h = is_single(name) ? find_reply_header(x, name) : NULL;
	if (!h) {
		if (!x->reply_headers)
			x->reply_headers = ARENA_ARRAY(&pub->arena, REPLY_HEADERS_MAX, struct header);
		if (x->n_reply_headers == REPLY_HEADERS_MAX)
			BUG("more than %d headers", REPLY_HEADERS_MAX);
		h = &x->reply_headers[x->n_reply_headers++];
	}
	*h = (struct header){view_of(name), arena_view(&pub->arena, value)};
}

static void add_headers(struct exchange *x, struct MHD_Response *r, const char *content_type)
{
	if (content_type && !find_reply_header(x, "Content-Type"))
		MHD_add_response_header(r, "Content-Type", content_type);
	for (size_t i = 0; i < x->n_reply_headers; i++)
		MHD_add_response_header(r, x->reply_headers[i].name.p, x->reply_headers[i].value.p);
	if (atomic_load_explicit(&x->conn->server->draining, memory_order_relaxed) && !x->websocket)
		MHD_add_response_header(r, "Connection", "close");
}

void reply_with(struct exchange *x, int status, const char *content_type, struct MHD_Response *r, uint64_t bytes)
{
	if (!r)
		BUG("no memory for a response");
	if (x->response)
		BUG("answered twice: %.*s", VIEW_ARG(x->pub.target));
	add_headers(x, r, content_type);
	metric_add(METRIC_HTTP_REQUESTS, 1);
	if (status >= 400)
		metric_add(status < 500 ? METRIC_HTTP_4XX : METRIC_HTTP_5XX, 1);
	if (x->pub.method != HTTP_HEAD)
		metric_add(METRIC_HTTP_BYTES_OUT, (int64_t)bytes);
	x->response = r;
	x->status = status;
	x->reply_bytes = bytes;
	if (!x->deferred)
		return;
	/* From the resume on, the loop may finish the exchange at any moment. */
	struct http_server *s = x->conn->server;
	MHD_resume_connection(x->conn->mhd);
	atomic_fetch_sub(&s->inside, 1);
}

enum MHD_Result reply_queue(struct exchange *x)
{
	struct conn *c = x->conn;
	int64_t seconds = c->server->idle_seconds + (int64_t)(x->reply_bytes / READ_BYTES_PER_SECOND);
	if (!x->streams && !x->websocket)
		deadline_set(c, clock_mono_ns() + seconds * NS_PER_SECOND, LATE_CLOSE);
	if (x->patience_s)
		MHD_set_connection_option(c->mhd, MHD_CONNECTION_OPTION_TIMEOUT, x->patience_s);
	struct MHD_Response *r = x->response;
	x->response = NULL;
	/* Queueing may send everything and end the exchange before it returns. */
	enum MHD_Result result = MHD_queue_response(c->mhd, (unsigned)x->status, r);
	MHD_destroy_response(r);
	return result;
}

static struct MHD_Response *empty_response(void)
{
	static char nothing[1];
	return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
}

/* ---- bodies that are used again ---- */

#define BODY_KEPT_MIN ((size_t)16 * LIMIT_KIB)
#define BODY_KEPT_MAX ((size_t)128 * LIMIT_KIB)

struct kept_body {
	struct loop *loop;
	char *p;
};

char *http_spare_body(struct http_exchange *pub, size_t *ret_size)
{
	struct exchange *x = exchange_of(pub);
	struct loop *loop = x->loop;
	x->keeps_body = true;
	if (!loop->n_bodies)
		return NULL;
	char *body = loop->bodies[--loop->n_bodies];
	*body = '\0';
	*ret_size = malloc_usable_size(body);
	return body;
}

/* On the loop, which alone frees responses. */
static void keep_body(void *arg)
{
	struct kept_body *kept = arg;
	size_t size = malloc_usable_size(kept->p);
	if (kept->loop->n_bodies < BODIES_MAX && size >= BODY_KEPT_MIN && size <= BODY_KEPT_MAX)
		kept->loop->bodies[kept->loop->n_bodies++] = kept->p;
	else
		free(kept->p);
	free(kept);
}

static struct MHD_Response *kept_response(struct exchange *x, char *body, size_t len)
{
	struct kept_body *kept = xmalloc(sizeof(*kept));
	*kept = (struct kept_body){x->loop, body};
	return MHD_create_response_from_buffer_with_free_callback_cls(len, body, keep_body, kept);
}

void http_reply(struct http_exchange *pub, int status, const char *content_type, char *body, size_t len)
{
	struct MHD_Response *r;
	if (len && exchange_of(pub)->keeps_body) {
		r = kept_response(exchange_of(pub), body, len);
	} else if (len) {
		r = MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_FREE);
	} else {
		free(body);
		r = empty_response();
	}
	reply_with(exchange_of(pub), status, content_type, r, len);
}

void http_reply_static(struct http_exchange *pub, int status, const char *content_type, struct view body)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
	reply_with(exchange_of(pub), status, content_type, r, body.len);
}

void http_reply_shared(struct http_exchange *pub, int status, const char *content_type, struct view body,
		       void (*release)(void *arg), void *arg)
{
	struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback_cls(
		body.len, (void *)(uintptr_t)body.p, release, arg);
	reply_with(exchange_of(pub), status, content_type, r, body.len);
}

/* RFC 9110 13.1.5: a range of something that has changed since is no use; then the whole is sent. */
static bool range_still_holds(const struct exchange *x)
{
	struct view wanted = http_header(&x->pub, "If-Range");
	return wanted.len == 0 || view_eq(wanted, reply_header(x, "ETag")) ||
	       view_eq(wanted, reply_header(x, "Last-Modified"));
}

void http_reply_file(struct http_exchange *pub, int status, const char *content_type, int fd, uint64_t size,
		     bool ranged)
{
	struct exchange *x = exchange_of(pub);
	uint64_t first = 0, last = size ? size - 1 : 0;
	char text[80];
	if (ranged)
		http_set_header(pub, "Accept-Ranges", V("bytes"));
	if (ranged && status == 200 && pub->method == HTTP_GET && range_still_holds(x)) {
		enum range range = range_parse(http_header(pub, "Range"), size, &first, &last);
		if (range == RANGE_PART) {
			snprintf(text, sizeof(text), "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, size);
			http_set_header(pub, "Content-Range", view_of(text));
			status = 206;
		} else if (range == RANGE_NONE) {
			snprintf(text, sizeof(text), "bytes */%" PRIu64, size);
			http_set_header(pub, "Content-Range", view_of(text));
			close(fd);
			reply_with(x, 416, content_type, empty_response(), 0);
			return;
		}
	}
	if (size == 0) {
		close(fd);
		reply_with(x, status, content_type, empty_response(), 0);
		return;
	}
	uint64_t len = last - first + 1;
	reply_with(x, status, content_type, MHD_create_response_from_fd_at_offset64(len, fd, first), len);
}
