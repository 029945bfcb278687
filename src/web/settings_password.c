/*
 * settings_password.c - another password. Everybody is logged out by it, and this browser logged in anew.
 */
#include "base/base.h"

#include "core/accounts.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_PATH "/password"

static const struct {
	struct view title, lead, now, new, hint, change, wrong;
} words = {
	.title = N_("Password"),
	.lead = N_("With a new password you are logged out everywhere else, and every app is shut out."),
	.now = N_("Your password"),
	.new = N_("New password"),
	.hint = N_("At least 8 characters. A few words in a row are good."),
	.change = N_("Change the password"),
	.wrong = N_("A password has 8 characters at least, and 72 bytes at most. Nothing was changed."),
};

void settings_password_draw(struct call *c, struct html *h)
{
	html_elem(h, "h2", page_say(c, words.title));
	html_elem(h, "p", page_say(c, words.lead));
	page_form(c, h, V(PATH), "stack");
	page_hidden(h, "next", V(SETTINGS_PATH));
	draw_field(c, h,
		   &(struct form_field){.name = "password",
					.id = "password-now",
					.type = "password",
					.autocomplete = "current-password",
					.label = words.now,
					.required = true});
	draw_field(c, h,
		   &(struct form_field){.name = "new_password",
					.type = "password",
					.autocomplete = "new-password",
					.label = words.new,
					.hint = words.hint,
					.required = true});
	html_elem(h, "button", page_say(c, words.change), A("type", V("submit")));
	html_close(h, "form");
}

static enum err change(struct call *c)
{
	struct account_id me = c->auth.account;
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	enum err err = account_set_password(c->core, me, arg_str(c, "new_password"), &c->problem);
	if (err == ERR_UNPROCESSABLE)
		return settings_draw(c, words.wrong);
	TRY(err);
	return login_begin(c, me, LOGIN_PASSWORD);
}

const struct endpoint web_settings_password[] = {
	{SETTINGS_ROW, .path = PATH, .handle = change, .refused_ok = true, .rate = RATE_LOGIN,
	 .params = PARAMS(SETTINGS_PASSWORD, {.name = "new_password", .max = 1024, .doc = "8 to 72 characters."},
			  LOGIN_NEXT_PARAM),
	 .doc = "Sets another password: ends all other sessions and all tokens."},
	ENDPOINTS_END,
};
