/*
 * blocks_mutes.c - whom one has blocked and muted (Mastodon: methods/blocks, methods/mutes, methods/domain_blocks).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/graph_answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/user_domains.h"
#include "present/account.h"

#define DOMAINS_MAX 200

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

static enum err domains(struct call *c)
{
	struct page page = call_page(c);
	struct user_domain *list = ARENA_ARRAY(c->arena, DOMAINS_MAX, struct user_domain);
	size_t n = 0;
	TRY(user_domains_page(c->db, c->arena, c->auth.account, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		jw_str(&c->json, list[i].domain);
	jw_array_end(&c->json);
	return OK;
}

/* Not in Mastodon's documentation: its apps ask for this before they block (REST::DomainBlockPreviewSerializer). */
static enum err preview_domain(struct call *c)
{
	struct user_domain_ties ties;
	TRY(user_domain_ties_count(c->db, c->auth.account, arg_str(c, "domain"), &ties));
	jw_object(&c->json);
	jw_kv_int(&c->json, "following_count", ties.following);
	jw_kv_int(&c->json, "followers_count", ties.followers);
	jw_object_end(&c->json);
	return OK;
}

static enum err block_domain(struct call *c)
{
	TRY(user_domain_block(c->core, c->auth.account, arg_str(c, "domain"), &c->problem));
	return answer_empty(c);
}

static enum err unblock_domain(struct call *c)
{
	TRY(user_domain_unblock(c->core, c->auth.account, arg_str(c, "domain")));
	return answer_empty(c);
}

#define DOMAIN {.name = "domain", .type = PARAM_STRING, .required = true, .max = LIMIT_DOMAIN_BYTES, .doc = "Domain of a server."}

const struct endpoint api_blocks_mutes[] = {
	{.method = HTTP_GET, .path = "/api/v1/blocks", .handle = blocks, .auth = AUTH_USER, .scope = SCOPE_READ_BLOCKS,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(40,
	 LIMIT_PAGE_ACCOUNTS)),
	 .reply = "[Account]", .doc = "Whom one has blocked. Cursors are in the Link header."},
	{.method = HTTP_GET, .path = "/api/v1/mutes", .handle = mutes, .auth = AUTH_USER, .scope = SCOPE_READ_MUTES,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(40,
	 LIMIT_PAGE_ACCOUNTS)),
	 .reply = "[MutedAccount]", .doc = "Whom one has muted, and until when. Cursors are in the Link header."},
	{.method = HTTP_GET, .path = "/api/v1/domain_blocks", .handle = domains, .auth = AUTH_USER,
	 .scope = SCOPE_READ_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS(PAGE_PARAMS(100, DOMAINS_MAX)), .reply = "[String]",
	 .doc = "Servers one has blocked. Cursors are in the Link header."},
	{.method = HTTP_GET, .path = "/api/v1/domain_blocks/preview", .handle = preview_domain, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS(DOMAIN), .reply = "DomainBlockPreview",
	 .doc = "How many one follows there, and is followed by: what ends when the server is blocked."},
	{.method = HTTP_POST, .path = "/api/v1/domain_blocks", .handle = block_domain, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(DOMAIN), .reply = "{}", .doc = "Want nothing of a server: follows of who is there end, either way."},
	{.method = HTTP_DELETE, .path = "/api/v1/domain_blocks", .handle = unblock_domain, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_BLOCKS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(DOMAIN), .reply = "{}", .doc = "Take that back. Follows that have ended stay so."},
	ENDPOINTS_END};
