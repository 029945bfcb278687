/*
 * account_lists.c - lists that hang on one account: followers, follows, recommendations (Mastodon: methods/accounts,
 * methods/endorsements).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/graph_answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/lists.h"
#include "present/list.h"

/* Whoever hides these lists hides them from all but themselves; a blocked viewer sees none. */
static enum err hides_from(struct call *c, struct account_id whose, bool *ret)
{
	struct account account;
	TRY(account_load(c->db, c->arena, whose, &account));
	bool self = account_eq(whose, c->viewer->account);
	*ret = (account.hide_collections && !self) || idset_has(&c->viewer->blocked_by, (uint64_t)whose.v);
	return OK;
}

static enum err answer_follows(struct call *c, enum graph_list list)
{
	struct account_id whose = arg_account(c, "id");
	bool hidden;
	TRY(hides_from(c, whose, &hidden));
	if (hidden)
		return answer_none(c);
	return answer_graph_page(c, list, whose, !account_eq(whose, c->viewer->account));
}

static enum err followers(struct call *c)
{
	return answer_follows(c, GRAPH_FOLLOWERS);
}

static enum err following(struct call *c)
{
	return answer_follows(c, GRAPH_FOLLOWING);
}

static enum err endorsements(struct call *c)
{
	return answer_graph_page(c, GRAPH_ENDORSED, arg_account(c, "id"), true);
}

static enum err own_endorsements(struct call *c)
{
	return answer_graph_page(c, GRAPH_ENDORSED, c->auth.account, false);
}

static enum err containing_lists(struct call *c)
{
	struct list lists[LIMIT_LISTS];
	size_t n = 0;
	TRY(lists_load(c->db, c->arena, c->auth.account, arg_account(c, "id"), lists, &n));
	present_lists(lists, n, &c->json);
	return OK;
}

static enum err nothing(struct call *c)
{
	return answer_none(c);
}

#define ID {.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."}
#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_account_lists[] = {
	{READ, .path = "/api/v1/accounts/:id/followers", .handle = followers, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_ACCOUNTS, .params = PARAMS(ID, PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Who follows an account. Cursors are in the Link header."},
	{READ, .path = "/api/v1/accounts/:id/following", .handle = following, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_ACCOUNTS, .params = PARAMS(ID, PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Whom an account follows. Cursors are in the Link header."},
	{READ, .path = "/api/v1/accounts/:id/endorsements", .handle = endorsements, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_ACCOUNTS, .params = PARAMS(ID, PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Whom an account recommends."},
	{READ, .path = "/api/v1/endorsements", .handle = own_endorsements, .auth = AUTH_USER,
	 .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS(PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]", .doc = "Whom one recommends."},
	{READ, .path = "/api/v1/accounts/:id/lists", .handle = containing_lists, .auth = AUTH_USER,
	 .scope = SCOPE_READ_LISTS, .params = PARAMS(ID), .reply = "[List]",
	 .doc = "One's own lists the account is on."},
	{READ, .path = "/api/v1/accounts/:id/identity_proofs", .handle = nothing, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_ACCOUNTS, .params = PARAMS(ID), .reply = "[IdentityProof]",
	 .doc = "Always empty; Mastodon has dropped these."},
	ENDPOINTS_END};
