/*
 * settings_sessions.c - where one is logged in, which apps one has let in, and when somebody logged in.
 */
#include "base/base.h"

#include "core/login_history.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_PATH

static const struct {
	struct view title, here, since, end, end_others, apps, no_apps, allowed, take_back, history, history_lead,
		unknown;
} words = {
	.title = N_("Where you are logged in"),
	.here = N_("this browser"),
	.since = N_("since %s"),
	.end = N_("Log out there"),
	.end_others = N_("Log out everywhere else"),
	.apps = N_("Apps you have let in"),
	.no_apps = N_("None."),
	.allowed = N_("since %s"),
	.take_back = N_("Shut it out"),
	.history = N_("Logins"),
	.history_lead = N_("The last ones, for up to 90 days. Is one of them not yours? Then change your password."),
	.unknown = N_("an unknown browser"),
};

static const struct view hows[LOGIN_HOWS] = {
	[LOGIN_PASSWORD] = N_("Password"),
	[LOGIN_CODE] = N_("Password and code"),
	[LOGIN_RECOVERY] = N_("Password and a code written down"),
	[LOGIN_PASSKEY] = N_("Passkey"),
};

/* "Firefox, Windows": the first that fits of each; a browser names its kin too, so the order matters. */
static const char *const browsers[][2] = {
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
static const char *const systems[][2] = {{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
					 {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}};

static const char *first_in(struct view agent, const char *const table[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (agent.len && memmem(agent.p, agent.len, table[i][0], strlen(table[i][0])))
			return table[i][1];
	return NULL;
}

static struct view browser_of(struct call *c, struct view agent)
{
	const char *browser = first_in(agent, browsers, ARRAY_LEN(browsers));
	const char *system = first_in(agent, systems, ARRAY_LEN(systems));

	if (!browser && !system)
		return page_say(c, words.unknown);
	return arena_printf(c->arena, "%s%s%s", browser ? browser : "", browser && system ? ", " : "",
			    system ? system : "");
}

static void draw_session(struct call *c, struct html *h, const struct login_entry *e)
{
	struct view what = browser_of(c, e->user_agent), since = PAGE_SAY_WITH(c, words.since, settings_day(c, e->at));
	bool here = e->id == c->auth.session_id;

	html_open(h, "li");
	html_open(h, "p");
	html_elem(h, "strong", what);
	if (here) {
		html_text(h, V(" "));
		html_elem(h, "span", page_say(c, words.here), A("class", V("badge")));
	}
	html_close(h, "p");
	html_elem(h, "p", arena_printf(c->arena, "%.*s, %.*s", VIEW_ARG(e->ip), VIEW_ARG(since)),
		  A("class", V("hint")));
	if (!here)
		settings_form(c, h,
			      &(struct settings_form){.action = PATH "/sessions/end",
						      .button = words.end,
						      .hidden = "id",
						      .value = arena_printf(c->arena, "%" PRId64, e->id),
						      .about = what});
	html_close(h, "li");
}

static enum err draw_sessions(struct call *c, struct html *h)
{
	struct login_entry list[SESSIONS_SHOWN];
	size_t n = 0;

	TRY(sessions_list(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.title));
	html_tag(h, "ul", A("class", V("rows sessions")));
	for (size_t i = 0; i < n; i++)
		draw_session(c, h, &list[i]);
	html_close(h, "ul");
	if (n > 1) {
		html_open(h, "p");
		settings_form(c, h,
			      &(struct settings_form){.action = PATH "/sessions/end", .button = words.end_others});
		html_close(h, "p");
	}
	return OK;
}

static void draw_app(struct call *c, struct html *h, const struct allowed_app *app)
{
	html_open(h, "li");
	html_open(h, "p");
	html_elem(h, "strong", app->name, A("dir", V("auto")));
	html_close(h, "p");
	html_elem(h, "p", PAGE_SAY_WITH(c, words.allowed, settings_day(c, app->since)), A("class", V("hint")));
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/apps/end",
					      .button = words.take_back,
					      .hidden = "id",
					      .value = arena_printf(c->arena, "%" PRId64, app->id),
					      .about = app->name});
	html_close(h, "li");
}

static enum err draw_apps(struct call *c, struct html *h)
{
	struct allowed_app *list = ARENA_ARRAY(c->arena, APPS_SHOWN, struct allowed_app);
	size_t n = 0;

	TRY(allowed_apps(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.apps));
	if (!n)
		html_elem(h, "p", page_say(c, words.no_apps));
	else
		html_tag(h, "ul", A("class", V("rows apps")));
	for (size_t i = 0; i < n; i++)
		draw_app(c, h, &list[i]);
	if (n)
		html_close(h, "ul");
	return OK;
}

static enum err draw_history(struct call *c, struct html *h)
{
	struct login_entry list[LOGINS_SHOWN];
	size_t n = 0;

	TRY(login_history(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.history));
	html_elem(h, "p", page_say(c, words.history_lead));
	html_tag(h, "ul", A("class", V("rows logins")));
	for (size_t i = 0; i < n; i++) {
		struct view how = list[i].how < LOGIN_HOWS ? page_say(c, hows[list[i].how]) : V("?");
		struct view from = browser_of(c, list[i].user_agent);

		html_open(h, "li");
		html_elem(h, "p", settings_time(c, list[i].at));
		html_elem(h, "p",
			  arena_printf(c->arena, "%.*s · %.*s · %.*s", VIEW_ARG(how), VIEW_ARG(from),
				       VIEW_ARG(list[i].ip)),
			  A("class", V("hint")));
		html_close(h, "li");
	}
	html_close(h, "ul");
	return OK;
}

enum err settings_sessions_draw(struct call *c, struct html *h)
{
	TRY(draw_sessions(c, h));
	TRY(draw_apps(c, h));
	return draw_history(c, h);
}

static enum err end_with(struct call *c, enum err (*end)(struct call *c))
{
	bool drawn;

	TRY(settings_may(c, false, &drawn));
	if (drawn)
		return OK;
	enum err err = end(c);
	if (err != ERR_NOT_FOUND) /* gone already */
		TRY(err);
	return settings_done(c);
}

/* Without an id: all others. */
static enum err end_session(struct call *c)
{
	return sessions_end(c->core, c->auth.account, arg_id(c, "id"), c->auth.session_id);
}

static enum err end_app(struct call *c)
{
	return allowed_app_end(c->core, c->auth.account, arg_id(c, "id"));
}

static enum err post_session_end(struct call *c)
{
	return end_with(c, end_session);
}

static enum err post_app_end(struct call *c)
{
	return end_with(c, end_app);
}

const struct endpoint web_settings_sessions[] = {
	{SETTINGS_ROW, .path = PATH "/sessions/end", .handle = post_session_end, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of a session of one's own; without, all but this one."}),
	 .doc = "Logs out elsewhere."},
	{SETTINGS_ROW, .path = PATH "/apps/end", .handle = post_app_end, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of an app that was let in."}),
	 .doc = "Takes an app's tokens back."},
	ENDPOINTS_END,
};
