/*
 * compose_held.c - what was written by somebody whose session ended meanwhile, and that is more than an address holds: a
 * page keeps it, as it was sent, until they have logged in beside it.
 */
#include "base/base.h"

#include "web/compose.h"

#include "web/form.h"

static const struct {
	struct view title, lead, login, text, send;
} words = {
	.title = N_("You are no longer logged in"),
	.lead = N_(
		"What you wrote is still here, with everything that belongs to it. Log in, come back to this page, and "
		"send it once more."),
	.login = N_("Log in, in a new tab"),
	.text = N_("What you wrote"),
	.send = N_("Send it once more"),
};

static void hide(void *h, const char *name, struct view value)
{
	if (strcmp(name, "text") != 0)
		page_hidden(h, name, value);
}

enum err compose_draw_held(struct call *c, const struct draft *d)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};

	c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, words.lead));
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.login), A("href", V("/login?next=%2Fhome")), A("target", V("_blank")),
		  A("rel", V("noopener")));
	html_close(&h, "p");
	page_form_files(c, &h, V(WRITE_PATH), "stack");
	draft_fields(c, d, hide, &h);
	html_elem(&h, "label", page_say(c, words.text), A("for", V("text")));
	html_tag(&h, "textarea", A("name", V("text")), A("id", V("text")), A("dir", V("auto")), A("rows", V("6")));
	html_text(&h, d->text);
	html_close(&h, "textarea");
	html_elem(&h, "button", page_say(c, words.send), A("name", V("do")), A("value", V("open")),
		  A("class", V("main")));
	html_close(&h, "form");
	return page_end(c, &h);
}
