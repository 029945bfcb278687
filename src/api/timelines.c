/*
 * timelines.c - pages of posts: home, public, by hashtag, of a list (Mastodon: methods/timelines).
 */
#include "base/base.h"

#include "core/previews.h"
#include "core/timelines.h"
#include "core/trends.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "base/limits.h"
#include "core/lists.h"
#include "core/post_lists.h"
#include "core/tags.h"

#define TAGS_MAX 4 /* of each of any, all and none, as in Mastodon */

static enum err home(struct call *c)
{
	struct page page = call_page(c);
	struct post_id ids[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(timeline_home(c->core, c->db, c->arena, c->viewer, &page, ids, &n));
	return answer_post_page(c, &page, ids, n, true);
}

/* Only its owner reads a list. */
static enum err list(struct call *c)
{
	struct page page = call_page(c);
	struct post_id ids[LIMIT_PAGE_POSTS];
	struct list unused;
	size_t n;

	TRY(list_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &unused));
	TRY(timeline_list(c->core, c->db, c->arena, c->viewer, arg_id(c, "id"), &page, ids, &n));
	return answer_post_page(c, &page, ids, n, true);
}

static struct public_filter read_filter(struct call *c)
{
	return (struct public_filter){arg_bool(c, "local"), arg_bool(c, "remote"), arg_bool(c, "only_media")};
}

static enum err check_public(struct call *c)
{
	if (c->core->config.public_timelines_need_login && !c->viewer->account.v)
		return call_fail(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
	return OK;
}

static enum err public(struct call *c) {
	struct page page = call_page(c); struct post_id ids[LIMIT_PAGE_POSTS]; size_t n;

	TRY(check_public(c));
	TRY(timeline_public(c->core, c->db, c->arena, c->viewer, read_filter(c), &page, ids, &n));
	return answer_post_page(c, &page, ids, n, true);
}

/* Folded; what is no tag is left out. */
static size_t read_tags(struct call *c, const char *name, struct view ret[TAGS_MAX])
{
	const struct view *written;
	size_t given = arg_strings(c, name, &written), n = 0;

	for (size_t i = 0; i < given && n < TAGS_MAX; i++)
		if (tag_name(c->arena, written[i], &ret[n]) == OK)
			n++;
	return n;
}

static enum err tag(struct call *c)
{
	struct page page = call_page(c);
	struct post_id ids[LIMIT_PAGE_POSTS];
	struct view any[TAGS_MAX], all[TAGS_MAX], none[TAGS_MAX];
	struct tag_filter filter = {.base = read_filter(c), .any = any, .all = all, .none = none};
	size_t n;

	TRY(check_public(c));
	if (tag_name(c->arena, arg_str(c, "tag"), &filter.name) != OK)
		return answer_none(c);
	filter.n_any = read_tags(c, "any[]", any);
	filter.n_all = read_tags(c, "all[]", all);
	filter.n_none = read_tags(c, "none[]", none);
	TRY(timeline_tag(c->core, c->db, c->arena, c->viewer, &filter, &page, ids, &n));
	return answer_post_page(c, &page, ids, n, true);
}

static enum err direct(struct call *c)
{
	struct page page = call_page(c);
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(account_direct_posts(c->db, c->auth.account, &page, items, &n));
	return answer_post_items(c, &page, items, n, true);
}

/* Only of what is talked about in public: not who has ever linked to a page (Mastodon: methods/timelines). */
static enum err of_link(struct call *c)
{
	struct page page = call_page(c);
	struct post_id ids[LIMIT_PAGE_POSTS];
	int64_t card;
	size_t n;

	TRY(check_public(c));
	TRY(preview_find(c->db, arg_str(c, "url"), &card));
	if (!trends_has(c->core, TREND_LINK, card))
		return ERR_NOT_FOUND;
	TRY(preview_posts(c->db, card, &page, ids, &n));
	return answer_post_page(c, &page, ids, n, true);
}

#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "[Status]"
#define PAGE PAGE_PARAMS(20, LIMIT_PAGE_POSTS)
#define FILTERS                                                                                                        \
	{.name = "local", .type = PARAM_BOOL, .doc = "Only posts made here."},                                         \
		{.name = "remote", .type = PARAM_BOOL, .doc = "Only posts made elsewhere."},                           \
	{                                                                                                              \
		.name = "only_media", .type = PARAM_BOOL, .doc = "Only posts with media."                              \
	}

const struct endpoint api_timelines[] = {
	{READ, .path = "/api/v1/timelines/home", .handle = home, .auth = AUTH_USER, .scope = SCOPE_READ_STATUSES,
	 .params = PARAMS(PAGE), .doc = "Posts of those one follows, and one's own."},
	{READ, .path = "/api/v1/timelines/list/:id", .handle = list, .auth = AUTH_USER, .scope = SCOPE_READ_LISTS,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a list of one's own."}, PAGE),
	 .doc = "Posts of those on a list."},
	{READ, .path = "/api/v1/timelines/public", .handle = public, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_STATUSES,
	 .params = PARAMS(FILTERS, PAGE), .doc = "All public posts."},
	{READ, .path = "/api/v1/timelines/tag/:tag", .handle = tag, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_STATUSES,
	 .params = PARAMS({.name = "tag", .type = PARAM_STRING, .required = true, .doc = "The hashtag, without '#'."},
			  {.name = "any[]", .type = PARAM_STRINGS, .doc = "Or one of these; at most four."},
			  {.name = "all[]", .type = PARAM_STRINGS, .doc = "And all of these; at most four."},
			  {.name = "none[]", .type = PARAM_STRINGS, .doc = "And none of these; at most four."}, FILTERS, PAGE),
	 .doc = "Public posts with a hashtag."},
	{READ, .path = "/api/v1/timelines/direct", .handle = direct, .auth = AUTH_USER, .scope = SCOPE_READ_STATUSES,
	 .params = PARAMS(PAGE), .doc = "Direct posts from and to oneself."},
	{READ, .path = "/api/v1/timelines/link", .handle = of_link, .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_STATUSES,
	 .params = PARAMS({.name = "url", .type = PARAM_STRING, .required = true, .max = LIMIT_URL_BYTES,
			   .doc = "Address of a page that is a trend."}, PAGE),
	 .doc = "Public posts with a link that is a trend; 404 for others."},
	ENDPOINTS_END};
