/*
 * follow_requests.c - who asks to follow (Mastodon: methods/follow_requests).
 */
#include "base/base.h"

#include "api/graph_answer.h"
#include "api/groups.h"
#include "base/limits.h"

static enum err show(struct call *c)
{
	return answer_graph_page(c, GRAPH_REQUESTS, c->auth.account, false);
}

static enum err authorize(struct call *c)
{
	TRY(graph_authorize(c->core, c->auth.account, arg_account(c, "account_id")));
	return answer_relationship(c, arg_account(c, "account_id"));
}

static enum err reject(struct call *c)
{
	TRY(graph_reject(c->core, c->auth.account, arg_account(c, "account_id")));
	return answer_relationship(c, arg_account(c, "account_id"));
}

#define WHO {.name = "account_id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account that asks."}

const struct endpoint api_follow_requests[] = {
	{.method = HTTP_GET, .path = "/api/v1/follow_requests", .handle = show, .auth = AUTH_USER,
	 .scope = SCOPE_READ_FOLLOWS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS(PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Who asks to follow. Cursors are in the Link header."},
	{.method = HTTP_POST, .path = "/api/v1/follow_requests/:account_id/authorize", .handle = authorize,
	 .auth = AUTH_USER, .scope = SCOPE_WRITE_FOLLOWS, .rate = RATE_DEFAULT, .meter = METER_FREE,
	 .body = BODY_FIELDS,
	 .run = RUN_WORKER, .params = PARAMS(WHO), .reply = "Relationship", .doc = "Let somebody follow."},
	{.method = HTTP_POST, .path = "/api/v1/follow_requests/:account_id/reject", .handle = reject, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_FOLLOWS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS,
	 .run = RUN_WORKER,
	 .params = PARAMS(WHO), .reply = "Relationship", .doc = "Do not let somebody follow."},
	ENDPOINTS_END};
