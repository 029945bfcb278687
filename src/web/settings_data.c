/*
 * settings_data.c - /settings/data: what one's public posts may be licensed for (licensed/consent.h), and who
 * still holds what one has taken back (licensed/holders.h); without scripts.
 */
#include "base/base.h"

#include "licensed/consent.h"
#include "licensed/holders.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_DATA_PATH
#define ENTRIES 20

static const struct {
	struct view title, sold, nothing_sold, which, uses, hint, offered, not_offered, chosen, not_chosen, save, back,
		told, holders, holders_lead, nothing, deleted, withdrawn, nobody, given, done, not_done, partial, pages,
		older, licence;
} words = {
	.title = N_("Your posts as data"),
	.sold = N_(
		"This server sells licences for public posts. Each licence names what the posts may be used for. Here "
		"you say what yours may be used for; nobody is given them under a licence for anything else."),
	.nothing_sold =
		N_("This server sells no posts: nothing is sold, whatever you choose here. Your choice is kept, "
		   "and holds if that changes."),
	.which = N_("It is only about your public posts, all of them. Unlisted posts, posts for followers and direct "
		    "messages are never sold."),
	.uses = N_("What you agree to"),
	.hint = N_("Tick what you agree to. What is not ticked is not allowed."),
	.offered = N_("This server offers it."),
	.not_offered = N_("This server does not offer it now. Your choice counts if it ever does."),
	.chosen = N_("This is what you chose, last on %s."),
	.not_chosen = N_("You have not chosen yet. What is ticked is what this server assumes until you do."),
	.save = N_("Save my choice"),
	.back = N_("If you take it back"),
	.told = N_(
		"From then on nobody is given your posts for that use. Whoever has a licence for it is told, and has "
		"24 hours to delete their copies. The same holds for each post that you delete. The server cannot "
		"reach into other computers: it can tell them, and write down who has said that it is done."),
	.holders = N_("Who still holds what you took back"),
	.holders_lead =
		N_("The posts that you have deleted and the uses that you have taken back, newest first: who had "
		   "been given posts before, and whether they have said that their copies are gone."),
	.nothing = N_("Nothing here yet."),
	.deleted = N_("A post of %s, deleted on %s"),
	.withdrawn = N_("Taken back on %s: %s"),
	.nobody = N_("Nobody had been given any."),
	.given = N_("Given last on %s."),
	.done = N_("Said on %s that the copies are gone."),
	.not_done = N_("Has not said yet that the copies are gone."),
	.partial = N_("There may be more: it is looked up for your newest %s posts only."),
	.pages = N_("Pages"),
	.older = N_("Older"),
	.licence = N_("Take posts of this server under a licence yourself"),
};

/* In the order of use_names. */
static const struct {
	struct view name, meaning;
} uses[USES] = {
	{N_("Search"), N_("Others let people find your posts and show them, with your name.")},
	{N_("Research"), N_("Scientists study your posts, and publish what they find.")},
	{N_("Business"),
	 N_("Companies evaluate your posts for profit: what is said of a product, what is in fashion.")},
	{N_("Training of AI"), N_("Your posts are used to train artificial intelligence. What a model has learned from "
				  "them may not be possible to take out again.")},
};

static void draw_use(struct call *c, struct html *h, size_t i, bool agreed)
{
	bool offered = (c->core->config.data_uses >> i & 1) != 0;
	struct view about = arena_printf(c->arena, "%s-about", use_names[i]);

	html_open(h, "li");
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("checkbox")), A("name", view_of(use_names[i])), A("value", V("1")),
		 A("aria-describedby", about));
	html_flag(h, "checked", agreed);
	html_elem(h, "span", page_say(c, uses[i].name));
	html_close(h, "label");
	html_tag(h, "div", A("id", about));
	html_elem(h, "p", page_say(c, uses[i].meaning));
	html_elem(h, "p", page_say(c, offered ? words.offered : words.not_offered), A("class", V("hint")));
	html_close(h, "div");
	html_close(h, "li");
}

static void draw_choice(struct call *c, struct html *h, const struct consent *consent)
{
	html_elem(h, "h2", page_say(c, words.uses));
	html_elem(h, "p",
		  consent->chosen ? PAGE_SAY_WITH(c, words.chosen, settings_time(c, consent->changed_at))
				  : page_say(c, words.not_chosen),
		  A("class", V("standing")));
	page_form(c, h, V(PATH), "stack");
	html_elem(h, "p", page_say(c, words.hint), A("class", V("hint")));
	html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < USES; i++)
		draw_use(c, h, i, (consent->uses >> i & 1) != 0);
	html_close(h, "ul");
	draw_submit(c, h, words.save);
	html_close(h, "form");
}

/* ---- who still holds it ---- */

static struct view uses_said(struct call *c, uint32_t which)
{
	struct view said = V("");

	for (size_t i = 0; i < USES; i++) {
		struct view name = page_say(c, uses[i].name);

		if (which >> i & 1)
			said = arena_printf(c->arena, "%.*s%s%.*s", VIEW_ARG(said), said.len ? ", " : "",
					    VIEW_ARG(name));
	}
	return said;
}

static void draw_holder(struct call *c, struct html *h, const struct holder *holder)
{
	struct view given = PAGE_SAY_WITH(c, words.given, settings_time(c, holder->received_at));
	struct view done = holder->acknowledged_at
				   ? PAGE_SAY_WITH(c, words.done, settings_time(c, holder->acknowledged_at))
				   : page_say(c, words.not_done);

	html_tag(h, "p", A("class", V("holder")));
	html_elem(h, "b", holder->name, A("dir", V("auto")));
	html_text(h, arena_printf(c->arena, ": %.*s %.*s", VIEW_ARG(given), VIEW_ARG(done)));
	html_close(h, "p");
}

static void draw_taken_back(struct call *c, struct html *h, const struct taken_back *t)
{
	struct view at = settings_time(c, t->at);

	html_open(h, "li");
	html_open(h, "p");
	html_elem(h, "strong",
		  t->post.v ? PAGE_SAY_WITH(c, words.deleted, settings_time(c, id_time(t->post.v)), at)
			    : PAGE_SAY_WITH(c, words.withdrawn, at, uses_said(c, t->uses)));
	html_close(h, "p");
	for (size_t i = 0; i < t->n; i++)
		draw_holder(c, h, &t->holders[i]);
	if (!t->n)
		html_elem(h, "p", page_say(c, words.nobody), A("class", V("hint")));
	if (t->partial)
		html_elem(h, "p", PAGE_SAY_WITH(c, words.partial, arena_printf(c->arena, "%d", HOLDERS_POSTS)),
			  A("class", V("hint")));
	html_close(h, "li");
}

static void draw_older(struct call *c, struct html *h, int64_t last)
{
	html_tag(h, "nav", A("class", V("turns")), A("aria-label", page_say(c, words.pages)));
	html_elem(h, "a", page_say(c, words.older), A("rel", V("next")),
		  A("href", arena_printf(c->arena, PATH "?max_id=%" PRId64, last)));
	html_close(h, "nav");
}

/* Nothing where nothing was ever recorded: then nobody was given anything. */
static enum err draw_holders(struct call *c, struct html *h)
{
	int64_t before = arg_given(c, "max_id") ? arg_id(c, "max_id") : INT64_MAX;
	struct taken_back *list;
	size_t n;

	if (!c->core->ledger)
		return OK;
	TRY(holders_load(c->core, c->db, c->arena, c->auth.account, before, ENTRIES, &list, &n));
	html_elem(h, "h2", page_say(c, words.holders));
	html_elem(h, "p", page_say(c, n ? words.holders_lead : words.nothing));
	html_tag(h, "ul", A("class", V("rows holders")));
	for (size_t i = 0; i < n; i++)
		draw_taken_back(c, h, &list[i]);
	html_close(h, "ul");
	if (n == ENTRIES)
		draw_older(c, h, list[n - 1].seq);
	return OK;
}

static enum err show(struct call *c)
{
	struct consent consent;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(consent_load(c->core, c->db, c->auth.account, &consent));
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, c->core->config.data_uses ? words.sold : words.nothing_sold),
		  A("class", V("sales")));
	html_elem(&h, "p", page_say(c, words.which));
	draw_choice(c, &h, &consent);
	html_elem(&h, "h2", page_say(c, words.back));
	html_elem(&h, "p", page_say(c, words.told));
	TRY(draw_holders(c, &h));
	if (c->core->config.licence_sign_up) {
		html_open(&h, "p");
		html_elem(&h, "a", page_say(c, words.licence), A("href", V("/settings/licence")));
		html_close(&h, "p");
	}
	return page_end(c, &h);
}

/* A box that is not ticked is not sent, and is a no. */
static enum err choose(struct call *c)
{
	uint32_t agreed = 0;

	if (!c->auth.session_id)
		return call_redirect(c, 303, V("/login?next=" PATH));
	for (size_t i = 0; i < USES; i++)
		agreed |= (uint32_t)arg_bool(c, use_names[i]) << i;
	TRY(consent_set(c->core, c->auth.account, agreed));
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_settings_data[] = {
	{PAGE_ROW(PATH, show),
	 .params = PARAMS({.name = "max_id", .type = PARAM_ID, .doc = "Of what one took back, what is older than this entry."}),
	 .doc = "What one's public posts may be licensed for, and who still holds what one has taken back."},
	{SETTINGS_ROW, .path = PATH, .handle = choose, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "search", .type = PARAM_BOOL, .doc = "Others may search and show them."},
			  {.name = "research", .type = PARAM_BOOL, .doc = "For science."},
			  {.name = "commercial", .type = PARAM_BOOL, .doc = "For business."},
			  {.name = "training", .type = PARAM_BOOL, .doc = "To train AI."}),
	 .doc = "Chooses. What is not named is not allowed from now on."},
	ENDPOINTS_END,
};
