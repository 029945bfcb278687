/*
 * login_second.c - the second step of logging in: a code from the app, or one of those written down. Each try is a new
 * challenge, so that a form works once.
 */
#include "base/base.h"

#include "base/secret.h"
#include "core/accounts.h"
#include "core/challenges.h"
#include "core/second_factor.h"
#include "web/form.h"
#include "web/login.h"
#include "web/web.h"

static const struct {
	struct view title, lead, code, submit, wrong, often, late;
} words = {
	.title = N_("One more step"),
	.lead = N_("Open your authenticator app and enter the code it shows. Without your telephone, enter one of the "
		   "codes "
		   "you have written down."),
	.code = N_("Code"),
	.submit = N_("Log in"),
	.wrong = N_("This code is wrong, or was used already. Wait for the next one, and try again."),
	.often = N_("Too many wrong codes. Please wait an hour, and try again."),
	.late = N_("That took too long. Please begin again."),
};

enum err login_second_draw(struct call *c, struct account_id account, struct view refusal)
{
	struct page_head head = {.title = page_say(c, words.title),
				 .noindex = true,
				 .private = true,
				 .narrow = true,
				 .forms = FORMS_LEAVE};
	char challenge[TOKEN_LEN + 1];

	TRY(challenge_make(c->core, CHALLENGE_SECOND, account, challenge));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	page_form(c, &h, V("/login/second"), "stack");
	page_hidden(&h, "challenge", view_of(challenge));
	page_hidden(&h, "next", arg_str(c, "next"));
	draw_field(c, &h,
		   &(struct form_field){.name = "code",
					.autocomplete = "one-time-code",
					.label = words.code,
					.required = true,
					.focus = true,
					.max = 32});
	draw_submit(c, &h, words.submit);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err check(struct call *c)
{
	struct account_id account;
	struct problem problem = {0};
	bool recovery;

	enum err err = challenge_take(c->core, CHALLENGE_SECOND, arg_str(c, "challenge"), &account);
	if (err == OK)
		err = account_may_login(c->db, account, &problem);
	if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN) {
		c->status = 422;
		return login_draw(c, &(struct login_page){.next = arg_str(c, "next"), .refusal = words.late});
	}
	TRY(err);
	if (c->refused) {
		c->status = 422;
		return login_second_draw(c, account, form_refusal(c));
	}
	err = second_factor_check(c->core, account, arg_str(c, "code"), &recovery);
	if (err == OK)
		return login_begin(c, account, recovery ? LOGIN_RECOVERY : LOGIN_CODE);
	if (err != ERR_UNAUTHORIZED && err != ERR_TOO_MANY)
		return err;
	c->status = 422;
	return login_second_draw(c, account, err == ERR_TOO_MANY ? words.often : words.wrong);
}

const struct endpoint web_login_second[] = {
	{.method = HTTP_POST, .path = "/login/second", .handle = check, .refused_ok = true, .auth = AUTH_SESSION, .rate = RATE_LOGIN,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "challenge", .max = 64, .doc = "Of the form."},
			  {.name = "code", .max = 64, .doc = "From the app, or one of those written down."}, LOGIN_NEXT_PARAM),
	 .doc = "The second step of logging in, where it is switched on."},
	ENDPOINTS_END,
};
