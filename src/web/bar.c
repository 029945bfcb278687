/*
 * bar.c - see bar.h.
 */
#include "base/base.h"

#include "web/bar.h"

#include "core/authors.h"
#include "core/markers.h"
#include "core/notification_groups.h"
#include "core/roles.h"
#include "web/icons.h"

#define COUNTED 99 /* more unread notifications are "99+" */

static const struct {
	struct view skip, nav, newest, about, log_in, log_out, menu, close, search, unread;
} words = {
	.skip = N_("Skip to the content"),
	.nav = N_("Main"),
	.newest = N_("Newest"),
	.about = N_("About"),
	.log_in = N_("Log in"),
	.log_out = N_("Log out"),
	.menu = N_("Menu"),
	.close = N_("Close the menu"),
	.search = N_("Search"),
	.unread = N_("new"),
};

enum way { WAY_HOME, WAY_SEARCH, WAY_WRITE, WAY_NOTIFICATIONS, WAY_FIRST_REST };

/* Those before WAY_FIRST_REST are what a phone has room for; path NULL: one's own profile. */
static const struct {
	const char *path;
	enum icon icon;
	struct view words;
	uint32_t permissions; /* of who is shown it */
} ways[] = {
	[WAY_HOME] = {"/home", ICON_HOME, N_("Home")},
	[WAY_SEARCH] = {"/search", ICON_SEARCH, N_("Search")},
	[WAY_WRITE] = {"/write", ICON_WRITE, N_("Write")},
	[WAY_NOTIFICATIONS] = {"/notifications", ICON_BELL, N_("Notifications")},
	[WAY_FIRST_REST] = {"/conversations", ICON_DIRECT, N_("Conversations")},
	{"/public", ICON_PUBLIC, N_("Newest")},
	{"/bookmarks", ICON_BOOKMARK, N_("Bookmarks")},
	{"/favourites", ICON_FAVOURITE, N_("Favourites")},
	{"/lists", ICON_LIST, N_("Lists")},
	{"/scheduled", ICON_SCHEDULED, N_("Scheduled")},
	{"/announcements", ICON_ANNOUNCE, N_("Announcements")},
	{NULL, ICON_PERSON, N_("Your profile")},
	{"/settings/profile", ICON_SETTINGS, N_("Settings")},
	{"/admin", ICON_STAFF, N_("Run the server"), PERMISSION_VIEW_DASHBOARD},
};

static void draw_link(struct call *c, struct html *h, const char *path, struct view text)
{
	html_tag(h, "a", A("href", view_of(path)));
	if (view_is(c->x->path, path))
		html_attr(h, "aria-current", V("page"));
	html_text(h, text);
	html_close(h, "a");
}

static void draw_brand(struct call *c, struct html *h)
{
	html_tag(h, "a", A("class", V("brand")), A("href", V("/")));
	html_tag(h, "img", A("src", page_asset("kicau.svg")), A("alt", V("")), A("width", V("32")),
		 A("height", V("32")));
	html_elem(h, "span", view_of(c->core->config.title));
	html_close(h, "a");
}

/* Empty when they cannot be loaded. */
static struct view own_handle(struct call *c)
{
	struct author *me;

	if (author_get(c->core, c->db, c->auth.account, &me) != OK)
		return V("");
	struct view handle = arena_printf(c->arena, "@%.*s", VIEW_ARG(me->username));
	author_put(me);
	return handle;
}

static void draw_search(struct call *c, struct html *h)
{
	html_tag(h, "form", A("action", V("/search")), A("role", V("search")), A("class", V("find")));
	html_tag(h, "input", A("type", V("search")), A("name", V("q")), A("aria-label", page_say(c, words.search)),
		 A("placeholder", page_say(c, words.search)));
	html_close(h, "form");
}

void draw_bar(struct call *c, struct html *h, bool bare)
{
	bool known = !bare && c->auth.session_id;

	html_elem(h, "a", page_say(c, words.skip), A("class", V("skip")), A("href", V("#main")));
	html_tag(h, "header", A("class", V("bar")));
	draw_brand(c, h);
	if (known) {
		struct view handle = own_handle(c);

		draw_search(c, h);
		html_elem(h, "a", handle, A("href", arena_printf(c->arena, "/%.*s", VIEW_ARG(handle))),
			  A("class", V("me")), A("translate", V("no")));
	} else {
		html_tag(h, "nav", A("aria-label", page_say(c, words.nav)));
		draw_link(c, h, "/public", page_say(c, words.newest));
		draw_link(c, h, "/about", page_say(c, words.about));
		if (!bare)
			draw_link(c, h, "/login", page_say(c, words.log_in));
		html_close(h, "nav");
	}
	html_close(h, "header");
}

/* How many groups of notifications came since the newest they have seen. */
static int64_t unread(struct call *c)
{
	struct notification_filter all = {.kinds = NOTIFY_ALL, .grouped = NOTIFY_GROUPED};
	struct marker m = {0};
	int64_t n = 0;
	enum err err = marker_get(c->core, c->db, c->auth.account, MARKER_NOTIFICATIONS, &m);

	if (err != OK && err != ERR_NOT_FOUND)
		return 0;
	err = notification_groups_unread(c->core, c->db, c->arena, c->auth.account, &all, m.last_read_id, COUNTED + 1,
					 &n);
	return err == OK ? n : 0;
}

static void draw_count(struct call *c, struct html *h, int64_t n)
{
	html_tag(h, "span", A("class", V("count")));
	html_flag(h, "hidden", n == 0);
	html_open(h, "b");
	html_int(h, n > COUNTED ? COUNTED : n);
	if (n > COUNTED)
		html_text(h, V("+"));
	html_close(h, "b");
	html_text(h, V(" "));
	html_elem(h, "span", page_say(c, words.unread), A("class", V("unseen")));
	html_close(h, "span");
}

/* Home is at "/" too. */
static bool is_here(const struct call *c, struct view path)
{
	return view_eq(c->x->path, path) || (view_is(path, "/home") && view_is(c->x->path, "/")) ||
	       (view_starts(path, V("/settings")) && view_starts(c->x->path, V("/settings"))) ||
	       (view_is(path, "/lists") && view_starts(c->x->path, V("/lists/"))) ||
	       (view_is(path, "/admin") && view_starts(c->x->path, V("/admin/")));
}

static void draw_way(struct call *c, struct html *h, enum way way)
{
	struct view path =
		ways[way].path ? view_of(ways[way].path) : arena_printf(c->arena, "/%.*s", VIEW_ARG(own_handle(c)));

	html_open(h, "li");
	html_tag(h, "a", A("href", path));
	if (way == WAY_WRITE)
		html_attr(h, "class", V("write"));
	if (is_here(c, path))
		html_attr(h, "aria-current", V("page"));
	draw_icon(h, ways[way].icon);
	html_elem(h, "span", page_say(c, ways[way].words), A("class", V("word")));
	if (way == WAY_NOTIFICATIONS)
		draw_count(c, h, unread(c));
	html_close(h, "a");
	html_close(h, "li");
}

/* What a phone shows only when it is asked for. Links to #menu and away from it do that without a script. */
static void draw_rest(struct call *c, struct html *h)
{
	html_tag(h, "ul", A("class", V("rest")), A("id", V("menu")));
	for (size_t w = WAY_FIRST_REST; w < ARRAY_LEN(ways); w++)
		if (role_may(c->auth.role, ways[w].permissions))
			draw_way(c, h, (enum way)w);
	html_open(h, "li");
	page_form(c, h, V("/logout"), "inline");
	html_open(h, "button");
	html_attr(h, "class", V("plain"));
	draw_icon(h, ICON_LEAVE);
	html_elem(h, "span", page_say(c, words.log_out), A("class", V("word")));
	html_close(h, "button");
	html_close(h, "form");
	html_close(h, "li");
	html_tag(h, "li", A("class", V("turn")));
	html_elem(h, "a", page_say(c, words.close), A("href", V("#main")));
	html_close(h, "li");
	html_close(h, "ul");
}

void draw_rail(struct call *c, struct html *h)
{
	html_tag(h, "nav", A("class", V("rail")), A("aria-label", page_say(c, words.nav)));
	html_tag(h, "ul", A("class", V("first")));
	for (size_t w = WAY_HOME; w < WAY_FIRST_REST; w++)
		draw_way(c, h, (enum way)w);
	html_tag(h, "li", A("class", V("turn")));
	html_tag(h, "a", A("href", V("#menu")));
	draw_icon(h, ICON_MENU);
	html_elem(h, "span", page_say(c, words.menu), A("class", V("word")));
	html_close(h, "a");
	html_close(h, "li");
	html_close(h, "ul");
	draw_rest(c, h);
	html_close(h, "nav");
}

void draw_tabs(struct call *c, struct html *h, struct view label, const struct tab *tabs, size_t n)
{
	html_tag(h, "nav", A("class", V("tabs")), A("aria-label", page_say(c, label)));
	for (size_t i = 0; i < n; i++)
		draw_link(c, h, tabs[i].path, page_say(c, tabs[i].words));
	html_close(h, "nav");
}
