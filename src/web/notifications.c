/*
 * notifications.c - what happened to one, told together where it belongs together.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/markers.h"
#include "core/notification_groups.h"
#include "core/notification_requests.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/bar.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/icons.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

#define GROUPS 30
#define NAMED 2 /* of a group; the others are counted */

static const struct {
	struct view title, kinds, empty, requests, aside, dismiss, clear, clear_sure;
	struct noun others;
} words = {
	.title = N_("Notifications"),
	.kinds = N_("Which notifications"),
	.empty = N_("Nothing here yet. When somebody answers, follows or likes, it is told here."),
	.requests = N_("Who asks to follow you"),
	.aside = N_("Notifications that wait aside, by whom they are from"),
	.dismiss = N_("Dismiss"),
	.clear = N_("Dismiss all notifications"),
	.clear_sure = N_("Yes, forget all of them"),
	.others = {N_("other"), N_("others")},
};

enum how_drawn { DRAWN_LINE, DRAWN_EXCERPT, DRAWN_POST };

/* What is said behind the names; text empty: such a one is not shown here. */
static const struct told {
	struct view text;
	enum icon icon;
	enum how_drawn how;
	const char *path; /* of what it is about, when that is no post; NULL: none. Behind a last '/' stands its id */
} told[NOTIFY_KINDS] = {
	[NOTIFY_MENTION] = {N_("wrote to you"), ICON_REPLY, DRAWN_POST, NULL},
	[NOTIFY_STATUS] = {N_("posted"), ICON_BELL, DRAWN_POST, NULL},
	[NOTIFY_REBLOG] = {N_("boosted your post"), ICON_BOOST, DRAWN_EXCERPT, NULL},
	[NOTIFY_FOLLOW] = {N_("follows you"), ICON_PERSON, DRAWN_LINE, NULL},
	[NOTIFY_FOLLOW_REQUEST] = {N_("asks to follow you"), ICON_PERSON, DRAWN_LINE, "/follow_requests"},
	[NOTIFY_FAVOURITE] = {N_("favourited your post"), ICON_FAVOURITE, DRAWN_EXCERPT, NULL},
	[NOTIFY_POLL] = {N_("had a poll that has ended"), ICON_CHECK, DRAWN_POST, NULL},
	[NOTIFY_UPDATE] = {N_("changed a post"), ICON_WRITE, DRAWN_POST, NULL},
	[NOTIFY_ADMIN_SIGN_UP] = {N_("signed up"), ICON_PERSON, DRAWN_LINE, NULL},
	[NOTIFY_ADMIN_REPORT] = {N_("reported somebody"), ICON_PERSON, DRAWN_LINE, "/admin/reports/"},
	[NOTIFY_QUOTE] = {N_("quoted you"), ICON_REPLY, DRAWN_POST, NULL},
	[NOTIFY_QUOTED_UPDATE] = {N_("changed a post you quoted"), ICON_WRITE, DRAWN_POST, NULL},
	[NOTIFY_MODERATION_WARNING] = {N_("Moderators have written to you"), ICON_BELL, DRAWN_LINE, "/appeal"},
	[NOTIFY_ADDED_TO_COLLECTION] = {N_("put you into a collection"), ICON_LIST, DRAWN_LINE, "/collections/"},
	[NOTIFY_COLLECTION_UPDATE] = {N_("changed a collection you are in"), ICON_LIST, DRAWN_LINE, "/collections/"},
};

/* Each has a page of its own. */
#define KIND(k) (1u << NOTIFY_##k)
static const struct kind {
	const char *path;
	struct view words;
	unsigned which;
} kinds[] = {
	{"/notifications", N_("All"), NOTIFY_ALL},
	{"/notifications/mentions", N_("Mentions"), KIND(MENTION) | KIND(QUOTE)},
	{"/notifications/reactions", N_("Boosts and favourites"), KIND(REBLOG) | KIND(FAVOURITE)},
	{"/notifications/followers", N_("Followers"), KIND(FOLLOW) | KIND(FOLLOW_REQUEST)},
	{"/notifications/posts", N_("Posts and polls"), KIND(STATUS) | KIND(POLL) | KIND(UPDATE) | KIND(QUOTED_UPDATE)},
};

static void draw_name(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "a", A("href", account_path(c, a)));
	html_open(h, "bdi");
	draw_text(c, h, account_shown_name(a));
	html_close(h, "bdi");
	html_close(h, "a");
}

/* Where all who are in it are listed; empty: nowhere. */
static enum err others_path(struct call *c, const struct notification_group *g, const struct shown_post *s,
			    struct view *ret)
{
	struct account me;

	*ret = V("");
	if (s && (g->newest.kind == NOTIFY_REBLOG || g->newest.kind == NOTIFY_FAVOURITE)) {
		*ret = arena_printf(c->arena, "%.*s/%s", VIEW_ARG(post_path(c, &s->post, s->author)),
				    g->newest.kind == NOTIFY_REBLOG ? "boosts" : "favourites");
		return OK;
	}
	if (g->newest.kind != NOTIFY_FOLLOW)
		return OK;
	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	*ret = arena_printf(c->arena, "%.*s/followers", VIEW_ARG(account_path(c, &me)));
	return OK;
}

static enum err draw_others(struct call *c, struct html *h, const struct notification_group *g,
			    const struct shown_post *s, int64_t n)
{
	struct view path;

	TRY(others_path(c, g, s, &path));
	html_text(h, V(" + "));
	if (path.len)
		html_tag(h, "a", A("href", path));
	draw_counted(c, h, n, &words.others);
	if (path.len)
		html_close(h, "a");
	return OK;
}

/* "Sari, Budi + 3 others". Who is gone is counted with the others. */
static enum err draw_names(struct call *c, struct html *h, const struct notification_group *g,
			   const struct shown_post *s)
{
	struct account a;
	int64_t named = 0;

	for (size_t i = 0; i < g->n_sample && named < NAMED; i++) {
		enum err err = account_load(c->db, c->arena, g->sample[i], &a);

		if (err == ERR_NOT_FOUND || (err == OK && a.suspended))
			continue;
		TRY(err);
		if (named++)
			html_text(h, V(", "));
		draw_name(c, h, &a);
	}
	if (g->count > named && named)
		TRY(draw_others(c, h, g, s, g->count - named));
	html_text(h, V(" "));
	return OK;
}

/* Empty: nowhere. */
static struct view about_path(struct call *c, const struct notification *n)
{
	struct view path = told[n->kind].path ? view_of(told[n->kind].path) : V("");

	if (!view_ends(path, V("/")))
		return path;
	return n->about ? arena_printf(c->arena, "%.*s%" PRId64, VIEW_ARG(path), n->about) : V("");
}

/* Of the form at the foot of the page. With a script it goes away where it stands. */
static void draw_dismiss(struct call *c, struct html *h, const struct notification_group *g)
{
	int64_t id = g->id ? g->id : g->newest.id;

	html_tag(h, "button", A("class", V("act away")), A("form", V(PAGE_ACTS)),
		 A("formaction",
		   arena_printf(c->arena, "/act/notification/%" PRId64 "%s", id, g->id ? "?grouped=1" : "")),
		 A("title", page_say(c, words.dismiss)), A("data-away", V(".told")));
	draw_icon(h, ICON_CLOSE);
	html_elem(h, "span", page_say(c, words.dismiss), A("class", V("unseen")));
	html_close(h, "button");
}

static enum err draw_line(struct call *c, struct html *h, const struct notification_group *g,
			  const struct shown_post *s)
{
	const struct told *t = &told[g->newest.kind];

	html_tag(h, "div", A("class", V("why")));
	html_tag(h, "p", A("class", V("reason")));
	draw_icon(h, t->icon);
	if (g->newest.kind != NOTIFY_MODERATION_WARNING)
		TRY(draw_names(c, h, g, s));
	struct view about = about_path(c, &g->newest);
	if (about.len)
		html_elem(h, "a", page_say(c, t->text), A("href", about));
	else
		html_text(h, page_say(c, t->text));
	html_text(h, V(" · "));
	draw_time(c, h, g->newest.created_at, clock_now());
	html_close(h, "p");
	draw_dismiss(c, h, g);
	html_close(h, "div");
	if (t->how == DRAWN_EXCERPT && s)
		draw_excerpt(c, h, s);
	return OK;
}

/* What may not be seen by now is not told of. */
static enum err draw_group(struct call *c, struct html *h, const struct notification_group *g, int64_t seen)
{
	struct shown_post s;
	size_t n = 0;

	if (g->newest.post.v)
		TRY(shown_load(c, &g->newest.post, 1, visible_to, FILTER_NOTIFICATIONS, &s, &n));
	if ((g->newest.post.v && !n) || g->newest.kind >= NOTIFY_KINDS)
		return OK;
	html_tag(h, "div", A("class", g->newest.id > seen ? V("told fresh-one") : V("told")));
	TRY(draw_line(c, h, g, n ? &s : NULL));
	if (told[g->newest.kind].how == DRAWN_POST && n)
		draw_post(c, h, &s, PLACE_LIST);
	html_close(h, "div");
	return OK;
}

static enum err seen_until(struct call *c, int64_t *ret)
{
	struct marker m = {0};
	enum err err = marker_get(c->core, c->db, c->auth.account, MARKER_NOTIFICATIONS, &m);

	*ret = m.last_read_id;
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Whoever looks at the newest has seen them. */
static enum err mark_seen(struct call *c, int64_t newest, int64_t seen)
{
	int64_t ids[MARKER_TIMELINES] = {[MARKER_NOTIFICATIONS] = newest};

	return newest > seen ? markers_set(c->core, c->auth.account, ids) : OK;
}

/* Of what waits elsewhere; n 0: nothing does. */
static void draw_notice(struct call *c, struct html *h, struct view text, const char *path, int64_t n)
{
	if (!n)
		return;
	html_tag(h, "p", A("class", V("notice")));
	html_elem(h, "a", page_say(c, text), A("href", view_of(path)));
	html_text(h, V(" ("));
	draw_number(c, h, n);
	html_text(h, V(")"));
	html_close(h, "p");
}

static enum err draw_requests(struct call *c, struct html *h)
{
	struct user user;
	int64_t requests, notifications;

	TRY(user_load(c->db, c->arena, c->auth.account, &user));
	TRY(notification_requests_count(c->db, c->auth.account, &requests, &notifications));
	draw_notice(c, h, words.requests, "/follow_requests", user.follow_requests);
	draw_notice(c, h, words.aside, "/notifications/requests", requests);
	return OK;
}

/* What cannot be undone is pressed twice. */
static void draw_clear(struct call *c, struct html *h)
{
	html_tag(h, "details", A("class", V("clearing")));
	html_elem(h, "summary", page_say(c, words.clear));
	page_form(c, h, V("/notifications/clear"), "inline");
	html_elem(h, "button", page_say(c, words.clear_sure));
	html_close(h, "form");
	html_close(h, "details");
}

static enum err draw_all(struct call *c, struct html *h, unsigned which)
{
	struct notification_filter filter = {.kinds = which, .grouped = NOTIFY_GROUPED};
	struct notification_group *list = ARENA_ARRAY(c->arena, GROUPS, struct notification_group);
	struct feed turns = {.page = feed_page(c)};
	int64_t seen, oldest = INT64_MAX;

	turns.page.limit = GROUPS;
	TRY(notification_groups_page(c->core, c->db, c->auth.account, &filter, &turns.page, list, &turns.n, &turns.on));
	TRY(seen_until(c, &seen));
	if (!turns.n)
		html_elem(h, "p", page_say(c, words.empty), A("class", V("empty")));
	html_tag(h, "div", A("class", V("feed notifications")), A("data-live", V("user/notification")));
	for (size_t i = 0; i < turns.n; i++) {
		TRY(draw_group(c, h, &list[i], seen));
		oldest = list[i].page_min_id < oldest ? list[i].page_min_id : oldest;
	}
	html_close(h, "div");
	turns.first = turns.n ? list[0].newest.id : 0;
	turns.last = turns.n ? oldest : 0;
	draw_turns(c, h, &turns);
	if (turns.n && which == NOTIFY_ALL)
		draw_clear(c, h);
	return turns.n && !turns.page.max_id ? mark_seen(c, list[0].newest.id, seen) : OK;
}

static enum err show(struct call *c)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};
	const struct kind *kind = kinds;
	struct tab tabs[ARRAY_LEN(kinds)];

	if (!c->auth.session_id)
		return login_ask(c);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		tabs[i] = (struct tab){kinds[i].path, kinds[i].words};
		if (view_is(c->x->path, kinds[i].path))
			kind = &kinds[i];
	}
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_tabs(c, &h, words.kinds, tabs, ARRAY_LEN(tabs));
	TRY(draw_requests(c, &h));
	TRY(draw_all(c, &h, kind->which));
	return page_end(c, &h);
}

/* ---- changes ---- */

static enum err dismiss(struct call *c)
{
	const struct notification_key key = {arg_id(c, "id"), arg_bool(c, "grouped")};
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	err = key.grouped ? notification_group_dismiss(c->core, c->auth.account, &key)
			  : notification_dismiss(c->core, c->auth.account, key.id);
	if (err != ERR_NOT_FOUND) /* gone already */
		TRY(err);
	return act_back(c, V("/notifications"));
}

static enum err clear(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V("/notifications"));
	TRY(notifications_clear_all(c->core, c->db, c->auth.account));
	return call_redirect(c, 303, V("/notifications"));
}

#define PAGE(at) PAGE_ROW(at, show), .params = PARAMS(FEED_PARAMS)

const struct endpoint web_notifications[] = {
	{PAGE("/notifications"), .doc = "What happened to one; marks it as seen."},
	{PAGE("/notifications/mentions"), .doc = "Who wrote to one, or quoted one."},
	{PAGE("/notifications/reactions"), .doc = "Who boosted or favourited one's posts."},
	{PAGE("/notifications/followers"), .doc = "Who follows one, or asks to."},
	{PAGE("/notifications/posts"),
	 .doc = "Posts one asked to be told of, polls that have ended, posts that were changed."},
	{ACT_ROW, .path = "/act/notification/:id", .handle = dismiss,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "The notification, or the first of a group."},
			  {.name = "grouped", .type = PARAM_BOOL, .doc = "All of its group."}, ACT_BACK),
	 .doc = "Forgets a notification, or some that are told together."},
	{ACT_ROW, .path = "/notifications/clear", .handle = clear, .doc = "Forgets all of them."},
	ENDPOINTS_END,
};
