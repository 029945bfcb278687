/*
 * discovery.c - whom one might want to follow (Mastodon: methods/directory, methods/suggestions).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/graph.h"

static const char *const orders[] = {"active", "new", NULL};

static enum err directory(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id found[LIMIT_PAGE_ACCOUNTS], shown[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0, n_shown = 0;
	TRY(graph_directory(c->db, arg_choice(c, "order") == 1, arg_bool(c, "local"), (size_t)arg_int(c, "limit"),
			    (size_t)arg_int(c, "offset"), found, &n));
	for (size_t i = 0; i < n; i++)
		if (!viewer_hides(c->viewer, found[i]))
			shown[n_shown++] = found[i];
	return present_accounts(&p, shown, n_shown, &c->json);
}

static enum err find(struct call *c, struct account_id ret[LIMIT_PAGE_ACCOUNTS], size_t *ret_n)
{
	return graph_suggestions(c->db, c->auth.account, (size_t)arg_int(c, "limit"), ret, ret_n);
}

static enum err suggestions_v1(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id found[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0;
	TRY(find(c, found, &n));
	return present_accounts(&p, found, n, &c->json);
}

static enum err suggestions(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id found[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0;
	TRY(find(c, found, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		jw_object(&c->json);
		jw_kv_cstr(&c->json, "source", "past_interactions");
		jw_kv_raw(&c->json, "sources", V("[\"friends_of_friends\"]"));
		jw_key(&c->json, "account");
		TRY(present_account(&p, found[i], &c->json));
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err forget_suggestion(struct call *c)
{
	TRY(graph_forget_suggestion(c->core, c->auth.account, arg_account(c, "account_id")));
	return answer_empty(c);
}

#define LIMIT_PARAM                                                                                                    \
	{                                                                                                              \
		.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = LIMIT_PAGE_ACCOUNTS,               \
		.fallback = 40, .doc = "How many."                                                                     \
	}
#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_discovery[] = {
	{READ, .path = "/api/v1/directory", .handle = directory, .auth = AUTH_OPTIONAL, .scope = SCOPE_NONE,
	 .params = PARAMS({.name = "order", .type = PARAM_CHOICE, .choices = orders, .doc = "active or new."},
			  {.name = "local", .type = PARAM_BOOL, .doc = "Only accounts of this server."},
			  {.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 100000,
			  .doc = "How many to skip."},
			  LIMIT_PARAM),
	 .reply = "[Account]", .doc = "Accounts that want to be found."},
	{READ, .path = "/api/v2/suggestions", .handle = suggestions, .auth = AUTH_USER, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS(LIMIT_PARAM), .reply = "[Suggestion]", .doc = "Whom people one follows follow."},
	{READ, .path = "/api/v1/suggestions", .handle = suggestions_v1, .auth = AUTH_USER, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS(LIMIT_PARAM), .reply = "[Account]",
	 .doc = "Whom people one follows follow, in the older form."},
	{.method = HTTP_DELETE, .path = "/api/v1/suggestions/:account_id", .handle = forget_suggestion,
	 .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS,
	 .run = RUN_WORKER,
	 .params = PARAMS({.name = "account_id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."}),
	 .reply = "{}", .doc = "Do not suggest this account again."},
	ENDPOINTS_END};
