/*
 * status_actions.c - what one does with a post: boost, favourite, bookmark, pin, mute its thread (Mastodon:
 * methods/statuses). Each answers the post as it is then; doing it twice changes nothing. Done to a boost it is done to
 * the post.
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "core/posts.h"

static const char *const boost_visibilities[] = {"public", "unlisted", "private", NULL};

static enum err boost(struct call *c)
{
	struct post_id boost_id;

	TRY(post_boost(c->core, c->db, c->arena, c->viewer, arg_post(c, "id"), arg_given(c, "visibility"),
		       (enum visibility)arg_choice(c, "visibility"), &boost_id, &c->problem));
	return answer_changed_post(c, boost_id);
}

/* The post itself is answered: the boost, which may have been named, is gone. */
static enum err unboost(struct call *c)
{
	struct post_id id = arg_post(c, "id");
	struct post_meta meta;

	TRY(post_load_meta(c->core, c->db, c->arena, id, &meta));
	TRY(post_unboost(c->core, c->db, c->arena, c->auth.account, id));
	return answer_changed_post(c, meta.boost_of.v ? meta.boost_of : id);
}

static enum err set_favourite(struct call *c, bool on)
{
	TRY(post_favourite(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), on));
	return answer_changed_post(c, arg_post(c, "id"));
}

static enum err favourite(struct call *c)
{
	return set_favourite(c, true);
}

static enum err unfavourite(struct call *c)
{
	return set_favourite(c, false);
}

static enum err set_bookmark(struct call *c, bool on)
{
	TRY(post_bookmark(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), on));
	return answer_changed_post(c, arg_post(c, "id"));
}

static enum err bookmark(struct call *c)
{
	return set_bookmark(c, true);
}

static enum err unbookmark(struct call *c)
{
	return set_bookmark(c, false);
}

static enum err set_pin(struct call *c, bool on)
{
	TRY(post_pin(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), on, &c->problem));
	return answer_changed_post(c, arg_post(c, "id"));
}

static enum err pin(struct call *c)
{
	return set_pin(c, true);
}

static enum err unpin(struct call *c)
{
	return set_pin(c, false);
}

static enum err set_mute(struct call *c, bool on)
{
	TRY(post_mute_thread(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), on));
	return answer_changed_post(c, arg_post(c, "id"));
}

static enum err mute(struct call *c)
{
	return set_mute(c, true);
}

static enum err unmute(struct call *c)
{
	return set_mute(c, false);
}

#define ACT                                                                                                            \
	.method = HTTP_POST, .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS,        \
	.run = RUN_WORKER, .reply = "Status"

const struct endpoint api_status_actions[] = {
	{ACT, .path = "/api/v1/statuses/:id/favourite", .handle = favourite, .scope = SCOPE_WRITE_FAVOURITES,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Favourite a post."},
	{ACT, .path = "/api/v1/statuses/:id/unfavourite", .handle = unfavourite, .scope = SCOPE_WRITE_FAVOURITES,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Take a favourite back."},
	{ACT, .path = "/api/v1/statuses/:id/reblog", .handle = boost, .scope = SCOPE_WRITE_STATUSES,
	 .params = PARAMS(POST_ID_PARAM, {.name = "visibility", .type = PARAM_CHOICE, .choices = boost_visibilities,
					  .doc = "Who sees the boost; private posts are boosted as such."}),
	 .doc = "Boost a post. Answers the boost, with the post in it."},
	{ACT, .path = "/api/v1/statuses/:id/unreblog", .handle = unboost, .scope = SCOPE_WRITE_STATUSES,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Take a boost back. Answers the post."},
	{ACT, .path = "/api/v1/statuses/:id/bookmark", .handle = bookmark, .scope = SCOPE_WRITE_BOOKMARKS,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Bookmark a post; nobody else knows."},
	{ACT, .path = "/api/v1/statuses/:id/unbookmark", .handle = unbookmark, .scope = SCOPE_WRITE_BOOKMARKS,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Take a bookmark back."},
	{ACT, .path = "/api/v1/statuses/:id/mute", .handle = mute, .scope = SCOPE_WRITE_MUTES,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Hear nothing more of the thread a post is in."},
	{ACT, .path = "/api/v1/statuses/:id/unmute", .handle = unmute, .scope = SCOPE_WRITE_MUTES,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Hear of the thread again."},
	{ACT, .path = "/api/v1/statuses/:id/pin", .handle = pin, .scope = SCOPE_WRITE_ACCOUNTS,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Show a post of one's own first on one's profile; at most five."},
	{ACT, .path = "/api/v1/statuses/:id/unpin", .handle = unpin, .scope = SCOPE_WRITE_ACCOUNTS,
	 .params = PARAMS(POST_ID_PARAM), .doc = "Unpin a post."},
	ENDPOINTS_END};
