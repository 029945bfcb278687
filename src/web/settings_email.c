/*
 * settings_email.c - another e-mail address: the form on the page, and where the link in the mail leads. Programs that look
 * at mail follow every link; so a GET changes nothing, and a button does.
 */
#include "base/base.h"

#include "core/account_email.h"
#include "core/accounts.h"
#include "core/mail_queue.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_PATH "/email"
#define LINK_PATH "/auth/email"
#define TOKEN_NAME "email_token"

static const struct {
	struct view title, lead, now, new, change, no_mail;
	struct view wrong, taken, often, sent_title, sent;
	struct view ask_title, ask, confirm, done_title, done, old_title, old, taken_title, back;
} words = {
	.title = N_("E-mail address"),
	.lead = N_("A mail with a link goes to the new address. Until you open that, the old one holds."),
	.now = N_("Your password"),
	.new = N_("New e-mail address"),
	.change = N_("Change the e-mail address"),
	.no_mail = N_("This server sends no mail. Please ask the people who run it."),
	.wrong = N_("This e-mail address cannot be used here. Nothing was changed."),
	.taken = N_("This e-mail address belongs to another account. Nothing was changed."),
	.often = N_("You have asked for this within the last hour. Please look for the mail, or wait."),
	.sent_title = N_("Look into your new mailbox"),
	.sent = N_("A mail with a link is on its way. Your address changes when you open it."),
	.ask_title = N_("Is this your new address?"),
	.ask = N_("Press the button, and your account has this e-mail address from now on."),
	.confirm = N_("Change the address"),
	.done_title = N_("The address is changed"),
	.done = N_("Your old address gets a mail that says so."),
	.old_title = N_("This link does not work any more"),
	.old = N_("It is too old, was used before, or was cut off by the mail program."),
	.taken_title = N_("This address is taken"),
	.back = N_("Security"),
};

static enum err draw_words(struct call *c, struct view title, struct view text, int status)
{
	return draw_plain_page(
		c, &(struct plain_page){
			   .title = title, .text = text, .link = words.back, .path = SETTINGS_PATH, .status = status});
}

static enum err ask(struct call *c);

static bool is_sent(const struct call *c)
{
	return c->row->handle == ask;
}

enum err settings_email_draw(struct call *c, struct html *h)
{
	struct user me;

	TRY(user_load(c->db, c->arena, c->auth.account, &me));
	html_elem(h, "h2", page_say(c, words.title));
	html_open(h, "p");
	html_elem(h, "strong", me.email);
	html_close(h, "p");
	html_elem(h, "p", page_say(c, c->core->config.mail ? words.lead : words.no_mail));
	if (!c->core->config.mail)
		return OK;
	page_form(c, h, V(PATH), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "password",
					.id = "password-email",
					.type = "password",
					.autocomplete = "current-password",
					.label = words.now,
					.required = true});
	draw_field(c, h,
		   &(struct form_field){.name = "email",
					.type = "email",
					.autocomplete = "email",
					.label = words.new,
					.value = is_sent(c) ? arg_str(c, "email") : V(""),
					.required = true,
					.max = 254});
	html_elem(h, "button", page_say(c, words.change), A("type", V("submit")));
	html_close(h, "form");
	return OK;
}

static enum err ask(struct call *c)
{
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	if (!c->core->config.mail)
		return settings_draw(c, words.no_mail);
	enum err err = account_email_ask(c->core, c->db, c->arena, c->auth.account, arg_str(c, "email"));
	if (err == ERR_UNPROCESSABLE || err == ERR_FORBIDDEN)
		return settings_draw(c, words.wrong);
	if (err == ERR_CONFLICT)
		return settings_draw(c, words.taken);
	if (err == ERR_TOO_MANY)
		return settings_draw(c, words.often);
	TRY(err);
	return draw_words(c, words.sent_title, words.sent, 0);
}

static enum err show_link(struct call *c)
{
	struct page_head head = {
		.title = page_say(c, words.ask_title),
		.noindex = true,
		.private = true,
		.narrow = true,
	};
	struct link link;
	enum err err = link_find(c->db, c->arena, LINK_ADDRESS, arg_str(c, TOKEN_NAME), &link);

	if (err == ERR_NOT_FOUND)
		return draw_words(c, words.old_title, words.old, 404);
	TRY(err);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", page_say(c, words.ask_title));
	html_open(&h, "p");
	html_elem(&h, "strong", link.address);
	html_close(&h, "p");
	html_elem(&h, "p", page_say(c, words.ask));
	page_form(c, &h, V(LINK_PATH), "stack");
	page_hidden(&h, TOKEN_NAME, arg_str(c, TOKEN_NAME));
	draw_submit(c, &h, words.confirm);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err follow_link(struct call *c)
{
	enum err err = account_email_take(c->core, c->db, c->arena, arg_str(c, TOKEN_NAME));

	if (err == ERR_NOT_FOUND)
		return draw_words(c, words.old_title, words.old, 404);
	if (err == ERR_CONFLICT)
		return draw_words(c, words.taken_title, words.taken, 422);
	TRY(err);
	return draw_words(c, words.done_title, words.done, 0);
}

#define LINK_ROW                                                                                                       \
	.path = LINK_PATH, .auth = AUTH_SESSION, .meter = METER_FREE, .kind = REPLY_HTML, .reply = "Page",             \
	.params = PARAMS({.name = TOKEN_NAME, .max = 128, .doc = "Of the mail's link."})

const struct endpoint web_settings_email[] = {
	{SETTINGS_ROW, .path = PATH, .handle = ask, .refused_ok = true, .rate = RATE_LOGIN,
	 .params = PARAMS(SETTINGS_PASSWORD, {.name = "email", .doc = "The new address."}),
	 .doc = "Sends a link to a new e-mail address."},
	{LINK_ROW, .method = HTTP_GET, .handle = show_link, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .doc = "Where the link leads: a button to change the address."},
	{LINK_ROW, .method = HTTP_POST, .handle = follow_link, .rate = RATE_LOGIN, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .doc = "Changes it, and tells the old address."},
	ENDPOINTS_END,
};
