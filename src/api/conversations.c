/*
 * conversations.c - direct posts by conversation (Mastodon: methods/conversations).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/conversations.h"
#include "present/conversation.h"

/* One whose newest post may not be seen by now (its author has blocked one) is left out. */
static enum err add(const struct present *p, const struct conversation *one, struct jw *j)
{
	enum err err = present_conversation(p, one->last, one->unread, j);

	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err show_all(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct conversation list[LIMIT_PAGE_POSTS];
	size_t n = 0;

	TRY(conversations_page(c->db, c->auth.account, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].last.v, list[n - 1].last.v, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(add(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err set_read(struct call *c, bool read)
{
	struct present p = call_presenter(c);
	struct conversation one;

	TRY(conversation_set_read(c->core, c->auth.account, arg_id(c, "id"), read));
	TRY(conversation_load(c->db, c->auth.account, arg_id(c, "id"), &one));
	return present_conversation(&p, one.last, one.unread, &c->json);
}

static enum err mark_read(struct call *c) { return set_read(c, true); }

static enum err mark_unread(struct call *c) { return set_read(c, false); }

static enum err delete_conversation(struct call *c)
{
	TRY(conversation_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a conversation of one's own."}
#define ROW .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE
#define WRITE .scope = SCOPE_WRITE_CONVERSATIONS, .run = RUN_WORKER, .params = PARAMS(ID)

const struct endpoint api_conversations[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/conversations", .handle = show_all, .scope = SCOPE_READ_STATUSES,
	 .run = RUN_INLINE, .params = PARAMS(PAGE_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Conversation]",
	 .doc = "Direct posts by conversation, the last to change first. Cursors are in the Link header."},
	{ROW, WRITE, .method = HTTP_POST, .path = "/api/v1/conversations/:id/read", .handle = mark_read, .body = BODY_FIELDS,
	 .reply = "Conversation", .doc = "Mark a conversation as read."},
	{ROW, WRITE, .method = HTTP_POST, .path = "/api/v1/conversations/:id/unread", .handle = mark_unread,
	 .body = BODY_FIELDS, .reply = "Conversation", .doc = "Mark a conversation as not read."},
	{ROW, WRITE, .method = HTTP_DELETE, .path = "/api/v1/conversations/:id", .handle = delete_conversation,
	 .reply = "{}", .doc = "Remove a conversation from one's own list. Its posts stay."},
	ENDPOINTS_END};
