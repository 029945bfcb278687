/*
 * featured_tags.c - hashtags on profiles (Mastodon: methods/featured_tags, methods/tags).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/tags.h"
#include "present/tag.h"

#define SUGGESTIONS 10

static enum err own(struct call *c)
{
	struct present p = call_presenter(c);

	return present_featured_tags(&p, c->auth.account, &c->json);
}

/* Whom the account blocks sees none. */
static enum err of_account(struct call *c)
{
	struct present p = call_presenter(c);
	struct account_id whose = arg_account(c, "id");

	if (idset_has(&c->viewer->blocked_by, (uint64_t)whose.v))
		return answer_none(c);
	return present_featured_tags(&p, whose, &c->json);
}

static enum err add(struct call *c)
{
	enum err err = tag_feature(c->core, c->arena, c->auth.account, arg_str(c, "name"), &c->problem);

	return err == ERR_NOT_FOUND ? call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Tag is invalid") : err;
}

static enum err create(struct call *c)
{
	struct present p = call_presenter(c);
	struct featured_tag tags[LIMIT_FEATURED_TAGS];
	struct view name;
	size_t n = 0;

	TRY(add(c));
	TRY(tag_name(c->arena, arg_str(c, "name"), &name));
	TRY(featured_tags_load(c->db, c->arena, c->auth.account, tags, &n));
	for (size_t i = 0; i < n; i++)
		if (view_eq(tags[i].name, name))
			return present_featured_tag(&p, c->auth.account, &tags[i], &c->json);
	return ERR_CONFLICT; /* taken away meanwhile */
}

static enum err remove_one(struct call *c)
{
	TRY(featured_tag_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

static enum err suggestions(struct call *c)
{
	struct present p = call_presenter(c);
	struct view names[SUGGESTIONS];
	size_t n = 0;

	TRY(featured_tags_suggest(c->db, c->arena, c->auth.account, SUGGESTIONS, names, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_tag(&p, names[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);

	return present_tag(&p, arg_str(c, "name"), &c->json);
}

static enum err feature(struct call *c)
{
	TRY(tag_feature(c->core, c->arena, c->auth.account, arg_str(c, "name"), &c->problem));
	return show(c);
}

static enum err unfeature(struct call *c)
{
	TRY(tag_unfeature(c->core, c->arena, c->auth.account, arg_str(c, "name")));
	return show(c);
}

#define NAME                                                                                                           \
	{                                                                                                              \
		.name = "name", .type = PARAM_STRING, .required = true, .doc = "The hashtag, without '#'."             \
	}
#define READ .method = HTTP_GET, .scope = SCOPE_READ_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE,              \
	.run = RUN_INLINE
#define WRITE .auth = AUTH_USER, .scope = SCOPE_WRITE_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE,             \
	.body = BODY_FIELDS, .run = RUN_WORKER

const struct endpoint api_featured_tags[] = {
	{READ, .path = "/api/v1/featured_tags", .handle = own, .auth = AUTH_USER, .reply = "[FeaturedTag]",
	 .doc = "Hashtags one shows on one's profile."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/featured_tags", .handle = create, .params = PARAMS(NAME),
	 .reply = "FeaturedTag", .doc = "Show a hashtag on one's profile."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/featured_tags/:id", .handle = remove_one,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the FeaturedTag."}),
	 .reply = "{}", .doc = "Show it no longer."},
	{READ, .path = "/api/v1/featured_tags/suggestions", .handle = suggestions, .auth = AUTH_USER, .reply = "[Tag]",
	 .doc = "Hashtags one has used lately and might show."},
	{READ, .path = "/api/v1/accounts/:id/featured_tags", .handle = of_account, .auth = AUTH_OPTIONAL,
	 .params = PARAMS({.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."}),
	 .reply = "[FeaturedTag]", .doc = "Hashtags an account shows on its profile."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/tags/:name/feature", .handle = feature, .params = PARAMS(NAME),
	 .reply = "Tag", .doc = "Show a hashtag on one's profile."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/tags/:name/unfeature", .handle = unfeature, .params = PARAMS(NAME),
	 .reply = "Tag", .doc = "Show it no longer."},
	ENDPOINTS_END};
