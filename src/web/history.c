/*
 * history.c - the versions of a post that was changed.
 */
#include "base/base.h"

#include "core/post_history.h"

#include "web/account_view.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

static const struct {
	struct view title, back, files;
} words = {
	.title = N_("How this post was changed"),
	.back = N_("To the post"),
	.files = N_("With files"),
};

static void draw_version(struct call *c, struct html *h, const struct post_version *v)
{
	html_tag(h, "article", A("class", V("post")));
	html_tag(h, "p", A("class", V("reason")));
	draw_time_full(c, h, v->created_at);
	html_close(h, "p");
	if (v->spoiler.len)
		html_elem(h, "p", v->spoiler, A("class", V("notice")), A("dir", V("auto")));
	html_tag(h, "div", A("class", V("text")), A("dir", V("auto")));
	draw_stored_html(c, h, html_trust_stored(v->html));
	html_close(h, "div");
	if (v->n_media)
		html_elem(h, "p", page_say(c, words.files), A("class", V("hint")));
	if (v->has_poll) {
		html_open(h, "ul");
		for (size_t i = 0; i < v->n_options; i++)
			html_elem(h, "li", v->options[i], A("dir", V("auto")));
		html_close(h, "ul");
	}
	html_close(h, "article");
}

/* Behind a warning the page begins with it, as the post does: whoever comes here has asked for the text. */
static enum err show(struct call *c)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true};
	struct post_id id = arg_post(c, "id");
	const struct post_version *versions;
	struct shown_post s;
	struct account named;
	size_t n = 0, shown = 0;

	TRY(find_account(c, &named));
	TRY(shown_load(c, &id, 1, visible_to, 0, &s, &shown));
	if (!shown || s.booster || !account_eq(named.id, s.author->id))
		return ERR_NOT_FOUND;
	TRY(post_history(c->core, c->db, c->arena, id, &versions, &n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_tag(&h, "p", A("class", V("who")));
	draw_account_line(c, &h, s.author);
	html_close(&h, "p");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.back), A("href", post_path(c, &s.post, s.author)));
	html_close(&h, "p");
	html_tag(&h, "div", A("class", V("feed")));
	for (size_t i = n; i-- > 0;)
		draw_version(c, &h, &versions[i]);
	html_close(&h, "div");
	return page_end(c, &h);
}

const struct endpoint web_history[] = {
	{PAGE_ROW("/@:name/:id/history", show), .missing = post_missing,
	 .params =
		 PARAMS({.name = "name", .doc = "User name."}, {.name = "id", .type = PARAM_POST, .doc = "The post."}),
	 .doc = "The versions of a post, newest first."},
	ENDPOINTS_END,
};
