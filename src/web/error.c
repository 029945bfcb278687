/*
 * error.c - refusals as pages: what happened, and a way on.
 */
#include "base/base.h"

#include "web/login.h"
#include "web/page.h"
#include "web/web.h"

static const struct error_words {
	int status;
	bool own; /* say only this: the reason adds nothing for a person */
	struct view title, text;
} words[] = {
	{400, false, N_("That was not understood"), N_("The address or the form is not as it should be.")},
	{401, true, N_("Please log in"), N_("This page is for people who are logged in.")},
	{403, false, N_("Not allowed"), N_("You may not do this.")},
	{404, true, N_("Nothing here"),
	 N_("There is no such page, or it is not for everybody to see. It may have been "
	    "deleted, or the link may be wrong.")},
	{405, true, N_("Not this way"), N_("This address does not take what was sent to it.")},
	{410, false, N_("Gone"), N_("What was here is gone for good.")},
	{413, true, N_("Too large"), N_("What was sent is larger than this server takes.")},
	{422, false, N_("That did not work"), N_("Something in the form was not right.")},
	{429, true, N_("Slowly, please"), N_("Too many requests came from your address. Please wait a few minutes.")},
	{503, true, N_("Very busy"),
	 N_("The server has more to do than it can just now. Please try again in a moment.")},
	{500, true, N_("Our mistake"),
	 N_("Something went wrong on this server. It has been written down, and trying again "
	    "later may help.")},
	{0},
};
static const struct view back = N_("To the first page");

/* In the frame of another site one knows what was there. Whether it is private or never was is said to nobody. */
static const struct error_words unframed[] = {
	{404, true, N_("This post is not here any more"), N_("It was deleted, or it is not for everybody to see.")},
	{410, false, N_("This post is not here any more"), N_("Its author has left, or was suspended.")},
};

/* The last one stands for every other. */
static const struct error_words *words_of(const struct call *c, int status)
{
	const struct error_words *w = words;

	for (size_t i = 0; c->row && c->row->framed && i < ARRAY_LEN(unframed); i++)
		if (unframed[i].status == status)
			return &unframed[i];
	while (w->status != status && w[1].status)
		w++;
	return w;
}

/*
 * What is at the top and at the side of all pages costs reads, and has the page's address in it. Where something may be hidden, what is
 * answered must not depend on more than that there is nothing.
 */
static bool is_bare(const struct call *c, int status)
{
	bool hides = c->row && (status == 403 || status == 404 || status == 410);

	return !c->auth.session_id || hides || status == 429 || status >= 500;
}

void web_error(struct call *c, int status, struct view text)
{
	if (status == 401 && c->row && c->row->auth == AUTH_SESSION && login_ask(c) == OK)
		return;
	const struct error_words *w = words_of(c, status);
	struct page_head head = {.title = page_say(c, w->title),
				 .noindex = true,
				 .private = true,
				 .narrow = true,
				 .bare = is_bare(c, status)};
	bool framed = c->row && c->row->framed;

	if (framed)
		head.script = "frame.js";
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, w->title));
	html_elem(&h, "p", page_say(c, w->own || !text.len ? w->text : text));
	html_open(&h, "p");
	html_elem(&h, "a", framed ? view_of(c->core->config.title) : page_say(c, back), A("href", V("/")));
	html_close(&h, "p");
	if (page_end(c, &h) != OK)
		buf_clear(&c->out);
}
