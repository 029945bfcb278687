/*
 * directory.c - /directory: who wants to be found.
 */
#include "base/base.h"

#include "core/graph.h"
#include "web/bar.h"
#include "web/people.h"
#include "web/web.h"

#define PATH "/directory"
#define PEOPLE 40 /* on a page */

static const struct {
	struct view title, lead, kinds, none, pages, before, after;
} words = {
	.title = N_("People here"),
	.lead = N_("Accounts that want to be found. Whether yours is among them you choose under Privacy."),
	.kinds = N_("In which order"),
	.none = N_("Nobody here wants to be found yet."),
	.pages = N_("Pages"),
	.before = N_("Before"),
	.after = N_("More"),
};
static const struct tab tabs[] = {{PATH, N_("Who posted last")}, {PATH "/new", N_("Who is new")}};

static void draw_skip(struct call *c, struct html *h, const char *rel, struct view text, int64_t skip)
{
	html_elem(h, "a", page_say(c, text), A("rel", view_of(rel)),
		  A("href", arena_printf(c->arena, "%.*s?skip=%" PRId64, VIEW_ARG(c->x->path), skip)));
}

/* n on this page, behind those skipped. */
static void draw_skips(struct call *c, struct html *h, int64_t skipped, size_t n)
{
	if (!skipped && n < PEOPLE)
		return;
	html_tag(h, "nav", A("class", V("turns")), A("aria-label", page_say(c, words.pages)));
	if (skipped)
		draw_skip(c, h, "prev", words.before, skipped > PEOPLE ? skipped - PEOPLE : 0);
	if (n == PEOPLE)
		draw_skip(c, h, "next", words.after, skipped + PEOPLE);
	html_close(h, "nav");
}

static enum err show(struct call *c)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true};
	struct account_id found[PEOPLE], shown[PEOPLE];
	int64_t skip = arg_int(c, "skip");
	size_t n = 0, n_shown = 0;

	TRY(graph_directory(c->db, view_is(c->x->path, tabs[1].path), true, PEOPLE, (size_t)skip, found, &n));
	for (size_t i = 0; i < n; i++)
		if (!viewer_hides(c->viewer, found[i]))
			shown[n_shown++] = found[i];
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("hint")));
	draw_tabs(c, &h, words.kinds, tabs, ARRAY_LEN(tabs));
	TRY(draw_people(c, &h, shown, n_shown, words.none));
	draw_skips(c, &h, skip, n);
	return page_end(c, &h);
}

#define SKIP_PARAM                                                                                                     \
	{                                                                                                              \
		.name = "skip", .type = PARAM_INT, .clamp = true, .min = 0, .max = 100000, .doc = "How many to skip."  \
	}

const struct endpoint web_directory[] = {
	{PAGE_ROW(PATH, show), .params = PARAMS(SKIP_PARAM), .doc = "Accounts that want to be found, by their newest post."},
	{PAGE_ROW(PATH "/new", show), .params = PARAMS(SKIP_PARAM), .doc = "The same, the newest first."},
	ENDPOINTS_END,
};
