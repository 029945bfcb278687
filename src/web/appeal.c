/*
 * appeal.c - what moderators did to somebody, and their answer. One form with name and password, as most who need it may
 * not log in; it begins no session, and is limited as logging in is.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "core/second_factor.h"
#include "moderation/warnings.h"
#include "text/tongue.h"
#include "web/form.h"
#include "web/page.h"
#include "web/web.h"

#define NAME_MAX_BYTES 320
#define PASSWORD_MAX_BYTES 1024
#define TEXT_MAX_BYTES 32768
#define WARNINGS_SHOWN 20

static const struct {
	struct view title, lead, name, password, code, step, bad_code, often, text, submit, wrong, none, sent;
} words = {
	.title = N_("Appeal"),
	.lead = N_("If moderators warned you or limited your account, you can see here what they did and why, and "
		   "answer within 20 days. Leave the last field empty to see it only."),
	.name = N_("Name or e-mail address"),
	.password = N_("Password"),
	.code = N_("Code"),
	.step = N_("Open your authenticator app and enter the code it shows. Without your telephone, enter one of the "
		   "codes you have written down."),
	.bad_code = N_("This code is wrong, or was used already. Wait for the next one, and try again."),
	.often = N_("Too many wrong codes. Please wait an hour, and try again."),
	.text = N_("What you want to say against the latest of them"),
	.submit = N_("Send"),
	.wrong = N_("The name and the password do not fit together. Please try again."),
	.none = N_("Moderators have done nothing to this account."),
	.sent = N_("Your appeal is with the moderators."),
};

static const struct view action_words[ACTIONS] = {
	[ACTION_NONE] = N_("You were warned."),
	[ACTION_SENSITIVE] = N_("Your media are hidden until somebody asks for them."),
	[ACTION_DISABLE] = N_("You may not log in."),
	[ACTION_SILENCE] = N_("Your account is limited: only followers come upon it."),
	[ACTION_SUSPEND] = N_("Your account is suspended."),
};
static const struct view state_words[] = {
	[APPEAL_PENDING] = N_("Your appeal waits for an answer."),
	[APPEAL_APPROVED] = N_("Your appeal was granted, and this was undone."),
	[APPEAL_REJECTED] = N_("Your appeal was refused."),
};
/* Of appeal_create(), as they are there. */
static const struct view refusals[] = {
	N_("It is too late to appeal against this"),
	N_("There is an appeal against this already"),
};

struct appeal_page {
	struct view name, text, refusal, said;
	const struct warning *warnings;
	size_t n;
	bool known;	 /* who asks */
	bool wants_code; /* they log in with a second step */
};

static void draw_form(struct call *c, struct html *h, const struct appeal_page *page)
{
	const struct form_field fields[] = {
		{.name = "username", .label = words.name, .value = page->name, .required = true, .max = NAME_MAX_BYTES},
		{.name = "password", .type = "password", .label = words.password, .required = true},
		{.name = "code", .autocomplete = "one-time-code", .label = words.code, .required = true, .focus = true},
		{.name = "text", .type = "textarea", .label = words.text, .value = page->text},
	};

	page_form(c, h, V("/appeal"), "stack");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (page->wants_code || strcmp(fields[i].name, "code") != 0)
			draw_field(c, h, &fields[i]);
	draw_submit(c, h, words.submit);
	html_close(h, "form");
}

static enum err draw_warning(struct call *c, struct html *h, const struct warning *w)
{
	char when[CLOCK_ISO_LEN + 1];
	struct appeal appeal;
	enum err err = appeal_load(c->db, c->arena, w->id, &appeal);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	clock_iso(w->created_at, when);
	html_tag(h, "section");
	html_elem(h, "h2", page_say(c, action_words[w->action]));
	html_elem(h, "p", view_make(when, 10), A("class", V("hint")));
	if (w->text.len)
		html_elem(h, "p", w->text);
	if (!err)
		html_elem(h, "p", page_say(c, state_words[appeal.state]));
	html_close(h, "section");
	return OK;
}

static enum err draw(struct call *c, const struct appeal_page *page)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, page->said.len ? page->said : words.lead));
	draw_refusal(&h, page_say(c, page->refusal));
	if (page->known && !page->n)
		html_elem(&h, "p", page_say(c, words.none));
	for (size_t i = 0; i < page->n; i++)
		TRY(draw_warning(c, &h, &page->warnings[i]));
	draw_form(c, &h, page);
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return draw(c, &(struct appeal_page){.name = V(""), .text = V("")});
}

/* Against the latest warning. */
static enum err send(struct call *c, struct account_id who, struct appeal_page *page)
{
	struct problem problem = {0};

	if (!view_trim(page->text).len || !page->n)
		return OK;
	enum err err = appeal_create(c->core, who, page->warnings[0].id, page->text, &problem);
	if (err == ERR_UNPROCESSABLE) {
		page->refusal = arena_view(c->arena, view_of(problem.text));
		for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
			if (view_is(refusals[i], problem.text))
				page->refusal = refusals[i];
		c->status = 422;
		return OK;
	}
	TRY(err);
	page->said = words.sent;
	page->text = V("");
	return OK;
}

/* As to log in: the password, and a code where that takes one. ERR_UNAUTHORIZED, with what page says of it. */
static enum err know(struct call *c, struct appeal_page *page, struct account_id *ret)
{
	struct second_factor second;
	bool recovery;
	enum err err = account_know(c->db, c->arena, page->name, arg_str(c, "password"), ret, NULL);

	if (err == ERR_UNAUTHORIZED)
		page->refusal = words.wrong;
	TRY(err);
	TRY(second_factor_load(c->db, *ret, &second));
	if (!second.on)
		return OK;
	page->wants_code = true;
	if (!arg_str(c, "code").len) {
		page->refusal = words.step;
		return ERR_UNAUTHORIZED;
	}
	err = second_factor_check(c->core, *ret, arg_str(c, "code"), &recovery);
	if (err != ERR_UNAUTHORIZED && err != ERR_TOO_MANY)
		return err;
	page->refusal = err == ERR_TOO_MANY ? words.often : words.bad_code;
	return ERR_UNAUTHORIZED;
}

static enum err answer(struct call *c)
{
	const struct page newest = {.limit = WARNINGS_SHOWN};
	struct appeal_page page = {.name = arg_str(c, "username"), .text = arg_str(c, "text")};
	struct warning warnings[WARNINGS_SHOWN];
	struct account_id who;
	enum err err = c->refused ? c->refused : know(c, &page, &who);

	if (c->refused)
		page.refusal = form_refusal(c);
	if (c->refused || err == ERR_UNAUTHORIZED) {
		c->status = 422;
		return draw(c, &page);
	}
	TRY(err);
	TRY(warnings_page(c->db, c->arena, who, &newest, warnings, &page.n));
	page.warnings = warnings;
	page.known = true;
	TRY(send(c, who, &page));
	return draw(c, &page);
}

#define ROW .path = "/appeal", .auth = AUTH_SESSION, .meter = METER_FREE, .kind = REPLY_HTML, .reply = "Page"

const struct endpoint web_appeal[] = {
	{ROW, .method = HTTP_GET, .handle = show, .rate = RATE_DEFAULT, .run = RUN_INLINE,
	 .doc = "The form for who was warned, limited or suspended."},
	{ROW, .method = HTTP_POST, .handle = answer, .refused_ok = true, .rate = RATE_LOGIN, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "username", .max = NAME_MAX_BYTES, .doc = "Name or mail address."},
			  {.name = "password", .max = PASSWORD_MAX_BYTES, .doc = "The password."},
			  {.name = "code", .max = 64, .doc = "Of the second step, where the account has one."},
			  {.name = "text", .max = TEXT_MAX_BYTES, .doc = "What is said against the latest warning; empty to look only."}),
	 .doc = "Shows what moderators did, and appeals against the latest of it."},
	ENDPOINTS_END,
};
