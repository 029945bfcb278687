/*
 * trends.c - what is talked about more than usual (Mastodon: methods/trends), as core/trends.h has it in memory.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/trends.h"
#include "present/preview.h"
#include "present/tag.h"

static void load(struct call *c, enum trend_kind kind, struct trend **ret, size_t *ret_n)
{
	size_t limit = (size_t)arg_int(c, "limit");

	*ret = ARENA_ARRAY(c->arena, limit, struct trend);
	trends_get(c->core, c->arena, kind, false, limit, (size_t)arg_int(c, "offset"), *ret, ret_n);
}

static enum err show_tags(struct call *c)
{
	struct present p = call_presenter(c);
	struct trend *trends;
	size_t n;

	load(c, TREND_TAG, &trends, &n);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_tag_of(&p, &trends[i].tag, &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show_posts(struct call *c)
{
	struct present p = call_presenter(c);
	struct trend *trends;
	size_t n;

	load(c, TREND_POST, &trends, &n);
	struct post_id *ids = ARENA_ARRAY(c->arena, n + 1, struct post_id);
	for (size_t i = 0; i < n; i++)
		ids[i].v = trends[i].id;
	return present_posts(&p, ids, n, true, &c->json);
}

static enum err show_links(struct call *c)
{
	struct present p = call_presenter(c);
	struct trend *trends;
	size_t n;

	load(c, TREND_LINK, &trends, &n);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		struct preview card;
		enum err err = preview_load(c->db, c->arena, trends[i].id, &card);

		if (err == OK)
			err = present_trend_link(&p, &card, trends[i].days, NULL, &c->json);
		if (err != OK && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(&c->json);
	return OK;
}

#define READ .method = HTTP_GET, .auth = AUTH_OPTIONAL, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define TREND_PARAMS(default_limit, max_limit)                                                                         \
	{.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = (max_limit), .fallback = (default_limit), \
	 .doc = "How many."},                                                                                          \
	{.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 10000, .doc = "How many to skip."}

const struct endpoint api_trends[] = {
	{READ, .path = "/api/v1/trends/tags", .handle = show_tags, .params = PARAMS(TREND_PARAMS(10, 20)), .reply = "[Tag]",
	 .doc = "Hashtags that more people use today than yesterday."},
	{READ, .path = "/api/v1/trends/statuses", .handle = show_posts,
	 .params = PARAMS(TREND_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Status]",
	 .doc = "Public posts that many people boost and favourite now."},
	{READ, .path = "/api/v1/trends/links", .handle = show_links, .params = PARAMS(TREND_PARAMS(10, 20)),
	 .reply = "[Trends::Link]", .doc = "Pages that more people link to today than yesterday."},
	{READ, .path = "/api/v1/trends", .handle = show_tags, .params = PARAMS(TREND_PARAMS(10, 20)), .reply = "[Tag]",
	 .raw_path = true},
	ENDPOINTS_END};
