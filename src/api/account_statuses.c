/*
 * account_statuses.c - the posts of an account (Mastodon: methods/accounts, statuses).
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "base/limits.h"
#include "core/filters.h"
#include "core/post_lists.h"
#include "core/tags.h"

/* A page without anything has neighbours all the same where not all has been looked at. */
static void link_pages(struct call *c, const struct page *page, const struct post_id *ids, size_t n, int64_t on)
{
	int64_t newest = n ? ids[0].v : 0, oldest = n ? ids[n - 1].v : 0;

	if (on && page_upward(page))
		newest = on;
	else if (on)
		oldest = on;
	call_link(c, newest, oldest, false);
}

static enum err statuses(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct post_id ids[LIMIT_PAGE_POSTS];
	struct account_posts_filter filter = {
		.only_media = arg_bool(c, "only_media"),
		.exclude_replies = arg_bool(c, "exclude_replies"),
		.exclude_boosts = arg_bool(c, "exclude_reblogs"),
		.pinned = arg_bool(c, "pinned"),
	};
	int64_t on;
	size_t n;

	p.context = FILTER_ACCOUNT;
	if (arg_str(c, "tagged").len && tag_name(c->arena, arg_str(c, "tagged"), &filter.tagged) != OK)
		return answer_none(c);
	TRY(account_posts(c->core, c->db, c->arena, c->viewer, arg_account(c, "id"), &filter, &page, ids, &n, &on));
	if (!filter.pinned)
		link_pages(c, &page, ids, n, on);
	return present_posts(&p, ids, n, false, &c->json);
}

const struct endpoint api_account_statuses[] = {
	{.method = HTTP_GET, .path = "/api/v1/accounts/:id/statuses", .handle = statuses, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."},
			  {.name = "only_media", .type = PARAM_BOOL, .doc = "Only posts with media."},
			  {.name = "exclude_replies", .type = PARAM_BOOL, .doc = "Without answers to others."},
			  {.name = "exclude_reblogs", .type = PARAM_BOOL, .doc = "Without boosts."},
			  {.name = "pinned", .type = PARAM_BOOL, .doc = "Only the pinned ones."},
			  {.name = "tagged", .type = PARAM_STRING, .doc = "Only those with this hashtag."},
			  PAGE_PARAMS(20, LIMIT_PAGE_POSTS)),
	 .reply = "[Status]", .doc = "Posts and boosts of an account that one may see."},
	ENDPOINTS_END};
