/*
 * mail_links.c - where links of mails lead, and where one asks for such a mail. Programs that look at mail follow every
 * link; so a GET changes nothing, and a button does.
 */
#include "base/base.h"

#include "base/secret.h"
#include "core/accounts.h"
#include "core/mail_queue.h"
#include "web/form.h"
#include "web/web.h"

#define PASSWORD_MAX_BYTES 1024

static const struct {
	struct view confirm_title, confirm_lead, confirm, confirmed_title, confirmed, log_in;
	struct view reset_title, reset_lead, password, password_hint, reset, done_title, done;
	struct view old_title, old, again;
	struct view sent_title, sent, email, send, no_mail_title, no_mail;
} words = {
	.confirm_title = N_("Is this address yours?"),
	.confirm_lead = N_("Press the button to confirm the e-mail address of your account."),
	.confirm = N_("Confirm the address"),
	.confirmed_title = N_("The address is confirmed"),
	.confirmed = N_("Thank you. You can log in now; where moderators look at new accounts, as soon as they have "
			"let you in."),
	.log_in = N_("Log in"),
	.reset_title = N_("Choose a new password"),
	.reset_lead = N_("You will be logged out everywhere, and log in anew with it."),
	.password = N_("New password"),
	.password_hint = N_("At least 8 characters. A few words in a row are good."),
	.reset = N_("Set the password"),
	.done_title = N_("The password is set"),
	.done = N_("You can log in with it now."),
	.old_title = N_("This link does not work any more"),
	.old = N_("It is too old, was used before, or was cut off by the mail program."),
	.again = N_("Ask for another"),
	.sent_title = N_("Look into your mailbox"),
	.sent = N_("If there is an account with this address that needs it, a mail is on its way. It may take a few "
		   "minutes."),
	.email = N_("E-mail address of your account"),
	.send = N_("Send the mail"),
	.no_mail_title = N_("This server sends no mail"),
	.no_mail = N_("Please ask the people who run it."),
};

/* Pages that ask for a mail, by what they ask for. */
static const struct asking {
	const char *path;
	enum mail_kind kind;
	struct view title, lead;
} askings[] = {
	{"/auth/confirmation/new", MAIL_CONFIRM, N_("Send the confirmation again"),
	 N_("We send a mail with a link that confirms your address.")},
	{"/auth/password/new", MAIL_RESET, N_("Password lost"),
	 N_("We send a mail with a link that leads to a new one. Your passkeys keep working without it.")},
};

static const struct asking *asking_of(const struct call *c)
{
	for (size_t i = 0; i < ARRAY_LEN(askings); i++)
		if (view_is(c->x->path, askings[i].path))
			return &askings[i];
	BUG("no page asks at %.*s", VIEW_ARG(c->x->path));
}

static enum err draw_no_mail(struct call *c)
{
	return draw_plain_page(c, &(struct plain_page){.title = words.no_mail_title, .text = words.no_mail});
}

static enum err show_ask(struct call *c)
{
	const struct asking *ask = asking_of(c);
	struct page_head head = {.title = page_say(c, ask->title), .noindex = true, .private = true, .narrow = true};

	if (!c->core->config.mail)
		return draw_no_mail(c);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", page_say(c, ask->title));
	html_elem(&h, "p", page_say(c, ask->lead));
	draw_refusal(&h, page_say(c, form_refusal(c)));
	page_form(c, &h, view_of(ask->path), "stack");
	draw_field(c, &h,
		   &(struct form_field){.name = "email",
					.type = "email",
					.autocomplete = "email",
					.label = words.email,
					.value = c->refused ? arg_str(c, "email") : V(""),
					.required = true,
					.max = 254});
	draw_submit(c, &h, words.send);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err ask(struct call *c)
{
	if (!c->core->config.mail)
		return draw_no_mail(c);
	if (c->refused) {
		c->status = 422;
		return show_ask(c);
	}
	TRY(mail_ask(c->core, c->arena, asking_of(c)->kind, arg_str(c, "email")));
	return draw_plain_page(c, &(struct plain_page){.title = words.sent_title, .text = words.sent});
}

static enum err draw_old(struct call *c, const char *path)
{
	return draw_plain_page(
		c,
		&(struct plain_page){
			.title = words.old_title, .text = words.old, .link = words.again, .path = path, .status = 404});
}

/* --- confirming --- */

#define CONFIRM_TOKEN "confirmation_token"
#define RESET_TOKEN "reset_password_token"

static enum err show_confirm(struct call *c)
{
	struct page_head head = {
		.title = page_say(c, words.confirm_title),
		.noindex = true,
		.private = true,
		.narrow = true,
	};
	struct link link;

	enum err err = link_find(c->db, c->arena, LINK_CONFIRM, arg_str(c, CONFIRM_TOKEN), &link);
	if (err == ERR_NOT_FOUND)
		return draw_old(c, "/auth/confirmation/new");
	TRY(err);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", page_say(c, words.confirm_title));
	html_open(&h, "p");
	html_elem(&h, "strong", link.address);
	html_close(&h, "p");
	html_elem(&h, "p", page_say(c, words.confirm_lead));
	page_form(c, &h, V("/auth/confirmation"), "stack");
	page_hidden(&h, CONFIRM_TOKEN, arg_str(c, CONFIRM_TOKEN));
	draw_submit(c, &h, words.confirm);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err confirm(struct call *c)
{
	struct account_id id;
	enum err err = account_confirm_by_link(c->core, c->db, c->arena, arg_str(c, CONFIRM_TOKEN), &id);

	if (err == ERR_NOT_FOUND)
		return draw_old(c, "/auth/confirmation/new");
	TRY(err);
	return draw_plain_page(c, &(struct plain_page){.title = words.confirmed_title,
						       .text = words.confirmed,
						       .link = words.log_in,
						       .path = "/login"});
}

/* --- a new password --- */

static enum err draw_reset(struct call *c, struct view wrong)
{
	struct page_head head = {
		.title = page_say(c, words.reset_title),
		.noindex = true,
		.private = true,
		.narrow = true,
	};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.reset_title));
	html_elem(&h, "p", page_say(c, words.reset_lead));
	page_form(c, &h, V("/auth/password/edit"), "stack");
	page_hidden(&h, RESET_TOKEN, arg_str(c, RESET_TOKEN));
	draw_field(c, &h,
		   &(struct form_field){.name = "password",
					.type = "password",
					.autocomplete = "new-password",
					.label = words.password,
					.hint = words.password_hint,
					.wrong = wrong,
					.required = true});
	draw_submit(c, &h, words.reset);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err show_reset(struct call *c)
{
	struct link link;
	enum err err = link_find(c->db, c->arena, LINK_RESET, arg_str(c, RESET_TOKEN), &link);

	if (err == ERR_NOT_FOUND)
		return draw_old(c, "/auth/password/new");
	TRY(err);
	return draw_reset(c, V(""));
}

static enum err reset(struct call *c)
{
	struct problem problem = {0};

	if (c->refused) {
		c->status = 422;
		return draw_reset(c, page_say(c, form_refusal(c)));
	}
	enum err err = account_reset_by_link(c->core, c->db, c->arena, arg_str(c, RESET_TOKEN), arg_str(c, "password"),
					     &problem);

	if (err == ERR_NOT_FOUND)
		return draw_old(c, "/auth/password/new");
	if (err == ERR_UNPROCESSABLE) {
		c->status = 422;
		return draw_reset(c, page_say(c, view_of(problem.text)));
	}
	TRY(err);
	return draw_plain_page(
		c, &(struct plain_page){
			   .title = words.done_title, .text = words.done, .link = words.log_in, .path = "/login"});
}

#define ROW .auth = AUTH_SESSION, .meter = METER_FREE, .kind = REPLY_HTML, .reply = "Page"
#define ASK_ROW ROW, .method = HTTP_POST, .handle = ask, .refused_ok = true, .rate = RATE_SIGN_UP, .body = BODY_FIELDS, .run = RUN_WORKER, \
	.params = PARAMS({.name = "email", .doc = "Of the account."})
#define TOKEN(token)                                                                                                   \
	{                                                                                                              \
		.name = token, .max = 128, .doc = "Of the mail's link."                                                \
	}

const struct endpoint web_mail_links[] = {
	{ROW, .method = HTTP_GET, .path = "/auth/confirmation/new", .handle = show_ask, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .doc = "The form to ask for another mail with a confirmation."},
	{ASK_ROW, .path = "/auth/confirmation/new", .doc = "Sends one, where there is such an account that needs it; says the same in every case."},
	{ROW, .method = HTTP_GET, .path = "/auth/confirmation", .handle = show_confirm, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .params = PARAMS(TOKEN(CONFIRM_TOKEN)), .doc = "Where the link of the mail leads: a button to confirm the address."},
	{ROW, .method = HTTP_POST, .path = "/auth/confirmation", .handle = confirm, .rate = RATE_LOGIN, .body = BODY_FIELDS,
	 .run = RUN_WORKER, .params = PARAMS(TOKEN(CONFIRM_TOKEN)), .doc = "Confirms it."},
	{ROW, .method = HTTP_GET, .path = "/auth/password/new", .handle = show_ask, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .doc = "The form of who has lost a password."},
	{ASK_ROW, .path = "/auth/password/new", .doc = "Sends a mail with a link to a new one, where there is such an account; says the same in every case."},
	{ROW, .method = HTTP_GET, .path = "/auth/password/edit", .handle = show_reset, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .params = PARAMS(TOKEN(RESET_TOKEN)), .doc = "Where that link leads: the form for the new password."},
	{ROW, .method = HTTP_POST, .path = "/auth/password/edit", .handle = reset, .refused_ok = true, .rate = RATE_LOGIN, .body = BODY_FIELDS,
	 .run = RUN_WORKER, .params = PARAMS(TOKEN(RESET_TOKEN), {.name = "password", .max = PASSWORD_MAX_BYTES, .doc = "8 to 72 characters."}),
	 .doc = "Sets it, and logs out everywhere."},
	ENDPOINTS_END,
};
