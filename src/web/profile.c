/*
 * profile.c - an account's page.
 */
#include "base/base.h"

#include "core/admitted.h"
#include "core/page.h"
#include "core/post_lists.h"
#include "text/plain.h"
#include "web/account_view.h"
#include "web/kept.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define DESCRIPTION_CHARS 200
#define DESCRIPTION_BYTES 4096

static const struct {
	struct view gone, tabs, posts, replies, media, empty, pinned;
} words = {
	.gone = N_("This account is not here any more."),
	.tabs = N_("What to show"),
	.posts = N_("Posts"),
	.replies = N_("With replies"),
	.media = N_("Media"),
	.empty = N_("Nothing here yet."),
	.pinned = N_("Pinned"),
};

enum tab { TAB_POSTS, TAB_REPLIES, TAB_MEDIA };

static const struct {
	const char *path;
	struct account_posts_filter filter;
} tabs[] = {
	[TAB_POSTS] = {"", {.exclude_replies = true}},
	[TAB_REPLIES] = {"/with_replies", {0}},
	[TAB_MEDIA] = {"/media", {.only_media = true}},
};

enum err find_account(struct call *c, struct account *ret)
{
	struct account_id id;

	TRY(account_find_acct(c->core, c->db, arg_str(c, "name"), &id));
	kept_shows(c, KEPT_ACCOUNT, id.v);
	TRY(account_admitted(c->core, c->db, id));
	TRY(account_load(c->db, c->arena, id, ret));
	if (ret->suspended)
		return call_fail(c, ERR_GONE, "%.*s", VIEW_ARG(page_say(c, words.gone)));
	return OK;
}

struct view page_summary(struct call *c, struct safe_html html)
{
	struct buf CLEANUP(buf_release) out = {.max = DESCRIPTION_BYTES};

	if (plain_line(&out, html, DESCRIPTION_CHARS) != OK)
		return V("");
	return arena_view(c->arena, buf_view(&out));
}

static void draw_kinds(struct call *c, struct html *h, const struct account *a, enum tab current)
{
	const struct view names[] = {page_say(c, words.posts), page_say(c, words.replies), page_say(c, words.media)};

	html_tag(h, "nav", A("class", V("tabs")), A("aria-label", page_say(c, words.tabs)));
	for (enum tab t = TAB_POSTS; t <= TAB_MEDIA; t++) {
		html_tag(h, "a",
			 A("href", arena_printf(c->arena, "%.*s%s", VIEW_ARG(account_path(c, a)), tabs[t].path)));
		if (t == current)
			html_attr(h, "aria-current", V("page"));
		html_text(h, names[t]);
		html_close(h, "a");
	}
	html_close(h, "nav");
}

static enum err draw_pinned(struct call *c, struct html *h, const struct account *a)
{
	struct account_posts_filter filter = {.pinned = true};
	struct page page = {.limit = FEED_POSTS};
	struct post_id ids[FEED_POSTS];
	struct shown_post posts[FEED_POSTS];
	size_t n = 0, shown = 0;
	int64_t on;

	TRY(account_posts(c->core, c->db, c->arena, c->viewer, a->id, &filter, &page, ids, &n, &on));
	TRY(shown_load(c, ids, n, profile_listed_for, FILTER_ACCOUNT, posts, &shown));
	if (!shown)
		return OK;
	html_tag(h, "section", A("class", V("feed")), A("aria-label", page_say(c, words.pinned)));
	for (size_t i = 0; i < shown; i++)
		draw_post(c, h, &posts[i], PLACE_PINNED);
	html_close(h, "section");
	return OK;
}

static struct page_head profile_head(struct call *c, const struct account *a, enum tab tab)
{
	struct view path = account_path(c, a);

	return (struct page_head){
		.title = arena_printf(c->arena, "%.*s (%.*s)", VIEW_ARG(account_shown_name(a)),
				      VIEW_ARG(account_handle_full(c, a))),
		.description = page_summary(c, html_trust_stored(a->note_html)),
		.canonical = arena_printf(c->arena, "%.*s%s", VIEW_ARG(path), tabs[tab].path),
		.feed = path,
		.image = a->avatar.len ? account_avatar(c, a) : page_asset("avatar.png"),
		.og_type = "profile",
		.app = true,
		.noindex = !account_searchable(a),
	};
}

static enum err load_moved(struct call *c, const struct account *a, struct account *to, const struct account **ret)
{
	if (!a->moved_to.v)
		return OK;
	kept_shows(c, KEPT_ACCOUNT, a->moved_to.v);
	enum err err = account_load(c->db, c->arena, a->moved_to, to);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	*ret = to->suspended ? NULL : to;
	return OK;
}

static enum err load_relation(struct call *c, const struct account *a, struct relationship **ret)
{
	struct relationship *r;

	if (!c->auth.session_id)
		return OK;
	r = ARENA_NEW(c->arena, struct relationship);
	TRY(graph_relationships(c->db, c->arena, c->auth.account, &a->id, 1, r));
	*ret = r;
	return OK;
}

static enum err show_profile(struct call *c, enum tab tab)
{
	struct account a, to;
	const struct account *moved_to = NULL;
	struct relationship *relation = NULL;
	struct post_id ids[FEED_POSTS];
	struct feed feed = {
		.ids = ids, .page = feed_page(c), .context = FILTER_ACCOUNT, .empty = page_say(c, words.empty)};

	kept_begin(c);
	TRY(find_account(c, &a));
	kept_shows(c, KEPT_POSTS, a.id.v);
	TRY(load_moved(c, &a, &to, &moved_to));
	TRY(account_posts(c->core, c->db, c->arena, c->viewer, a.id, &tabs[tab].filter, &feed.page, ids, &feed.n,
			  &feed.on));
	TRY(load_relation(c, &a, &relation));
	struct page_head head = profile_head(c, &a, tab);
	struct html h = page_begin(c, &head);
	draw_account_head(c, &h, &a, moved_to, relation);
	TRY(draw_featured(c, &h, &a));
	draw_kinds(c, &h, &a, tab);
	if (tab == TAB_POSTS && !feed.page.max_id && !feed.page.min_id)
		TRY(draw_pinned(c, &h, &a));
	TRY(draw_feed(c, &h, &feed));
	return page_end(c, &h);
}

static enum err show_posts(struct call *c)
{
	return show_profile(c, TAB_POSTS);
}

static enum err show_replies(struct call *c)
{
	return show_profile(c, TAB_REPLIES);
}

static enum err show_media(struct call *c)
{
	return show_profile(c, TAB_MEDIA);
}

#define NAME_PARAM                                                                                                     \
	{                                                                                                              \
		.name = "name", .doc = "User name; of another server with @ and its name."                             \
	}

const struct endpoint web_profiles[] = {
	{PAGE_ROW("/@:name", show_posts), .kept = kept_answer, .params = PARAMS(NAME_PARAM, FEED_PARAMS), .doc = "An account and its posts."},
	{PAGE_ROW("/@:name/with_replies", show_replies), .kept = kept_answer, .params = PARAMS(NAME_PARAM, FEED_PARAMS),
	 .doc = "An account and its posts, with replies to others."},
	{PAGE_ROW("/@:name/media", show_media), .kept = kept_answer, .params = PARAMS(NAME_PARAM, FEED_PARAMS),
	 .doc = "An account and its posts with pictures."},
	{PAGE_ROW("/@:name/:id", show_thread), .kept = kept_answer, .missing = post_missing,
	 .params = PARAMS(NAME_PARAM, {.name = "id", .type = PARAM_POST, .doc = "The post."}),
	 .doc = "A post in its thread."},
	ENDPOINTS_END,
};
