/*
 * actions_view.c - what one can do with a post, at its foot: buttons of the page's one form, which say what and with which
 * post. What is done less often is behind "More". Scripts (assets/actions.js) do the same without a new page.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "web/account_view.h"
#include "web/figures.h"
#include "web/icons.h"

static const struct {
	struct view more, reply, quote, edit, delete, delete_sure, unquote, unquote_sure, report, relation, mute_author,
		block_author, block_sure, filter;
} words = {
	.more = N_("More"),
	.reply = N_("Reply"),
	.quote = N_("Quote it"),
	.edit = N_("Edit"),
	.delete = N_("Delete"),
	.delete_sure = N_("Yes, delete it"),
	.unquote = N_("Take my post out of it"),
	.unquote_sure = N_("Yes, take it out for good"),
	.report = N_("Report"),
	.relation = N_("You and %s"),
	.mute_author = N_("Mute %s"),
	.block_author = N_("Block %s"),
	.block_sure = N_("Yes, block"),
	.filter = N_("Filter this post"),
};

/* What is on or off. The button of one that is on takes it back. */
struct toggle {
	uint8_t flag;
	struct view on, off;
	enum icon icon;
	struct view words, words_off; /* what it is called while it is off, and on */
};
static const struct toggle boost = {POST_BOOSTED, V("unboost"), V("boost"), ICON_BOOST, N_("Boost"), N_("Boosted")};
static const struct toggle favourite = {POST_FAVOURITED, V("unfavourite"), V("favourite"),
					ICON_FAVOURITE,	 N_("Favourite"),  N_("Favourited")};
static const struct toggle bookmark = {POST_BOOKMARKED, V("unbookmark"), V("bookmark"),
				       ICON_BOOKMARK,	N_("Bookmark"),	 N_("Bookmarked")};
static const struct toggle pin = {
	POST_PINNED, V("unpin"), V("pin"), ICON_PIN, N_("Pin to my profile"), N_("Take off my profile")};
static const struct toggle mute = {POST_THREAD_MUTED,
				   V("unmute"),
				   V("mute"),
				   ICON_BELL,
				   N_("Mute this conversation"),
				   N_("Hear of this conversation again")};

/* Of the form at the foot of the page (page.c), which has what proves that it is ours, and where to go back to. */
static void begin_button(struct call *c, struct html *h, const struct shown_post *s, const char *act)
{
	html_tag(h, "button", A("form", V(PAGE_ACTS)),
		 A("formaction",
		   arena_printf(c->arena, "/act/%s/%" PRId64 "?at=p%" PRId64, act, s->post.meta.id.v, s->id.v)));
}

static void begin_toggle(struct call *c, struct html *h, const struct shown_post *s, const struct toggle *t)
{
	begin_button(c, h, s, "post");
	html_attr(h, "name", V("do"));
	html_attr(h, "value", s->flags & t->flag ? t->on : t->off);
}

/* n below 0: no number. */
static void draw_toggle(struct call *c, struct html *h, const struct shown_post *s, const struct toggle *t, int64_t n)
{
	begin_toggle(c, h, s, t);
	html_attr(h, "class", arena_printf(c->arena, "act %.*s", VIEW_ARG(t->off)));
	html_attr(h, "aria-pressed", s->flags & t->flag ? V("true") : V("false"));
	html_attr(h, "title", page_say(c, t->words));
	draw_icon(h, t->icon);
	html_elem(h, "span", page_say(c, t->words), A("class", V("unseen")));
	if (n >= 0) {
		html_text(h, V(" "));
		html_tag(h, "span", A("class", V("n")));
		if (n > 0)
			draw_number(c, h, n);
		html_close(h, "span");
	}
	html_close(h, "button");
}

/* The same among words. */
static void draw_row_toggle(struct call *c, struct html *h, const struct shown_post *s, const struct toggle *t)
{
	html_open(h, "li");
	begin_toggle(c, h, s, t);
	html_text(h, page_say(c, s->flags & t->flag ? t->words_off : t->words));
	html_close(h, "button");
	html_close(h, "li");
}

static void draw_row_link(struct call *c, struct html *h, struct view text, struct view path)
{
	html_open(h, "li");
	html_elem(h, "a", page_say(c, text), A("href", path));
	html_close(h, "li");
}

static struct view write_path(struct call *c, const char *as, const struct shown_post *s)
{
	return arena_printf(c->arena, "/write?%s=%" PRId64, as, s->post.meta.id.v);
}

/* What cannot be undone is pressed twice. */
static void draw_grave(struct call *c, struct html *h, const struct shown_post *s, const char *act, struct view text,
		       struct view sure)
{
	html_open(h, "li");
	html_open(h, "details");
	html_elem(h, "summary", page_say(c, text));
	begin_button(c, h, s, act);
	html_attr(h, "class", V("bad"));
	html_text(h, page_say(c, sure));
	html_close(h, "button");
	html_close(h, "details");
	html_close(h, "li");
}

/* What one does with who wrote it. */
static void draw_author_act(struct call *c, struct html *h, const struct shown_post *s, const char *act,
			    struct view text, const char *class_name)
{
	html_tag(h, "button", A("form", V(PAGE_ACTS)),
		 A("formaction", arena_printf(c->arena, "/act/account/%" PRId64, s->author->id.v)), A("name", V("do")),
		 A("value", view_of(act)));
	if (class_name)
		html_attr(h, "class", view_of(class_name));
	html_text(h, text);
	html_close(h, "button");
}

static void draw_author(struct call *c, struct html *h, const struct shown_post *s)
{
	draw_row_link(c, h, PAGE_SAY_WITH(c, words.relation, account_handle(c, s->author)),
		      arena_printf(c->arena, "/relation?account=%" PRId64, s->author->id.v));
	html_open(h, "li");
	draw_author_act(c, h, s, "mute", PAGE_SAY_WITH(c, words.mute_author, account_handle(c, s->author)), NULL);
	html_close(h, "li");
	html_open(h, "li");
	html_open(h, "details"); /* it ends follows, which unblocking does not bring back */
	html_elem(h, "summary", PAGE_SAY_WITH(c, words.block_author, account_handle(c, s->author)));
	draw_author_act(c, h, s, "block", page_say(c, words.block_sure), "bad");
	html_close(h, "details");
	html_close(h, "li");
	draw_row_link(c, h, words.filter, arena_printf(c->arena, "/settings/filters?post=%" PRId64, s->post.meta.id.v));
	draw_row_link(c, h, words.report,
		      arena_printf(c->arena, "/report?account=%" PRId64 "&post=%" PRId64, s->author->id.v,
				   s->post.meta.id.v));
}

static void draw_more(struct call *c, struct html *h, const struct shown_post *s)
{
	html_tag(h, "details", A("class", V("more")));
	html_tag(h, "summary", A("class", V("act")), A("title", page_say(c, words.more)));
	draw_icon(h, ICON_MORE);
	html_elem(h, "span", page_say(c, words.more), A("class", V("unseen")));
	html_close(h, "summary");
	html_open(h, "ul");
	if (quotable_by(c->viewer, &s->post.meta))
		draw_row_link(c, h, words.quote, write_path(c, "quote", s));
	draw_row_toggle(c, h, s, &mute);
	if (s->own) {
		draw_row_toggle(c, h, s, &pin);
		draw_row_link(c, h, words.edit, write_path(c, "edit", s));
		draw_grave(c, h, s, "delete", words.delete, words.delete_sure);
	} else {
		if (s->quoted && account_eq(s->quoted->author->id, c->auth.account))
			draw_grave(c, h, s, "unquote", words.unquote, words.unquote_sure);
		draw_author(c, h, s);
	}
	html_close(h, "ul");
	html_close(h, "details");
}

static void draw_reply(struct call *c, struct html *h, const struct shown_post *s)
{
	html_tag(h, "a", A("class", V("act reply")), A("href", write_path(c, "reply", s)),
		 A("title", page_say(c, words.reply)));
	draw_icon(h, ICON_REPLY);
	html_elem(h, "span", page_say(c, words.reply), A("class", V("unseen")));
	html_text(h, V(" "));
	html_tag(h, "span", A("class", V("n")));
	if (s->post.replies > 0)
		draw_number(c, h, s->post.replies);
	html_close(h, "span");
	html_close(h, "a");
}

void draw_actions(struct call *c, struct html *h, const struct shown_post *s)
{
	html_tag(h, "div", A("class", V("acts")));
	draw_reply(c, h, s);
	if (boostable_by(c->viewer, &s->post.meta))
		draw_toggle(c, h, s, &boost, s->post.boosts);
	draw_toggle(c, h, s, &favourite, s->post.favourites);
	draw_toggle(c, h, s, &bookmark, -1);
	draw_more(c, h, s);
	html_close(h, "div");
}
