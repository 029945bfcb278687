/*
 * announcements.c - what the people who run the server say (Mastodon: methods/announcements).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "present/announcement.h"

static enum err show_all(struct call *c)
{
	struct present p = call_presenter(c);
	struct announcement list[LIMIT_ANNOUNCEMENTS];
	size_t n;

	TRY(announcements_load(c->db, c->arena, c->auth.account, arg_bool(c, "with_dismissed"), list, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_announcement(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

/* Of one that is there and has not ended. */
static enum err check(struct call *c)
{
	struct announcement n;

	return announcement_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &n);
}

static enum err dismiss(struct call *c)
{
	TRY(check(c));
	TRY(announcement_dismiss(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

static enum err react(struct call *c)
{
	TRY(check(c));
	TRY(announcement_react(c->core, c->arena, c->auth.account, arg_id(c, "id"), arg_str(c, "name"), &c->problem));
	return answer_empty(c);
}

static enum err unreact(struct call *c)
{
	TRY(check(c));
	TRY(announcement_unreact(c->core, c->auth.account, arg_id(c, "id"), arg_str(c, "name")));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an announcement."}
#define NAME {.name = "name", .type = PARAM_STRING, .required = true, .doc = "An emoji, or a custom one's shortcode."}
#define ROW .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE
#define WRITE .run = RUN_WORKER, .reply = "{}"

const struct endpoint api_announcements[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/announcements", .handle = show_all, .scope = SCOPE_NONE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "with_dismissed", .type = PARAM_BOOL, .doc = "Also those one has read."}),
	 .reply = "[Announcement]", .doc = "Announcements of the server that have not ended, the oldest first."},
	{ROW, WRITE, .method = HTTP_POST, .path = "/api/v1/announcements/:id/dismiss", .handle = dismiss,
	 .scope = SCOPE_WRITE_ACCOUNTS, .body = BODY_FIELDS, .params = PARAMS(ID), .doc = "Take an announcement as read."},
	{ROW, WRITE, .method = HTTP_PUT, .path = "/api/v1/announcements/:id/reactions/:name", .handle = react,
	 .scope = SCOPE_WRITE_FAVOURITES, .body = BODY_FIELDS, .params = PARAMS(ID, NAME),
	 .doc = "React to an announcement; people use eight different emojis at most."},
	{ROW, WRITE, .method = HTTP_DELETE, .path = "/api/v1/announcements/:id/reactions/:name", .handle = unreact,
	 .scope = SCOPE_WRITE_FAVOURITES, .params = PARAMS(ID, NAME), .doc = "Take a reaction back."},
	ENDPOINTS_END};
