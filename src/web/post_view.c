/*
 * post_view.c - see post_view.h. A post is an <article>: who, what, and a foot with what became of it.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "base/clock.h"
#include "web/account_view.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/icons.h"

static const struct {
	struct view boosted, pinned, answering, show, hide, edited, from, unquoted;
	struct view visibility[4];
	struct noun replies, boosts, favourites;
} words = {
	.boosted = V(" boosted"),
	.pinned = V("Pinned"),
	.answering = V("Replying to "),
	.show = V("Show"),
	.hide = V("Hide"),
	.edited = V("edited "),
	.from = V("from "),
	.unquoted = V("The post this quotes is not shown here."),
	.visibility = {V("Public"), V("Unlisted"), V("For followers"), V("For those it names")},
	.replies = {V("reply"), V("replies")},
	.boosts = {V("boost"), V("boosts")},
	.favourites = {V("favourite"), V("favourites")},
};

struct view post_path(struct call *c, const struct post *p, const struct account *author)
{
	return arena_printf(c->arena, "%.*s/%" PRId64, VIEW_ARG(account_path(c, author)), p->meta.id.v);
}

static void draw_reason(struct call *c, struct html *h, const struct shown_post *s, enum post_place place)
{
	if (s->booster) {
		html_tag(h, "p", A("class", V("reason")));
		draw_icon(h, ICON_BOOST);
		html_tag(h, "a", A("href", account_path(c, s->booster)));
		html_open(h, "bdi");
		draw_text(c, h, account_shown_name(s->booster));
		html_close(h, "bdi");
		html_close(h, "a");
		html_text(h, words.boosted);
		html_close(h, "p");
	} else if (place == PLACE_PINNED) {
		html_tag(h, "p", A("class", V("reason")));
		draw_icon(h, ICON_PIN);
		html_text(h, words.pinned);
		html_close(h, "p");
	}
}

static void draw_who(struct call *c, struct html *h, const struct shown_post *s, enum post_place place)
{
	html_tag(h, "header", A("class", V("who")));
	draw_avatar(c, h, s->author, 48);
	html_tag(h, "a", A("class", V("name")), A("href", account_path(c, s->author)));
	html_open(h, "bdi");
	draw_text(c, h, account_shown_name(s->author));
	html_close(h, "bdi");
	html_text(h, V(" "));
	html_elem(h, "span", account_handle(c, s->author), A("class", V("handle")), A("translate", V("no")));
	html_close(h, "a");
	if (place != PLACE_FOCUS) {
		html_tag(h, "a", A("class", V("when")), A("href", post_path(c, &s->post, s->author)));
		draw_time(h, s->post.created_at, clock_now());
		html_close(h, "a");
	}
	html_close(h, "header");
}

static void draw_answered(struct call *c, struct html *h, const struct account *answered)
{
	if (!answered)
		return;
	html_tag(h, "p", A("class", V("answering")));
	html_text(h, words.answering);
	html_elem(h, "a", account_handle(c, answered), A("href", account_path(c, answered)), A("translate", V("no")));
	html_close(h, "p");
}

static void draw_words(struct call *c, struct html *h, const struct post *p)
{
	if (!p->html.len)
		return;
	html_tag(h, "div", A("class", V("text")), A("dir", V("auto")));
	if (p->language.len)
		html_attr(h, "lang", p->language);
	draw_stored_html(c, h, html_trust_stored(p->html));
	html_close(h, "div");
}

void draw_switch(struct html *h, struct view what)
{
	html_tag(h, "span", A("class", V("pill")));
	if (what.len) {
		html_text(h, what);
		html_text(h, V(" · "));
	}
	html_elem(h, "span", words.show, A("class", V("shut")));
	html_elem(h, "span", words.hide, A("class", V("open")));
	html_close(h, "span");
}

/* Its media and poll are on its own page. Behind a warning the warning stands for it. */
static void draw_quoted(struct call *c, struct html *h, const struct shown_post *s)
{
	const struct shown_quote *q = s->quoted;

	if (!s->quotes)
		return;
	html_tag(h, "blockquote", A("class", V("quoted")));
	if (!q) {
		html_elem(h, "p", words.unquoted, A("class", V("hint")));
		html_close(h, "blockquote");
		return;
	}
	html_tag(h, "a", A("class", V("name")), A("href", post_path(c, &q->post, q->author)));
	html_open(h, "bdi");
	draw_text(c, h, account_shown_name(q->author));
	html_close(h, "bdi");
	html_text(h, V(" "));
	html_elem(h, "span", account_handle(c, q->author), A("class", V("handle")), A("translate", V("no")));
	html_close(h, "a");
	if (q->post.spoiler.len) {
		html_tag(h, "p", A("dir", V("auto")));
		draw_text(c, h, q->post.spoiler);
		html_close(h, "p");
	} else {
		draw_words(c, h, &q->post);
	}
	html_close(h, "blockquote");
}

/* What the author has put a warning before is opened by the reader. */
static void draw_body(struct call *c, struct html *h, const struct shown_post *s)
{
	const struct post *p = &s->post;

	if (p->spoiler.len) {
		html_tag(h, "details", A("class", V("warning")));
		html_open(h, "summary");
		html_tag(h, "span", A("dir", V("auto")));
		draw_text(c, h, p->spoiler);
		html_close(h, "span");
		html_text(h, V(" "));
		draw_switch(h, V(""));
		html_close(h, "summary");
	}
	draw_words(c, h, p);
	draw_media(c, h, p);
	if (p->poll)
		draw_poll(c, h, p->poll);
	draw_quoted(c, h, s);
	if (p->spoiler.len)
		html_close(h, "details");
}

static void draw_mark(struct html *h, enum icon icon, int64_t n, const struct noun *noun, bool spelled)
{
	if (!n)
		return;
	html_open(h, "li");
	draw_icon(h, icon);
	draw_number(h, n);
	html_text(h, V(" "));
	html_tag(h, "span", A("class", spelled ? V("") : V("unseen")));
	html_text(h, n == 1 ? noun->one : noun->many);
	html_close(h, "span");
	html_close(h, "li");
}

static void draw_visibility(struct html *h, const struct post *p, bool spelled)
{
	static const enum icon icons[] = {ICON_PUBLIC, ICON_UNLISTED, ICON_PRIVATE, ICON_DIRECT};
	unsigned v = p->meta.visibility < ARRAY_LEN(icons) ? p->meta.visibility : VISIBILITY_DIRECT;

	if (v == VISIBILITY_PUBLIC && !spelled)
		return;
	html_tag(h, "li", A("title", words.visibility[v]));
	draw_icon(h, icons[v]);
	html_elem(h, "span", words.visibility[v], A("class", spelled ? V("") : V("unseen")));
	html_close(h, "li");
}

static void draw_origin(struct html *h, const struct post *p)
{
	html_open(h, "li");
	draw_time_full(h, p->created_at);
	html_close(h, "li");
	if (!p->app_name.len)
		return;
	html_open(h, "li");
	html_text(h, words.from);
	if (p->app_website.len)
		html_elem(h, "a", p->app_name, A("href", p->app_website), A("rel", V("noopener nofollow")));
	else
		html_text(h, p->app_name);
	html_close(h, "li");
}

static bool has_marks(const struct post *p)
{
	return p->replies || p->boosts || p->favourites || p->edited_at || p->meta.visibility != VISIBILITY_PUBLIC;
}

static void draw_marks(struct html *h, const struct post *p, bool focus)
{
	if (!focus && !has_marks(p))
		return;
	html_tag(h, "ul", A("class", V("marks")));
	if (focus)
		draw_origin(h, p);
	draw_visibility(h, p, focus);
	draw_mark(h, ICON_REPLY, p->replies, &words.replies, focus);
	draw_mark(h, ICON_BOOST, p->boosts, &words.boosts, focus);
	draw_mark(h, ICON_FAVOURITE, p->favourites, &words.favourites, focus);
	if (p->edited_at) {
		html_open(h, "li");
		html_text(h, words.edited);
		draw_time(h, p->edited_at, clock_now());
		html_close(h, "li");
	}
	html_close(h, "ul");
}

void draw_post(struct call *c, struct html *h, const struct shown_post *s, enum post_place place)
{
	static const struct view classes[] = {
		[PLACE_LIST] = V("post"),
		[PLACE_PINNED] = V("post pinned"),
		[PLACE_ANCESTOR] = V("post ancestor"),
		[PLACE_FOCUS] = V("post focus"),
		[PLACE_ANSWER] = V("post"),
	};

	html_tag(h, "article", A("class", classes[place]));
	draw_reason(c, h, s, place);
	draw_who(c, h, s, place);
	if (place == PLACE_LIST || place == PLACE_PINNED)
		draw_answered(c, h, s->answered);
	draw_body(c, h, s);
	draw_marks(h, &s->post, place == PLACE_FOCUS);
	html_close(h, "article");
}
