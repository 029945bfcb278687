/*
 * page.c - see page.h.
 */
#include "base/base.h"

#include "web/page.h"

#include "base/embedded.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "gate/gate.h"
#include "text/url.h"
#include "web/icons.h"

#define VERSION_BYTES 6

static const struct {
	struct view skip, nav, public, about, log_in, security, log_out, runs_on;
} words = {
	.skip = N_("Skip to the content"),
	.nav = N_("Main"),
	.public = N_("Newest"),
	.about = N_("About"),
	.log_in = N_("Log in"),
	.security = N_("Security"),
	.log_out = N_("Log out"),
	.runs_on = V("runs on kicau"),
};

enum tongue page_tongue(const struct call *c)
{
	return tongue_accepted(http_header(c->x, "Accept-Language"));
}

struct view page_say(struct call *c, struct view words_of_page)
{
	return say(page_tongue(c), words_of_page);
}

/* The frame speaks the language of what it is around. */
static struct view frame_say(struct call *c, const struct page_head *head, struct view words_of_frame)
{
	return head->spoken ? page_say(c, words_of_frame) : words_of_frame;
}

static const struct embedded *find_asset(const char *name)
{
	for (const struct embedded *e = embedded_assets; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	BUG("no asset %s", name);
}

struct view page_asset(struct call *c, const char *name)
{
	const struct embedded *e = find_asset(name);
	struct digest d = digest_sha256(view_make((const char *)e->data, e->len));
	char version[HEX_LEN(VERSION_BYTES) + 1];

	hex_encode(d.b, VERSION_BYTES, version);
	return arena_printf(c->arena, "/assets/%s?v=%s", name, version);
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

/* Not "no-referrer": browsers would then hide the origin of forms too, by which gate/csrf.c knows them. */
static void send_headers(struct call *c, const struct page_head *head)
{
	static const struct view policies[] = {
		[FORMS_STAY] = V("default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
				 "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
		[FORMS_LEAVE] = V("default-src 'none'; style-src 'self'; img-src 'self'; "
				  "frame-ancestors 'none'; base-uri 'none'"),
	};

	static const struct view framed = V("default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
					    "form-action 'none'; frame-ancestors *; base-uri 'none'");
	bool kept = !head->private && !c->auth.account.v;

	struct view policy = is_framed(c) ? framed : policies[head->forms];
	if (head->script)
		policy = arena_printf(c->arena, "%.*s; script-src 'self'", VIEW_ARG(policy));
	set_once(c, "Content-Security-Policy", policy);
	set_once(c, "Referrer-Policy", V("same-origin"));
	set_once(c, "Cache-Control", kept ? V("private, no-cache") : V("private, no-store"));
	set_once(c, "Vary", head->spoken ? V("Cookie, Accept-Language") : V("Cookie"));
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
	html_tag(h, "link", A("rel", V("stylesheet")), A("href", page_asset(c, "style.css")));
	html_tag(h, "link", A("rel", V("icon")), A("href", page_asset(c, "kicau.svg")), A("type", V("image/svg+xml")));
	html_tag(h, "link", A("rel", V("apple-touch-icon")), A("href", page_asset(c, "icon-180.png")));
	if (head->script) {
		html_tag(h, "script", A("src", page_asset(c, head->script)));
		html_flag(h, "defer", true);
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

static void draw_nav_link(struct call *c, struct html *h, const char *path, struct view text)
{
	html_tag(h, "a", A("href", view_of(path)));
	if (view_is(c->x->path, path))
		html_attr(h, "aria-current", V("page"));
	html_text(h, text);
	html_close(h, "a");
}

static void draw_person(struct call *c, struct html *h, const struct page_head *head)
{
	struct account me;

	if (!c->auth.session_id) {
		draw_nav_link(c, h, "/login", frame_say(c, head, words.log_in));
		return;
	}
	if (account_load(c->db, c->arena, c->auth.account, &me) == OK) {
		struct view handle = arena_printf(c->arena, "@%.*s", VIEW_ARG(me.username));

		html_elem(h, "a", handle, A("href", arena_printf(c->arena, "/%.*s", VIEW_ARG(handle))),
			  A("class", V("me")));
	}
	draw_nav_link(c, h, "/settings/security", frame_say(c, head, words.security));
	page_form(c, h, V("/logout"), "inline");
	html_elem(h, "button", frame_say(c, head, words.log_out), A("class", V("plain")));
	html_close(h, "form");
}

static void draw_bar(struct call *c, struct html *h, const struct page_head *head)
{
	html_elem(h, "a", frame_say(c, head, words.skip), A("class", V("skip")), A("href", V("#main")));
	html_tag(h, "header", A("class", V("bar")));
	html_tag(h, "a", A("class", V("brand")), A("href", V("/")));
	html_tag(h, "img", A("src", page_asset(c, "kicau.svg")), A("alt", V("")), A("width", V("32")),
		 A("height", V("32")));
	html_elem(h, "span", view_of(c->core->config.title));
	html_close(h, "a");
	html_tag(h, "nav", A("aria-label", frame_say(c, head, words.nav)));
	draw_nav_link(c, h, "/public", frame_say(c, head, words.public));
	draw_nav_link(c, h, "/about", frame_say(c, head, words.about));
	if (!head->bare)
		draw_person(c, h, head);
	html_close(h, "nav");
	html_close(h, "header");
}

struct html page_begin(struct call *c, const struct page_head *head)
{
	send_headers(c, head);
	struct html h = html_to(&c->out);
	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(head->spoken ? page_tongue(c) : TONGUE_EN))));
	draw_head(c, &h, head);
	html_open(&h, "body");
	if (is_framed(c))
		html_attr(&h, "class", V("framed"));
	if (!is_framed(c))
		draw_bar(c, &h, head);
	html_tag(&h, "main", A("id", V("main")), A("class", head->narrow ? V("narrow") : V("wide")));
	return h;
}

static void draw_foot(struct call *c, struct html *h)
{
	html_tag(h, "footer", A("class", V("foot")));
	html_open(h, "p");
	html_text(h, view_of(c->core->config.domain));
	html_text(h, V(" "));
	html_text(h, words.runs_on);
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
	return html_done(h);
}

void page_hidden(struct html *h, const char *name, struct view value)
{
	html_tag(h, "input", A("type", V("hidden")), A("name", view_of(name)), A("value", value));
}

void page_form(struct call *c, struct html *h, struct view action, const char *class_name)
{
	char csrf[TOKEN_LEN + 1];

	call_csrf(c, csrf);
	html_tag(h, "form", A("method", V("post")), A("action", action), A("class", view_of(class_name)));
	page_hidden(h, GATE_CSRF_FIELD, arena_view(c->arena, view_of(csrf)));
}
