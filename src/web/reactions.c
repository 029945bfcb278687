/*
 * reactions.c - what became of a post: who boosted and favourited it, and the posts that quote it.
 */
#include "base/base.h"

#include "core/post_lists.h"
#include "core/quotes.h"
#include "web/account_view.h"
#include "web/login.h"
#include "web/people.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define PEOPLE 40 /* on a page */

enum reaction { REACTION_BOOSTS, REACTION_FAVOURITES, REACTION_QUOTES, REACTIONS };

static const struct {
	struct view kinds, nobody, no_quotes;
	struct view tabs[REACTIONS], titles[REACTIONS];
} words = {
	.kinds = N_("What became of it"),
	.nobody = N_("Nobody yet."),
	.no_quotes = N_("No post that you may see quotes it."),
	.tabs = {N_("Boosts"), N_("Favourites"), N_("Quotes")},
	.titles = {N_("Who boosted this post"), N_("Who favourited this post"), N_("Who quotes this post")},
};
static const char *const paths[REACTIONS] = {"boosts", "favourites", "quotes"};

static void draw_kinds(struct call *c, struct html *h, struct view post, enum reaction current)
{
	html_tag(h, "nav", A("class", V("tabs")), A("aria-label", page_say(c, words.kinds)));
	for (size_t i = 0; i < REACTIONS; i++) {
		html_tag(h, "a", A("href", arena_printf(c->arena, "%.*s/%s", VIEW_ARG(post), paths[i])));
		if (i == current)
			html_attr(h, "aria-current", V("page"));
		html_text(h, page_say(c, words.tabs[i]));
		html_close(h, "a");
	}
	html_close(h, "nav");
}

/* As the API: without whom the reader does not want to see. */
static enum err draw_accounts(struct call *c, struct html *h, struct post_id post, enum reaction which)
{
	struct page_item items[PEOPLE];
	struct account_id ids[PEOPLE];
	struct feed turns = {.page = feed_page(c)};
	size_t n = 0;

	turns.page.limit = PEOPLE;
	TRY(which == REACTION_BOOSTS ? post_boosted_by(c->db, post, &turns.page, items, &turns.n)
				     : post_favourited_by(c->db, post, &turns.page, items, &turns.n));
	for (size_t i = 0; i < turns.n; i++)
		if (!viewer_hides(c->viewer, (struct account_id){items[i].id}))
			ids[n++].v = items[i].id;
	TRY(draw_people(c, h, ids, n, words.nobody));
	turns.first = turns.n ? items[0].cursor : 0;
	turns.last = turns.n ? items[turns.n - 1].cursor : 0;
	draw_turns(c, h, &turns);
	return OK;
}

static enum err draw_quotes(struct call *c, struct html *h, struct post_id post)
{
	struct page_item items[FEED_POSTS];
	struct post_id ids[FEED_POSTS];
	struct feed feed = {
		.ids = ids, .page = feed_page(c), .context = FILTER_PUBLIC, .empty = page_say(c, words.no_quotes)};

	TRY(post_quotes(c->db, post, false, &feed.page, items, &feed.n));
	for (size_t i = 0; i < feed.n; i++)
		ids[i].v = items[i].id;
	return draw_feed(c, h, &feed);
}

static enum err show(struct call *c, enum reaction which)
{
	struct page_head head = {
		.title = page_say(c, words.titles[which]), .noindex = true, .private = true, .app = true};
	struct post_id id = arg_post(c, "id");
	struct shown_post s;
	struct account named;
	size_t shown = 0;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(find_account(c, &named));
	TRY(shown_load(c, &id, 1, visible_to, 0, &s, &shown));
	if (!shown || s.booster || !account_eq(named.id, s.author->id))
		return ERR_NOT_FOUND;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_tag(&h, "div", A("class", V("about-post")));
	html_tag(&h, "p", A("class", V("who")));
	draw_account_line(c, &h, s.author);
	html_close(&h, "p");
	draw_excerpt(c, &h, &s);
	html_close(&h, "div");
	draw_kinds(c, &h, post_path(c, &s.post, s.author), which);
	TRY(which == REACTION_QUOTES ? draw_quotes(c, &h, id) : draw_accounts(c, &h, id, which));
	return page_end(c, &h);
}

static enum err show_boosts(struct call *c)
{
	return show(c, REACTION_BOOSTS);
}

static enum err show_favourites(struct call *c)
{
	return show(c, REACTION_FAVOURITES);
}

static enum err show_quotes(struct call *c)
{
	return show(c, REACTION_QUOTES);
}

#define PAGE(at, fn)                                                                                                   \
	PAGE_ROW("/@:name/:id/" at, fn), .missing = post_missing,                                                      \
		.params = PARAMS({.name = "name", .doc = "User name."},                                                \
				 {.name = "id", .type = PARAM_POST, .doc = "The post."}, FEED_PARAMS)

const struct endpoint web_reactions[] = {
	{PAGE("boosts", show_boosts), .doc = "Who boosted a post, for who is logged in."},
	{PAGE("favourites", show_favourites), .doc = "Who favourited a post, for who is logged in."},
	{PAGE("quotes", show_quotes), .doc = "Posts that quote a post, for who is logged in."},
	ENDPOINTS_END,
};
