/*
 * follows.c - who follows a user, and whom they follow (X API v2: users/follows). Who hides that has empty lists.
 */
#include "base/base.h"

#include "core/graph.h"
#include "dataapi/groups.h"
#include "dataapi/list.h"

static enum err read_follows(struct call *c, enum graph_list which, int64_t of, const struct page *page,
			     struct page_item *ret, size_t *ret_n, int64_t *ret_on)
{
	struct graph_entry *entries = ARENA_ARRAY(c->arena, page->limit, struct graph_entry);

	TRY(graph_page(c->db, which, (struct account_id){of}, page, entries, ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		ret[i] = (struct page_item){entries[i].cursor, entries[i].account.v};
	*ret_on = *ret_n && *ret_n == page->limit ? ret[*ret_n - 1].cursor : 0;
	return OK;
}

static enum err read_followers(struct call *c, int64_t of, const struct page *page, struct page_item *ret,
			       size_t *ret_n, int64_t *ret_on)
{
	return read_follows(c, GRAPH_FOLLOWERS, of, page, ret, ret_n, ret_on);
}

static enum err read_following(struct call *c, int64_t of, const struct page *page, struct page_item *ret,
			       size_t *ret_n, int64_t *ret_on)
{
	return read_follows(c, GRAPH_FOLLOWING, of, page, ret, ret_n, ret_on);
}

static enum err followers(struct call *c)
{
	static const struct data_list list = {.read = read_followers,
					      .of_user = true,
					      .users = true,
					      .may_be_hidden = true,
					      .endpoint = DATA_FOLLOWS};

	return data_list(c, &list, (struct page){0});
}

static enum err following(struct call *c)
{
	static const struct data_list list = {.read = read_following,
					      .of_user = true,
					      .users = true,
					      .may_be_hidden = true,
					      .endpoint = DATA_FOLLOWS};

	return data_list(c, &list, (struct page){0});
}

const struct endpoint data_follows[] = {
	{.method = HTTP_GET, .path = "/2/users/:id/followers", .handle = followers, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_TIMELINE, .meter = METER_USER_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(1, 1000, 100), DATA_USER_PARAMS), .reply = "UsersAnswer",
	 .doc = "Who follows a user, newest first."},
	{.method = HTTP_GET, .path = "/2/users/:id/following", .handle = following, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_TIMELINE, .meter = METER_USER_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(1, 1000, 100), DATA_USER_PARAMS), .reply = "UsersAnswer",
	 .doc = "Whom a user follows, newest first."},
	ENDPOINTS_END,
};
