/*
 * actions_view.c - what one can do with a post, at its foot: one form, in which the button says what. What is done less
 * often is behind "More". Scripts (assets/actions.js) do the same without a new page.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "web/account_view.h"
#include "web/figures.h"
#include "web/icons.h"

static const struct {
	struct view more, reply, quote, edit, delete, delete_sure, report;
} words = {
	.more = N_("More"),
	.reply = N_("Reply"),
	.quote = N_("Quote it"),
	.edit = N_("Edit"),
	.delete = N_("Delete"),
	.delete_sure = N_("Yes, delete it"),
	.report = N_("Report"),
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

/* n below 0: no number. */
static void draw_toggle(struct call *c, struct html *h, const struct shown_post *s, const struct toggle *t, int64_t n)
{
	bool on = s->flags & t->flag;

	html_tag(h, "button", A("name", V("do")), A("value", on ? t->on : t->off),
		 A("class", arena_printf(c->arena, "act %.*s", VIEW_ARG(t->off))),
		 A("aria-pressed", on ? V("true") : V("false")), A("title", page_say(c, t->words)));
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
	bool on = s->flags & t->flag;

	html_open(h, "li");
	html_elem(h, "button", page_say(c, on ? t->words_off : t->words), A("name", V("do")),
		  A("value", on ? t->on : t->off));
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

static void draw_delete(struct call *c, struct html *h, const struct shown_post *s)
{
	html_open(h, "li");
	html_open(h, "details");
	html_elem(h, "summary", page_say(c, words.delete));
	html_elem(h, "button", page_say(c, words.delete_sure), A("class", V("bad")),
		  A("formaction", arena_printf(c->arena, "/act/delete/%" PRId64, s->post.meta.id.v)));
	html_close(h, "details");
	html_close(h, "li");
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
		draw_delete(c, h, s);
	} else {
		draw_row_link(c, h, words.report,
			      arena_printf(c->arena, "/report?account=%" PRId64 "&post=%" PRId64, s->author->id.v,
					   s->post.meta.id.v));
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
	page_form(c, h, arena_printf(c->arena, "/act/post/%" PRId64, s->post.meta.id.v), "acts");
	page_hidden(h, "back", page_here(c));
	page_hidden(h, "at", arena_printf(c->arena, "p%" PRId64, s->id.v));
	draw_reply(c, h, s);
	if (boostable_by(c->viewer, &s->post.meta))
		draw_toggle(c, h, s, &boost, s->post.boosts);
	draw_toggle(c, h, s, &favourite, s->post.favourites);
	draw_toggle(c, h, s, &bookmark, -1);
	draw_more(c, h, s);
	html_close(h, "form");
}
