/*
 * access.c - one line for each request. The path is that of the row, never what was sent: queries carry tokens, and
 * paths carry what people look at.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/log.h"

void access_log(const struct call_state *cs, int status, uint64_t bytes)
{
	const struct call *c = &cs->pub;
	if (!cs->gate->config.access_log)
		return;
	log_info("request", F_STR("id", view_of(c->x->id)), F_STR("method", view_of(http_method_name(c->x->method))),
		 F_STR("route", c->row ? view_of(c->row->path) : V("")), F_INT("status", status), F_INT("bytes", bytes),
		 F_INT("us", (clock_mono_ns() - c->x->started_ns) / 1000));
}
