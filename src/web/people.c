/*
 * people.c - see people.h; and the pages of who follows whom, of requests, blocks and mutes.
 */
#include "base/base.h"

#include "web/people.h"

#include "base/limits.h"
#include "web/account_view.h"
#include "web/bar.h"
#include "web/icons.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/settings.h"
#include "web/thread.h"
#include "web/web.h"

#define PEOPLE 40 /* on a page */

static const struct {
	struct view follow, unfollow, requested, blocked, unblock, mute, unmute, block, remove, report, more, write_to,
		accept, reject, none, hidden, kinds, follows_you, on_list, notify, quiet, boosts, no_boosts, all,
		server, until, forget;
} words = {
	.follow = N_("Follow"),
	.unfollow = N_("Unfollow"),
	.requested = N_("Take the request back"),
	.unblock = N_("Unblock"),
	.mute = N_("Mute"),
	.unmute = N_("Unmute"),
	.block = N_("Block"),
	.remove = N_("Remove from my followers"),
	.report = N_("Report"),
	.more = N_("More"),
	.write_to = N_("Write to them"),
	.accept = N_("Let them follow"),
	.reject = N_("Refuse"),
	.none = N_("Nobody yet."),
	.hidden = N_("They keep this list to themselves."),
	.kinds = N_("Which people"),
	.follows_you = N_("follows you"),
	.on_list = N_("Put on a list"),
	.notify = N_("Tell me about each post"),
	.quiet = N_("Do not tell me about each post"),
	.boosts = N_("Show their boosts"),
	.no_boosts = N_("Hide their boosts"),
	.all = N_("Note, languages, mute for a time"),
	.server = N_("Block all of %s"),
	.until = N_("muted until %s"),
	.forget = N_("Not for me"),
};

static void draw_button(struct call *c, struct html *h, const char *act, struct view text, const char *class_name)
{
	html_tag(h, "button", A("name", V("do")), A("value", view_of(act)));
	if (class_name)
		html_attr(h, "class", view_of(class_name));
	html_text(h, page_say(c, text));
	html_close(h, "button");
}

static void begin_form(struct call *c, struct html *h, struct account_id id, const char *class_name)
{
	page_form(c, h, arena_printf(c->arena, "/act/account/%" PRId64, id.v), class_name);
	page_hidden(h, "back", page_here(c));
}

void draw_account_act(struct call *c, struct html *h, struct account_id id, const char *act, struct view text,
		      const char *class_name)
{
	begin_form(c, h, id, "inline");
	draw_button(c, h, act, text, class_name);
	html_close(h, "form");
}

static void draw_follow(struct call *c, struct html *h, const struct relationship *r)
{
	if (r->blocking)
		draw_button(c, h, "unblock", words.unblock, NULL);
	else if (r->following)
		draw_button(c, h, "unfollow", words.unfollow, "follow on");
	else if (r->requested)
		draw_button(c, h, "unfollow", words.requested, "follow on");
	else if (!r->blocked_by)
		draw_button(c, h, "follow", words.follow, "main follow");
}

static void draw_row(struct call *c, struct html *h, const char *act, struct view text)
{
	html_open(h, "li");
	draw_button(c, h, act, text, NULL);
	html_close(h, "li");
}

static void draw_row_link(struct call *c, struct html *h, struct view path, struct view text)
{
	html_open(h, "li");
	html_elem(h, "a", page_say(c, text), A("href", path));
	html_close(h, "li");
}

/* What one may choose of who one follows. */
static void draw_followed(struct call *c, struct html *h, const struct account *a, const struct relationship *r)
{
	if (r->following || r->requested) {
		draw_row(c, h, r->notifying ? "quiet" : "notify", r->notifying ? words.quiet : words.notify);
		draw_row(c, h, r->showing_boosts ? "no_boosts" : "boosts",
			 r->showing_boosts ? words.no_boosts : words.boosts);
	}
	if (r->following)
		draw_row_link(c, h, arena_printf(c->arena, "/lists?account=%" PRId64, a->id.v), words.on_list);
}

static void draw_block(struct call *c, struct html *h, const struct account *a, const struct relationship *r)
{
	draw_row(c, h, r->blocking ? "unblock" : "block", r->blocking ? words.unblock : words.block);
	if (!account_is_local(a) && !r->domain_blocking)
		draw_row_link(c, h, arena_printf(c->arena, "/blocks/servers?domain=%.*s", VIEW_ARG(a->domain)),
			      PAGE_SAY_WITH(c, words.server, a->domain));
}

static void draw_more(struct call *c, struct html *h, const struct account *a, const struct relationship *r)
{
	html_tag(h, "details", A("class", V("more")));
	html_tag(h, "summary", A("class", V("act")));
	draw_icon(h, ICON_MORE);
	html_elem(h, "span", page_say(c, words.more), A("class", V("unseen")));
	html_close(h, "summary");
	html_open(h, "ul");
	draw_row_link(c, h,
		      arena_printf(c->arena, "/write?visibility=direct&text=%.*s%%20", VIEW_ARG(account_handle(c, a))),
		      words.write_to);
	draw_followed(c, h, a, r);
	draw_row_link(c, h, arena_printf(c->arena, "/relation?account=%" PRId64, a->id.v), words.all);
	draw_row(c, h, r->muting ? "unmute" : "mute", r->muting ? words.unmute : words.mute);
	if (r->followed_by)
		draw_row(c, h, "remove", words.remove);
	draw_block(c, h, a, r);
	draw_row_link(c, h, arena_printf(c->arena, "/report?account=%" PRId64, a->id.v), words.report);
	html_close(h, "ul");
	html_close(h, "details");
}

void draw_account_actions(struct call *c, struct html *h, const struct account *a, const struct relationship *r)
{
	if (!c->auth.session_id || account_eq(a->id, c->auth.account))
		return;
	begin_form(c, h, a->id, "relation");
	if (r->followed_by)
		html_elem(h, "span", page_say(c, words.follows_you), A("class", V("badge")));
	draw_follow(c, h, r);
	draw_more(c, h, a, r);
	html_close(h, "form");
}

static void draw_person(struct call *c, struct html *h, const struct account *a, const struct relationship *r,
			bool suggested)
{
	html_tag(h, "li", A("class", V("who")));
	draw_account_line(c, h, a);
	if (r->muting && r->muting_until)
		html_elem(h, "span", PAGE_SAY_WITH(c, words.until, settings_time(c, r->muting_until)),
			  A("class", V("hint")));
	if (r->requested_by) {
		draw_account_act(c, h, a->id, "accept", words.accept, "main");
		draw_account_act(c, h, a->id, "reject", words.reject, NULL);
	} else {
		if (suggested)
			draw_account_act(c, h, a->id, "forget", words.forget, NULL);
		draw_account_actions(c, h, a, r);
	}
	html_close(h, "li");
}

static enum err draw_some(struct call *c, struct html *h, const struct account_id *ids, size_t n, struct view empty,
			  bool suggested)
{
	struct relationship *r = ARENA_ARRAY(c->arena, n + 1, struct relationship);
	struct account a;
	size_t shown = 0;

	if (c->auth.session_id)
		TRY(graph_relationships(c->db, c->arena, c->auth.account, ids, n, r));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		enum err err = account_load(c->db, c->arena, ids[i], &a);

		if (err == ERR_NOT_FOUND || (err == OK && a.suspended))
			continue;
		TRY(err);
		draw_person(c, h, &a, &r[i], suggested);
		shown++;
	}
	html_close(h, "ul");
	if (!shown)
		html_elem(h, "p", page_say(c, empty), A("class", V("empty")));
	return OK;
}

enum err draw_people(struct call *c, struct html *h, const struct account_id *ids, size_t n, struct view empty)
{
	return draw_some(c, h, ids, n, empty, false);
}

enum err draw_suggested(struct call *c, struct html *h, const struct account_id *ids, size_t n, struct view empty)
{
	return draw_some(c, h, ids, n, empty, true);
}

/* ---- pages ---- */

static enum err draw_graph(struct call *c, struct html *h, enum graph_list list, struct account_id whose, bool own)
{
	struct graph_entry entries[PEOPLE];
	struct account_id ids[PEOPLE];
	struct page page = {.max_id = arg_id(c, "max_id"), .min_id = arg_id(c, "min_id"), .limit = PEOPLE};
	size_t n = 0, kept = 0;

	TRY(graph_page(c->db, list, whose, &page, entries, &n));
	for (size_t i = 0; i < n; i++)
		if (own || !viewer_hides(c->viewer, entries[i].account))
			ids[kept++] = entries[i].account;
	TRY(draw_people(c, h, ids, kept, words.none));
	draw_turns(c, h,
		   &(struct feed){.n = n,
				  .page = page,
				  .first = n ? entries[0].cursor : 0,
				  .last = n ? entries[n - 1].cursor : 0});
	return OK;
}

static const struct own_list {
	const char *path;
	enum graph_list list;
	struct view title;
} own_lists[] = {
	{"/follow_requests", GRAPH_REQUESTS, N_("Follow requests")},
	{"/mutes", GRAPH_MUTES, N_("Muted people")},
	{"/blocks", GRAPH_BLOCKS, N_("Blocked people")},
};

void draw_own_tabs(struct call *c, struct html *h)
{
	struct tab tabs[ARRAY_LEN(own_lists) + 1];
	size_t n = 0;

	for (; n < ARRAY_LEN(own_lists); n++)
		tabs[n] = (struct tab){own_lists[n].path, own_lists[n].title};
	tabs[n++] = (struct tab){"/blocks/servers", N_("Blocked servers")};
	draw_tabs(c, h, words.kinds, tabs, n);
}

static enum err show_own(struct call *c)
{
	const struct own_list *list = own_lists;

	if (!c->auth.session_id)
		return login_ask(c);
	for (size_t i = 0; i < ARRAY_LEN(own_lists); i++)
		if (view_is(c->x->path, own_lists[i].path))
			list = &own_lists[i];
	struct page_head head = {
		.title = page_say(c, list->title), .noindex = true, .private = true, .narrow = true, .app = true};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_own_tabs(c, &h);
	TRY(draw_graph(c, &h, list->list, c->auth.account, true));
	return page_end(c, &h);
}

/* As the API: who hides these lists hides them from all but themselves; a blocked viewer sees none. */
static enum err show_graph(struct call *c, enum graph_list list, struct view title)
{
	struct account a;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(find_account(c, &a));
	bool own = account_eq(a.id, c->auth.account);
	bool hidden = (a.hide_collections && !own) || idset_has(&c->viewer->blocked_by, (uint64_t)a.id.v);
	struct page_head head = {.title = PAGE_SAY_WITH(c, title, account_shown_name(&a)),
				 .noindex = true,
				 .private = true,
				 .app = true};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title, A("dir", V("auto")));
	if (hidden)
		html_elem(&h, "p", page_say(c, words.hidden), A("class", V("empty")));
	else
		TRY(draw_graph(c, &h, list, a.id, own));
	return page_end(c, &h);
}

static enum err show_followers(struct call *c)
{
	return show_graph(c, GRAPH_FOLLOWERS, N_("Who follows %s"));
}

static enum err show_following(struct call *c)
{
	return show_graph(c, GRAPH_FOLLOWING, N_("Whom %s follows"));
}

#define NAME_PARAM                                                                                                     \
	{                                                                                                              \
		.name = "name", .doc = "User name; of another server with @ and its name."                             \
	}

const struct endpoint web_people[] = {
	{PAGE_ROW("/follow_requests", show_own), .params = PARAMS(FEED_PARAMS), .doc = "Who asks to follow one."},
	{PAGE_ROW("/mutes", show_own), .params = PARAMS(FEED_PARAMS), .doc = "Whom one has muted."},
	{PAGE_ROW("/blocks", show_own), .params = PARAMS(FEED_PARAMS), .doc = "Whom one has blocked."},
	{PAGE_ROW("/@:name/followers", show_followers), .params = PARAMS(NAME_PARAM, FEED_PARAMS),
	 .doc = "Who follows an account, for who is logged in."},
	{PAGE_ROW("/@:name/following", show_following), .params = PARAMS(NAME_PARAM, FEED_PARAMS),
	 .doc = "Whom an account follows, for who is logged in."},
	ENDPOINTS_END,
};
