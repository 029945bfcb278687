/*
 * authorize_pages.c - what the person sees: who asks, for what, in plain words.
 */
#include "base/base.h"

#include "web/authorize.h"

#include "text/url.h"
#include "web/account_view.h"

static const struct {
	struct view title, asks, you, other, may, back, shown, authorize, deny, website;
	struct view code_title, code_lead, code_then;
} words = {
	.title = V("Let this app in?"),
	.asks = V(" wants to use your account."),
	.you = V("You are logged in as"),
	.other = V("Use another account"),
	.may = V("It will be able to"),
	.back = V("Afterwards you are sent on to "),
	.shown = V("Afterwards you are shown a code to copy into the app."),
	.authorize = V("Authorize"),
	.deny = V("Deny"),
	.website = V("Its website: "),
	.code_title = V("Your code"),
	.code_lead = V("Copy this code into the app."),
	.code_then =
		V("It works once, within ten minutes. Give it to nobody else: whoever has it can use your account."),
};

static const struct scope_words {
	const char *scope;
	struct view text;
} scope_words[] = {
	{"profile", V("see who you are: your name and profile")},
	{"read", V("see everything you can see: timelines, notifications, lists, bookmarks, private and direct posts")},
	{"read:accounts", V("see accounts, also your own")},
	{"read:blocks", V("see whom you block")},
	{"read:bookmarks", V("see your bookmarks")},
	{"read:favourites", V("see your favourites")},
	{"read:filters", V("see your filters")},
	{"read:follows", V("see whom you follow and who follows you")},
	{"read:lists", V("see your lists")},
	{"read:mutes", V("see whom you mute")},
	{"read:notifications", V("see your notifications")},
	{"read:search", V("search for you")},
	{"read:statuses", V("see all posts you can see, private and direct ones too")},
	{"read:collections", V("see your collections")},
	{"write", V("act as you: post, edit, delete, boost, vote, follow, block, and change your profile")},
	{"write:accounts", V("change your profile")},
	{"write:blocks", V("block and unblock accounts and servers")},
	{"write:bookmarks", V("bookmark posts")},
	{"write:conversations", V("mute and delete conversations")},
	{"write:favourites", V("favourite posts")},
	{"write:filters", V("change your filters")},
	{"write:follows", V("follow and unfollow people")},
	{"write:lists", V("change your lists")},
	{"write:media", V("upload pictures, videos and sounds")},
	{"write:mutes", V("mute people and conversations")},
	{"write:notifications", V("clear your notifications")},
	{"write:reports", V("report others to the moderators")},
	{"write:statuses", V("post, edit and delete, boost and vote as you")},
	{"write:collections", V("change your collections")},
	{"follow", V("see and change whom you follow, block and mute")},
	{"push", V("be told of your notifications at once")},
	{"admin:read", V("see what moderators of this server see")},
	{"admin:write", V("moderate this server in your name")},
	{"admin:read:accounts", V("see accounts as moderators see them")},
	{"admin:read:reports", V("see reports as moderators see them")},
	{"admin:read:domain_allows", V("see allowed servers as moderators see them")},
	{"admin:read:domain_blocks", V("see blocked servers as moderators see them")},
	{"admin:read:ip_blocks", V("see blocked addresses as moderators see them")},
	{"admin:read:email_domain_blocks", V("see blocked mail providers as moderators see them")},
	{"admin:read:canonical_email_blocks", V("see blocked mail addresses as moderators see them")},
	{"admin:write:accounts", V("approve, warn, limit, suspend and delete accounts in your name")},
	{"admin:write:reports", V("take up and resolve reports in your name")},
	{"admin:write:domain_allows", V("allow servers in your name")},
	{"admin:write:domain_blocks", V("block servers in your name")},
	{"admin:write:ip_blocks", V("block addresses in your name")},
	{"admin:write:email_domain_blocks", V("block mail providers in your name")},
	{"admin:write:canonical_email_blocks", V("block mail addresses in your name")},
};

static struct view scope_text(struct view scope)
{
	for (size_t i = 0; i < ARRAY_LEN(scope_words); i++)
		if (view_is(scope, scope_words[i].scope))
			return scope_words[i].text;
	return scope;
}

/* A scope written twice is said once. */
static bool said_before(struct view all, struct view word)
{
	struct view rest = all, earlier;

	while (view_split(&rest, ' ', &earlier) && earlier.p != word.p)
		if (view_eq(earlier, word))
			return true;
	return false;
}

static void draw_scopes(struct html *h, struct view scopes)
{
	struct view rest = scopes, word;

	html_elem(h, "h2", words.may);
	html_tag(h, "ul", A("class", V("scopes")));
	while (view_split(&rest, ' ', &word)) {
		if (!word.len || said_before(scopes, word))
			continue;
		bool writes =
			view_starts(word, V("write")) || view_is(word, "follow") || view_starts(word, V("admin:write"));
		html_tag(h, "li", A("class", writes ? V("writes") : V("reads")));
		html_text(h, scope_text(word));
		html_text(h, V(" "));
		html_elem(h, "code", word);
		html_close(h, "li");
	}
	html_close(h, "ul");
}

static void draw_app(struct html *h, const struct app *app)
{
	html_elem(h, "h1", words.title);
	html_tag(h, "p", A("class", V("lead")));
	html_tag(h, "strong", A("dir", V("auto")));
	html_text(h, app->name);
	html_close(h, "strong");
	html_text(h, words.asks);
	html_close(h, "p");
	if (!app->website.len)
		return;
	html_open(h, "p");
	html_text(h, words.website);
	html_elem(h, "a", app->website, A("href", app->website), A("rel", V("noopener noreferrer nofollow")),
		  A("target", V("_blank")));
	html_close(h, "p");
}

static void draw_who(struct call *c, struct html *h, const struct authorize_request *r, const struct account *who)
{
	html_elem(h, "p", words.you, A("class", V("hint")));
	html_tag(h, "div", A("class", V("who")));
	draw_account_line(c, h, who);
	html_close(h, "div");
	html_open(h, "p");
	html_elem(h, "a", words.other, A("href", authorize_url(c, r, true)));
	html_close(h, "p");
}

/* Host of a web address, the scheme of another. */
static struct view destination(struct view uri)
{
	struct url url;

	return url_parse(uri, &url) ? url.host : view_sub(uri, 0, view_find(uri, 0, ':') + 1);
}

static void draw_destination(struct html *h, struct view uri)
{
	html_tag(h, "p", A("class", V("hint")));
	if (view_is(uri, APP_REDIRECT_OOB)) {
		html_text(h, words.shown);
	} else {
		html_text(h, words.back);
		html_elem(h, "code", destination(uri));
		html_text(h, V("."));
	}
	html_close(h, "p");
}

static void draw_answer_form(struct call *c, struct html *h, const struct authorize_request *r)
{
	page_form(c, h, V(AUTHORIZE_PATH), "stack");
	page_hidden(h, "response_type", r->response_type);
	page_hidden(h, "client_id", r->app.client_id);
	page_hidden(h, "redirect_uri", r->redirect_uri);
	page_hidden(h, "scope", r->scopes);
	page_hidden(h, "state", r->state);
	page_hidden(h, "code_challenge", r->challenge);
	page_hidden(h, "code_challenge_method", r->challenge_method);
	html_tag(h, "div", A("class", V("choice")));
	html_elem(h, "button", words.authorize, A("name", V("decision")), A("value", V("authorize")),
		  A("class", V("main")));
	html_elem(h, "button", words.deny, A("name", V("decision")), A("value", V("deny")));
	html_close(h, "div");
	html_close(h, "form");
}

enum err draw_consent(struct call *c, const struct authorize_request *r, const struct account *who)
{
	struct page_head head = {
		.title = words.title, .noindex = true, .private = true, .narrow = true, .forms = FORMS_LEAVE};
	struct html h = page_begin(c, &head);

	draw_app(&h, &r->app);
	draw_scopes(&h, r->scopes);
	draw_who(c, &h, r, who);
	draw_answer_form(c, &h, r);
	draw_destination(&h, r->redirect_uri);
	return page_end(c, &h);
}

enum err draw_notice(struct call *c, struct view title, struct view text)
{
	struct page_head head = {.title = title, .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", title);
	html_elem(&h, "p", text);
	return page_end(c, &h);
}

enum err draw_code(struct call *c, struct view code)
{
	struct page_head head = {.title = words.code_title, .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", words.code_title);
	html_elem(&h, "p", words.code_lead);
	html_tag(&h, "p", A("class", V("code")));
	html_elem(&h, "code", code);
	html_close(&h, "p");
	html_elem(&h, "p", words.code_then, A("class", V("hint")));
	return page_end(c, &h);
}
