/*
 * blocks_mutes.c - whom one has blocked and muted (Mastodon: methods/blocks, methods/mutes, methods/domain_blocks).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/graph_answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "present/account.h"

static enum err blocks(struct call *c)
{
	return answer_graph_page(c, GRAPH_BLOCKS, c->auth.account, false);
}

static enum err mutes(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct graph_entry entries[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0;
	TRY(graph_page(c->db, GRAPH_MUTES, c->auth.account, &page, entries, &n));
	if (n > 0)
		call_link(c, entries[0].cursor, entries[n - 1].cursor, n < page.limit);
	return present_muted_accounts(&p, entries, n, &c->json);
}

static enum err no_domains(struct call *c)
{
	return answer_none(c);
}

static enum err change_domain(struct call *c)
{
	return answer_empty(c);
}

#define DOMAIN {.name = "domain", .type = PARAM_STRING, .required = true, .max = 253, .doc = "Domain of a server."}

const struct endpoint api_blocks_mutes[] = {
	{.method = HTTP_GET, .path = "/api/v1/blocks", .handle = blocks, .auth = AUTH_USER, .scope = SCOPE_READ_BLOCKS,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(40,
	 LIMIT_PAGE_ACCOUNTS)),
	 .reply = "[Account]", .doc = "Whom one has blocked. Cursors are in the Link header."},
	{.method = HTTP_GET, .path = "/api/v1/mutes", .handle = mutes, .auth = AUTH_USER, .scope = SCOPE_READ_MUTES,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(40,
	 LIMIT_PAGE_ACCOUNTS)),
	 .reply = "[MutedAccount]", .doc = "Whom one has muted, and until when. Cursors are in the Link header."},
	{.method = HTTP_GET, .path = "/api/v1/domain_blocks", .handle = no_domains, .auth = AUTH_USER,
	 .scope = SCOPE_READ_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS(PAGE_PARAMS(100, 200)), .reply = "[String]",
	 .doc = "Servers one has blocked: none, as kicau does not talk to other servers yet."},
	{.method = HTTP_POST, .path = "/api/v1/domain_blocks", .handle = change_domain, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(DOMAIN), .reply = "{}", .doc = "Without effect while there are no other servers."},
	{.method = HTTP_DELETE, .path = "/api/v1/domain_blocks", .handle = change_domain, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(DOMAIN), .reply = "{}", .doc = "Without effect while there are no other servers."},
	ENDPOINTS_END};
