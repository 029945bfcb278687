/*
 * status_parts.c - what hangs on one post: its thread, versions, source, and who favourited or boosted it (Mastodon:
 * methods/statuses).
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/people_page.h"
#include "api/status_answer.h"
#include "base/limits.h"
#include "core/filters.h"
#include "core/post_lists.h"
#include "core/post_thread.h"
#include "core/quotes.h"
#include "present/status_edit.h"

static enum err context(struct call *c)
{
	struct present p = call_presenter(c);
	struct post_thread thread;

	p.context = FILTER_THREAD;
	TRY(post_thread_load(c->db, c->arena, c->viewer, arg_post(c, "id"), &thread));
	jw_object(&c->json);
	jw_key(&c->json, "ancestors");
	TRY(present_posts(&p, thread.ancestors, thread.n_ancestors, true, &c->json));
	jw_key(&c->json, "descendants");
	TRY(present_posts(&p, thread.descendants, thread.n_descendants, true, &c->json));
	jw_object_end(&c->json);
	return OK;
}

static enum err history(struct call *c)
{
	struct present p = call_presenter(c);

	return present_history(&p, arg_post(c, "id"), &c->json);
}

static enum err source(struct call *c)
{
	struct present p = call_presenter(c);

	return present_source(&p, arg_post(c, "id"), &c->json);
}

static enum err read_favouriters(struct call *c, const struct people *p, const struct page *page, struct page_item *ret,
				 size_t *ret_n)
{
	return post_favourited_by(c->db, (struct post_id){p->whose}, page, ret, ret_n);
}

static enum err read_boosters(struct call *c, const struct people *p, const struct page *page, struct page_item *ret,
			      size_t *ret_n)
{
	return post_boosted_by(c->db, (struct post_id){p->whose}, page, ret, ret_n);
}

static enum err favourited_by(struct call *c)
{
	return answer_people(
		c, &(struct people){.read = read_favouriters, .without_hidden = true, .whose = arg_post(c, "id").v});
}

static enum err boosted_by(struct call *c)
{
	return answer_people(
		c, &(struct people){.read = read_boosters, .without_hidden = true, .whose = arg_post(c, "id").v});
}

static enum err quotes(struct call *c)
{
	struct page page = call_page(c);
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(post_quotes(c->db, arg_post(c, "id"), false, &page, items, &n));
	return answer_post_items(c, &page, items, n, true);
}

static enum err revoke_quote(struct call *c)
{
	TRY(quote_revoke(c->core, c->auth.account, arg_post(c, "id"), arg_post(c, "quoting_status_id")));
	return answer_changed_post(c, arg_post(c, "quoting_status_id"));
}

#define READ .method = HTTP_GET, .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_status_parts[] = {
	{READ, .path = "/api/v1/statuses/:id/context", .handle = context, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(POST_ID_PARAM), .reply = "Context",
	 .doc = "What a post answers, and what answers it. Less of it without a token."},
	{READ, .path = "/api/v1/statuses/:id/history", .handle = history, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(POST_ID_PARAM), .reply = "[StatusEdit]", .doc = "All versions of a post, oldest first."},
	{READ, .path = "/api/v1/statuses/:id/source", .handle = source, .auth = AUTH_APP, .params = PARAMS(POST_ID_PARAM),
	 .reply = "StatusSource", .doc = "The text of a post as it was written, to be edited."},
	{READ, .path = "/api/v1/statuses/:id/favourited_by", .handle = favourited_by, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(POST_ID_PARAM, PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Who favourited a post. Cursors are in the Link header."},
	{READ, .path = "/api/v1/statuses/:id/reblogged_by", .handle = boosted_by, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(POST_ID_PARAM, PAGE_PARAMS(40, LIMIT_PAGE_ACCOUNTS)), .reply = "[Account]",
	 .doc = "Who boosted a post. Cursors are in the Link header."},
	{READ, .path = "/api/v1/statuses/:id/quotes", .handle = quotes, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(POST_ID_PARAM, PAGE_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Status]",
	 .doc = "Public posts that quote a post. Cursors are in the Link header."},
	{.method = HTTP_POST, .path = "/api/v1/statuses/:id/quotes/:quoting_status_id/revoke", .handle = revoke_quote,
	 .auth = AUTH_USER, .scope = SCOPE_WRITE_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE,
	 .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(POST_ID_PARAM, {.name = "quoting_status_id", .type = PARAM_POST, .required = true,
					  .doc = "Id of the post that quotes it."}),
	 .reply = "Status", .doc = "Take a post of one's own out of somebody's quote. It cannot be put back."},
	ENDPOINTS_END};
