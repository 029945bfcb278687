/*
 * login.c - see login.h. The answer to a wrong name is the answer to a wrong password.
 */
#include "base/base.h"

#include "web/login.h"

#include "base/limits.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/known_browsers.h"
#include "core/leaving.h"
#include "core/second_factor.h"
#include "core/sessions.h"
#include "gate/gate.h"
#include "text/url.h"
#include "web/form.h"
#include "web/web.h"

#define NAME_MAX_BYTES 320	/* a mail address, RFC 5321 4.5.3.1 */
#define PASSWORD_MAX_BYTES 1024 /* more than fits, so that too long a one is simply wrong */
#define AGENT_MAX_BYTES 300
#define ASK_MAX_BYTES (LIMIT_HEADER_BYTES - 4 * LIMIT_KIB) /* what a browser says besides has to fit too */
#define BROWSER_COOKIE "kicau_browser" /* known_browsers.h */

static const struct {
	struct view title, lead, name, password, submit, wrong, lost, ask, write_to, send_again, make, passkey, appeal;
} words = {
	.title = N_("Log in"),
	.lead = N_("Welcome back."),
	.name = N_("Name or e-mail address"),
	.password = N_("Password"),
	.submit = N_("Log in"),
	.wrong = N_("The name and the password do not fit together. Please try again."),
	.lost = N_("Password lost?"),
	.ask = N_("Password lost? Ask the people who run this server."),
	.write_to = N_("Write to %s."),
	.send_again = N_("Send the confirmation again"),
	.make = N_("Make an account"),
	.passkey = N_("Log in with a passkey"),
	.appeal = N_("See what moderators did, and appeal against it"),
};

static void draw_fields(struct call *c, struct html *h, const struct login_page *page)
{
	bool again = page->refusal.len > 0;

	html_elem(h, "label", page_say(c, words.name), A("for", V("username")));
	html_tag(h, "input", A("id", V("username")), A("name", V("username")), A("autocomplete", V("username")),
		 A("autocapitalize", V("none")), A("spellcheck", V("false")), A("value", page->name));
	html_flag(h, "required", true);
	html_flag(h, "autofocus", page->name.len == 0);
	html_elem(h, "label", page_say(c, words.password), A("for", V("password")));
	html_tag(h, "input", A("id", V("password")), A("name", V("password")), A("type", V("password")),
		 A("autocomplete", V("current-password")));
	html_flag(h, "required", true);
	html_flag(h, "autofocus", page->name.len > 0);
	if (again) {
		html_attr(h, "aria-invalid", V("true"));
		html_attr(h, "aria-describedby", V("refusal"));
	}
}

static void draw_link(struct call *c, struct html *h, const char *path, struct view text)
{
	html_tag(h, "p", A("class", V("hint")));
	html_elem(h, "a", page_say(c, text), A("href", view_of(path)));
	html_close(h, "p");
}

static void draw_help(struct call *c, struct html *h, const struct login_page *page)
{
	struct view mail = view_of(c->core->config.contact_email);

	if (page->closed)
		draw_link(c, h, "/appeal", words.appeal);
	if (page->unconfirmed)
		draw_link(c, h, "/auth/confirmation/new", words.send_again);
	if (c->core->config.mail) {
		draw_link(c, h, "/auth/password/new", words.lost);
	} else {
		html_tag(h, "p", A("class", V("hint")));
		html_text(h, page_say(c, words.ask));
		if (mail.len) {
			html_text(h, V(" "));
			html_text(h, PAGE_SAY_WITH(c, words.write_to, mail));
		}
		html_close(h, "p");
	}
	if (c->core->config.registrations)
		draw_link(c, h, "/auth/sign_up", words.make);
}

static void draw_passkey(struct call *c, struct html *h, const struct login_page *page)
{
	page_form(c, h, V("/login/passkey/begin"), "stack");
	page_hidden(h, "next", page->next);
	html_elem(h, "button", page_say(c, words.passkey), A("type", V("submit")));
	html_close(h, "form");
}

enum err login_draw(struct call *c, const struct login_page *page)
{
	struct page_head head = {.title = page_say(c, words.title),
				 .noindex = true,
				 .private = true,
				 .narrow = true,
				 .forms = FORMS_LEAVE};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page->reason.len ? page->reason : page_say(c, words.lead));
	draw_refusal(&h, page_say(c, page->refusal));
	page_form(c, &h, V("/login"), "stack");
	page_hidden(&h, "next", page->next);
	draw_fields(c, &h, page);
	draw_submit(c, &h, words.submit);
	html_close(&h, "form");
	draw_passkey(c, &h, page);
	draw_help(c, &h, page);
	return page_end(c, &h);
}

enum err login_ask_then(struct call *c, struct view path)
{
	struct buf CLEANUP(buf_release) to = {.max = ASK_MAX_BYTES};

	buf_add_str(&to, "/login");
	url_add_param(&to, 0, V("next"), path);
	TRY(buf_err(&to));
	return call_redirect(c, c->x->method == HTTP_GET ? 302 : 303, arena_view(c->arena, buf_view(&to)));
}

enum err login_ask(struct call *c)
{
	return login_ask_then(c, c->x->target);
}

/* Where to go after the form; what is not of this server is not gone to. */
static struct view next_of(struct call *c)
{
	return page_local(c, arg_str(c, "next"), V("/"));
}

static void set_cookie(struct call *c, const char *name, const char *value, int64_t seconds)
{
	bool https = c->x->https || view_starts(view_of(c->core->config.base_url), V("https://"));

	call_header(c, "Set-Cookie",
		    arena_printf(c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%" PRId64 "%s", name, value,
				 seconds, https ? "; Secure" : ""));
}

static enum err show_login(struct call *c)
{
	if (c->auth.session_id)
		return call_redirect(c, 302, next_of(c));
	return login_draw(c, &(struct login_page){.next = arg_str(c, "next")});
}

/* The browser's own number, kept for as long as browsers keep anything. */
static struct view browser_of(struct call *c)
{
	struct view browser = http_cookie(c->x, BROWSER_COOKIE);
	char fresh[TOKEN_LEN + 1];

	if (browser.len != TOKEN_LEN) {
		token_make(fresh);
		browser = arena_view(c->arena, view_of(fresh));
	}
	set_cookie(c, BROWSER_COOKIE, arena_cstr(c->arena, browser), BROWSER_MS / 1000);
	return browser;
}

/* A new session even where there is one: whoever holds the old cookie does not get the new rights. */
enum err login_begin(struct call *c, struct account_id account, enum login_how how)
{
	char cookie[TOKEN_LEN + 1];
	bool was_leaving;
	struct view agent = view_sub(http_header(c->x, "User-Agent"), 0, AGENT_MAX_BYTES);

	if (!utf8_valid(agent))
		agent = V("");
	TRY(account_stay(c->core, account, &was_leaving));
	TRY(sessions_login(c->core, account, &(struct login_from){how, c->x->peer, agent, browser_of(c)}, cookie));
	if (c->auth.session_id)
		TRY(sessions_logout(c->core, c->auth.session_id));
	set_cookie(c, GATE_SESSION_COOKIE, cookie, SESSION_MS / 1000);
	secret_wipe(cookie, sizeof(cookie));
	return call_redirect(c, 303, next_of(c));
}

/* The password was right. */
static enum err go_on(struct call *c, struct account_id account)
{
	struct second_factor second;

	TRY(second_factor_load(c->db, account, &second));
	return second.on ? login_second_draw(c, account, V("")) : login_begin(c, account, LOGIN_PASSWORD);
}

static enum err log_in(struct call *c)
{
	/* What account_login() may say when the password is right. */
	static const struct view refusals[] = {
		N_("Your login is currently disabled"),
		N_("Your login is missing a confirmed e-mail address"),
		N_("Your login is currently pending approval"),
	};
	struct login_page again = {.next = arg_str(c, "next"), .name = arg_str(c, "username"), .refusal = words.wrong};
	struct problem problem = {0};
	struct account_id account;
	if (c->refused) {
		again.refusal = form_refusal(c);
		c->status = 422;
		return login_draw(c, &again);
	}
	enum err err = account_login(c->core, c->db, c->arena, again.name, arg_str(c, "password"), &account, &problem);

	if (err == OK)
		return go_on(c, account);
	if (err != ERR_UNAUTHORIZED && err != ERR_FORBIDDEN)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(refusals) && err == ERR_FORBIDDEN; i++)
		if (view_is(refusals[i], problem.text))
			again.refusal = refusals[i];
	again.unconfirmed = err == ERR_FORBIDDEN && view_is(again.refusal, ACCOUNT_UNCONFIRMED);
	again.closed = err == ERR_FORBIDDEN && view_is(again.refusal, ACCOUNT_CLOSED);
	c->status = 422;
	return login_draw(c, &again);
}

static enum err log_out(struct call *c)
{
	if (c->auth.session_id)
		TRY(sessions_logout(c->core, c->auth.session_id));
	set_cookie(c, GATE_SESSION_COOKIE, "", 0);
	return call_redirect(c, 303, V("/"));
}

const struct endpoint web_login[] = {
	{.method = HTTP_GET, .path = "/login", .handle = show_login, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "next", .max = LOGIN_NEXT_MAX, .doc = "Where to go afterwards; a path of this server."}),
	 .doc = "The form to log in."},
	{.method = HTTP_POST, .path = "/login", .handle = log_in, .refused_ok = true, .auth = AUTH_SESSION, .rate = RATE_LOGIN,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "username", .max = NAME_MAX_BYTES, .doc = "Name or mail address."},
			  {.name = "password", .max = PASSWORD_MAX_BYTES, .doc = "The password."},
			  {.name = "next", .max = LOGIN_NEXT_MAX, .doc = "As of the form."}),
	 .doc = "Begins a browser session: sets the cookie kicau_session and redirects."},
	{.method = HTTP_POST, .path = "/logout", .handle = log_out, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .doc = "Ends the browser session."},
	ENDPOINTS_END,
};
