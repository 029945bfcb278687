/*
 * error.c - refusals as pages: what happened, and a way on.
 */
#include "base/base.h"

#include "web/page.h"
#include "web/web.h"

static const struct error_words {
	int status;
	bool own; /* say only this: the reason adds nothing for a person */
	struct view title, text;
} words[] = {
	{400, false, V("That was not understood"), V("The address or the form is not as it should be.")},
	{401, true, V("Please log in"), V("This page is for people who are logged in.")},
	{403, false, V("Not allowed"), V("You may not do this.")},
	{404, true, V("Nothing here"),
	 V("There is no such page, or it is not for everybody to see. It may have been "
	   "deleted, or the link may be wrong.")},
	{405, true, V("Not this way"), V("This address does not take what was sent to it.")},
	{410, false, V("Gone"), V("What was here is gone for good.")},
	{413, true, V("Too large"), V("What was sent is larger than this server takes.")},
	{422, false, V("That did not work"), V("Something in the form was not right.")},
	{429, true, V("Slowly, please"), V("Too many requests came from your address. Please wait a few minutes.")},
	{503, true, V("Very busy"), V("The server has more to do than it can just now. Please try again in a moment.")},
	{500, true, V("Our mistake"),
	 V("Something went wrong on this server. It has been written down, and trying again "
	   "later may help.")},
	{0},
};
static const struct view back = V("To the first page");

/* The last one stands for every other. */
static const struct error_words *words_of(int status)
{
	const struct error_words *w = words;

	while (w->status != status && w[1].status)
		w++;
	return w;
}

void web_error(struct call *c, int status, struct view text)
{
	const struct error_words *w = words_of(status);
	struct page_head head = {.title = w->title, .noindex = true, .private = true, .narrow = true, .bare = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", w->title);
	html_elem(&h, "p", w->own || !text.len ? w->text : text);
	html_open(&h, "p");
	html_elem(&h, "a", back, A("href", V("/")));
	html_close(&h, "p");
	if (page_end(c, &h) != OK)
		buf_clear(&c->out);
}
