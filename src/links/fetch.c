/*
 * fetch.c - see fetch.h. What a site answers is believed about itself, and about nothing else: its own address may be
 * another one of the same host, its author an account here that says so itself.
 */
#include "base/base.h"

#include "links/fetch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/accounts.h"
#include "core/admitted.h"
#include "core/attribution.h"
#include "core/previews.h"
#include "links/oembed.h"
#include "links/webpage.h"
#include "media/card_picture.h"
#include "net/net.h"
#include "text/url.h"

#define PAGE_BYTES LIMIT_MIB
#define OEMBED_BYTES (64 * LIMIT_KIB)
#define WAIT_MS 10000
#define REDIRECTS 3

struct look {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct view link;
	struct webpage_info page;
	struct preview card;
	struct view image; /* URL */
};

static bool is_type(struct view content_type, struct view type)
{
	struct view essence = view_trim(view_sub(content_type, 0, view_find(content_type, 0, ';')));

	return view_eq_nocase(essence, type);
}

/* "text/html; charset=iso-8859-1", "…; charset=\"utf-8\"" */
static struct view charset_of(struct view content_type)
{
	static const struct view key = V("charset=");

	for (size_t at = 0; at + key.len < content_type.len; at++) {
		struct view rest = view_sub(content_type, at, content_type.len);

		if (!view_eq_nocase(view_sub(rest, 0, key.len), key))
			continue;
		rest = view_sub(rest, key.len, rest.len);
		rest = view_trim(view_sub(rest, 0, view_find(rest, 0, ';')));
		if (rest.len > 1 && rest.p[0] == '"')
			rest = view_sub(rest, 1, rest.len - 2);
		return rest;
	}
	return V("");
}

/* ERR_NOT_FOUND: there is an answer, but nothing to make a card of; other errors are the network's. */
static enum err ask(struct look *l, struct view url, const char *accept, size_t max, bool cut, struct net_reply *ret)
{
	const struct net_request rq = {
		.method = NET_GET,
		.url = url,
		.headers = {{"Accept", view_of(accept)}},
		.ms = WAIT_MS,
		.max_bytes = max,
		.cut = cut,
		.redirects = REDIRECTS,
	};

	TRY(net_wait(l->core->net, l->arena, &rq, ret));
	return ret->status == 200 && ret->body.len ? OK : ERR_NOT_FOUND;
}

/* A page may call itself by another address, of its own site. */
static struct view own_address(const struct look *l, struct view asked)
{
	struct url canonical, url;

	if (l->page.canonical.len && url_parse(l->page.canonical, &canonical) && url_parse(asked, &url) &&
	    view_eq_nocase(canonical.host, url.host))
		return l->page.canonical;
	return asked;
}

static void take_page(struct look *l, struct view asked)
{
	const struct webpage_info *page = &l->page;

	l->card = (struct preview){
		.kind = PREVIEW_LINK,
		.url = own_address(l, asked),
		.title = page->title,
		.description = page->description,
		.language = arena_view(l->arena, view_of(page->language)),
		.author_name = page->author,
		.author_url = page->author_url,
		.provider_name = page->site,
		.image_text = page->image_text,
		.published_at = page->published_at,
	};
	l->image = page->image;
}

static void look_at_oembed(struct look *l)
{
	struct net_reply reply;

	if (!l->page.oembed.len || ask(l, l->page.oembed, "application/json", OEMBED_BYTES, false, &reply) != OK)
		return;
	oembed_read(l->arena, reply.body, l->page.oembed, &l->card, &l->image);
}

/* What cannot be had is left out: a card needs no picture. */
static void look_at_image(struct look *l)
{
	struct net_reply reply;
	struct made_preview picture;

	if (!l->image.len || ask(l, l->image, "image/*", CARD_PICTURE_BYTES, false, &reply) != OK)
		return;
	if (card_picture_keep(l->core, reply.body, &picture) != OK)
		return;
	l->card.image = arena_view(l->arena, view_of(picture.file));
	l->card.blurhash = arena_view(l->arena, view_of(picture.blurhash));
	if (l->card.kind != PREVIEW_LINK && l->card.width)
		return; /* the size is that of the video or photo */
	l->card.width = picture.width;
	l->card.height = picture.height;
}

/*
 * Whom the page names as its author, where they are of this server and have named the site as well. Nothing of it is
 * worth losing the card for.
 */
static void look_at_author(struct look *l)
{
	struct buf CLEANUP(buf_release) host = {.max = LIMIT_URL_BYTES};
	struct account_id who;
	struct url url;
	bool allowed = false;

	if (!l->page.creator.len || !url_parse(l->card.url, &url) || url_host_lower(&host, url.host) != OK ||
	    account_find_acct(l->core, l->db, l->page.creator, &who) != OK ||
	    account_admitted(l->core, l->db, who) != OK)
		return;
	if (attribution_allows(l->db, l->arena, who, buf_view(&host), &allowed) == OK && allowed)
		l->card.author = who;
}

static enum err look_at(struct look *l)
{
	struct net_reply reply;

	TRY(ask(l, l->link, "text/html, application/xhtml+xml;q=0.9", PAGE_BYTES, true, &reply));
	if (!is_type(reply.content_type, V("text/html")) && !is_type(reply.content_type, V("application/xhtml+xml")))
		return ERR_NOT_FOUND;
	webpage_read(l->arena, reply.body, charset_of(reply.content_type), reply.url, &l->page);
	take_page(l, reply.url);
	look_at_oembed(l);
	if (!l->card.title.len && !l->card.html.len && !l->card.embed_url.len)
		return ERR_NOT_FOUND;
	look_at_image(l);
	look_at_author(l);
	return OK;
}

/* A site that does not answer is asked no more for this post. */
static bool is_final(enum err err)
{
	return err != ERR_BUSY && err != ERR_NO_SPACE;
}

static enum err write_down(struct look *l, const struct post *post, bool found)
{
	struct view old_image = V("");
	enum err err = preview_write(l->core, l->arena, post, l->link, found ? &l->card : NULL, &old_image);

	files_delete(l->core->config.data_dir, err == OK ? old_image : l->card.image);
	return err;
}

static enum err look_for(struct core *c, struct db *db, struct arena *a, const struct post *post)
{
	struct look l = {.core = c, .db = db, .arena = a, .link = preview_link_of(c, post->text, post->spoiler)};
	int64_t card;

	if (!l.link.len)
		return OK;
	enum err err = preview_known(db, l.link, clock_now(), &card);
	if (err == OK)
		return card ? preview_attach(c, post, card) : OK;
	if (err != ERR_NOT_FOUND)
		return err;
	err = look_at(&l);
	if (err && !is_final(err))
		return err;
	if (err)
		log_debug("a link has no card", F_INT("post", post->meta.id.v), F_STR("why", view_of(err_name(err))));
	return write_down(&l, post, err == OK);
}

enum err link_fetch_job(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	struct post_id id;
	struct post post;

	(void)problem;
	if (!parse_i64(payload, 1, INT64_MAX, &id.v))
		return ERR_NOT_FOUND;
	TRY(post_load(c, db, a, id, &post));
	return look_for(c, db, a, &post);
}
