/*
 * appeal.c - what moderators did to somebody, and their answer. One form with name and password, as most who need it may
 * not log in; it begins no session, and is limited as logging in is.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "moderation/warnings.h"
#include "text/tongue.h"
#include "web/page.h"
#include "web/web.h"

#define NAME_MAX_BYTES 320
#define PASSWORD_MAX_BYTES 1024
#define TEXT_MAX_BYTES 32768
#define WARNINGS_SHOWN 20

static const struct {
	struct view title, lead, name, password, text, submit, wrong, none, sent;
} words = {
	.title = N_("Appeal"),
	.lead = N_("If moderators warned you or limited your account, you can see here what they did and why, and "
		   "answer within 20 days. Leave the last field empty to see it only."),
	.name = N_("Name or e-mail address"),
	.password = N_("Password"),
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
	bool known; /* who asks */
};

static void draw_field(struct html *h, const char *name, struct view label, const char *type, struct view value)
{
	html_elem(h, "label", label, A("for", view_of(name)));
	html_tag(h, "input", A("id", view_of(name)), A("name", view_of(name)), A("type", view_of(type)),
		 A("value", value), A("autocapitalize", V("none")));
	html_flag(h, "required", true);
}

static void draw_form(struct call *c, struct html *h, const struct appeal_page *page)
{
	page_form(c, h, V("/appeal"), "stack");
	draw_field(h, "username", page_say(c, words.name), "text", page->name);
	draw_field(h, "password", page_say(c, words.password), "password", V(""));
	html_elem(h, "label", page_say(c, words.text), A("for", V("text")));
	html_tag(h, "textarea", A("id", V("text")), A("name", V("text")), A("rows", V("6")));
	html_text(h, page->text);
	html_close(h, "textarea");
	html_elem(h, "button", page_say(c, words.submit), A("type", V("submit")), A("class", V("main")));
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
	struct page_head head = {
		.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true, .spoken = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, page->said.len ? page->said : words.lead));
	if (page->refusal.len)
		html_elem(&h, "p", page_say(c, page->refusal), A("class", V("refusal")), A("role", V("alert")));
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

static enum err answer(struct call *c)
{
	const struct page newest = {.limit = WARNINGS_SHOWN};
	struct appeal_page page = {.name = arg_str(c, "username"), .text = arg_str(c, "text")};
	struct warning warnings[WARNINGS_SHOWN];
	struct account_id who;
	enum err err = account_know(c->db, c->arena, page.name, arg_str(c, "password"), &who, NULL);

	if (err == ERR_UNAUTHORIZED) {
		page.refusal = words.wrong;
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
	{ROW, .method = HTTP_POST, .handle = answer, .rate = RATE_LOGIN, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "username", .max = NAME_MAX_BYTES, .doc = "Name or mail address."},
			  {.name = "password", .max = PASSWORD_MAX_BYTES, .doc = "The password."},
			  {.name = "text", .max = TEXT_MAX_BYTES, .doc = "What is said against the latest warning; empty to look only."}),
	 .doc = "Shows what moderators did, and appeals against the latest of it."},
	ENDPOINTS_END,
};
