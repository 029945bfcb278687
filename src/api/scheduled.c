/*
 * scheduled.c - posts that wait for their time (Mastodon: methods/scheduled_statuses). They are made by POST
 * /api/v1/statuses.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/scheduled.h"
#include "present/scheduled.h"

static enum err show_all(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct scheduled list[LIMIT_PAGE_POSTS];
	size_t n = 0;

	TRY(scheduled_page(c->db, c->arena, c->auth.account, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_scheduled(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct scheduled s;

	TRY(scheduled_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &s));
	return present_scheduled(&p, &s, &c->json);
}

static enum err update(struct call *c)
{
	int64_t id = arg_id(c, "id");

	if (arg_given(c, "scheduled_at"))
		TRY(scheduled_move(c->core, c->auth.account, id, arg_int(c, "scheduled_at"), &c->problem));
	return show(c);
}

static enum err cancel(struct call *c)
{
	TRY(scheduled_cancel(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a scheduled post of one's own."}
#define ROW .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE

const struct endpoint api_scheduled[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/scheduled_statuses", .handle = show_all, .scope = SCOPE_READ_STATUSES,
	 .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[ScheduledStatus]",
	 .doc = "One's posts that wait for their time, newest first. One whose time has passed was refused then, and waits for another."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/scheduled_statuses/:id", .handle = show, .scope = SCOPE_READ_STATUSES,
	 .run = RUN_INLINE, .params = PARAMS(ID), .reply = "ScheduledStatus", .doc = "A scheduled post."},
	{ROW, .method = HTTP_PUT, .path = "/api/v1/scheduled_statuses/:id", .handle = update, .scope = SCOPE_WRITE_STATUSES,
	 .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(ID, {.name = "scheduled_at", .type = PARAM_TIME, .doc = "The new time, at least five minutes ahead."}),
	 .reply = "ScheduledStatus", .doc = "Give a scheduled post another time."},
	{ROW, .method = HTTP_DELETE, .path = "/api/v1/scheduled_statuses/:id", .handle = cancel,
	 .scope = SCOPE_WRITE_STATUSES, .run = RUN_WORKER, .params = PARAMS(ID), .reply = "{}",
	 .doc = "Call a scheduled post off."},
	ENDPOINTS_END};
