/*
 * notifications.c - what happened to one, told together where it belongs together.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/markers.h"
#include "core/notification_groups.h"
#include "core/notification_requests.h"
#include "web/account_view.h"
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
	struct view title, kinds, empty, requests, aside;
	struct noun others;
} words = {
	.title = N_("Notifications"),
	.kinds = N_("Which notifications"),
	.empty = N_("Nothing here yet. When somebody answers, follows or likes, it is told here."),
	.requests = N_("Who asks to follow you"),
	.aside = N_("Notifications that wait aside, by whom they are from"),
	.others = {N_("other"), N_("others")},
};

enum how_drawn { DRAWN_LINE, DRAWN_EXCERPT, DRAWN_POST };

/* What is said behind the names; text empty: such a one is not shown here. */
static const struct told {
	struct view text;
	enum icon icon;
	enum how_drawn how;
	const char *path; /* of what it is about, when that is no post; NULL: none */
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
	[NOTIFY_ADMIN_REPORT] = {N_("reported somebody"), ICON_PERSON, DRAWN_LINE, NULL},
	[NOTIFY_QUOTE] = {N_("quoted you"), ICON_REPLY, DRAWN_POST, NULL},
	[NOTIFY_QUOTED_UPDATE] = {N_("changed a post you quoted"), ICON_WRITE, DRAWN_POST, NULL},
	[NOTIFY_MODERATION_WARNING] = {N_("Moderators have written to you"), ICON_BELL, DRAWN_LINE, "/appeal"},
	[NOTIFY_ADDED_TO_COLLECTION] = {N_("put you into a collection"), ICON_LIST, DRAWN_LINE, NULL},
	[NOTIFY_COLLECTION_UPDATE] = {N_("changed a collection you are in"), ICON_LIST, DRAWN_LINE, NULL},
};

static const struct tab kinds[] = {
	{"/notifications", N_("All")},
	{"/notifications/mentions", N_("Mentions")},
};

static void draw_name(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "a", A("href", account_path(c, a)));
	html_open(h, "bdi");
	draw_text(c, h, account_shown_name(a));
	html_close(h, "bdi");
	html_close(h, "a");
}

/* "Sari, Budi + 3 others". Who is gone is counted with the others. */
static enum err draw_names(struct call *c, struct html *h, const struct notification_group *g)
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
	if (g->count > named && named) {
		html_text(h, V(" + "));
		draw_counted(c, h, g->count - named, &words.others);
	}
	html_text(h, V(" "));
	return OK;
}

static enum err draw_line(struct call *c, struct html *h, const struct notification_group *g,
			  const struct shown_post *s)
{
	const struct told *t = &told[g->newest.kind];

	html_tag(h, "p", A("class", V("reason")));
	draw_icon(h, t->icon);
	if (g->newest.kind != NOTIFY_MODERATION_WARNING)
		TRY(draw_names(c, h, g));
	if (t->path)
		html_elem(h, "a", page_say(c, t->text), A("href", view_of(t->path)));
	else
		html_text(h, page_say(c, t->text));
	html_text(h, V(" · "));
	draw_time(c, h, g->newest.created_at, clock_now());
	html_close(h, "p");
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
	return turns.n && !turns.page.max_id ? mark_seen(c, list[0].newest.id, seen) : OK;
}

static enum err show(struct call *c, unsigned which)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};

	if (!c->auth.session_id)
		return login_ask(c);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_tabs(c, &h, words.kinds, kinds, ARRAY_LEN(kinds));
	TRY(draw_requests(c, &h));
	TRY(draw_all(c, &h, which));
	return page_end(c, &h);
}

static enum err show_all(struct call *c)
{
	return show(c, NOTIFY_ALL);
}

static enum err show_mentions(struct call *c)
{
	return show(c, 1u << NOTIFY_MENTION | 1u << NOTIFY_QUOTE);
}

#define PAGE(at, fn) PAGE_ROW(at, fn), .params = PARAMS(FEED_PARAMS)

const struct endpoint web_notifications[] = {
	{PAGE("/notifications", show_all), .doc = "What happened to one; marks it as seen."},
	{PAGE("/notifications/mentions", show_mentions), .doc = "Who wrote to one, or quoted one."},
	ENDPOINTS_END,
};
