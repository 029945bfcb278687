/*
 * login_passkey.c - logging in with a passkey: no name, no password, no second step.
 */
#include "base/base.h"

#include "core/accounts.h"
#include "web/form.h"
#include "web/login.h"
#include "web/passkey_form.h"
#include "web/web.h"

static const struct {
	struct view title, lead, submit, wrong, other;
} words = {
	.title = N_("Log in with a passkey"),
	.lead = N_("Your browser asks which one. Nothing is typed."),
	.submit = N_("Use a passkey"),
	.wrong = N_("This passkey opens no account here."),
	.other = N_("Use name and password instead"),
};

static enum err draw(struct call *c, struct view refusal, bool now)
{
	struct page_head head = {.title = page_say(c, words.title),
				 .noindex = true,
				 .private = true,
				 .narrow = true,
				 .script = PASSKEY_SCRIPT,
				 .forms = FORMS_LEAVE};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	TRY(passkey_form_begin(
		c, &h,
		&(struct passkey_form){
			.action = "/login/passkey", .question = "get", .kind = CHALLENGE_PASSKEY_LOGIN, .now = now}));
	page_hidden(&h, "next", arg_str(c, "next"));
	draw_submit(c, &h, words.submit);
	html_close(&h, "form");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.other), A("href", V("/login")));
	html_close(&h, "p");
	return page_end(c, &h);
}

static enum err begin(struct call *c)
{
	return draw(c, V(""), true);
}

static enum err check(struct call *c)
{
	struct passkey_answer answer = passkey_form_answer(c);
	struct problem problem = {0};
	struct account_id account;

	enum err err = passkey_login(c->core, c->db, c->arena, &answer, &account);
	if (err == OK)
		err = account_may_login(c->db, account, &problem);
	if (err == OK)
		return login_begin(c, account, LOGIN_PASSKEY);
	if (err != ERR_UNAUTHORIZED && err != ERR_FORBIDDEN && err != ERR_NOT_FOUND)
		return err;
	c->status = 422;
	return draw(c, words.wrong, false);
}

#define ROW .method = HTTP_POST, .auth = AUTH_SESSION, .rate = RATE_LOGIN, .meter = METER_FREE, .body = BODY_FIELDS, \
	.run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page"

const struct endpoint web_login_passkey[] = {
	{ROW, .path = "/login/passkey/begin", .handle = begin, .params = PARAMS(LOGIN_NEXT_PARAM),
	 .doc = "A page that asks the browser for a passkey."},
	{ROW, .path = "/login/passkey", .handle = check, .params = PARAMS(PASSKEY_PARAMS, LOGIN_NEXT_PARAM),
	 .doc = "Its answer: begins a browser session."},
	ENDPOINTS_END,
};
