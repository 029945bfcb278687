/*
 * sign_up.c - /auth/sign_up: making an account in the browser; /invite/CODE leads there.
 */
#include "base/base.h"

#include "core/invites.h"
#include "core/sign_up.h"
#include "text/url.h"
#include "web/documents.h"
#include "web/form.h"
#include "web/web.h"

#define PASSWORD_MAX_BYTES 1024

static const struct {
	struct view title, lead, closed_title, closed, bad_invite, agree, submit, wrong, done, mail, mail_link, wait,
		ready, ready_link, log_in;
} words = {
	.title = N_("Make an account"),
	.lead = N_("It is yours alone: nobody here sells it, or what you do with it."),
	.closed_title = N_("Accounts are made by invitation"),
	.closed = N_("This server takes nobody new at the moment, but for those who were invited."),
	.bad_invite =
		N_("This invitation is used up, has ended, or never was one. Ask whoever gave it to you for another."),
	.agree = N_("I keep to the rules of this server"),
	.submit = N_("Make the account"),
	.wrong = N_("Not yet: please look at what is marked below."),
	.done = N_("Welcome"),
	.mail = N_(
		"One step is left: open the link in the mail we have just sent you. If it does not come, look into the "
		"folder for spam."),
	.mail_link = N_("Send it again"),
	.wait = N_("A moderator looks at every new account. You can log in as soon as they have let you in."),
	.ready = N_("Your account is there."),
	.ready_link = N_("Log in"),
	.log_in = N_("I have an account already"),
};

enum when { ALWAYS, WITH_REASON, WITH_AGE };

static const struct row {
	struct form_field field;
	enum when when;
} rows[] = {
	{{.name = "username",
	  .autocomplete = "username",
	  .label = N_("Name"),
	  .hint = N_("Letters, digits and _, at most 30. It cannot be changed later."),
	  .required = true,
	  .max = 30}},
	{{.name = "email",
	  .type = "email",
	  .autocomplete = "email",
	  .label = N_("E-mail address"),
	  .required = true,
	  .max = 254}},
	{{.name = "password",
	  .type = "password",
	  .autocomplete = "new-password",
	  .label = N_("Password"),
	  .hint = N_("At least 8 characters. A few words in a row are good."),
	  .required = true}},
	{{.name = "date_of_birth",
	  .type = "date",
	  .autocomplete = "bday",
	  .label = N_("Date of birth"),
	  .hint = N_("There is a lowest age here. The date is not kept."),
	  .required = true},
	 WITH_AGE},
	{{.name = "reason",
	  .type = "textarea",
	  .label = N_("Why would you like to join?"),
	  .hint = N_("A moderator reads it."),
	  .required = true,
	  .max = 500},
	 WITH_REASON},
};

/* What is wrong with a field, in the reader's language; empty: nothing. */
static struct view wrong_with(struct call *c, const struct field_errors *errors, const char *name)
{
	for (size_t i = 0; errors && i < errors->n; i++)
		if (strcmp(errors->v[i].field, name) == 0)
			return page_say(c, view_of(errors->v[i].words));
	return V("");
}

static bool is_asked(const struct row *row, const struct sign_up_terms *terms)
{
	return row->when == ALWAYS || (row->when == WITH_REASON && terms->reason) ||
	       (row->when == WITH_AGE && terms->min_age);
}

static enum err draw_form(struct call *c, const struct sign_up_terms *terms, const struct field_errors *errors)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, c->refused ? form_refusal(c) : errors ? words.wrong : V("")));
	page_form(c, &h, V("/auth/sign_up"), "stack");
	page_hidden(&h, "invite_code", arg_str(c, "invite_code"));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct form_field field = rows[i].field;

		if (!is_asked(&rows[i], terms))
			continue;
		field.wrong = wrong_with(c, errors, field.name);
		if (errors && strcmp(field.name, "password") != 0)
			field.value = arg_str(c, field.name);
		draw_field(c, &h, &field);
	}
	TRY(draw_rules(c, &h));
	html_tag(&h, "p", A("class", V("papers")));
	draw_document_links(c, &h);
	html_close(&h, "p");
	draw_checkbox(c, &h, "agreement", words.agree, wrong_with(c, errors, "agreement"));
	draw_submit(c, &h, words.submit);
	html_close(&h, "form");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.log_in), A("href", V("/login")));
	html_close(&h, "p");
	return page_end(c, &h);
}

static enum err draw_closed(struct call *c, int status)
{
	struct plain_page page = {.title = words.closed_title, .text = words.closed, .status = status};

	if (arg_str(c, "invite_code").len)
		page.text = words.bad_invite;
	return draw_plain_page(c, &page);
}

static enum err show(struct call *c)
{
	struct sign_up_terms terms;

	if (c->auth.session_id)
		return call_redirect(c, 302, V("/"));
	TRY(sign_up_terms(c->core, c->db, arg_str(c, "invite_code"), &terms));
	return terms.open ? draw_form(c, &terms, NULL) : draw_closed(c, 0);
}

static enum err draw_done(struct call *c, const struct sign_up_terms *terms)
{
	struct plain_page page = {.title = words.done, .text = words.ready, .link = words.ready_link, .path = "/login"};

	if (c->core->config.mail)
		page = (struct plain_page){.title = words.done,
					   .text = words.mail,
					   .link = words.mail_link,
					   .path = "/auth/confirmation/new"};
	else if (terms->reason)
		page = (struct plain_page){.title = words.done, .text = words.wait};
	return draw_plain_page(c, &page);
}

static enum err make(struct call *c)
{
	struct field_errors errors = {0};
	struct sign_up_terms terms;
	struct account_id id;
	const struct sign_up s = {.username = arg_str(c, "username"),
				  .email = arg_str(c, "email"),
				  .password = arg_str(c, "password"),
				  .locale = view_of(tongue_code(page_tongue(c))),
				  .reason = arg_str(c, "reason"),
				  .invite = arg_str(c, "invite_code"),
				  .date_of_birth = arg_str(c, "date_of_birth"),
				  .ip = c->x->peer,
				  .agreement = arg_bool(c, "agreement")};

	TRY(sign_up_terms(c->core, c->db, s.invite, &terms));
	if (c->refused && terms.open) {
		c->status = 422;
		return draw_form(c, &terms, &errors);
	}
	TRY(c->refused);
	enum err err = sign_up(c->core, c->db, c->arena, &s, &id, &errors);
	if (err == ERR_FORBIDDEN)
		return draw_closed(c, 403);
	if (err != ERR_UNPROCESSABLE || errors.n == 0) {
		TRY(err);
		return draw_done(c, &terms);
	}
	c->status = 422;
	return draw_form(c, &terms, &errors);
}

static enum err follow_invite(struct call *c)
{
	struct buf CLEANUP(buf_release) to = {.max = 1024};

	buf_add_str(&to, "/auth/sign_up");
	url_add_param(&to, 0, V("invite_code"), view_sub(arg_str(c, "code"), 0, 64));
	TRY(buf_err(&to));
	return call_redirect(c, 302, arena_view(c->arena, buf_view(&to)));
}

#define CODE                                                                                                           \
	{                                                                                                              \
		.name = "invite_code", .max = 64, .doc = "Of an invitation; may be empty."                             \
	}

const struct endpoint web_sign_up[] = {
	{.method = HTTP_GET, .path = "/auth/sign_up", .handle = show, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page", .params = PARAMS(CODE),
	 .doc = "The form to make an account."},
	{.method = HTTP_POST, .path = "/auth/sign_up", .handle = make, .refused_ok = true, .auth = AUTH_SESSION, .rate = RATE_SIGN_UP,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS(CODE, {.name = "username", .doc = "Letters, digits and _, at most 30."},
			  {.name = "email", .doc = "Address to log in with."},
			  {.name = "password", .max = PASSWORD_MAX_BYTES, .doc = "8 to 72 characters."},
			  {.name = "agreement", .type = PARAM_BOOL, .doc = "The rules are agreed to."},
			  {.name = "reason", .max = 4000, .doc = "Why, where moderators decide."},
			  {.name = "date_of_birth", .doc = "2001-02-03, where there is a lowest age."}),
	 .doc = "Makes the account, and says what comes next."},
	{.method = HTTP_GET, .path = "/invite/:code", .handle = follow_invite, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "code", .max = 64, .doc = "Of the invitation."}),
	 .doc = "Leads to the form, with the invitation in it."},
	ENDPOINTS_END,
};
