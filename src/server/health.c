/*
 * health.c - what machines ask the program about itself: is it up, its numbers, its interface.
 */
#include "base/base.h"
#include "server/groups.h"

#include "base/limits.h"
#include "base/metrics.h"
#include "dataapi/groups.h"
#include "gate/call.h"
#include "gate/gate.h"
#include "server/boot.h"

static enum err show_health(struct call *c)
{
	c->replied = true;
	http_reply_static(c->x, 200, "text/plain; charset=utf-8", V("OK"));
	return OK;
}

/* Whoever came through a proxy is not of this machine, also when the proxy is and is not trusted. */
static bool is_local(const struct call *c)
{
	return (view_starts(c->x->peer, V("127.")) || view_is(c->x->peer, "::1")) &&
	       !http_header(c->x, "X-Forwarded-For").len && !http_header(c->x, "Forwarded").len;
}

static enum err show_metrics(struct call *c)
{
	const struct server *s = c->server;
	int64_t access = s->config->v.metrics;
	struct buf out;

	if (access == METRICS_OFF || (access == METRICS_LOCAL && !is_local(c)))
		return ERR_NOT_FOUND;
	buf_init(&out, LIMIT_MIB);
	metrics_write(&out);
	size_t len = out.len;
	c->replied = true;
	http_reply(c->x, 200, "text/plain; version=0.0.4; charset=utf-8", buf_detach(&out), len);
	return OK;
}

static enum err show_openapi(struct call *c)
{
	spec_openapi(server_groups, data_shapes, c->core->config.base_url, &c->out);
	return buf_err(&c->out);
}

const struct endpoint server_endpoints[] = {
	{.method = HTTP_GET, .path = "/health", .handle = show_health, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .reply = "Text",
	 .doc = "Answers OK while the server serves."},
	{.method = HTTP_GET, .path = "/metrics", .handle = show_metrics, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .reply = "Text",
	 .doc = "Numbers in Prometheus' text format, for whom the setting metrics allows it."},
	{.method = HTTP_GET, .path = "/api/openapi.json", .handle = show_openapi, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON, .reply = "OpenAPI",
	 .doc = "This interface as OpenAPI 3.1."},
	ENDPOINTS_END,
};
