/*
 * accounts.c - reading accounts (Mastodon: methods/accounts). What hangs on one account is account_lists.c.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/admitted.h"
#include "core/graph.h"
#include "present/account.h"
#include "present/relationship.h"

#define SEARCH_MAX 80

static enum err verify_credentials(struct call *c)
{
	struct present p = call_presenter(c);
	return present_credential_account(&p, c->auth.account, &c->json);
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	return present_account(&p, arg_account(c, "id"), &c->json);
}

static struct account_id *as_accounts(struct call *c, const int64_t *ids, size_t n)
{
	struct account_id *list = ARENA_ARRAY(c->arena, n, struct account_id);
	for (size_t i = 0; i < n; i++)
		list[i].v = ids[i];
	return list;
}

static enum err show_many(struct call *c)
{
	struct present p = call_presenter(c);
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids);
	n = n > LIMIT_PAGE_ACCOUNTS ? LIMIT_PAGE_ACCOUNTS : n;
	struct account_id *accounts = as_accounts(c, ids, n);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		enum err err = account_admitted(c->core, c->db, accounts[i]);
		if (err == OK)
			accounts[kept++] = accounts[i];
		else if (err != ERR_NOT_FOUND)
			return err;
	}
	return present_accounts(&p, accounts, kept, &c->json);
}

static enum err lookup(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id id;
	TRY(account_find_acct(c->core, c->db, arg_str(c, "acct"), &id));
	TRY(account_admitted(c->core, c->db, id));
	return present_account(&p, id, &c->json);
}

/* Whom the text names exactly: "@alice@domain", or a link to a profile. 0: nobody. */
static enum err find_exact(struct call *c, struct view text, struct account_id *ret)
{
	bool url = view_starts(text, V("https://")) || view_starts(text, V("http://"));
	struct account_id id;
	enum err err = url ? account_find_url(c->core, c->db, text, &id) : account_find_acct(c->core, c->db, text, &id);
	if (err == OK)
		err = account_admitted(c->core, c->db, id);
	if (err == OK)
		*ret = id;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err search(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id found[SEARCH_MAX + 1], exact = {0};
	size_t n = 0, limit = (size_t)arg_int(c, "limit");
	struct account_query q = {.text = arg_str(c, "q"),
				  .viewer = c->viewer->account,
				  .following = arg_bool(c, "following"),
				  .limit = limit,
				  .offset = (size_t)arg_int(c, "offset")};
	if (q.offset == 0 && !q.following)
		TRY(find_exact(c, view_trim(q.text), &exact));
	TRY(account_search(c->db, c->arena, &q, found + 1, &n));
	struct account_id *list = found + 1;
	if (exact.v) { /* first, and once */
		size_t kept = 0;
		for (size_t i = 0; i < n; i++)
			if (!account_eq(list[i], exact))
				list[kept++] = list[i];
		found[0] = exact;
		list = found;
		n = kept + 1 > limit ? limit : kept + 1;
	}
	return present_accounts(&p, list, n, &c->json);
}

static enum err relationships(struct call *c)
{
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids), known = 0;
	struct account_id *accounts = as_accounts(c, ids, n);
	struct relationship *list = ARENA_ARRAY(c->arena, n, struct relationship);
	for (size_t i = 0; i < n; i++) {
		struct account_card *card;
		enum err err = account_card_get(c->core, c->db, c->arena, accounts[i], &card);
		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		if (!card->suspended || arg_bool(c, "with_suspended"))
			accounts[known++] = accounts[i];
		account_card_put(card);
	}
	TRY(graph_relationships(c->db, c->arena, c->auth.account, accounts, known, list));
	jw_array(&c->json);
	for (size_t i = 0; i < known; i++)
		present_relationship(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err familiar_followers(struct call *c)
{
	struct present p = call_presenter(c);
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids);
	n = n > LIMIT_PAGE_ACCOUNTS ? LIMIT_PAGE_ACCOUNTS : n;
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		struct account_id friends[LIMIT_PAGE_ACCOUNTS];
		size_t n_friends = 0;
		TRY(graph_familiar(c->db, c->auth.account, (struct account_id){ids[i]}, ARRAY_LEN(friends), friends,
				   &n_friends));
		jw_object(&c->json);
		jw_kv_id(&c->json, "id", ids[i]);
		jw_key(&c->json, "accounts");
		TRY(present_accounts(&p, friends, n_friends, &c->json));
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

#define IDS {.name = "id[]", .type = PARAM_IDS, .doc = "Ids of accounts."}
#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_accounts[] = {
	{READ, .path = "/api/v1/accounts/verify_credentials", .handle = verify_credentials, .auth = AUTH_USER,
	 .scope = SCOPE_PROFILE, .reply = "CredentialAccount",
	 .doc = "Whose token it is. Needs profile or read:accounts."},
	{READ, .path = "/api/v1/accounts/relationships", .handle = relationships, .auth = AUTH_USER,
	 .scope = SCOPE_READ_FOLLOWS,
	 .params = PARAMS(IDS, {.name = "with_suspended", .type = PARAM_BOOL, .doc = "Suspended accounts too."}),
	 .reply = "[Relationship]", .doc = "How one stands to other accounts."},
	{READ, .path = "/api/v1/accounts/familiar_followers", .handle = familiar_followers, .auth = AUTH_USER,
	 .scope = SCOPE_READ_FOLLOWS, .params = PARAMS(IDS), .reply = "[FamiliarFollowers]",
	 .doc = "Whom one follows among the followers of accounts."},
	{READ, .path = "/api/v1/accounts/search", .handle = search, .auth = AUTH_USER, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS({.name = "q", .type = PARAM_STRING, .required = true,
	 .doc = "A name, or the beginning of one."},
			  {.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = SEARCH_MAX,
			  .fallback = 40,
			   .doc = "How many."},
			  {.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 10000,
			  .doc = "How many to skip."},
			  {.name = "resolve", .type = PARAM_BOOL,
			  .doc = "Taken and not used: other servers are not asked."},
			  {.name = "following", .type = PARAM_BOOL, .doc = "Only whom one follows."}),
	 .reply = "[Account]", .doc = "Find accounts by name."},
	{READ, .path = "/api/v1/accounts/lookup", .handle = lookup, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS({.name = "acct", .type = PARAM_STRING, .required = true, .doc = "Name, or name@domain."}),
	 .reply = "Account", .doc = "An account by its exact name."},
	{READ, .path = "/api/v1/accounts/:id", .handle = show, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS({.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."}),
	 .reply = "Account", .doc = "An account."},
	{READ, .path = "/api/v1/accounts", .handle = show_many, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_ACCOUNTS,
	 .params = PARAMS(IDS), .reply = "[Account]",
	 .doc = "Several accounts by id; those that do not exist are left out."},
	ENDPOINTS_END};
