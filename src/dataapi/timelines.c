/*
 * timelines.c - what a user posted, and where they are mentioned (X API v2: posts/timelines).
 */
#include "base/base.h"

#include "core/post_lists.h"
#include "dataapi/groups.h"
#include "dataapi/list.h"
#include "dataapi/lookup.h"

static enum err read_tweets(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			    int64_t *ret_on)
{
	uint64_t without = arg_names(c, "exclude");
	bool no_replies = without & DATA_EXCLUDE_REPLIES;
	struct account_posts_filter filter = {.exclude_boosts = without & DATA_EXCLUDE_RETWEETS,
					      .exclude_replies = no_replies,
					      .exclude_self_replies = no_replies};
	struct post_id *ids = ARENA_ARRAY(c->arena, page->limit, struct post_id);

	TRY(account_posts(c->core, c->db, c->arena, viewer_nobody(), (struct account_id){of}, &filter, page, ids, ret_n,
			  ret_on));
	for (size_t i = 0; i < *ret_n; i++)
		ret[i] = (struct page_item){ids[i].v, ids[i].v};
	return OK;
}

static enum err read_mentions(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			      int64_t *ret_on)
{
	TRY(account_mentions(c->db, (struct account_id){of}, page, ret, ret_n));
	*ret_on = *ret_n && *ret_n == page->limit ? ret[*ret_n - 1].cursor : 0;
	return OK;
}

static enum err tweets(struct call *c)
{
	static const struct data_list list = {.read = read_tweets, .of_user = true, .endpoint = DATA_TIMELINE};
	struct page bounds;

	TRY(data_bounds(c, &bounds));
	return data_list(c, &list, bounds);
}

static enum err mentions(struct call *c)
{
	static const struct data_list list = {.read = read_mentions, .of_user = true, .endpoint = DATA_MENTIONS};
	struct page bounds;

	TRY(data_bounds(c, &bounds));
	return data_list(c, &list, bounds);
}

const struct endpoint data_timelines[] = {
	{.method = HTTP_GET, .path = "/2/users/:id/tweets", .handle = tweets, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_TIMELINE, .meter = METER_POST_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(5, 100, 10), DATA_BOUND_PARAMS,
			  DATA_EXCLUDE_PARAM, DATA_POST_PARAMS),
	 .reply = "TweetsAnswer", .doc = "What a user posted, newest first."},
	{.method = HTTP_GET, .path = "/2/users/:id/mentions", .handle = mentions, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_TIMELINE, .meter = METER_POST_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(5, 100, 10), DATA_BOUND_PARAMS, DATA_POST_PARAMS), .reply = "TweetsAnswer",
	 .doc = "Posts that mention a user, newest first."},
	ENDPOINTS_END,
};
