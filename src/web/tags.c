/*
 * tags.c - the page of a hashtag, and following it.
 */
#include "base/base.h"

#include "core/tag_follows.h"
#include "core/tags.h"
#include "core/timelines.h"
#include "text/url.h"
#include "web/act.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view empty, follow, unfollow, own;
} words = {
	.empty = N_("Nobody has used this tag in public yet."),
	.follow = N_("Follow this hashtag"),
	.unfollow = N_("Unfollow this hashtag"),
	.own = N_("Your hashtags"),
};

static const char *channel_of(struct call *c, struct view name)
{
	struct buf CLEANUP(buf_release) out = {.max = sizeof("hashtag?tag=") + 3 * name.len};

	buf_add(&out, V("hashtag?tag="));
	url_encode(&out, name);
	return arena_cstr(c->arena, buf_view(&out));
}

static void draw_follow(struct call *c, struct html *h, struct view name)
{
	bool on = viewer_follows_tag(c->viewer, name);

	if (!c->auth.session_id)
		return;
	page_form(c, h, V("/act/tag"), "deciding");
	page_hidden(h, "name", name);
	page_hidden(h, "back", page_here(c));
	html_elem(h, "button", page_say(c, on ? words.unfollow : words.follow), A("name", V("do")),
		  A("value", on ? V("unfollow") : V("follow")));
	html_elem(h, "a", page_say(c, words.own), A("href", V("/settings/tags")));
	html_close(h, "form");
}

static enum err show(struct call *c)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {
		.ids = ids, .page = feed_page(c), .context = FILTER_PUBLIC, .empty = page_say(c, words.empty)};
	struct tag tag;

	TRY(tag_load(c->db, c->arena, arg_str(c, "name"), &tag));
	if (c->core->config.public_timelines_need_login && !c->auth.account.v)
		return login_ask(c);
	struct tag_filter filter = {.name = tag.name};
	feed.live = channel_of(c, tag.name);
	TRY(timeline_tag(c->core, c->db, c->arena, c->viewer, &filter, &feed.page, ids, &feed.n));
	struct view display = tag.display.len ? tag.display : tag.name;
	struct page_head head = {
		.title = arena_printf(c->arena, "#%.*s", VIEW_ARG(display)),
		.canonical = c->x->path,
		.app = true,
		.feed = c->core->config.public_timelines_need_login ? V("") : c->x->path,
	};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title, A("dir", V("auto")));
	draw_follow(c, &h, tag.name);
	TRY(draw_feed(c, &h, &feed));
	return page_end(c, &h);
}

static const char *const deeds[] = {"follow", "unfollow", NULL};

static enum err act(struct call *c)
{
	struct view name;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(tag_name(c->arena, arg_str(c, "name"), &name));
	if (arg_choice(c, "do") == 0)
		TRY(tag_follow(c->core, c->auth.account, name, &c->problem));
	else
		TRY(tag_unfollow(c->core, c->auth.account, name));
	return act_back(c, V("/settings/tags"));
}

const struct endpoint web_tags[] = {
	{PAGE_ROW("/tags/:name", show), .params = PARAMS({.name = "name", .doc = "The tag, without #."}, FEED_PARAMS),
	 .doc = "Public posts with a tag, newest first."},
	{ACT_ROW, .path = "/act/tag", .handle = act,
	 .params =
		 PARAMS({.name = "name", .max = 1024, .required = true, .doc = "The tag."},
			{.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."},
			ACT_BACK),
	 .doc = "Follows a hashtag, or does not any more."},
	ENDPOINTS_END,
};
