/*
 * not_yet.c - reads that every client makes when it starts, of things kicau does not have yet: they answer that there
 * are none, because clients take a missing address for a broken server.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"

static enum err none(struct call *c)
{
	return answer_none(c);
}

/* No id is one of these. */
static enum err no_such(struct call *c)
{
	(void)c;
	return ERR_NOT_FOUND;
}

#define USER .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE
#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id."}

const struct endpoint api_not_yet[] = {
	{.method = HTTP_GET, .path = "/api/v1/conversations", .handle = none, USER, .scope = SCOPE_READ_STATUSES,
	 .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Conversation]",
	 .doc = "Direct posts by conversation: none yet; see timelines/direct."},
	{.method = HTTP_POST, .path = "/api/v1/conversations/:id/read", .handle = no_such, USER,
	 .scope = SCOPE_WRITE_CONVERSATIONS, .body = BODY_FIELDS, .run = RUN_INLINE, .params = PARAMS(ID),
	 .reply = "Conversation", .doc = "Mark a conversation as read: always 404 for now."},
	{.method = HTTP_DELETE, .path = "/api/v1/conversations/:id", .handle = no_such, USER,
	 .scope = SCOPE_WRITE_CONVERSATIONS, .run = RUN_INLINE, .params = PARAMS(ID), .reply = "{}",
	 .doc = "Remove a conversation: always 404 for now."},
	ENDPOINTS_END};
