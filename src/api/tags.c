/*
 * tags.c - hashtags (Mastodon: methods/tags, methods/followed_tags).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/tag_follows.h"
#include "core/tags.h"
#include "present/tag.h"

#define FOLLOWED_PAGE 200

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);

	return present_tag(&p, arg_str(c, "name"), &c->json);
}

/* The viewer was read before the change. */
static enum err answer_tag(struct call *c, struct view name)
{
	struct present p = call_presenter(c);

	TRY(viewer_get(c->core, c->db, c->auth.account, &p.viewer));
	enum err err = present_tag(&p, name, &c->json);
	viewer_put(p.viewer);
	return err;
}

static enum err follow(struct call *c)
{
	struct view name;

	TRY(tag_name(c->arena, arg_str(c, "name"), &name));
	TRY(tag_follow(c->core, c->auth.account, name, &c->problem));
	return answer_tag(c, name);
}

static enum err unfollow(struct call *c)
{
	struct view name;

	TRY(tag_name(c->arena, arg_str(c, "name"), &name));
	TRY(tag_unfollow(c->core, c->auth.account, name));
	return answer_tag(c, name);
}

static enum err followed(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct tag_follow list[FOLLOWED_PAGE];
	size_t n = 0;

	TRY(tag_follows_page(c->db, c->arena, c->auth.account, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_tag(&p, list[i].name, &c->json));
	jw_array_end(&c->json);
	return OK;
}

#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define WRITE                                                                                                          \
	.method = HTTP_POST, .auth = AUTH_USER, .scope = SCOPE_WRITE_FOLLOWS, .rate = RATE_DEFAULT,                    \
	.meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER
#define NAME {.name = "name", .type = PARAM_STRING, .required = true, .doc = "The hashtag, without '#'."}

const struct endpoint api_tags[] = {
	{READ, .path = "/api/v1/tags/:name", .handle = show, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(NAME),
	 .reply = "Tag", .doc = "A hashtag and its use in the last seven days."},
	{WRITE, .path = "/api/v1/tags/:name/follow", .handle = follow, .params = PARAMS(NAME), .reply = "Tag",
	 .doc = "Follow a hashtag: public posts with it come to one's home. At most 100."},
	{WRITE, .path = "/api/v1/tags/:name/unfollow", .handle = unfollow, .params = PARAMS(NAME), .reply = "Tag",
	 .doc = "Do not follow a hashtag any more."},
	{READ, .path = "/api/v1/followed_tags", .handle = followed, .auth = AUTH_USER, .scope = SCOPE_READ_FOLLOWS,
	 .params = PARAMS(PAGE_PARAMS(100, FOLLOWED_PAGE)), .reply = "[Tag]",
	 .doc = "Hashtags one follows, the newest first. Cursors are in the Link header."},
	ENDPOINTS_END};
