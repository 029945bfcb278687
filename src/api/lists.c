/*
 * lists.c - one's lists of accounts (Mastodon: methods/lists).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/lists.h"
#include "present/list.h"

static const char *const policies[] = {"followed", "list", "none", NULL};

static enum err load(struct call *c, struct list *ret)
{
	return list_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), ret);
}

static enum err show_all(struct call *c)
{
	struct list lists[LIMIT_LISTS];
	size_t n = 0;
	TRY(lists_load(c->db, c->arena, c->auth.account, (struct account_id){0}, lists, &n));
	present_lists(lists, n, &c->json);
	return OK;
}

static enum err show(struct call *c)
{
	struct list list;
	TRY(load(c, &list));
	present_list(&list, &c->json);
	return OK;
}

static enum err create(struct call *c)
{
	struct list list = {.title = arg_str(c, "title"),
			    .replies = (enum replies_policy)arg_choice(c, "replies_policy"),
			    .exclusive = arg_bool(c, "exclusive")};
	TRY(list_create(c->core, c->auth.account, &list, &c->problem));
	present_list(&list, &c->json);
	return OK;
}

static enum err update(struct call *c)
{
	struct list list;
	TRY(load(c, &list));
	if (arg_given(c, "title"))
		list.title = arg_str(c, "title");
	if (arg_given(c, "replies_policy"))
		list.replies = (enum replies_policy)arg_choice(c, "replies_policy");
	if (arg_given(c, "exclusive"))
		list.exclusive = arg_bool(c, "exclusive");
	TRY(list_update(c->core, c->auth.account, &list, &c->problem));
	present_list(&list, &c->json);
	return OK;
}

static enum err delete_list(struct call *c)
{
	TRY(list_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* limit 0 asks for all of them, without pages. */
static enum err members(struct call *c)
{
	struct present p = call_presenter(c);
	struct list list;
	struct page page = call_page(c);
	bool all = page.limit == 0;
	size_t n = 0;
	TRY(load(c, &list));
	page.limit = all ? LIMIT_LIST_ACCOUNTS : page.limit;
	struct graph_entry *entries = ARENA_ARRAY(c->arena, page.limit, struct graph_entry);
	struct account_id *ids = ARENA_ARRAY(c->arena, page.limit, struct account_id);
	TRY(list_members(c->db, list.id, &page, entries, &n));
	for (size_t i = 0; i < n; i++)
		ids[i] = entries[i].account;
	if (n > 0 && !all)
		call_link(c, entries[0].cursor, entries[n - 1].cursor, n < page.limit);
	return present_accounts(&p, ids, n, &c->json);
}

static struct account_id *read_ids(struct call *c, size_t *ret_n)
{
	const int64_t *ids;
	size_t n = arg_ids(c, "account_ids[]", &ids);
	struct account_id *list = ARENA_ARRAY(c->arena, n, struct account_id);
	for (size_t i = 0; i < n; i++)
		list[i].v = ids[i];
	*ret_n = n;
	return list;
}

static enum err add_members(struct call *c)
{
	size_t n;
	struct account_id *ids = read_ids(c, &n);
	TRY(list_add(c->core, c->auth.account, arg_id(c, "id"), ids, n, &c->problem));
	return answer_empty(c);
}

static enum err remove_members(struct call *c)
{
	size_t n;
	struct account_id *ids = read_ids(c, &n);
	TRY(list_remove(c->core, c->auth.account, arg_id(c, "id"), ids, n));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a list of one's own."}
#define IDS {.name = "account_ids[]", .type = PARAM_IDS, .required = true, .doc = "Ids of accounts."}
#define TITLE .name = "title", .type = PARAM_STRING, .max = 4096, .doc = "Its name."
#define OPTIONS                                                                                                        \
	{.name = "replies_policy",                                                                                     \
	 .type = PARAM_CHOICE,                                                                                         \
	 .choices = policies,                                                                                          \
	 .fallback = REPLIES_LIST,                                                                                     \
	 .doc = "Whose replies it shows: to whom one follows, to members, or none."},                                  \
	{                                                                                                              \
		.name = "exclusive", .type = PARAM_BOOL, .doc = "Members' posts are left out of home."                 \
	}
#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ_LISTS, .rate = RATE_DEFAULT, .meter = METER_FREE,   \
	.run = RUN_INLINE
#define WRITE                                                                                                          \
	.auth = AUTH_USER, .scope = SCOPE_WRITE_LISTS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, \
	.run = RUN_WORKER

const struct endpoint api_lists[] = {
	{READ, .path = "/api/v1/lists", .handle = show_all, .reply = "[List]", .doc = "One's lists."},
	{READ, .path = "/api/v1/lists/:id", .handle = show, .params = PARAMS(ID), .reply = "List", .doc = "A list."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/lists", .handle = create, .params = PARAMS({TITLE,
	 .required = true}, OPTIONS),
	 .reply = "List", .doc = "Make a list."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v1/lists/:id", .handle = update, .params = PARAMS(ID, {TITLE},
	 OPTIONS),
	 .reply = "List", .doc = "Change a list. What is not named stays."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/lists/:id", .handle = delete_list, .params = PARAMS(ID),
	 .reply = "{}", .doc = "Delete a list."},
	{READ, .path = "/api/v1/lists/:id/accounts", .handle = members,
	 .params = PARAMS(ID, {.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this id."},
			  {.name = "since_id", .type = PARAM_ID, .doc = "Only what is newer than this id."},
			  {.name = "min_id", .type = PARAM_ID, .doc = "The page right above this id."},
			  {.name = "limit", .type = PARAM_INT, .clamp = true, .min = 0, .max = LIMIT_PAGE_ACCOUNTS,
			   .fallback = 40, .doc = "How many; 0 for all."}),
	 .reply = "[Account]", .doc = "Who is on a list. Cursors are in the Link header."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/lists/:id/accounts", .handle = add_members, .params = PARAMS(ID,
	 IDS),
	 .reply = "{}", .doc = "Put accounts one follows on a list."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/lists/:id/accounts", .handle = remove_members,
	 .params = PARAMS(ID, IDS), .reply = "{}", .doc = "Take accounts off a list."},
	ENDPOINTS_END};
