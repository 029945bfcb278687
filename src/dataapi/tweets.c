/*
 * tweets.c - posts by id, and what hangs on one (X API v2: posts/lookup, posts/quote-posts, posts/retweets).
 */
#include "base/base.h"

#include "core/post_lists.h"
#include "core/quotes.h"
#include "dataapi/groups.h"
#include "dataapi/list.h"
#include "dataapi/lookup.h"

static enum err by_ids(struct call *c)
{
	static const struct lookup l = {
		.parameter = "ids", .resource = "tweet", .shape = DATA_LIST, .endpoint = DATA_LOOKUP};

	return data_lookup(c, &l);
}

static enum err by_id(struct call *c)
{
	static const struct lookup l = {
		.parameter = "id", .resource = "tweet", .shape = DATA_ONE, .endpoint = DATA_LOOKUP};

	return data_lookup(c, &l);
}

static void end_of(const struct page *page, const struct page_item *items, size_t n, int64_t *ret_on)
{
	*ret_on = n && n == page->limit ? items[n - 1].cursor : 0;
}

static enum err read_quotes(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			    int64_t *ret_on)
{
	TRY(post_quotes(c->db, (struct post_id){of}, arg_names(c, "exclude") & DATA_EXCLUDE_REPLIES, page, ret, ret_n));
	end_of(page, ret, *ret_n, ret_on);
	return OK;
}

static enum err read_boosters(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			      int64_t *ret_on)
{
	TRY(post_boosted_by(c->db, (struct post_id){of}, page, ret, ret_n));
	end_of(page, ret, *ret_n, ret_on);
	return OK;
}

static enum err quote_tweets(struct call *c)
{
	static const struct data_list list = {.read = read_quotes, .endpoint = DATA_LOOKUP};

	return data_list(c, &list, (struct page){0});
}

static enum err retweeted_by(struct call *c)
{
	static const struct data_list list = {.read = read_boosters, .users = true, .endpoint = DATA_LOOKUP};

	return data_list(c, &list, (struct page){0});
}

const struct endpoint data_tweets[] = {
	{.method = HTTP_GET, .path = "/2/tweets", .handle = by_ids, .auth = AUTH_LICENSEE, .rate = RATE_DATA_LOOKUP,
	 .meter = METER_POST_READ, .run = RUN_INLINE,
	 .params = PARAMS({.name = "ids", .type = PARAM_STRING, .required = true, .max = 2100, .pattern = DATA_ID_PATTERN,
			   .commas = LOOKUP_MAX, .doc = "At most 100, with commas between."},
			  DATA_POST_PARAMS),
	 .reply = "TweetsAnswer", .doc = "Posts by their ids."},
	{.method = HTTP_GET, .path = "/2/tweets/:id", .handle = by_id, .auth = AUTH_LICENSEE, .rate = RATE_DATA_LOOKUP,
	 .meter = METER_POST_READ, .run = RUN_INLINE,
	 .params = PARAMS({.name = "id", .type = PARAM_STRING, .required = true, .max = 32, .pattern = DATA_ID_PATTERN, .doc = "Of the post."},
			  DATA_POST_PARAMS),
	 .reply = "TweetAnswer", .doc = "A post by its id."},
	{.method = HTTP_GET, .path = "/2/tweets/:id/quote_tweets", .handle = quote_tweets, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_LOOKUP, .meter = METER_POST_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(10, 100, 10), DATA_EXCLUDE_PARAM, DATA_POST_PARAMS), .reply = "TweetsAnswer",
	 .doc = "Posts that quote a post, newest first."},
	{.method = HTTP_GET, .path = "/2/tweets/:id/retweeted_by", .handle = retweeted_by, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_LOOKUP, .meter = METER_USER_READ, .run = RUN_INLINE,
	 .params = PARAMS(DATA_PAGE_PARAMS(1, 100, 100), DATA_USER_PARAMS), .reply = "UsersAnswer",
	 .doc = "Who boosted a post, newest first."},
	ENDPOINTS_END,
};
