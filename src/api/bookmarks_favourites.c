/*
 * bookmarks_favourites.c - the posts one has marked (Mastodon: methods/bookmarks, methods/favourites). Pages follow the
 * order of marking, so their cursors are not ids of posts.
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "base/limits.h"
#include "core/post_lists.h"

static enum err bookmarks(struct call *c)
{
	struct page page = call_page(c);
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(account_bookmarks(c->db, c->auth.account, &page, items, &n));
	return answer_post_items(c, &page, items, n, false);
}

static enum err favourites(struct call *c)
{
	struct page page = call_page(c);
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(account_favourites(c->db, c->auth.account, &page, items, &n));
	return answer_post_items(c, &page, items, n, false);
}

#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,           \
	.params = PARAMS(PAGE_PARAMS(20, LIMIT_PAGE_POSTS)), .reply = "[Status]"

const struct endpoint api_bookmarks_favourites[] = {
	{READ, .path = "/api/v1/bookmarks", .handle = bookmarks, .scope = SCOPE_READ_BOOKMARKS,
	 .doc = "Posts one has bookmarked. Cursors are in the Link header."},
	{READ, .path = "/api/v1/favourites", .handle = favourites, .scope = SCOPE_READ_FAVOURITES,
	 .doc = "Posts one has favourited. Cursors are in the Link header."},
	ENDPOINTS_END};
