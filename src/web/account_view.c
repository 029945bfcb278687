/*
 * account_view.c - see account_view.h.
 */
#include "base/base.h"

#include "web/account_view.h"

#include "web/figures.h"
#include "web/icons.h"
#include "web/people.h"

static const struct {
	struct view bot, group, locked, collections, joined, moved, verified, follow, follow_where, elsewhere, edit,
		note, note_change;
	struct noun posts, following, followers;
} words = {
	.bot = N_("automated"),
	.group = N_("group"),
	.locked = N_("approves followers"),
	.collections = N_("Collections"),
	.joined = N_("Here since "),
	.moved = N_("This account has moved to "),
	.verified = N_("verified"),
	.follow = N_("To follow, search for"),
	.follow_where = N_("in your app."),
	.edit = N_("Change your profile"),
	.note = N_("Your note, which nobody else sees:"),
	.note_change = N_("Change it"),
	.elsewhere = N_("The original page of this account"),
	.posts = {N_("post"), N_("posts")},
	.following = {N_("following"), N_("following")},
	.followers = {N_("follower"), N_("followers")},
};

struct view account_handle(struct call *c, const struct account *a)
{
	if (account_is_local(a))
		return arena_printf(c->arena, "@%.*s", VIEW_ARG(a->username));
	return arena_printf(c->arena, "@%.*s@%.*s", VIEW_ARG(a->username), VIEW_ARG(a->domain));
}

struct view account_handle_full(struct call *c, const struct account *a)
{
	struct view domain = account_is_local(a) ? view_of(c->core->config.domain) : a->domain;

	return arena_printf(c->arena, "@%.*s@%.*s", VIEW_ARG(a->username), VIEW_ARG(domain));
}

struct view account_path(struct call *c, const struct account *a)
{
	return arena_printf(c->arena, "/%.*s", VIEW_ARG(account_handle(c, a)));
}

struct view account_shown_name(const struct account *a)
{
	return view_trim(a->display_name).len ? a->display_name : a->username;
}

struct view account_avatar(struct call *c, const struct account *a)
{
	struct view key = a->avatar_static.len ? a->avatar_static : a->avatar;

	return key.len ? page_file(c, key) : page_asset("avatar.svg");
}

void draw_avatar(struct call *c, struct html *h, const struct account *a, int size)
{
	html_tag(h, "img", A("class", V("avatar")), A("src", account_avatar(c, a)), A("alt", V("")));
	html_attr_int(h, "width", size);
	html_attr_int(h, "height", size);
}

void draw_account_line(struct call *c, struct html *h, const struct account *a)
{
	struct view path = account_path(c, a);

	draw_avatar(c, h, a, 48);
	html_tag(h, "a", A("class", V("name")), A("href", path));
	html_elem(h, "bdi", account_shown_name(a));
	html_text(h, V(" "));
	html_elem(h, "span", account_handle(c, a), A("class", V("handle")), A("translate", V("no")));
	html_close(h, "a");
}

static void draw_badge(struct html *h, enum icon icon, struct view text)
{
	html_tag(h, "span", A("class", V("badge")));
	draw_icon(h, icon);
	html_text(h, text);
	html_close(h, "span");
}

static void draw_badges(struct call *c, struct html *h, const struct account *a)
{
	if (!a->bot && !a->group && !a->locked)
		return;
	html_tag(h, "p", A("class", V("badges")));
	if (a->bot)
		draw_badge(h, ICON_BOT, page_say(c, words.bot));
	if (a->group)
		draw_badge(h, ICON_PUBLIC, page_say(c, words.group));
	if (a->locked)
		draw_badge(h, ICON_PRIVATE, page_say(c, words.locked));
	html_close(h, "p");
}

static struct view json_view(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value) ? view_make(json_string_value(value), json_string_length(value)) : V("");
}

/* Field values are HTML that core/account_update.c made. */
static void draw_field(struct call *c, struct html *h, const json_t *field)
{
	bool verified = json_view(field, "verified_at").len > 0;

	html_tag(h, "div", A("class", verified ? V("verified") : V("")));
	html_elem(h, "dt", json_view(field, "name"), A("dir", V("auto")));
	html_tag(h, "dd", A("dir", V("auto")));
	html_safe(h, html_trust_stored(json_view(field, "html")));
	if (verified) {
		html_text(h, V(" "));
		draw_badge(h, ICON_CHECK, page_say(c, words.verified));
	}
	html_close(h, "dd");
	html_close(h, "div");
}

static void draw_fields(struct call *c, struct html *h, const struct account *a)
{
	json_t *fields = json_loadb(a->fields.p, a->fields.len, 0, NULL);
	const json_t *field;
	size_t i;

	if (json_array_size(fields)) {
		html_tag(h, "dl", A("class", V("fields")));
		json_array_foreach (fields, i, field)
			draw_field(c, h, field);
		html_close(h, "dl");
	}
	json_decref(fields);
}

/* rest: of the path where they are listed, for who is logged in; NULL: nowhere. */
static void draw_figure(struct call *c, struct html *h, const struct account *a, const char *rest, int64_t n,
			const struct noun *noun)
{
	bool linked = rest && c->auth.session_id;

	html_open(h, "li");
	if (linked)
		html_tag(h, "a", A("href", arena_printf(c->arena, "%.*s/%s", VIEW_ARG(account_path(c, a)), rest)));
	html_open(h, "strong");
	draw_number(c, h, n);
	html_close(h, "strong");
	html_text(h, V(" "));
	html_text(h, page_say(c, n == 1 ? noun->one : noun->many));
	if (linked)
		html_close(h, "a");
	html_close(h, "li");
}

static void draw_figures(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "ul", A("class", V("figures")));
	draw_figure(c, h, a, NULL, a->posts, &words.posts);
	if (!a->hide_collections) {
		draw_figure(c, h, a, "following", a->following, &words.following);
		draw_figure(c, h, a, "followers", a->followers, &words.followers);
	}
	html_open(h, "li");
	html_elem(h, "a", page_say(c, words.collections),
		  A("href", arena_printf(c->arena, "%.*s/collections", VIEW_ARG(account_path(c, a)))));
	html_close(h, "li");
	html_open(h, "li");
	html_text(h, page_say(c, words.joined));
	draw_month(c, h, a->created_at);
	html_close(h, "li");
	html_close(h, "ul");
}

static void draw_banner(struct call *c, struct html *h, const struct account *a)
{
	struct view key = a->header_static.len ? a->header_static : a->header;

	html_tag(h, "img", A("class", V("banner")), A("src", key.len ? page_file(c, key) : page_asset("header.svg")),
		 A("alt", key.len ? a->header_description : V("")), A("width", V("1500")), A("height", V("500")));
}

static void draw_face(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "img", A("class", V("avatar")), A("src", account_avatar(c, a)), A("width", V("112")),
		 A("height", V("112")), A("alt", a->avatar.len ? a->avatar_description : V("")));
}

static void draw_names(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "h1", A("dir", V("auto")), A("class", V("p-name")));
	html_text(h, account_shown_name(a));
	html_close(h, "h1");
	html_elem(h, "p", account_handle_full(c, a), A("class", V("handle")), A("translate", V("no")));
}

static void draw_moved(struct call *c, struct html *h, const struct account *to)
{
	html_tag(h, "p", A("class", V("notice")));
	html_text(h, page_say(c, words.moved));
	html_elem(h, "a", account_handle_full(c, to), A("href", account_path(c, to)));
	html_text(h, V("."));
	html_close(h, "p");
}

static void draw_how(struct call *c, struct html *h, const struct account *a)
{
	html_tag(h, "p", A("class", V("hint")));
	html_text(h, page_say(c, words.follow));
	html_text(h, V(" "));
	html_elem(h, "code", account_handle_full(c, a));
	html_text(h, V(" "));
	html_text(h, page_say(c, words.follow_where));
	if (!account_is_local(a)) {
		html_text(h, V(" "));
		html_elem(h, "a", page_say(c, words.elsewhere), A("href", a->url), A("rel", V("noopener nofollow")));
		html_text(h, V("."));
	}
	html_close(h, "p");
}

static void draw_note(struct call *c, struct html *h, const struct account *a, struct view note)
{
	html_tag(h, "div", A("class", V("quoted own-note")));
	html_tag(h, "p", A("class", V("hint")));
	html_text(h, page_say(c, words.note));
	html_text(h, V(" "));
	html_elem(h, "a", page_say(c, words.note_change),
		  A("href", arena_printf(c->arena, "/relation?account=%" PRId64 "#note", a->id.v)));
	html_close(h, "p");
	html_elem(h, "p", note, A("class", V("as-typed")), A("dir", V("auto")));
	html_close(h, "div");
}

/* Who is logged in acts with buttons; others are told how. */
static void draw_ways(struct call *c, struct html *h, const struct account *a, const struct relationship *relation)
{
	if (!relation)
		draw_how(c, h, a);
	else if (account_eq(a->id, c->auth.account))
		html_elem(h, "a", page_say(c, words.edit), A("href", V("/settings/profile")), A("class", V("pill")));
	else
		draw_account_actions(c, h, a, relation);
	if (relation && relation->note.len)
		draw_note(c, h, a, relation->note);
}

void draw_account_head(struct call *c, struct html *h, const struct account *a, const struct account *moved_to,
		       const struct relationship *relation)
{
	html_tag(h, "header", A("class", V("profile h-card")));
	draw_banner(c, h, a);
	draw_face(c, h, a);
	draw_names(c, h, a);
	draw_badges(c, h, a);
	if (moved_to)
		draw_moved(c, h, moved_to);
	html_tag(h, "div", A("class", V("note p-note")), A("dir", V("auto")));
	html_safe(h, html_trust_stored(a->note_html));
	html_close(h, "div");
	draw_fields(c, h, a);
	draw_figures(c, h, a);
	draw_ways(c, h, a, relation);
	html_close(h, "header");
}
