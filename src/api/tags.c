/*
 * tags.c - hashtags and what is talked about (Mastodon: methods/tags, methods/followed_tags, methods/trends).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "present/tag.h"

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);

	return present_tag(&p, arg_str(c, "name"), &c->json);
}

static enum err nothing(struct call *c)
{
	return answer_none(c);
}

#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define TREND_PARAMS(default_limit, max_limit)                                                                         \
	{.name = "limit",                                                                                              \
	 .type = PARAM_INT,                                                                                            \
	 .clamp = true,                                                                                                \
	 .min = 1,                                                                                                     \
	 .max = (max_limit),                                                                                           \
	 .fallback = (default_limit),                                                                                  \
	 .doc = "How many."},                                                                                          \
	{                                                                                                              \
		.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 10000, .doc = "How many to skip." \
	}

const struct endpoint api_tags[] = {
	{READ, .path = "/api/v1/tags/:name", .handle = show, .auth = AUTH_OPTIONAL,
	 .params = PARAMS({.name = "name", .type = PARAM_STRING, .required = true, .doc = "The hashtag, without '#'."}),
	 .reply = "Tag", .doc = "A hashtag and its use in the last seven days."},
	{READ, .path = "/api/v1/followed_tags", .handle = nothing, .auth = AUTH_USER, .scope = SCOPE_READ_FOLLOWS,
	 .params = PARAMS(PAGE_PARAMS(100, 200)), .reply = "[Tag]",
	 .doc = "Hashtags one follows: none, as hashtags cannot be followed yet."},
	{READ, .path = "/api/v1/trends/tags", .handle = nothing, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(TREND_PARAMS(10, 20)), .reply = "[Tag]",
	 .doc = "Hashtags much used lately: none, as trends are not collected yet."},
	{READ, .path = "/api/v1/trends/statuses", .handle = nothing, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(TREND_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Status]",
	 .doc = "Posts much talked about: none, as trends are not collected yet."},
	{READ, .path = "/api/v1/trends/links", .handle = nothing, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(TREND_PARAMS(10, 20)), .reply = "[Trends::Link]",
	 .doc = "Articles much talked about: none, as trends are not collected yet."},
	{READ, .path = "/api/v1/trends", .handle = nothing, .auth = AUTH_OPTIONAL, .params = PARAMS(TREND_PARAMS(10, 20)),
	 .reply = "[Tag]", .raw_path = true},
	ENDPOINTS_END};
