/*
 * admin_trends.c - moderators look at what is talked about, also at what nobody has looked at yet, and say whether
 * everybody may see it (Mastodon: methods/admin/trends).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/roles.h"
#include "core/trends.h"
#include "present/admin_trends.h"

static enum err present_tag_by_id(const struct present *p, int64_t id, struct jw *j)
{
	struct tag_rules rules;

	TRY(tag_rules_load(p->db, p->arena, id, &rules));
	return present_admin_tag(p, &rules, j);
}

static enum err present_post_by_id(const struct present *p, int64_t id, struct jw *j)
{
	return present_admin_trend_post(p, (struct post_id){id}, j);
}

static enum err present_site_by_id(const struct present *p, int64_t id, struct jw *j)
{
	struct preview_site site;

	TRY(preview_site_load(p->db, p->arena, id, &site));
	present_admin_site(&site, j);
	return OK;
}

/* ERR_NOT_FOUND: there is no such thing, and nothing has been written. */
static enum err (*const presenters[])(const struct present *p, int64_t id, struct jw *j) = {
	[TREND_TAG] = present_tag_by_id,
	[TREND_POST] = present_post_by_id,
	[TREND_LINK] = present_admin_trend_link,
	[TREND_SITE] = present_site_by_id,
};

static enum err list(struct call *c, enum trend_kind kind)
{
	struct present p = call_presenter(c);
	size_t limit = (size_t)arg_int(c, "limit"), n;
	struct trend *trends = ARENA_ARRAY(c->arena, limit, struct trend);

	trends_get(c->core, c->arena, kind, true, limit, (size_t)arg_int(c, "offset"), trends, &n);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		enum err err = presenters[kind](&p, trends[i].id, &c->json);

		if (err != OK && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err list_tags(struct call *c) { return list(c, TREND_TAG); }
static enum err list_posts(struct call *c) { return list(c, TREND_POST); }
static enum err list_links(struct call *c) { return list(c, TREND_LINK); }

static enum err list_sites(struct call *c)
{
	struct page page = call_page(c);
	struct preview_site *sites = ARENA_ARRAY(c->arena, page.limit, struct preview_site);
	size_t n = 0;

	TRY(preview_sites_page(c->db, c->arena, &page, sites, &n));
	if (n > 0)
		call_link(c, sites[0].id, sites[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_admin_site(&sites[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

/* Presented once before, for nothing: whether there is such a thing. */
static enum err review(struct call *c, enum trend_kind kind, bool allowed)
{
	struct present p = call_presenter(c);
	int64_t id = kind == TREND_POST ? arg_post(c, "id").v : arg_id(c, "id");
	struct buf CLEANUP(buf_release) scratch = {.max = LIMIT_REPLY};
	struct jw nowhere = jw_to(&scratch);

	TRY(presenters[kind](&p, id, &nowhere));
	TRY(trend_review(c->core, kind, id, allowed));
	return presenters[kind](&p, id, &c->json);
}

#define REVIEW(name, kind)                                                                                             \
	static enum err approve_##name(struct call *c) { return review(c, kind, true); }                               \
	static enum err reject_##name(struct call *c) { return review(c, kind, false); }
REVIEW(tag, TREND_TAG)
REVIEW(post, TREND_POST)
REVIEW(link, TREND_LINK)
REVIEW(site, TREND_SITE)

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER,                               \
	.permissions = PERMISSION_MANAGE_TAXONOMIES
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ
#define ID(what) {.name = "id", .type = PARAM_ID, .required = true, .doc = (what)}
#define POST_ID(what) {.name = "id", .type = PARAM_POST, .required = true, .doc = (what)}
#define SOME                                                                                                           \
	{.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = LIMIT_PAGE_POSTS, .fallback = 10,         \
	 .doc = "How many."},                                                                                          \
	{.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 10000, .doc = "How many to skip."}
#define DECIDE(at, name, id_row, entity, what)                                                                         \
	{ROW, .method = HTTP_POST, .path = at "/:id/approve", .handle = approve_##name, .scope = SCOPE_ADMIN_WRITE,    \
	 .body = BODY_FIELDS, .params = PARAMS(id_row), .reply = entity, .doc = "Show everybody " what "."},           \
	{ROW, .method = HTTP_POST, .path = at "/:id/reject", .handle = reject_##name, .scope = SCOPE_ADMIN_WRITE,      \
	 .body = BODY_FIELDS, .params = PARAMS(id_row), .reply = entity, .doc = "Show nobody " what "."}

const struct endpoint api_admin_trends[] = {
	{READ, .path = "/api/v1/admin/trends/tags", .handle = list_tags, .params = PARAMS(SOME), .reply = "[Admin::Tag]",
	 .doc = "Hashtags that more people use than usual, also those not looked at yet."},
	DECIDE("/api/v1/admin/trends/tags", tag, ID("Id of a hashtag."), "Admin::Tag", "this hashtag when it is a trend"),
	{READ, .path = "/api/v1/admin/trends/statuses", .handle = list_posts, .params = PARAMS(SOME),
	 .reply = "[Admin::Trends::Status]", .doc = "Posts that many people like now, also those not looked at yet."},
	DECIDE("/api/v1/admin/trends/statuses", post, POST_ID("The post."), "Admin::Trends::Status",
	       "this post when it is a trend"),
	{READ, .path = "/api/v1/admin/trends/links", .handle = list_links, .params = PARAMS(SOME),
	 .reply = "[Admin::Trends::Link]", .doc = "Pages that many people link to now, also those not looked at yet."},
	DECIDE("/api/v1/admin/trends/links", link, ID("Id of a link's card."), "Admin::Trends::Link",
	       "this link when it is a trend"),
	{READ, .path = "/api/v1/admin/trends/links/publishers", .handle = list_sites, .params = PARAMS(PAGE_PARAMS(100, 200)),
	 .reply = "[Admin::Trends::Links::PreviewCardProvider]", .doc = "Sites that posts have linked to, newest first."},
	DECIDE("/api/v1/admin/trends/links/publishers", site, ID("Id of a site."),
	       "Admin::Trends::Links::PreviewCardProvider", "links to this site when they are trends"),
	ENDPOINTS_END};
