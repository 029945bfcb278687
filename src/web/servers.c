/*
 * servers.c - /blocks/servers: servers of which one wants nothing. Before one is blocked the page says what that ends.
 */
#include "base/base.h"

#include "core/user_domains.h"

#include "base/limits.h"
#include "web/act.h"
#include "web/form.h"
#include "web/login.h"
#include "web/people.h"
#include "web/post_view.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/blocks/servers"
#define SERVERS 50 /* on a page */

static const struct {
	struct view title, lead, none, fresh, name, hint, next, sure, ends, ends_none, block, unblock;
} words = {
	.title = N_("Blocked servers"),
	.lead = N_("You see nothing of who is on these servers, and they do not follow you."),
	.none = N_("You have blocked no server."),
	.fresh = N_("Block a server"),
	.name = N_("Its name"),
	.hint = N_("Such as example.org: what stands behind the second @ of an account there."),
	.next = N_("Go on"),
	.sure = N_("Block %s?"),
	.ends = N_("Accounts there that you follow: %s. Accounts there that follow you: %s. All that ends, and lifting "
		   "the "
		   "block does not bring it back."),
	.ends_none = N_("You follow nobody there, and nobody there follows you."),
	.block = N_("Block the server"),
	.unblock = N_("Lift the block"),
};

static void draw_server(struct call *c, struct html *h, struct view domain)
{
	html_tag(h, "li", A("class", V("who")));
	html_elem(h, "span", domain, A("class", V("name")), A("translate", V("no")));
	page_form(c, h, V(PATH), "inline end");
	page_hidden(h, "domain", domain);
	html_tag(h, "button", A("name", V("do")), A("value", V("unblock")));
	html_text(h, page_say(c, words.unblock));
	html_tag(h, "span", A("class", V("unseen")));
	html_text(h, V(": "));
	html_text(h, domain);
	html_close(h, "span");
	html_close(h, "button");
	html_close(h, "form");
	html_close(h, "li");
}

static enum err draw_list(struct call *c, struct html *h)
{
	struct user_domain list[SERVERS];
	struct feed turns = {.page = feed_page(c)};

	turns.page.limit = SERVERS;
	TRY(user_domains_page(c->db, c->arena, c->auth.account, &turns.page, list, &turns.n));
	if (!turns.n)
		html_elem(h, "p", page_say(c, words.none), A("class", V("empty")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < turns.n; i++)
		draw_server(c, h, list[i].domain);
	html_close(h, "ul");
	turns.first = turns.n ? list[0].id : 0;
	turns.last = turns.n ? list[turns.n - 1].id : 0;
	turns.path = V(PATH);
	draw_turns(c, h, &turns);
	return OK;
}

static void draw_fresh(struct call *c, struct html *h, struct view typed)
{
	html_elem(h, "h2", page_say(c, words.fresh));
	html_tag(h, "form", A("action", V(PATH)), A("class", V("stack")));
	draw_field(c, h,
		   &(struct form_field){.name = "domain",
					.label = words.name,
					.hint = words.hint,
					.value = typed,
					.required = true,
					.autocomplete = "off",
					.max = LIMIT_DOMAIN_BYTES});
	draw_submit(c, h, words.next);
	html_close(h, "form");
}

/* What it ends, and the button that does it. */
static enum err draw_sure(struct call *c, struct html *h, struct view domain)
{
	struct user_domain_ties ties;

	TRY(user_domain_ties_count(c->db, c->auth.account, domain, &ties));
	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", PAGE_SAY_WITH(c, words.sure, domain));
	html_elem(h, "p",
		  ties.following || ties.followers
			  ? PAGE_SAY_WITH(c, words.ends, arena_printf(c->arena, "%" PRId64, ties.following),
					  arena_printf(c->arena, "%" PRId64, ties.followers))
			  : page_say(c, words.ends_none));
	page_form(c, h, V(PATH), "inline");
	page_hidden(h, "domain", domain);
	html_elem(h, "button", page_say(c, words.block), A("name", V("do")), A("value", V("block")),
		  A("class", V("main")));
	html_close(h, "form");
	html_close(h, "section");
	return OK;
}

/* asked: a server that may be blocked; empty: none. */
static enum err draw(struct call *c, struct view asked, struct view refusal)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};

	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_own_tabs(c, &h);
	draw_refusal(&h, page_say(c, refusal));
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("hint")));
	if (asked.len && !refusal.len)
		TRY(draw_sure(c, &h, asked));
	TRY(draw_list(c, &h));
	draw_fresh(c, &h, asked);
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw(c, view_trim(arg_str(c, "domain")), V("")) : login_ask(c);
}

static const char *const deeds[] = {"block", "unblock", NULL};

static enum err save(struct call *c)
{
	struct view domain = view_trim(arg_str(c, "domain")), refusal;
	enum err err = c->refused;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	if (!err)
		err = arg_choice(c, "do") == 0 ? user_domain_block(c->core, c->auth.account, domain, &c->problem)
					       : user_domain_unblock(c->core, c->auth.account, domain);
	if (settings_refused(c, err, &refusal))
		return draw(c, domain, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_servers[] = {
	{PAGE_ROW(PATH, show),
	 .params = PARAMS({.name = "domain", .max = LIMIT_DOMAIN_BYTES, .doc = "A server that may be blocked."},
			  FEED_PARAMS),
	 .doc = "Servers one has blocked, and what blocking one more would end."},
	{ACT_ROW, .path = PATH, .handle = save, .refused_ok = true,
	 .params = PARAMS({.name = "domain", .max = LIMIT_DOMAIN_BYTES, .doc = "Its name."},
			  {.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."},
			  FEED_PARAMS),
	 .doc = "Blocks a server for oneself, or lifts that."},
	ENDPOINTS_END,
};
