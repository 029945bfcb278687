/*
 * authorize.c - GET and POST /oauth/authorize: log in, say yes or no, and back to the app with a code (RFC 6749 4.1).
 */
#include "base/base.h"

#include "web/authorize.h"

#include "base/limits.h"
#include "core/oauth_codes.h"
#include "text/url.h"
#include "web/login.h"
#include "web/web.h"

static const struct {
	struct view log_in, refused, denied_title, denied, no_code;
} words = {
	.log_in = N_("Log in to let %s use your account."),
	.refused = V("This did not work"),
	.denied_title = V("Nothing was given"),
	.denied = V("You have said no, and the app has no access to your account. You may close this page."),
	.no_code = V("There is no code here. Please begin again in the app."),
};

#define ANSWER_MAX (LIMIT_REDIRECT_URI_BYTES + AUTHORIZE_URL_MAX)

/* Back to the app with up to two parameters and the state (RFC 6749 4.1.2). 303: what was a POST becomes a GET. */
static enum err answer_app(struct call *c, const struct authorize_request *r, struct view key, struct view value,
			   struct view description)
{
	struct buf CLEANUP(buf_release) url = {.max = ANSWER_MAX};

	buf_add(&url, r->redirect_uri);
	url_add_param(&url, 0, key, value);
	if (description.len)
		url_add_param(&url, 0, V("error_description"), description);
	if (r->state.len)
		url_add_param(&url, 0, V("state"), r->state);
	TRY(buf_err(&url));
	call_header(c, "Cache-Control", V("no-store"));
	call_header(c, "Referrer-Policy", V("no-referrer"));
	return call_redirect(c, 303, arena_view(c->arena, buf_view(&url)));
}

static enum err refuse(struct call *c, const struct authorize_request *r, const struct authorize_refusal *refusal)
{
	if (refusal->to_app)
		return answer_app(c, r, V("error"), view_of(refusal->error), refusal->words);
	c->status = 400;
	return draw_notice(c, words.refused, refusal->words);
}

static enum err show_login(struct call *c, const struct authorize_request *r)
{
	struct login_page page = {
		.next = authorize_url(c, r, false),
		.reason = PAGE_SAY_WITH(c, words.log_in, r->app.name),
	};

	return login_draw(c, &page);
}

static enum err show(struct call *c)
{
	struct authorize_request r;
	struct authorize_refusal refusal;
	struct account who;

	TRY(authorize_read(c, &r, &refusal));
	if (refusal.error)
		return refuse(c, &r, &refusal);
	if (!c->auth.session_id || arg_bool(c, "force_login"))
		return show_login(c, &r);
	TRY(account_load(c->db, c->arena, c->auth.account, &who));
	return draw_consent(c, &r, &who);
}

static enum err deny(struct call *c, const struct authorize_request *r)
{
	if (view_is(r->redirect_uri, APP_REDIRECT_OOB))
		return draw_notice(c, words.denied_title, words.denied);
	return answer_app(c, r, V("error"), V("access_denied"), V("The resource owner denied the request."));
}

static enum err grant(struct call *c, const struct authorize_request *r)
{
	struct new_code nc = {
		.app_id = r->app.id,
		.account = c->auth.account,
		.redirect_uri = r->redirect_uri,
		.scopes = r->scopes,
		.challenge = r->challenge,
	};
	char code[TOKEN_LEN + 1];

	TRY(oauth_code_create(c->core, &nc, code));
	if (!view_is(r->redirect_uri, APP_REDIRECT_OOB))
		return answer_app(c, r, V("code"), view_of(code), V(""));
	call_header(c, "Cache-Control", V("no-store"));
	return call_redirect(c, 303, arena_printf(c->arena, AUTHORIZE_PATH "/native?code=%s", code));
}

/* The session may have ended while the person was thinking: then everything is asked again. */
static enum err decide(struct call *c)
{
	struct authorize_request r;
	struct authorize_refusal refusal;

	TRY(authorize_read(c, &r, &refusal));
	if (refusal.error)
		return refuse(c, &r, &refusal);
	if (!c->auth.session_id)
		return call_redirect(c, 303, authorize_url(c, &r, false));
	if (view_is(arg_str(c, "decision"), "authorize"))
		return grant(c, &r);
	return deny(c, &r);
}

/* Only what looks like a code is shown: the page must not say what others put into its address. */
static enum err show_code(struct call *c)
{
	struct view code = arg_str(c, "code");
	bool fits = code.len == TOKEN_LEN;

	for (size_t i = 0; i < code.len && fits; i++)
		fits = (code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= 'A' && code.p[i] <= 'Z') ||
		       (code.p[i] >= '0' && code.p[i] <= '9') || code.p[i] == '-' || code.p[i] == '_';
	if (fits)
		return draw_code(c, code);
	c->status = 400;
	return draw_notice(c, words.refused, words.no_code);
}

const struct endpoint web_authorize[] = {
	{.method = HTTP_GET, .path = AUTHORIZE_PATH, .handle = show, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS(AUTHORIZE_PARAMS,
			  {.name = "force_login", .type = PARAM_BOOL, .doc = "Ask for the password even where there is a session."}),
	 .doc = "Asks the person in front of the browser whether the app may act for them."},
	{.method = HTTP_POST, .path = AUTHORIZE_PATH, .handle = decide, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS(AUTHORIZE_PARAMS, {.name = "decision", .max = 16, .doc = "authorize; anything else is no."}),
	 .doc = "Their answer: redirects to the app with a code, or with access_denied."},
	{.method = HTTP_GET, .path = AUTHORIZE_PATH "/native", .handle = show_code, .auth = AUTH_SESSION,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "code", .max = 128, .doc = "The code."}),
	 .doc = "Shows the code of apps without a redirect address, to be copied."},
	ENDPOINTS_END,
};
