/*
 * embed.c - a post by itself, for frames on other sites (api/oembed.c names it). Everybody is shown the same; nobody is
 * logged in inside a frame, and what is pressed there opens outside of it.
 */
#include "base/base.h"

#include "web/account_view.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

static enum err show_embed(struct call *c)
{
	struct post_id id = arg_post(c, "id");
	struct shown_post s;
	struct account named;
	size_t n = 0;

	TRY(find_account(c, &named));
	TRY(shown_load(c, &id, 1, visible_to, &s, &n));
	if (!n || s.booster || !account_eq(named.id, s.author->id))
		return ERR_NOT_FOUND;
	struct page_head head = {.title = account_shown_name(s.author), .noindex = true, .bare = true};
	struct html h = page_begin(c, &head);
	draw_post(c, &h, &s, PLACE_FOCUS);
	html_tag(&h, "p", A("class", V("hint")));
	html_elem(&h, "a", view_of(c->core->config.title), A("href", s.post.url));
	html_close(&h, "p");
	return page_end(c, &h);
}

const struct endpoint web_embed[] = {
	{.method = HTTP_GET, .path = "/@:name/:id/embed", .handle = show_embed, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .framed = true, .reply = "Page",
	 .params = PARAMS({.name = "name", .doc = "User name."}, {.name = "id", .type = PARAM_POST, .doc = "The post."}),
	 .doc = "A post by itself, which other sites may show in a frame."},
	ENDPOINTS_END,
};
