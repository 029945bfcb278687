/*
 * post_view.c - see post_view.h. A post is an <article>: who, what, and a foot with what became of it.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "base/clock.h"
#include "web/account_view.h"
#include "web/embed.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/icons.h"
#include "web/thread.h"

static const struct {
	struct view boosted, pinned, answering, show, hide, edited, from, unquoted, filtered, embed;
	struct view visibility[4];
	struct noun replies, boosts, favourites, quotes;
} words = {
	.boosted = N_(" boosted"),
	.pinned = N_("Pinned"),
	.answering = N_("Replying to "),
	.show = N_("Show"),
	.hide = N_("Hide"),
	.edited = N_("edited "),
	.from = N_("from "),
	.filtered = N_("Filtered: %s"),
	.embed = N_("Embed"),
	.unquoted = N_("The post this quotes is not shown here."),
	.visibility = {N_("Public"), N_("Unlisted"), N_("For followers"), N_("For those it names")},
	.replies = {N_("reply"), N_("replies")},
	.boosts = {N_("boost"), N_("boosts")},
	.favourites = {N_("favourite"), N_("favourites")},
	.quotes = {N_("quote"), N_("quotes")},
};

struct view post_path(struct call *c, const struct post *p, const struct account *author)
{
	return arena_printf(c->arena, "%.*s/%" PRId64, VIEW_ARG(account_path(c, author)), p->meta.id.v);
}

void draw_excerpt(struct call *c, struct html *h, const struct shown_post *s)
{
	html_tag(h, "a", A("class", V("excerpt")), A("href", post_path(c, &s->post, s->author)), A("dir", V("auto")));
	if (s->filtered.len)
		html_text(h, PAGE_SAY_WITH(c, words.filtered, s->filtered));
	else if (s->post.spoiler.len)
		html_text(h, s->post.spoiler);
	else
		html_text(h, page_summary(c, html_trust_stored(s->post.html)));
	html_close(h, "a");
}

static void draw_reason(struct call *c, struct html *h, const struct shown_post *s, enum drawn_place place)
{
	if (s->booster) {
		html_tag(h, "p", A("class", V("reason")));
		draw_icon(h, ICON_BOOST);
		html_tag(h, "a", A("href", account_path(c, s->booster)));
		html_open(h, "bdi");
		draw_text(c, h, account_shown_name(s->booster));
		html_close(h, "bdi");
		html_close(h, "a");
		html_text(h, page_say(c, words.boosted));
		html_close(h, "p");
	} else if (place == PLACE_PINNED) {
		html_tag(h, "p", A("class", V("reason")));
		draw_icon(h, ICON_PIN);
		html_text(h, page_say(c, words.pinned));
		html_close(h, "p");
	}
}

static void draw_who(struct call *c, struct html *h, const struct shown_post *s, enum drawn_place place)
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
		draw_time(c, h, s->post.created_at, clock_now());
		html_close(h, "a");
	}
	html_close(h, "header");
}

static void draw_answered(struct call *c, struct html *h, const struct account *answered)
{
	if (!answered)
		return;
	html_tag(h, "p", A("class", V("answering")));
	html_text(h, page_say(c, words.answering));
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

void draw_switch(struct call *c, struct html *h, struct view what)
{
	html_tag(h, "span", A("class", V("pill")));
	if (what.len) {
		html_text(h, what);
		html_text(h, V(" · "));
	}
	html_elem(h, "span", page_say(c, words.show), A("class", V("shut")));
	html_elem(h, "span", page_say(c, words.hide), A("class", V("open")));
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
		html_elem(h, "p", page_say(c, words.unquoted), A("class", V("hint")));
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
		draw_switch(c, h, V(""));
		html_close(h, "summary");
	}
	draw_words(c, h, p);
	draw_media(c, h, p, s->blurred);
	if (p->poll)
		draw_poll(c, h, s);
	draw_quoted(c, h, s);
	draw_preview(c, h, p, s->blurred);
	if (p->spoiler.len)
		html_close(h, "details");
}

struct mark {
	enum icon icon;
	int64_t n;
	const struct noun *noun;
	const char *rest;
};
/* rest: of the path where they are told apart; NULL: nowhere. Spelled out it is a sentence of its own. */
static void draw_mark(struct call *c, struct html *h, const struct shown_post *s, const struct mark *m, bool focus)
{
	bool linked = focus && m->rest && c->auth.session_id;

	if (!m->n)
		return;
	html_open(h, "li");
	if (linked)
		html_tag(h, "a",
			 A("href",
			   arena_printf(c->arena, "%.*s/%s", VIEW_ARG(post_path(c, &s->post, s->author)), m->rest)));
	draw_icon(h, m->icon);
	draw_number(c, h, m->n);
	html_text(h, V(" "));
	html_tag(h, "span", A("class", focus ? V("") : V("unseen")));
	html_text(h, page_say(c, m->n == 1 ? m->noun->one : m->noun->many));
	html_close(h, "span");
	if (linked)
		html_close(h, "a");
	html_close(h, "li");
}

static void draw_counts(struct call *c, struct html *h, const struct shown_post *s, bool focus)
{
	const struct post *p = &s->post;
	const struct mark marks[] = {
		{ICON_REPLY, p->replies, &words.replies, NULL},
		{ICON_BOOST, p->boosts, &words.boosts, "boosts"},
		{ICON_FAVOURITE, p->favourites, &words.favourites, "favourites"},
		{ICON_WRITE, focus ? p->quotes : 0, &words.quotes, "quotes"},
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		draw_mark(c, h, s, &marks[i], focus);
}

static void draw_visibility(struct call *c, struct html *h, const struct post *p, bool spelled)
{
	static const enum icon icons[] = {ICON_PUBLIC, ICON_UNLISTED, ICON_PRIVATE, ICON_DIRECT};
	unsigned v = p->meta.visibility < ARRAY_LEN(icons) ? p->meta.visibility : VISIBILITY_DIRECT;

	if (v == VISIBILITY_PUBLIC && !spelled)
		return;
	html_tag(h, "li", A("title", page_say(c, words.visibility[v])));
	draw_icon(h, icons[v]);
	html_elem(h, "span", page_say(c, words.visibility[v]), A("class", spelled ? V("") : V("unseen")));
	html_close(h, "li");
}

static void draw_origin(struct call *c, struct html *h, const struct post *p)
{
	html_open(h, "li");
	draw_time_full(c, h, p->created_at);
	html_close(h, "li");
	if (!p->app_name.len)
		return;
	html_open(h, "li");
	html_text(h, page_say(c, words.from));
	if (p->app_website.len)
		html_elem(h, "a", p->app_name, A("href", p->app_website), A("rel", V("noopener nofollow")));
	else
		html_text(h, p->app_name);
	html_close(h, "li");
}

/* Who is logged in has the numbers on what they do. */
static bool counts(const struct call *c, bool focus)
{
	return focus || !c->auth.session_id;
}

static bool has_marks(const struct call *c, const struct post *p)
{
	bool counted = counts(c, false) && (p->replies || p->boosts || p->favourites);

	return counted || p->edited_at || p->meta.visibility != VISIBILITY_PUBLIC;
}

static void draw_edited(struct call *c, struct html *h, const struct shown_post *s)
{
	html_open(h, "li");
	html_tag(h, "a",
		 A("href", arena_printf(c->arena, "%.*s/history", VIEW_ARG(post_path(c, &s->post, s->author)))));
	html_text(h, page_say(c, words.edited));
	draw_time(c, h, s->post.edited_at, clock_now());
	html_close(h, "a");
	html_close(h, "li");
}

static void draw_embed(struct call *c, struct html *h, const struct shown_post *s)
{
	html_open(h, "li");
	html_elem(h, "a", page_say(c, words.embed),
		  A("href", arena_printf(c->arena, "%.*s/embed/code", VIEW_ARG(post_path(c, &s->post, s->author)))));
	html_close(h, "li");
}

static void draw_marks(struct call *c, struct html *h, const struct shown_post *s, bool focus)
{
	const struct post *p = &s->post;

	if (!focus && !has_marks(c, p))
		return;
	html_tag(h, "ul", A("class", V("marks")));
	if (focus)
		draw_origin(c, h, p);
	draw_visibility(c, h, p, focus);
	if (counts(c, focus))
		draw_counts(c, h, s, focus);
	if (p->edited_at)
		draw_edited(c, h, s);
	if (focus && !c->row->framed && embeddable(p))
		draw_embed(c, h, s);
	html_close(h, "ul");
}

/* What a filter of the reader's warns of lies under its title. */
static void draw_inside(struct call *c, struct html *h, const struct shown_post *s)
{
	if (s->filtered.len) {
		html_tag(h, "details", A("class", V("warning")));
		html_open(h, "summary");
		html_elem(h, "span", PAGE_SAY_WITH(c, words.filtered, s->filtered), A("dir", V("auto")));
		html_text(h, V(" "));
		draw_switch(c, h, V(""));
		html_close(h, "summary");
	}
	draw_body(c, h, s);
	if (s->filtered.len)
		html_close(h, "details");
}

void draw_post(struct call *c, struct html *h, const struct shown_post *s, enum drawn_place place)
{
	static const struct view classes[] = {
		[PLACE_LIST] = V("post"),
		[PLACE_PINNED] = V("post pinned"),
		[PLACE_ANCESTOR] = V("post ancestor"),
		[PLACE_FOCUS] = V("post focus"),
		[PLACE_ANSWER] = V("post"),
	};

	html_tag(h, "article", A("class", classes[place]));
	if (c->auth.session_id && place != PLACE_PINNED)
		html_attr(h, "id", arena_printf(c->arena, "p%" PRId64, s->id.v));
	draw_reason(c, h, s, place);
	draw_who(c, h, s, place);
	if (place == PLACE_LIST || place == PLACE_PINNED)
		draw_answered(c, h, s->answered);
	draw_inside(c, h, s);
	draw_marks(c, h, s, place == PLACE_FOCUS);
	if (c->auth.session_id)
		draw_actions(c, h, s);
	html_close(h, "article");
}
