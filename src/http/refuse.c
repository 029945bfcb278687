/*
 * refuse.c - refusals below the app. They are written to the socket directly, because libmicrohttpd takes no answer
 * in the middle of a body or from another thread; the connection is closed behind them.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/metrics.h"

#include <sys/socket.h>

#define REFUSAL_MAX ((size_t)4 * 1024)

static void count(int status)
{
	metric_add(METRIC_HTTP_REQUESTS, 1);
	metric_add(status < 500 ? METRIC_HTTP_4XX : METRIC_HTTP_5XX, 1);
}

void refuse(struct conn *c, struct http_exchange *x, int status)
{
	struct buf body, out;
	buf_init(&body, REFUSAL_MAX);
	buf_init(&out, 2 * REFUSAL_MAX);
	const char *type = c->server->app.refusal(c->server->app.ctx, x, status, &body);
	buf_printf(&out,
		   "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n%s"
		   "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
		   status, MHD_get_reason_phrase_for((unsigned)status), type, body.len,
		   status == 503 ? "Retry-After: 5\r\n" : "");
	if (!x || x->method != HTTP_HEAD)
		buf_add(&out, buf_view(&body));
	/* A few thousand bytes at most into a socket that has nothing queued; if it does not take them, nothing is lost. */
	if (send(c->fd, out.p, out.len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		metric_add(METRIC_HTTP_BYTES_OUT, (int64_t)body.len);
	count(status);
	buf_release(&body);
	buf_release(&out);
}
