/*
 * front.c - the first page, the public feeds, and what this server is.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/census.h"
#include "core/timelines.h"
#include "web/bar.h"
#include "web/documents.h"
#include "web/figures.h"
#include "web/home.h"
#include "web/kept.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view welcome, newest, local, feeds, empty, members_only;
	struct view apps, apps_lead, join, join_open, join_approval, join_closed, join_here, write_to, about, contact,
		nobody;
	struct noun people, posts;
} words = {
	.welcome = N_("People talk here."),
	.newest = N_("Newest posts"),
	.local = N_("From this server"),
	.feeds = N_("Which posts"),
	.empty = N_("It is quiet here. Nobody has posted in public yet."),
	.members_only = N_("Posts are shown to people who are logged in."),
	.apps = N_("Use it with an app"),
	.apps_lead =
		N_("Apps for Mastodon work here, on phones and on computers. Where one asks for your server, enter"),
	.join = N_("Join"),
	.join_open = N_("Make an account in any of these apps: choose to sign up, and name this server."),
	.join_approval =
		N_("Sign up in any of these apps and name this server. A moderator looks at every new account first."),
	.join_closed = N_("Accounts are made by the people who run this server. Ask them for one."),
	.join_here = N_("Or make it here, in the browser"),
	.write_to = N_("Write to "),
	.about = N_("About this server"),
	.contact = N_("Contact"),
	.nobody = N_("The people who run this server have left no address."),
	.people = {N_("person"), N_("people")},
	.posts = {N_("post"), N_("posts")},
};

static bool is_closed_to(const struct call *c)
{
	return c->core->config.public_timelines_need_login && !c->auth.account.v;
}

static void draw_mail(struct call *c, struct html *h)
{
	struct view mail = view_of(c->core->config.contact_email);

	if (!mail.len)
		return;
	html_text(h, V(" "));
	html_text(h, page_say(c, words.write_to));
	html_elem(h, "a", mail, A("href", arena_printf(c->arena, "mailto:%.*s", VIEW_ARG(mail))));
	html_text(h, V("."));
}

static enum err draw_census(struct call *c, struct html *h)
{
	struct census census;

	TRY(census_read(c->core, c->db, &census));
	html_tag(h, "ul", A("class", V("figures")));
	html_open(h, "li");
	draw_counted(c, h, census.people, &words.people);
	html_close(h, "li");
	html_open(h, "li");
	draw_counted(c, h, census.posts, &words.posts);
	html_close(h, "li");
	html_close(h, "ul");
	return OK;
}

static void draw_apps(struct call *c, struct html *h)
{
	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", page_say(c, words.apps));
	html_open(h, "p");
	html_text(h, page_say(c, words.apps_lead));
	html_text(h, V(" "));
	html_elem(h, "code", view_of(c->core->config.domain));
	html_text(h, V("."));
	html_close(h, "p");
	html_close(h, "section");
}

static void draw_join(struct call *c, struct html *h)
{
	const struct core_config *config = &c->core->config;

	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", page_say(c, words.join));
	html_open(h, "p");
	if (config->registrations) {
		html_text(h, config->approval ? page_say(c, words.join_approval) : page_say(c, words.join_open));
	} else {
		html_text(h, page_say(c, words.join_closed));
		draw_mail(c, h);
	}
	html_close(h, "p");
	if (config->registrations && !c->auth.account.v) {
		html_open(h, "p");
		html_elem(h, "a", page_say(c, words.join_here), A("href", V("/auth/sign_up")));
		html_close(h, "p");
	}
	html_close(h, "section");
}

static void draw_side(struct call *c, struct html *h)
{
	html_tag(h, "aside", A("class", V("side")), A("aria-label", page_say(c, words.about)));
	draw_apps(c, h);
	draw_join(c, h);
	html_close(h, "aside");
}

static enum err draw_hero(struct call *c, struct html *h)
{
	const struct core_config *config = &c->core->config;

	html_tag(h, "header", A("class", V("hero")));
	html_elem(h, "h1", view_of(config->title));
	html_elem(h, "p", config->description[0] ? view_of(config->description) : page_say(c, words.welcome),
		  A("class", V("lead")));
	TRY(draw_census(c, h));
	html_close(h, "header");
	return OK;
}

static enum err draw_newest(struct call *c, struct html *h)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {
		.ids = ids, .page.limit = FEED_POSTS, .path = V("/public"), .empty = page_say(c, words.empty)};

	html_elem(h, "h2", page_say(c, words.newest), A("class", V("over-feed")));
	if (is_closed_to(c)) {
		html_elem(h, "p", page_say(c, words.members_only), A("class", V("empty")));
		return OK;
	}
	TRY(timeline_public(c->core, c->db, c->arena, c->viewer, (struct public_filter){0}, &feed.page, ids, &feed.n));
	return draw_feed(c, h, &feed);
}

static enum err show_front(struct call *c)
{
	if (c->auth.session_id)
		return home_draw(c);
	struct page_head head = {
		.description = view_of(c->core->config.description),
		.canonical = V("/"),
		.image = page_asset("header.png"),
	};
	struct html h = page_begin(c, &head);

	TRY(draw_hero(c, &h));
	html_tag(&h, "div", A("class", V("columns")));
	html_tag(&h, "section", A("class", V("column")));
	TRY(draw_newest(c, &h));
	html_close(&h, "section");
	draw_side(c, &h);
	html_close(&h, "div");
	return page_end(c, &h);
}

/* ---- feeds ---- */

static const struct tab feeds[] = {{"/public", N_("Everything")}, {"/public/local", N_("From this server")}};

static enum err show_feed(struct call *c, bool local)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {.ids = ids,
			    .page = feed_page(c),
			    .context = FILTER_PUBLIC,
			    .live = local ? "public/local" : "public",
			    .empty = page_say(c, words.empty)};
	struct page_head head = {
		.title = page_say(c, local ? words.local : words.newest), .canonical = c->x->path, .app = true};

	if (is_closed_to(c))
		return login_ask(c);
	TRY(timeline_public(c->core, c->db, c->arena, c->viewer, (struct public_filter){.local = local}, &feed.page,
			    ids, &feed.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_tabs(c, &h, words.feeds, feeds, ARRAY_LEN(feeds));
	TRY(draw_feed(c, &h, &feed));
	return page_end(c, &h);
}

static enum err show_public(struct call *c)
{
	return show_feed(c, false);
}

static enum err show_local(struct call *c)
{
	return show_feed(c, true);
}

/* Numbers are as late as those below a kept post. */
static enum err show_about(struct call *c)
{
	const struct core_config *config = &c->core->config;
	struct page_head head = {
		.title = page_say(c, words.about),
		.description = view_of(config->description),
		.canonical = V("/about"),
		.image = page_asset("header.png"),
	};
	kept_begin(c);
	kept_until(c, clock_now() + KEPT_STALE_MS);
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.about));
	html_elem(&h, "p", view_of(config->description), A("class", V("lead")));
	TRY(draw_census(c, &h));
	TRY(draw_document(c, &h, DOCUMENT_ABOUT));
	TRY(draw_rules(c, &h));
	draw_apps(c, &h);
	draw_join(c, &h);
	html_tag(&h, "section", A("class", V("card")));
	html_elem(&h, "h2", page_say(c, words.contact));
	html_open(&h, "p");
	if (config->contact_email[0])
		draw_mail(c, &h);
	else
		html_text(&h, page_say(c, words.nobody));
	html_close(&h, "p");
	html_close(&h, "section");
	return page_end(c, &h);
}

const struct endpoint web_front[] = {
	{PAGE_ROW("/", show_front), .params = PARAMS(FEED_PARAMS),
	 .doc = "What this server is, and the newest public posts; home, for who is logged in."},
	{PAGE_ROW("/public", show_public), .params = PARAMS(FEED_PARAMS), .doc = "Public posts, newest first."},
	{PAGE_ROW("/public/local", show_local), .params = PARAMS(FEED_PARAMS), .doc = "Public posts of this server."},
	{PAGE_ROW("/about", show_about), .kept = kept_answer,
	 .doc = "About this server: what it is, its rules, how to join, whom to write to."},
	ENDPOINTS_END,
};
