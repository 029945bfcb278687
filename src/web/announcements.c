/*
 * announcements.c - see announcements.h; /announcements, which has all that have not ended; and what one does with one. The
 * buttons are those of the page's one form, as those below posts are, so that assets/actions.js presses them too.
 */
#include "base/base.h"

#include "web/announcements.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/announcements.h"
#include "core/post_text.h"
#include "text/url.h"
#include "web/act.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/form.h"
#include "web/icons.h"
#include "web/kept.h"
#include "web/login.h"
#include "web/web.h"

#define AT_HOME 3 /* newer ones; the page has the rest */
#define ACT "/act/announcement/"

static const struct {
	struct view title, none, all, dismiss, changed, begins, ends, react, another, emoji, another_hint, send;
} words = {
	.title = N_("Announcements"),
	.none = N_("The people who run this server have nothing to announce."),
	.all = N_("All announcements"),
	.dismiss = N_("I have read it"),
	.changed = N_("changed"),
	.begins = N_("Begins: "),
	.ends = N_("Ends: "),
	.react = N_("React"),
	.another = N_("Another emoji"),
	.emoji = N_("Emoji"),
	.another_hint = N_("One emoji, or the name of one of this server's, without colons."),
	.send = N_("React with it"),
};

/* What is offered at once; any other is written into the field of the page of all. */
static const struct view usual[] = {V("👍"), V("❤️"), V("🎉"), V("😂"), V("😮"), V("😢"), V("🙏"), V("🐦")};

enum place { PLACE_HOME, PLACE_PAGE };

/* ---- buttons ---- */

static struct view act_path(struct call *c, int64_t id, const char *what)
{
	return arena_printf(c->arena, ACT "%" PRId64 "/%s", id, what);
}

/* Custom ones are named by their shortcode, which is ASCII. */
static void draw_emoji(struct call *c, struct html *h, struct view name)
{
	bool custom = true;

	for (size_t i = 0; i < name.len; i++)
		custom &= (unsigned char)name.p[i] < 0x80;
	if (custom)
		draw_text(c, h, arena_printf(c->arena, ":%.*s:", VIEW_ARG(name)));
	else
		html_text(h, name);
}

static enum err draw_reaction(struct call *c, struct html *h, int64_t id, const struct reaction *r)
{
	struct buf CLEANUP(buf_release) to = {.max = 1024};

	buf_printf(&to, ACT "%" PRId64 "/react", id);
	url_add_param(&to, 0, V("name"), r->name);
	url_add_param(&to, 0, V("at"), arena_printf(c->arena, "a%" PRId64, id));
	TRY(buf_err(&to));
	html_tag(h, "button", A("form", V(PAGE_ACTS)), A("formaction", buf_view(&to)), A("name", V("do")),
		 A("value", r->me ? V("unreact") : V("react")), A("class", V("act reaction")),
		 A("aria-pressed", r->me ? V("true") : V("false")), A("title", page_say(c, words.react)));
	html_open(h, "span");
	draw_emoji(c, h, r->name);
	html_close(h, "span");
	html_text(h, V(" "));
	html_tag(h, "span", A("class", V("n")));
	if (r->count)
		draw_number(c, h, r->count);
	html_close(h, "span");
	html_close(h, "button");
	return OK;
}

static bool is_among(const struct reaction *list, size_t n, struct view name)
{
	for (size_t i = 0; i < n; i++)
		if (view_eq(list[i].name, name))
			return true;
	return false;
}

static enum err draw_usual(struct call *c, struct html *h, int64_t id, const struct reaction *list, size_t n)
{
	html_tag(h, "details", A("class", V("usual")));
	html_elem(h, "summary", page_say(c, words.react), A("class", V("act")));
	html_tag(h, "div", A("class", V("reactions")));
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (!is_among(list, n, usual[i]))
			TRY(draw_reaction(c, h, id, &(struct reaction){.name = usual[i]}));
	html_close(h, "div");
	html_close(h, "details");
	return OK;
}

/* A form of its own: what is typed belongs to one announcement. */
static void draw_another(struct call *c, struct html *h, int64_t id)
{
	struct form_field field = {.name = "name",
				   .id = arena_cstr(c->arena, arena_printf(c->arena, "name%" PRId64, id)),
				   .label = words.emoji,
				   .hint = words.another_hint,
				   .required = true,
				   .max = ANNOUNCEMENT_EMOJI_BYTES};

	html_open(h, "details");
	html_elem(h, "summary", page_say(c, words.another), A("class", V("hint")));
	page_form(c, h, act_path(c, id, "react"), "stack");
	page_hidden(h, "do", V("react"));
	page_hidden(h, "back", page_here(c));
	page_hidden(h, "at", arena_printf(c->arena, "a%" PRId64, id));
	draw_field(c, h, &field);
	draw_submit(c, h, words.send);
	html_close(h, "form");
	html_close(h, "details");
}

/* With a script, what data-away names goes away when it is done. */
static void draw_dismiss(struct call *c, struct html *h, int64_t id, enum place place)
{
	html_elem(h, "button", page_say(c, words.dismiss), A("form", V(PAGE_ACTS)),
		  A("formaction", act_path(c, id, "dismiss")), A("class", V("dismiss")),
		  A("data-away", place == PLACE_HOME ? V(".announcement") : V(".dismiss")));
}

static enum err draw_buttons(struct call *c, struct html *h, const struct announcement *a, enum place place)
{
	struct reaction list[LIMIT_ANNOUNCEMENT_EMOJIS];
	size_t n;

	TRY(announcement_reactions(c->db, c->arena, c->auth.account, a->id, list, &n));
	html_tag(h, "div", A("class", V("reactions")));
	for (size_t i = 0; i < n; i++)
		TRY(draw_reaction(c, h, a->id, &list[i]));
	if (n < LIMIT_ANNOUNCEMENT_EMOJIS)
		TRY(draw_usual(c, h, a->id, list, n));
	if (!a->read)
		draw_dismiss(c, h, a->id, place);
	html_close(h, "div");
	if (place == PLACE_PAGE && n < LIMIT_ANNOUNCEMENT_EMOJIS)
		draw_another(c, h, a->id);
	return OK;
}

/* ---- one ---- */

static void draw_day(struct call *c, struct html *h, struct view what, int64_t ms)
{
	if (!ms)
		return;
	html_open(h, "span");
	html_text(h, page_say(c, what));
	draw_time_full(c, h, ms);
	html_close(h, "span");
}

static void draw_when(struct call *c, struct html *h, const struct announcement *n)
{
	html_tag(h, "p", A("class", V("hint")));
	draw_icon(h, ICON_ANNOUNCE);
	draw_time(c, h, n->published_at, clock_now());
	if (n->updated_at > n->published_at) {
		html_text(h, V(", "));
		html_text(h, page_say(c, words.changed));
	}
	html_close(h, "p");
	if (!n->starts_at && !n->ends_at)
		return;
	html_tag(h, "p", A("class", V("hint papers")));
	draw_day(c, h, words.begins, n->starts_at);
	draw_day(c, h, words.ends, n->ends_at);
	html_close(h, "p");
}

static enum err draw_one(struct call *c, struct html *h, const struct announcement *n, enum place place)
{
	struct post_text made;

	TRY(post_text_make(c->core, c->db, c->arena, (struct account_id){0}, n->text, &made));
	if (n->ends_at)
		kept_until(c, n->ends_at);
	html_tag(h, "article", A("class", V("announcement")), A("id", arena_printf(c->arena, "a%" PRId64, n->id)));
	draw_when(c, h, n);
	html_tag(h, "div", A("class", V("text")), A("dir", V("auto")));
	draw_stored_html(c, h, html_trust_stored(made.html)); /* by post_html(), this moment */
	html_close(h, "div");
	TRY(draw_buttons(c, h, n, place));
	html_close(h, "article");
	return OK;
}

/* ---- at home ---- */

static enum err draw_newest(struct call *c, struct html *h)
{
	struct announcement *list = ARENA_ARRAY(c->arena, LIMIT_ANNOUNCEMENTS, struct announcement);
	size_t n;

	TRY(announcements_load(c->db, c->arena, c->auth.account, false, list, &n));
	if (!n)
		return OK;
	html_tag(h, "section", A("class", V("announcements")), A("aria-label", page_say(c, words.title)));
	for (size_t i = n; i-- > (n > AT_HOME ? n - AT_HOME : 0);)
		TRY(draw_one(c, h, &list[i], PLACE_HOME));
	html_tag(h, "p", A("class", V("hint")));
	html_elem(h, "a", page_say(c, words.all), A("href", V("/announcements")));
	html_close(h, "p");
	html_close(h, "section");
	return OK;
}

/* Kept also when there is nothing, which is so nearly always: then home asks the database nothing. */
enum err draw_unread_announcements(struct call *c, struct html *h)
{
	struct view name =
		arena_printf(c->arena, "announcements %s %" PRId64, tongue_code(page_tongue(c)), c->auth.account.v);
	size_t from = c->out.len;

	if (kept_part(c, h, name))
		return OK;
	kept_part_begin(c, name);
	kept_shows(c, KEPT_ANNOUNCEMENTS, KEPT_ALL);
	kept_shows(c, KEPT_READ, c->auth.account.v);
	enum err err = draw_newest(c, h);
	if (err)
		kept_part_drop(c);
	else
		kept_part_end(c, from);
	return err;
}

/* ---- all of them ---- */

static enum err show(struct call *c)
{
	struct announcement *list = ARENA_ARRAY(c->arena, LIMIT_ANNOUNCEMENTS, struct announcement);
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};
	size_t n;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(announcements_load(c->db, c->arena, c->auth.account, true, list, &n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	if (!n)
		html_elem(&h, "p", page_say(c, words.none), A("class", V("empty")));
	for (size_t i = n; i-- > 0;)
		TRY(draw_one(c, &h, &list[i], PLACE_PAGE));
	return page_end(c, &h);
}

/* ---- what one does with one ---- */

static enum err check(struct call *c)
{
	struct announcement n;

	return announcement_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &n);
}

static enum err dismiss(struct call *c)
{
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(check(c));
	TRY(announcement_dismiss(c->core, c->auth.account, arg_id(c, "id")));
	return act_back(c, V("/announcements"));
}

static const char *const verbs[] = {"react", "unreact", NULL};

static enum err react(struct call *c)
{
	int64_t id = arg_id(c, "id");
	struct view name = view_trim(arg_str(c, "name"));
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(check(c));
	if (arg_choice(c, "do") == 0)
		TRY(announcement_react(c->core, c->arena, c->auth.account, id, name, &c->problem));
	else
		TRY(announcement_unreact(c->core, c->auth.account, id, name));
	return act_back(c, V("/announcements"));
}

#define ID                                                                                                             \
	{                                                                                                              \
		.name = "id", .type = PARAM_ID, .required = true, .doc = "The announcement."                           \
	}

const struct endpoint web_announcements[] = {
	{PAGE_ROW("/announcements", show), .doc = "What the people who run the server say to everybody."},
	{ACT_ROW, .path = ACT ":id/dismiss", .handle = dismiss, .params = PARAMS(ID, ACT_BACK),
	 .doc = "Takes an announcement as read."},
	{ACT_ROW, .path = ACT ":id/react", .handle = react,
	 .params = PARAMS(
		 ID, {.name = "name", .required = true, .max = 256, .doc = "An emoji, or a custom one's shortcode."},
		 {.name = "do",
		  .type = PARAM_CHOICE,
		  .choices = verbs,
		  .required = true,
		  .doc = "React with it, or take that back."},
		 ACT_BACK),
	 .doc = "Reacts to an announcement, or takes that back."},
	ENDPOINTS_END,
};
