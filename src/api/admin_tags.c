/*
 * admin_tags.c - hashtags as moderators see and change them (Mastodon: methods/admin/tags).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/roles.h"
#include "core/trends.h"
#include "present/admin_trends.h"

#define PAGE_TAGS 200

static enum err show_all(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct tag_rules tags[PAGE_TAGS];
	size_t n = 0;

	TRY(tag_rules_page(c->db, c->arena, &page, tags, &n));
	if (n > 0)
		call_link(c, tags[0].id, tags[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_admin_tag(&p, &tags[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct tag_rules tag;

	TRY(tag_rules_load(c->db, c->arena, arg_id(c, "id"), &tag));
	return present_admin_tag(&p, &tag, &c->json);
}

static enum err update(struct call *c)
{
	int64_t id = arg_id(c, "id");
	struct tag_rules_change change = {
		.has_usable = arg_given(c, "usable"),
		.usable = arg_bool(c, "usable"),
		.has_listable = arg_given(c, "listable"),
		.listable = arg_bool(c, "listable"),
		.display = arg_str(c, "display_name"),
	};

	TRY(tag_rules_change(c->core, c->db, c->arena, id, &change, &c->problem));
	if (arg_given(c, "trendable"))
		TRY(trend_review(c->core, TREND_TAG, id, arg_bool(c, "trendable")));
	return show(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a hashtag."}
#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER,                               \
	.permissions = PERMISSION_MANAGE_TAXONOMIES

const struct endpoint api_admin_tags[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/tags", .handle = show_all, .scope = SCOPE_ADMIN_READ,
	 .params = PARAMS(PAGE_PARAMS(100, PAGE_TAGS)), .reply = "[Admin::Tag]", .doc = "Hashtags of public posts, newest first."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/tags/:id", .handle = show, .scope = SCOPE_ADMIN_READ,
	 .params = PARAMS(ID), .reply = "Admin::Tag", .doc = "A hashtag."},
	{ROW, .method = HTTP_PUT, .path = "/api/v1/admin/tags/:id", .handle = update, .scope = SCOPE_ADMIN_WRITE,
	 .body = BODY_FIELDS,
	 .params = PARAMS(ID, {.name = "display_name", .max = 400, .doc = "How it is written: other capitals or accents."},
			  {.name = "trendable", .type = PARAM_BOOL, .doc = "Whether it may be a trend."},
			  {.name = "usable", .type = PARAM_BOOL, .doc = "Whether posts may have it."},
			  {.name = "listable", .type = PARAM_BOOL, .doc = "Whether it is found by searching."}),
	 .reply = "Admin::Tag", .doc = "Say what may be done with a hashtag."},
	ENDPOINTS_END};
