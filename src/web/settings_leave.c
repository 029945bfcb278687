/*
 * settings_leave.c - asking for the end of one's account.
 */
#include "base/base.h"

#include "core/leaving.h"
#include "web/settings.h"
#include "web/web.h"

static const struct {
	struct view title, lead, leave, gone_title, gone;
} words = {
	.title = N_("Delete the account"),
	.lead = N_("Nobody sees it from then on, and you are logged out everywhere. For 30 days you can come back by "
		   "logging in; "
		   "then all you have posted is deleted for good. The name is not given to anybody else."),
	.leave = N_("Delete my account"),
	.gone_title = N_("Your account is gone"),
	.gone = N_("In 30 days everything of it is deleted. Until then, logging in brings it back."),
};
_Static_assert(LEAVING_DAYS == 30, "the words say so");

void settings_leave_draw(struct call *c, struct html *h)
{
	html_elem(h, "h2", page_say(c, words.title));
	html_elem(h, "p", page_say(c, words.lead));
	settings_form(
		c, h,
		&(struct settings_form){
			.action = "/settings/delete", .id = "password-leave", .button = words.leave, .password = true});
}

static enum err leave(struct call *c)
{
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	enum err err = account_leave(c->core, c->auth.account);
	if (err != ERR_CONFLICT) /* it was so already */
		TRY(err);
	c->auth = (struct auth_info){0}; /* the session is over: the page is a visitor's */
	return draw_plain_page(c, &(struct plain_page){.title = words.gone_title, .text = words.gone});
}

const struct endpoint web_settings_leave[] = {
	{SETTINGS_ROW, .path = "/settings/delete", .handle = leave, .refused_ok = true, .rate = RATE_LOGIN, .params = PARAMS(SETTINGS_PASSWORD),
	 .doc = "Hides the account at once; it is deleted 30 days later, unless its owner logs in again."},
	ENDPOINTS_END,
};
