/*
 * home.c - one's own timelines: home, the posts of a list, what one bookmarked and favourited.
 */
#include "base/base.h"

#include "core/lists.h"
#include "core/post_lists.h"
#include "core/timelines.h"
#include "web/announcements.h"
#include "web/bar.h"
#include "web/compose.h"
#include "web/home.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view home, empty, find, list_empty, bookmarks, bookmarks_empty, favourites, favourites_empty, members;
} words = {
	.home = N_("Home"),
	.empty = N_("Nothing here yet. Posts of people you follow come here."),
	.find = N_("Find people to follow"),
	.list_empty = N_("Nothing here yet. Posts of people on this list come here."),
	.bookmarks = N_("Bookmarks"),
	.bookmarks_empty = N_("Nothing here yet. What you bookmark is kept here, and nobody else knows of it."),
	.favourites = N_("Favourites"),
	.favourites_empty = N_("Nothing here yet. What you favourite is kept here."),
	.members = N_("Who is on this list"),
};

static struct page_head head_of(struct view title)
{
	return (struct page_head){.title = title, .noindex = true, .private = true, .app = true};
}

static void draw_way_on(struct call *c, struct html *h, const char *path, struct view text)
{
	html_tag(h, "p", A("class", V("hint")));
	html_elem(h, "a", page_say(c, text), A("href", view_of(path)));
	html_close(h, "p");
}

enum err home_draw(struct call *c)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {.ids = ids,
			    .page = feed_page(c),
			    .context = FILTER_HOME,
			    .path = V("/home"),
			    .live = "user",
			    .empty = page_say(c, words.empty)};
	struct page_head head = head_of(page_say(c, words.home));
	bool first = !feed.page.max_id && !feed.page.min_id;

	TRY(timeline_home(c->core, c->db, c->arena, c->viewer, &feed.page, ids, &feed.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title, A("class", V("unseen")));
	if (first) {
		TRY(draw_unread_announcements(c, &h));
		TRY(compose_draw_short(c, &h, V(""), V("/home")));
	}
	TRY(draw_feed(c, &h, &feed));
	if (!feed.n)
		draw_way_on(c, &h, "/search", words.find);
	return page_end(c, &h);
}

static enum err show_home(struct call *c)
{
	return c->auth.session_id ? home_draw(c) : login_ask(c);
}

static enum err show_list(struct call *c)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {
		.ids = ids, .page = feed_page(c), .context = FILTER_HOME, .empty = page_say(c, words.list_empty)};
	struct list list;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(list_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &list));
	feed.live = arena_cstr(c->arena, arena_printf(c->arena, "list?list=%" PRId64, list.id));
	TRY(timeline_list(c->core, c->db, c->arena, c->viewer, list.id, &feed.page, ids, &feed.n));
	struct page_head head = head_of(list.title);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", list.title, A("dir", V("auto")));
	draw_way_on(c, &h, arena_cstr(c->arena, arena_printf(c->arena, "/lists/%" PRId64 "/members", list.id)),
		    words.members);
	TRY(draw_feed(c, &h, &feed));
	return page_end(c, &h);
}

/* What one keeps comes in the order of keeping it. */
static enum err show_kept(struct call *c, struct view title, struct view empty,
			  enum err (*read)(struct db *db, struct account_id who, const struct page *page,
					   struct page_item *ret, size_t *ret_n))
{
	struct page_item items[FEED_POSTS];
	struct post_id ids[FEED_POSTS];
	struct feed feed = {.ids = ids, .page = feed_page(c), .empty = page_say(c, empty)};
	struct page_head head = head_of(page_say(c, title));

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(read(c->db, c->auth.account, &feed.page, items, &feed.n));
	for (size_t i = 0; i < feed.n; i++)
		ids[i].v = items[i].id;
	feed.first = feed.n ? items[0].cursor : 0;
	feed.last = feed.n ? items[feed.n - 1].cursor : 0;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	TRY(draw_feed(c, &h, &feed));
	return page_end(c, &h);
}

static enum err show_bookmarks(struct call *c)
{
	return show_kept(c, words.bookmarks, words.bookmarks_empty, account_bookmarks);
}

static enum err show_favourites(struct call *c)
{
	return show_kept(c, words.favourites, words.favourites_empty, account_favourites);
}

const struct endpoint web_home[] = {
	{PAGE_ROW_WARM("/home", show_home), .params = PARAMS(FEED_PARAMS),
	 .doc = "Posts of whom one follows, newest first."},
	{PAGE_ROW("/lists/:id", show_list),
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "The list."}, FEED_PARAMS),
	 .doc = "Posts of whom is on a list of one's own."},
	{PAGE_ROW("/bookmarks", show_bookmarks), .params = PARAMS(FEED_PARAMS), .doc = "What one bookmarked."},
	{PAGE_ROW("/favourites", show_favourites), .params = PARAMS(FEED_PARAMS), .doc = "What one favourited."},
	ENDPOINTS_END,
};
