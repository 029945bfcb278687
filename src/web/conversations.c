/*
 * conversations.c - direct posts by the thread they are in.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/conversations.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view title, lead, empty, unread, read, mark_unread, remove, with, oneself;
} words = {
	.title = N_("Conversations"),
	.lead = N_("Posts that only those see who are named in them."),
	.empty = N_("No conversations yet. Write to somebody from their profile."),
	.unread = N_("new"),
	.read = N_("Mark as read"),
	.mark_unread = N_("Mark as unread"),
	.remove = N_("Remove from here"),
	.with = N_("With"),
	.oneself = N_("yourself"),
};

static enum err draw_other(struct call *c, struct html *h, struct account_id id, size_t *n)
{
	struct account a;

	if (account_eq(id, c->auth.account))
		return OK;
	enum err err = account_load(c->db, c->arena, id, &a);
	if (err == ERR_NOT_FOUND || (err == OK && a.suspended))
		return OK;
	TRY(err);
	html_text(h, (*n)++ ? V(", ") : V(" "));
	html_tag(h, "a", A("href", account_path(c, &a)));
	html_elem(h, "bdi", account_shown_name(&a));
	html_close(h, "a");
	return OK;
}

static enum err draw_others(struct call *c, struct html *h, const struct post *p)
{
	size_t n = 0;

	html_tag(h, "p", A("class", V("reason")));
	html_text(h, page_say(c, words.with));
	TRY(draw_other(c, h, p->meta.author, &n));
	for (size_t i = 0; i < p->meta.n_mentions; i++)
		if (!account_eq(p->meta.mentions[i], p->meta.author))
			TRY(draw_other(c, h, p->meta.mentions[i], &n));
	if (!n) {
		html_text(h, V(" "));
		html_text(h, page_say(c, words.oneself));
	}
	html_close(h, "p");
	return OK;
}

static void draw_deed(struct call *c, struct html *h, const char *deed, struct view text)
{
	html_elem(h, "button", page_say(c, text), A("name", V("do")), A("value", view_of(deed)),
		  A("class", V("plain")));
}

static void draw_deeds(struct call *c, struct html *h, const struct conversation *one)
{
	page_form(c, h, arena_printf(c->arena, "/act/conversation/%" PRId64, one->id), "deeds");
	page_hidden(h, "back", page_here(c));
	if (one->unread) {
		html_elem(h, "span", page_say(c, words.unread), A("class", V("badge")));
		draw_deed(c, h, "read", words.read);
	} else {
		draw_deed(c, h, "unread", words.mark_unread);
	}
	draw_deed(c, h, "remove", words.remove);
	html_close(h, "form");
}

/* One whose newest post may not be seen by now is left out. */
static enum err draw_one(struct call *c, struct html *h, const struct conversation *one)
{
	struct shown_post s;
	size_t n = 0;

	TRY(shown_load(c, &one->last, 1, visible_to, 0, &s, &n));
	if (!n)
		return OK;
	html_tag(h, "div", A("class", one->unread ? V("told fresh-one") : V("told")));
	TRY(draw_others(c, h, &s.post));
	draw_post(c, h, &s, PLACE_LIST);
	draw_deeds(c, h, one);
	html_close(h, "div");
	return OK;
}

static enum err show(struct call *c)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};
	struct conversation list[FEED_POSTS];
	struct feed turns = {.page = feed_page(c)};

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(conversations_page(c->db, c->auth.account, &turns.page, list, &turns.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("hint")));
	if (!turns.n)
		html_elem(&h, "p", page_say(c, words.empty), A("class", V("empty")));
	html_tag(&h, "div", A("class", V("feed")));
	for (size_t i = 0; i < turns.n; i++)
		TRY(draw_one(c, &h, &list[i]));
	html_close(&h, "div");
	turns.first = turns.n ? list[0].last.v : 0;
	turns.last = turns.n ? list[turns.n - 1].last.v : 0;
	draw_turns(c, &h, &turns);
	return page_end(c, &h);
}

static const char *const deeds[] = {"read", "unread", "remove", NULL};
enum { DO_READ, DO_UNREAD, DO_REMOVE };

static enum err act(struct call *c)
{
	size_t deed = arg_choice(c, "do");
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	if (deed == DO_REMOVE)
		TRY(conversation_delete(c->core, c->auth.account, arg_id(c, "id")));
	else
		TRY(conversation_set_read(c->core, c->auth.account, arg_id(c, "id"), deed == DO_READ));
	return act_back(c, V("/conversations"));
}

const struct endpoint web_conversations[] = {
	{PAGE_ROW("/conversations", show),
	 .params = PARAMS(FEED_PARAMS),
	 .doc = "Direct posts, by conversation."},
	{ACT_ROW, .path = "/act/conversation/:id", .handle = act,
	 .params =
		 PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "The conversation."},
			{.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."},
			ACT_BACK),
	 .doc = "Marks a conversation, or takes it off one's list."},
	ENDPOINTS_END,
};
