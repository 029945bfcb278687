/*
 * markers.c - how far one has read (Mastodon: methods/markers).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/markers.h"
#include "present/marker.h"

static bool asked_for(const struct view *names, size_t n, enum marker_timeline t)
{
	for (size_t i = 0; i < n; i++)
		if (view_is(names[i], marker_name(t)))
			return true;
	return false;
}

static enum err write_marker(struct call *c, enum marker_timeline t)
{
	struct marker m;
	enum err err = marker_get(c->core, c->db, c->auth.account, t, &m);
	if (err == OK)
		present_marker_member(t, &m, &c->json);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err show(struct call *c)
{
	const struct view *names;
	size_t n = arg_strings(c, "timeline[]", &names);
	jw_object(&c->json);
	for (enum marker_timeline t = 0; t < MARKER_TIMELINES; t++)
		if (asked_for(names, n, t))
			TRY(write_marker(c, t));
	jw_object_end(&c->json);
	return OK;
}

static enum err save(struct call *c)
{
	int64_t ids[MARKER_TIMELINES] = {[MARKER_HOME] = arg_id(c, "home[last_read_id]"),
					 [MARKER_NOTIFICATIONS] = arg_id(c, "notifications[last_read_id]")};
	TRY(markers_set(c->core, c->auth.account, ids));
	jw_object(&c->json);
	for (enum marker_timeline t = 0; t < MARKER_TIMELINES; t++)
		if (ids[t])
			TRY(write_marker(c, t));
	jw_object_end(&c->json);
	return OK;
}

const struct endpoint api_markers[] = {
	{.method = HTTP_GET, .path = "/api/v1/markers", .handle = show, .auth = AUTH_USER, .scope = SCOPE_READ_STATUSES,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "timeline[]", .type = PARAM_STRINGS, .doc = "home, notifications."}),
	 .reply = "{home, notifications: Marker}", .doc = "How far one has read."},
	{.method = HTTP_POST, .path = "/api/v1/markers", .handle = save, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_STATUSES,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "home[last_read_id]", .type = PARAM_ID, .doc = "Id of a post."},
			  {.name = "notifications[last_read_id]", .type = PARAM_ID, .doc = "Id of a notification."}),
	 .reply = "{home, notifications: Marker}", .doc = "Save how far one has read."},
	ENDPOINTS_END};
