/*
 * syndicate.c - see syndicate.h. A feed reader that asks again with the ETag it was given is told that nothing changed.
 */
#include "base/base.h"

#include "web/syndicate.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/secret.h"
#include "core/post_lists.h"
#include "core/tags.h"
#include "core/timelines.h"
#include "media/files.h"
#include "text/plain.h"
#include "web/account_view.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define TITLE_CHARS 80
#define TITLE_BYTES 1024
#define PAGES_READ 5 /* at most, where others than public posts stand between them */
#define ETAG_BYTES 8
#define KEPT_FOR V("public, max-age=120")

static const struct {
	struct view posts_of, posts_with, untitled, warning;
} words = {
	.posts_of = V("Public posts by "),
	.posts_with = V("Public posts with #"),
	.untitled = V("A post"),
	.warning = V("Content warning: "),
};

/* --- parts of posts --- */

struct view item_title(struct call *c, const struct post *p)
{
	struct buf CLEANUP(buf_release) out = {.max = TITLE_BYTES};

	if (p->spoiler.len)
		return p->spoiler;
	if (plain_line(&out, html_trust_stored(p->html), TITLE_CHARS) != OK || !out.len)
		return words.untitled;
	return arena_view(c->arena, buf_view(&out));
}

static void write_options(struct html *h, const struct post_poll *poll)
{
	html_open(h, "ul");
	for (size_t i = 0; i < poll->n_options; i++)
		html_elem(h, "li", poll->options[i].title);
	html_close(h, "ul");
}

struct view item_content(struct call *c, const struct post *p)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_REPLY};
	struct html h = html_to(&out);

	if (p->spoiler.len) {
		html_open(&h, "p");
		html_elem(&h, "strong", words.warning);
		html_text(&h, p->spoiler);
		html_close(&h, "p");
		html_open(&h, "hr");
	}
	html_safe(&h, html_trust_stored(p->html));
	if (p->poll)
		write_options(&h, p->poll);
	return html_done(&h) == OK ? arena_view(c->arena, buf_view(&out)) : V("");
}

static const char *medium_of(struct view kind)
{
	static const struct {
		const char *kind, *medium;
	} media[] = {{"image", "image"}, {"gifv", "video"}, {"video", "video"}, {"audio", "audio"}};

	for (size_t i = 0; i < ARRAY_LEN(media); i++)
		if (view_is(kind, media[i].kind))
			return media[i].medium;
	return NULL;
}

bool item_file(struct call *c, const struct post_media *m, struct item_file *ret)
{
	const char *medium = medium_of(m->kind);
	int fd;

	if (!m->ready || !m->file.len || !medium)
		return false;
	*ret = (struct item_file){
		.url = page_absolute(c, page_file(c, m->file)),
		.type = view_of(files_type(m->file)),
		.medium = medium,
	};
	if (files_open(c->core->config.data_dir, m->file, &fd, &ret->bytes) == OK)
		close(fd);
	return true;
}

/* --- what is in a feed --- */

/* Of a page of posts those that are public, behind the n there are already. */
static enum err take_public(struct call *c, const struct post_id *ids, size_t n_ids, struct shown_post *ret,
			    size_t *ret_n)
{
	struct shown_post page[FEED_POSTS];
	size_t n = 0;

	TRY(shown_load(c, ids, n_ids, listed_for, 0, page, &n));
	for (size_t i = 0; i < n && *ret_n < FEED_POSTS; i++)
		if (page[i].post.meta.visibility == VISIBILITY_PUBLIC)
			ret[(*ret_n)++] = page[i];
	return OK;
}

static enum err load_posts(struct call *c, struct account_id who, struct shown_post *ret, size_t *ret_n)
{
	struct account_posts_filter filter = {.exclude_replies = true, .exclude_boosts = true};
	struct page page = {.limit = FEED_POSTS};
	struct post_id ids[FEED_POSTS];

	for (size_t round = 0; round < PAGES_READ && *ret_n < FEED_POSTS; round++) {
		size_t n = 0;
		int64_t on = 0;

		TRY(account_posts(c->core, c->db, c->arena, c->viewer, who, &filter, &page, ids, &n, &on));
		TRY(take_public(c, ids, n, ret, ret_n));
		page.max_id = on ? on : n == FEED_POSTS ? ids[n - 1].v : 0;
		if (!page.max_id)
			break;
	}
	return OK;
}

static int64_t newest_change(const struct shown_post *posts, size_t n)
{
	int64_t newest = 0;

	for (size_t i = 0; i < n; i++) {
		const struct post *p = &posts[i].post;
		int64_t at = p->edited_at ? p->edited_at : p->created_at;

		newest = at > newest ? at : newest;
	}
	return newest;
}

/* A page's address without the ".rss" or ".atom" of its feed's. */
static struct view page_of(struct view self)
{
	size_t end = self.len;

	while (end && self.p[end - 1] != '.')
		end--;
	return view_sub(self, 0, end ? end - 1 : 0);
}

static enum err load_account(struct call *c, struct channel *ch)
{
	struct shown_post *posts = ARENA_ARRAY(c->arena, FEED_POSTS, struct shown_post);
	struct account *a = ARENA_NEW(c->arena, struct account);

	TRY(find_account(c, a));
	TRY(load_posts(c, a->id, posts, &ch->n));
	ch->author = a;
	ch->posts = posts;
	ch->title = account_shown_name(a);
	ch->subtitle =
		arena_printf(c->arena, "%.*s%.*s", VIEW_ARG(words.posts_of), VIEW_ARG(account_handle_full(c, a)));
	ch->page = a->url;
	ch->image = page_absolute(c, a->avatar.len ? account_avatar(c, a) : page_asset("avatar.png"));
	ch->updated_at = ch->n ? newest_change(posts, ch->n) : a->created_at;
	return OK;
}

static enum err load_tag(struct call *c, struct channel *ch)
{
	struct shown_post *posts = ARENA_ARRAY(c->arena, FEED_POSTS, struct shown_post);
	struct page page = {.limit = FEED_POSTS};
	struct post_id ids[FEED_POSTS];
	struct tag tag;
	size_t n = 0;

	if (c->core->config.public_timelines_need_login)
		return ERR_UNAUTHORIZED;
	TRY(tag_load(c->db, c->arena, arg_str(c, "name"), &tag));
	struct tag_filter filter = {.name = tag.name};
	TRY(timeline_tag(c->core, c->db, c->arena, c->viewer, &filter, &page, ids, &n));
	TRY(take_public(c, ids, n, posts, &ch->n));
	ch->posts = posts;
	ch->title = arena_printf(c->arena, "#%.*s", VIEW_ARG(tag.display));
	ch->subtitle = arena_printf(c->arena, "%.*s%.*s", VIEW_ARG(words.posts_with), VIEW_ARG(tag.display));
	ch->page = page_of(ch->self);
	ch->updated_at = newest_change(posts, ch->n);
	return OK;
}

/* --- answering --- */

/* RFC 9110 13.1.2, for the one tag that a feed reader remembers. */
static enum err answer_once(struct call *c)
{
	struct digest d = digest_sha256(buf_view(&c->out));
	char hex[HEX_LEN(ETAG_BYTES) + 1];

	hex_encode(d.b, ETAG_BYTES, hex);
	struct view etag = arena_printf(c->arena, "\"%s\"", hex);
	call_header(c, "ETag", etag);
	call_header(c, "Cache-Control", KEPT_FOR);
	if (view_eq(http_header(c->x, "If-None-Match"), etag)) {
		c->status = 304;
		buf_clear(&c->out);
	}
	return OK;
}

static enum err answer(struct call *c, enum err (*load)(struct call *, struct channel *),
		       enum err (*write)(struct call *, const struct channel *), struct view type)
{
	struct channel ch = {.self = page_absolute(c, c->x->path)};

	TRY(load(c, &ch));
	TRY(write(c, &ch));
	call_header(c, "Content-Type", type);
	return answer_once(c);
}

#define RSS_TYPE V("application/rss+xml; charset=utf-8")
#define ATOM_TYPE V("application/atom+xml; charset=utf-8")

static enum err account_rss(struct call *c)
{
	return answer(c, load_account, rss_write, RSS_TYPE);
}

static enum err account_atom(struct call *c)
{
	return answer(c, load_account, atom_write, ATOM_TYPE);
}

static enum err tag_rss(struct call *c)
{
	return answer(c, load_tag, rss_write, RSS_TYPE);
}

static enum err tag_atom(struct call *c)
{
	return answer(c, load_tag, atom_write, ATOM_TYPE);
}

#define FEED(at, fn, name_doc)                                                                                         \
	.method = HTTP_GET, .path = (at), .handle = (fn), .auth = AUTH_NONE, .rate = RATE_DEFAULT,                     \
	.meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_OTHER, .reply = "Feed",                                  \
	.params = PARAMS({.name = "name", .doc = (name_doc)})

const struct endpoint web_syndication[] = {
	{FEED("/@:name.rss", account_rss, "User name."), .doc = "The public posts of an account without its replies, RSS 2.0."},
	{FEED("/@:name.atom", account_atom, "User name."), .doc = "The public posts of an account without its replies, Atom."},
	{FEED("/tags/:name.rss", tag_rss, "The tag, without #."), .doc = "Public posts with a hashtag, RSS 2.0."},
	{FEED("/tags/:name.atom", tag_atom, "The tag, without #."), .doc = "Public posts with a hashtag, Atom."},
	ENDPOINTS_END,
};
