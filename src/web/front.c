/*
 * front.c - the first page, the public feeds, what this server is, and robots.txt.
 */
#include "base/base.h"

#include "core/census.h"
#include "core/timelines.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view welcome, newest, everywhere, local, feeds, empty, members_only;
	struct view apps, apps_lead, join, join_open, join_approval, join_closed, join_here, write_to, about, contact,
		nobody;
	struct noun people, posts;
} words = {
	.welcome = V("People talk here."),
	.newest = V("Newest posts"),
	.everywhere = V("Everything"),
	.local = V("From this server"),
	.feeds = V("Which posts"),
	.empty = V("It is quiet here. Nobody has posted in public yet."),
	.members_only = V("Posts are shown to people who are logged in."),
	.apps = V("Use it with an app"),
	.apps_lead =
		V("Apps for Mastodon work here, on phones and on computers. Where one asks for your server, enter"),
	.join = V("Join"),
	.join_open = V("Make an account in any of these apps: choose to sign up, and name this server."),
	.join_approval =
		V("Sign up in any of these apps and name this server. A moderator looks at every new account first."),
	.join_closed = V("Accounts are made by the people who run this server. Ask them for one."),
	.join_here = V("Or make it here, in the browser"),
	.write_to = V("Write to "),
	.about = V("About this server"),
	.contact = V("Contact"),
	.nobody = V("The people who run this server have left no address."),
	.people = {V("person"), V("people")},
	.posts = {V("post"), V("posts")},
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
	html_text(h, words.write_to);
	html_elem(h, "a", mail, A("href", arena_printf(c->arena, "mailto:%.*s", VIEW_ARG(mail))));
	html_text(h, V("."));
}

static enum err draw_census(struct call *c, struct html *h)
{
	struct census census;

	TRY(census_read(c->core, c->db, &census));
	html_tag(h, "ul", A("class", V("figures")));
	html_open(h, "li");
	draw_counted(h, census.people, &words.people);
	html_close(h, "li");
	html_open(h, "li");
	draw_counted(h, census.posts, &words.posts);
	html_close(h, "li");
	html_close(h, "ul");
	return OK;
}

static void draw_apps(struct call *c, struct html *h)
{
	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", words.apps);
	html_open(h, "p");
	html_text(h, words.apps_lead);
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
	html_elem(h, "h2", words.join);
	html_open(h, "p");
	if (config->registrations) {
		html_text(h, config->approval ? words.join_approval : words.join_open);
	} else {
		html_text(h, words.join_closed);
		draw_mail(c, h);
	}
	html_close(h, "p");
	if (config->registrations && !c->auth.account.v) {
		html_open(h, "p");
		html_elem(h, "a", words.join_here, A("href", V("/auth/sign_up")));
		html_close(h, "p");
	}
	html_close(h, "section");
}

static void draw_side(struct call *c, struct html *h)
{
	html_tag(h, "aside", A("class", V("side")), A("aria-label", words.about));
	draw_apps(c, h);
	draw_join(c, h);
	html_close(h, "aside");
}

static enum err draw_hero(struct call *c, struct html *h)
{
	const struct core_config *config = &c->core->config;

	html_tag(h, "header", A("class", V("hero")));
	html_elem(h, "h1", view_of(config->title));
	html_elem(h, "p", config->description[0] ? view_of(config->description) : words.welcome, A("class", V("lead")));
	TRY(draw_census(c, h));
	html_close(h, "header");
	return OK;
}

static enum err draw_newest(struct call *c, struct html *h)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {.ids = ids, .page.limit = FEED_POSTS, .path = V("/public"), .empty = words.empty};

	html_elem(h, "h2", words.newest, A("class", V("over-feed")));
	if (is_closed_to(c)) {
		html_elem(h, "p", words.members_only, A("class", V("empty")));
		return OK;
	}
	TRY(timeline_public(c->core, c->db, c->arena, c->viewer, (struct public_filter){0}, &feed.page, ids, &feed.n));
	return draw_feed(c, h, &feed);
}

static enum err show_front(struct call *c)
{
	struct page_head head = {
		.description = view_of(c->core->config.description),
		.canonical = V("/"),
		.image = page_asset(c, "header.png"),
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

static void draw_tab(struct html *h, const char *path, struct view text, bool current)
{
	html_tag(h, "a", A("href", view_of(path)));
	if (current)
		html_attr(h, "aria-current", V("page"));
	html_text(h, text);
	html_close(h, "a");
}

static enum err show_feed(struct call *c, bool local)
{
	struct post_id ids[FEED_POSTS];
	struct feed feed = {.ids = ids, .page = feed_page(c), .empty = words.empty};
	struct page_head head = {.title = local ? words.local : words.newest, .canonical = c->x->path};

	if (is_closed_to(c))
		return login_ask(c);
	TRY(timeline_public(c->core, c->db, c->arena, c->viewer, (struct public_filter){.local = local}, &feed.page,
			    ids, &feed.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_tag(&h, "nav", A("class", V("tabs")), A("aria-label", words.feeds));
	draw_tab(&h, "/public", words.everywhere, !local);
	draw_tab(&h, "/public/local", words.local, local);
	html_close(&h, "nav");
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

static enum err show_about(struct call *c)
{
	const struct core_config *config = &c->core->config;
	struct page_head head = {
		.title = words.about,
		.description = view_of(config->description),
		.canonical = V("/about"),
		.image = page_asset(c, "header.png"),
	};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", words.about);
	html_elem(&h, "p", view_of(config->description), A("class", V("lead")));
	TRY(draw_census(c, &h));
	draw_apps(c, &h);
	draw_join(c, &h);
	html_tag(&h, "section", A("class", V("card")));
	html_elem(&h, "h2", words.contact);
	html_open(&h, "p");
	if (config->contact_email[0])
		draw_mail(c, &h);
	else
		html_text(&h, words.nobody);
	html_close(&h, "p");
	html_close(&h, "section");
	return page_end(c, &h);
}

/* Crawlers are asked to stay off what is not a page to be found. */
static enum err show_robots(struct call *c)
{
	return call_static(c, "text/plain; charset=utf-8",
			   V("User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /login\n"));
}

#define PAGE(at, fn)                                                                                                   \
	.method = HTTP_GET, .path = (at), .handle = (fn), .auth = AUTH_SESSION, .rate = RATE_DEFAULT,                  \
	.meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page"

const struct endpoint web_front[] = {
	{PAGE("/", show_front), .doc = "What this server is, and the newest public posts."},
	{PAGE("/public", show_public), .params = PARAMS(FEED_PARAMS), .doc = "Public posts, newest first."},
	{PAGE("/public/local", show_local), .params = PARAMS(FEED_PARAMS), .doc = "Public posts of this server."},
	{PAGE("/about", show_about), .doc = "About this server: what it is, how to join, whom to write to."},
	{.method = HTTP_GET, .path = "/robots.txt", .handle = show_robots, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .reply = "Text", .doc = "RFC 9309."},
	ENDPOINTS_END,
};
