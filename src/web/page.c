/*
 * page.c - see page.h. What is at the top and at the side is bar.c's.
 */
#include "base/base.h"

#include "web/page.h"

#include <pthread.h>

#include "base/embedded.h"
#include "base/limits.h"
#include "base/secret.h"
#include "gate/form.h"
#include "gate/gate.h"
#include "text/url.h"
#include "web/bar.h"
#include "web/documents.h"
#include "web/kept.h"

#define VERSION_BYTES 6
#define ASSETS_MAX 64
#define ASSET_PATH_MAX 64

static const struct view runs_on = N_("runs on kicau"), about = N_("About this server");

/* Modules of pages with head.app, and what they say. */
static const char *const app[] = {"say.js", "actions.js", "feed.js", "compose.js", "files.js", "drafts.js", "keys.js"};
static const struct {
	const char *name;
	struct view words;
} app_words[] = {
	{"data-failed", N_("That did not work, and nothing was changed. Is the network there?")},
	{"data-fresh", N_("New posts")},
	{"data-attached", N_("It is attached.")},
	{"data-again", N_("Try again")},
	{"data-remove", N_("Remove it")},
	{"data-unsent", N_("Attach it or remove it before you post.")},
	{"data-full", N_("A post has four files at most.")},
	{"data-large", N_("It is larger than this server takes, or you are no longer logged in.")},
	{"data-login", N_("You are no longer logged in. Log in in a new tab, and try again.")},
};

/* A page for which nobody is asked who they are does not look at cookies either: its address says what it is to be. */
static struct view chosen_of(const struct call *c, const char *in_query, const char *in_cookie)
{
	struct view rest = c->x->query, name, value;

	if (!c->row || c->row->auth != AUTH_NONE)
		return http_cookie(c->x, in_cookie);
	while (form_next(&rest, &name, &value))
		if (view_is(name, in_query))
			return value;
	return V("");
}

enum tongue page_tongue(struct call *c)
{
	if (c->tongue)
		return (enum tongue)(c->tongue - 1);
	struct view chosen = chosen_of(c, "lang", PAGE_LANGUAGE_COOKIE);
	enum tongue t = chosen.len ? tongue_of(chosen) : tongue_accepted(http_header(c->x, "Accept-Language"));

	c->tongue = (uint8_t)(1 + t);
	return t;
}

struct view page_theme(const struct call *c)
{
	struct view theme = chosen_of(c, "theme", PAGE_THEME_COOKIE);

	return view_is(theme, "dark") || view_is(theme, "light") ? theme : V("");
}

struct view page_say(struct call *c, struct view words_of_page)
{
	return say(page_tongue(c), words_of_page);
}

/* Digests are made once, at the first page. In the order of names. */
static struct asset {
	const char *name;
	char path[ASSET_PATH_MAX];
} assets[ASSETS_MAX];
static size_t n_assets;
static pthread_once_t assets_made = PTHREAD_ONCE_INIT;

static int compare_assets(const void *a, const void *b)
{
	return strcmp(((const struct asset *)a)->name, ((const struct asset *)b)->name);
}

static void make_assets(void)
{
	for (const struct embedded *e = embedded_assets; e->name; e++) {
		struct digest d = digest_sha256(view_make((const char *)e->data, e->len));
		char hex[HEX_LEN(VERSION_BYTES) + 1];

		if (n_assets == ASSETS_MAX)
			BUG("more than %d assets", ASSETS_MAX);
		struct asset *a = &assets[n_assets++];
		a->name = e->name;
		hex_encode(d.b, VERSION_BYTES, hex);
		if (snprintf(a->path, sizeof(a->path), "/assets/%s?v=%s", e->name, hex) >= ASSET_PATH_MAX)
			BUG("the name of asset %s is too long", e->name);
	}
	qsort(assets, n_assets, sizeof(assets[0]), compare_assets);
}

struct view page_asset(const char *name)
{
	pthread_once(&assets_made, make_assets);
	const struct asset *a =
		bsearch(&(struct asset){.name = name}, assets, n_assets, sizeof(assets[0]), compare_assets);
	if (!a)
		BUG("no asset %s", name);
	return view_of(a->path);
}

struct view page_local(struct call *c, struct view target, struct view otherwise)
{
	struct url base;

	if (target.len && url_parse(view_of(c->core->config.base_url), &base) && url_is_local(target, &base))
		return target;
	return otherwise;
}

struct view page_file(struct call *c, struct view key)
{
	return arena_printf(c->arena, "/media/%.*s", VIEW_ARG(key));
}

struct view page_absolute(struct call *c, struct view path)
{
	if (!view_starts(path, V("/")))
		return path;
	return arena_printf(c->arena, "%s%.*s", c->core->config.base_url, VIEW_ARG(path));
}

/* The page of an error may come after one that was begun. */
static void set_once(struct call *c, const char *name, struct view value)
{
	if (!http_has_header(c->x, name))
		call_header(c, name, value);
}

static bool is_framed(const struct call *c)
{
	return c->row && c->row->framed;
}

static bool runs_app(const struct call *c, const struct page_head *head)
{
	return head->app && c->auth.session_id;
}

void page_headers(struct call *c, struct view policy)
{
	set_once(c, "Content-Security-Policy", policy);
	set_once(c, "Referrer-Policy", is_framed(c) ? V("no-referrer") : V("same-origin"));
	set_once(c, "Vary", c->row && c->row->auth == AUTH_NONE ? V("Accept-Language") : V("Cookie, Accept-Language"));
}

/* Not "no-referrer": browsers would then hide the origin of forms too, by which gate/csrf.c knows them. */
static void send_headers(struct call *c, const struct page_head *head)
{
	static const struct view policies[] = {
		[FORMS_STAY] = V("default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
				 "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
		[FORMS_LEAVE] = V("default-src 'none'; style-src 'self'; img-src 'self'; "
				  "frame-ancestors 'none'; base-uri 'none'"),
	};

#define FRAMED                                                                                                         \
	"default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; frame-ancestors *; base-uri 'none'; "
	static const struct view framed = V(FRAMED "form-action 'none'; "
						   "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"),
				 asking = V(FRAMED "form-action 'self'; sandbox allow-scripts allow-forms allow-popups "
						   "allow-popups-to-escape-sandbox");
#undef FRAMED
	bool kept = !head->private && !c->auth.account.v;

	struct view policy = !is_framed(c) ? policies[head->forms] : head->asks ? asking : framed;
	if (runs_app(c, head))
		policy = arena_printf(c->arena, "%.*s; script-src 'self'; connect-src 'self'", VIEW_ARG(policy));
	else if (head->script)
		policy = arena_printf(c->arena, "%.*s; script-src 'self'%s", VIEW_ARG(policy),
				      head->shows_embed ? "; frame-src 'self'" : "");
	kept_policy(c, policy);
	set_once(c, "Cache-Control", kept ? V("private, no-cache") : V("private, no-store"));
	page_headers(c, policy);
}

static void draw_meta(struct html *h, const char *key, const char *name, struct view content)
{
	if (content.len)
		html_tag(h, "meta", A(key, view_of(name)), A("content", content));
}

static void draw_preview(struct call *c, struct html *h, const struct page_head *head)
{
	struct view title = head->title.len ? head->title : view_of(c->core->config.title);

	draw_meta(h, "name", "description", head->description);
	draw_meta(h, "property", "og:site_name", view_of(c->core->config.title));
	draw_meta(h, "property", "og:title", title);
	draw_meta(h, "property", "og:description", head->description);
	draw_meta(h, "property", "og:type", view_of(head->og_type ? head->og_type : "website"));
	if (head->canonical.len) {
		struct view url = page_absolute(c, head->canonical);

		draw_meta(h, "property", "og:url", url);
		html_tag(h, "link", A("rel", V("canonical")), A("href", url));
	}
	if (head->image.len)
		draw_meta(h, "property", "og:image", page_absolute(c, head->image));
}

static void draw_feeds(struct call *c, struct html *h, const struct page_head *head)
{
	static const struct {
		const char *type, *name;
	} kinds[] = {{"application/rss+xml", "rss"}, {"application/atom+xml", "atom"}};

	for (size_t i = 0; head->feed.len && i < ARRAY_LEN(kinds); i++)
		html_tag(h, "link", A("rel", V("alternate")), A("type", view_of(kinds[i].type)),
			 A("title", head->title),
			 A("href", arena_printf(c->arena, "%.*s.%s", VIEW_ARG(head->feed), kinds[i].name)));
}

static void draw_oembed(struct call *c, struct html *h, const struct page_head *head)
{
	struct buf CLEANUP(buf_release) url = {.max = 4 * LIMIT_URL_BYTES};

	if (!head->oembed.len)
		return;
	buf_printf(&url, "%s/api/oembed", c->core->config.base_url);
	url_add_param(&url, 0, V("url"), head->oembed);
	html_tag(h, "link", A("rel", V("alternate")), A("type", V("application/json+oembed")), A("title", head->title),
		 A("href", arena_view(c->arena, buf_view(&url))));
}

static void draw_script(struct html *h, const char *name)
{
	html_tag(h, "script", A("src", page_asset(name)));
	html_flag(h, "defer", true);
	html_close(h, "script");
}

static void draw_head(struct call *c, struct html *h, const struct page_head *head)
{
	html_open(h, "head");
	html_tag(h, "meta", A("charset", V("utf-8")));
	html_open(h, "title");
	if (head->title.len) {
		html_text(h, head->title);
		html_text(h, V(" · "));
	}
	html_text(h, view_of(c->core->config.title));
	html_close(h, "title");
	html_tag(h, "meta", A("name", V("viewport")), A("content", V("width=device-width, initial-scale=1")));
	html_tag(h, "meta", A("name", V("color-scheme")), A("content", V("light dark")));
	html_tag(h, "link", A("rel", V("stylesheet")), A("href", page_asset("style.css")));
	html_tag(h, "link", A("rel", V("icon")), A("href", page_asset("kicau.svg")), A("type", V("image/svg+xml")));
	html_tag(h, "link", A("rel", V("apple-touch-icon")), A("href", page_asset("icon-180.png")));
	if (head->script)
		draw_script(h, head->script);
	if (head->shows_embed)
		draw_script(h, "embed.js");
	for (size_t i = 0; runs_app(c, head) && i < ARRAY_LEN(app); i++) {
		html_tag(h, "script", A("type", V("module")), A("src", page_asset(app[i])));
		html_close(h, "script");
	}
	draw_feeds(c, h, head);
	draw_oembed(c, h, head);
	if (is_framed(c))
		html_tag(h, "base", A("target", V("_blank")));
	if (head->noindex)
		draw_meta(h, "name", "robots", V("noindex"));
	if (!head->private)
		draw_preview(c, h, head);
	html_close(h, "head");
}

static void draw_theme(struct call *c, struct html *h)
{
	struct view theme = page_theme(c);

	if (theme.len)
		html_attr(h, "data-theme", theme);
}

/* Somebody is logged in, and the page is not one that must do without looking into the database. */
static bool is_known(const struct call *c, const struct page_head *head)
{
	return c->auth.session_id && !head->bare && !is_framed(c);
}

void page_hidden(struct html *h, const char *name, struct view value)
{
	html_tag(h, "input", A("type", V("hidden")), A("name", view_of(name)), A("value", value));
}

static void hide_csrf(struct call *c, struct html *h)
{
	char csrf[TOKEN_LEN + 1];

	call_csrf(c, csrf);
	page_hidden(h, GATE_CSRF_FIELD, view_of(csrf));
}

static void draw_acts(struct call *c, struct html *h)
{
	html_tag(h, "form", A("method", V("post")), A("id", V(PAGE_ACTS)));
	html_flag(h, "hidden", true);
	hide_csrf(c, h);
	page_hidden(h, "back", page_here(c));
	html_close(h, "form");
}

struct html page_begin(struct call *c, const struct page_head *head)
{
	send_headers(c, head);
	struct html h = html_to(&c->out);
	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(page_tongue(c)))));
	draw_theme(c, &h);
	draw_head(c, &h, head);
	html_open(&h, "body");
	if (is_framed(c))
		html_attr(&h, "class", V("framed"));
	else if (is_known(c, head))
		html_attr(&h, "class", V("known"));
	for (size_t i = 0; runs_app(c, head) && i < ARRAY_LEN(app_words); i++)
		html_attr(&h, app_words[i].name, page_say(c, app_words[i].words));
	if (!is_framed(c))
		draw_bar(c, &h, head->bare);
	if (is_known(c, head)) {
		draw_rail(c, &h);
		draw_acts(c, &h);
	}
	html_tag(&h, "main", A("id", V("main")),
		 A("class", head->full	   ? V("full")
			    : head->narrow ? V("narrow")
					   : V("wide")));
	return h;
}

static void draw_foot(struct call *c, struct html *h)
{
	html_tag(h, "footer", A("class", V("foot")));
	html_tag(h, "nav", A("class", V("papers")), A("aria-label", page_say(c, about)));
	draw_document_links(c, h);
	html_close(h, "nav");
	html_open(h, "p");
	html_text(h, view_of(c->core->config.domain));
	html_text(h, V(" "));
	html_text(h, page_say(c, runs_on));
	html_text(h, V(" " KICAU_VERSION));
	html_close(h, "p");
	html_close(h, "footer");
}

enum err page_end(struct call *c, struct html *h)
{
	html_close(h, "main");
	if (!is_framed(c))
		draw_foot(c, h);
	html_close(h, "body");
	html_close(h, "html");
	TRY(html_done(h));
	kept_end(c);
	return OK;
}

struct view page_here(const struct call *c)
{
	return c->x->method == HTTP_GET ? c->x->target : V("/home");
}

static void begin_form(struct call *c, struct html *h, struct view action, const char *class_name, bool files)
{
	html_tag(h, "form", A("method", V("post")), A("action", action), A("class", view_of(class_name)));
	if (files)
		html_attr(h, "enctype", V("multipart/form-data"));
	hide_csrf(c, h);
}

void page_form(struct call *c, struct html *h, struct view action, const char *class_name)
{
	begin_form(c, h, action, class_name, false);
}

void page_form_files(struct call *c, struct html *h, struct view action, const char *class_name)
{
	begin_form(c, h, action, class_name, true);
}
