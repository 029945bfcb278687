/*
 * settings.c - the page /settings/security, and what its parts share.
 */
#include "base/base.h"

#include "web/settings.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "web/login.h"
#include "web/web.h"

static const struct {
	struct view settings, title, lead, password, wrong;
} words = {
	.settings = N_("Settings"),
	.title = N_("Security"),
	.lead = N_("How you log in, where you are logged in, and how to leave."),
	.password = N_("Your password"),
	.wrong = N_("This is not your password. Nothing was changed."),
};

static const struct {
	const char *path;
	struct view words;
} parts[] = {
	{"/settings/profile", N_("Profile")},
	{"/settings/privacy", N_("Privacy")},
	{"/settings/tags", N_("Hashtags")},
	{"/settings/filters", N_("Filters")},
	{"/settings/look", N_("Language and colours")},
	{"/settings/transfer", N_("Import and export")},
	{SETTINGS_PATH, N_("Security")},
	{SETTINGS_DATA_PATH, N_("Your posts as data")},
};

static void draw_parts(struct call *c, struct html *h)
{
	html_tag(h, "nav", A("class", V("tabs")), A("aria-label", page_say(c, words.settings)));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		html_tag(h, "a", A("href", view_of(parts[i].path)));
		if (view_starts(c->x->path, view_of(parts[i].path)))
			html_attr(h, "aria-current", view_is(c->x->path, parts[i].path) ? V("page") : V("true"));
		html_text(h, page_say(c, parts[i].words));
		html_close(h, "a");
	}
	html_close(h, "nav");
}

struct html settings_page(struct call *c, struct view title, const char *script)
{
	struct page_head head = {
		.title = page_say(c, title), .noindex = true, .private = true, .narrow = true, .script = script};
	struct html h = page_begin(c, &head);

	draw_parts(c, &h);
	html_elem(&h, "h1", page_say(c, title));
	return h;
}

enum err settings_draw(struct call *c, struct view refusal)
{
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	settings_password_draw(c, &h);
	TRY(settings_email_draw(c, &h));
	TRY(settings_second_draw(c, &h));
	TRY(settings_passkeys_draw(c, &h));
	TRY(settings_sessions_draw(c, &h));
	settings_leave_draw(c, &h);
	return page_end(c, &h);
}

enum err settings_done(struct call *c)
{
	return call_redirect(c, 303, V(SETTINGS_PATH));
}

enum err settings_may(struct call *c, bool password, bool *ret_drawn)
{
	*ret_drawn = true;
	if (!c->auth.session_id)
		return call_redirect(c, 303, V("/login?next=" SETTINGS_PATH));
	if (c->refused)
		return settings_draw(c, form_refusal(c));
	enum err err = password ? account_check_password(c->db, c->auth.account, arg_str(c, "password")) : OK;
	if (err == ERR_UNAUTHORIZED)
		return settings_draw(c, words.wrong);
	*ret_drawn = false;
	return err;
}

void settings_form(struct call *c, struct html *h, const struct settings_form *form)
{
	page_form(c, h, view_of(form->action), form->password ? "stack" : "inline");
	if (form->hidden)
		page_hidden(h, form->hidden, form->value);
	if (form->password)
		draw_field(c, h,
			   &(struct form_field){.name = "password",
						.id = form->id,
						.type = "password",
						.autocomplete = "current-password",
						.label = words.password,
						.required = true});
	html_tag(h, "button", A("type", V("submit")));
	if (!form->password)
		html_attr(h, "class", V("plain"));
	html_text(h, page_say(c, form->button));
	if (form->about.len) {
		html_tag(h, "span", A("class", V("unseen")));
		html_text(h, V(": "));
		html_text(h, form->about);
		html_close(h, "span");
	}
	html_close(h, "button");
	html_close(h, "form");
}

bool settings_refused(struct call *c, enum err err, struct view *ret)
{
	if ((err != ERR_UNPROCESSABLE && err != ERR_TOO_LARGE && err != ERR_BUSY) || !c->problem.text[0])
		return false;
	*ret = arena_view(c->arena, view_of(c->problem.text));
	return true;
}

void settings_choice(struct call *c, struct html *h, const struct settings_choice *choice)
{
	struct view name = view_of(choice->name);

	html_elem(h, "label", page_say(c, choice->label), A("for", name));
	html_tag(h, "select", A("name", name), A("id", name));
	for (size_t i = 0; choice->names[i]; i++) {
		html_tag(h, "option", A("value", view_of(choice->names[i])));
		html_flag(h, "selected", i == choice->chosen);
		html_text(h, page_say(c, choice->words[i]));
		html_close(h, "option");
	}
	html_close(h, "select");
}

struct view settings_time(struct call *c, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	return arena_printf(c->arena, "%.10s %.5s UTC", iso, iso + 11);
}

struct view settings_day(struct call *c, int64_t ms)
{
	return view_sub(settings_time(c, ms), 0, 10);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? settings_draw(c, V("")) : login_ask(c);
}

const struct endpoint web_settings[] = {
	{.method = HTTP_GET, .path = SETTINGS_PATH, .handle = show, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page",
	 .doc = "Password, second step of logging in, passkeys, sessions, apps, history of logins, deletion."},
	ENDPOINTS_END,
};
