/*
 * passkey_form.c - see passkey_form.h.
 */
#include "base/base.h"

#include "web/passkey_form.h"

static const struct {
	struct view failed, needs_script;
} words = {
	.failed = N_("That did not work: the passkey was not used. You can try again."),
	.needs_script = N_("Passkeys need JavaScript, and a browser that knows them."),
};

static const char *const names[] = {"credential", "client_data", "auth_data", "signature"};

/* The script reads the question from the data of this element; page_form() has closed the form's own tag. */
static void draw_question(struct call *c, struct html *h, const struct passkey_form *form, struct view challenge)
{
	struct view domain = view_of(c->core->config.domain);

	html_tag(h, "p", A("role", V("alert")), A("class", V("refusal")), A("data-passkey", view_of(form->question)),
		 A("data-challenge", challenge), A("data-host", view_sub(domain, 0, view_find(domain, 0, ':'))),
		 A("data-site", view_of(c->core->config.title)), A("data-user", form->user), A("data-name", form->name),
		 A("data-exclude", form->exclude));
	html_flag(h, "hidden", true);
	html_flag(h, "data-now", form->now);
	html_text(h, page_say(c, words.failed));
	html_close(h, "p");
}

enum err passkey_form_begin(struct call *c, struct html *h, const struct passkey_form *form)
{
	char challenge[TOKEN_LEN + 1];

	TRY(challenge_make(c->core, form->kind, form->account, challenge));
	page_form(c, h, view_of(form->action), "stack");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		page_hidden(h, names[i], V(""));
	draw_question(c, h, form, view_of(challenge));
	html_elem(h, "p", page_say(c, words.needs_script), A("class", V("hint")));
	return OK;
}

struct passkey_answer passkey_form_answer(struct call *c)
{
	return (struct passkey_answer){.credential = arg_str(c, names[0]),
				       .client_data = arg_str(c, names[1]),
				       .auth_data = arg_str(c, names[2]),
				       .signature = arg_str(c, names[3])};
}
