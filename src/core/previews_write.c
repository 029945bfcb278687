/*
 * previews_write.c - what came of looking at a link, written down with the post that has it.
 */
#include "base/base.h"

#include "core/previews.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/events.h"
#include "core/trends.h"
#include "text/url.h"

#define MS_PER_DAY ((int64_t)24 * 3600 * 1000)
#define FORGET_MS (7 * MS_PER_DAY)
#define OTHERS_MAX 200 /* newest posts with a card that are made anew when it changes */

SQL(preview_site, "SELECT id FROM preview_sites WHERE domain = $1");
SQL(preview_site_add, "INSERT INTO preview_sites (id, domain) VALUES ($1, $2) ON CONFLICT DO NOTHING");
/* Two that looked at one page come one after the other, or each would make a card. */
SQL(preview_site_hold, "UPDATE preview_sites SET id = id WHERE id = $1");
SQL(preview_before, "SELECT id, image FROM preview_cards WHERE url = $1");
SQL(preview_put,
    "INSERT INTO preview_cards (id, url, site_id, kind, title, description, language, author_name, author_url,"
    " author_id, provider_name, provider_url, html, embed_url, image, image_text, blurhash, width, height, "
    "published_at,"
    " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21)"
    " ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, title = excluded.title,"
    " description = excluded.description, language = excluded.language, author_name = excluded.author_name,"
    " author_url = excluded.author_url, author_id = excluded.author_id, provider_name = excluded.provider_name,"
    " provider_url = excluded.provider_url, html = excluded.html, embed_url = excluded.embed_url,"
    " image = excluded.image, image_text = excluded.image_text, blurhash = excluded.blurhash, width = excluded.width,"
    " height = excluded.height, published_at = excluded.published_at, updated_at = excluded.updated_at");
SQL(preview_no_image, "UPDATE preview_cards SET image = '', blurhash = '' WHERE id = $1 AND image = $2");
SQL(preview_link_put, "INSERT INTO preview_links (url, card_id, looked_at) VALUES ($1, $2, $3) ON CONFLICT (url)"
		      " DO UPDATE SET card_id = excluded.card_id, looked_at = excluded.looked_at");
SQL(preview_set, "UPDATE posts SET card_id = $2 WHERE id = $1 AND COALESCE(edited_at, 0) = $3"
		 " AND (card_id IS NULL OR card_id <> $2) AND EXISTS (SELECT 1 FROM preview_cards c WHERE c.id = $2)");
SQL(preview_list_post, "INSERT INTO card_posts (card_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(preview_day, "INSERT INTO card_days (card_id, day, account_id, uses) VALUES ($1, $2, $3, 1)"
		 " ON CONFLICT (card_id, day, account_id) DO UPDATE SET uses = card_days.uses + 1");
SQL(preview_others, "SELECT post_id FROM card_posts WHERE card_id = $1 ORDER BY post_id DESC LIMIT $2");
SQL(preview_remove_card, "DELETE FROM preview_cards WHERE id = $1 AND updated_at < $2 AND NOT EXISTS"
			 " (SELECT 1 FROM posts p WHERE p.card_id = $1 AND p.card_id IS NOT NULL) RETURNING image");
SQL(preview_remove_links, "DELETE FROM preview_links WHERE card_id = $1 AND card_id > 0");
SQL(preview_remove_days, "DELETE FROM card_days WHERE card_id = $1");
SQL(preview_remove_posts, "DELETE FROM card_posts WHERE card_id = $1");
SQL(preview_remove_review, "DELETE FROM trend_reviews WHERE kind = $2 AND id = $1");
SQL(previews_forget, "DELETE FROM preview_links WHERE looked_at < $1 AND card_id = 0");

struct writing {
	const struct post *post;
	struct view link, domain;
	const struct preview *card; /* NULL: nothing */
	int64_t now, id;	    /* id of the card; 0: none */
	bool attached;
	char old_image[128];
};

static enum err find_site(struct db *tx, struct view domain, int64_t *ret)
{
	TRY(db_exec(tx, &preview_site_add, BINDS(B_INT(id_next()), B_TEXT(domain)), NULL));
	return db_int(tx, &preview_site, BINDS(B_TEXT(domain)), ret);
}

/* Its id, and the picture that is replaced. */
static enum err find_before(struct db *tx, struct writing *w)
{
	struct rows r;

	w->old_image[0] = 0;
	w->id = 0;
	db_query(tx, &r, &preview_before, BINDS(B_TEXT(w->card->url)));
	if (rows_next(&r)) {
		w->id = row_int(&r, 0);
		if (!view_eq(row_text(&r, 1), w->card->image))
			snprintf(w->old_image, sizeof(w->old_image), "%.*s", VIEW_ARG(row_text(&r, 1)));
	}
	return rows_end(&r);
}

static enum err put_card(struct db *tx, struct writing *w)
{
	const struct preview *p = w->card;
	int64_t site;

	TRY(find_site(tx, w->domain, &site));
	TRY(db_exec(tx, &preview_site_hold, BINDS(B_INT(site)), NULL));
	TRY(find_before(tx, w));
	if (!w->id)
		w->id = id_next();
	return db_exec(tx, &preview_put,
		       BINDS(B_INT(w->id), B_TEXT(p->url), B_INT(site), B_INT(p->kind), B_TEXT(p->title),
			     B_TEXT(p->description), B_TEXT(p->language), B_TEXT(p->author_name), B_TEXT(p->author_url),
			     B_INT_OR_NULL(p->author.v), B_TEXT(p->provider_name), B_TEXT(p->provider_url),
			     B_TEXT(p->html), B_TEXT(p->embed_url), B_TEXT(p->image), B_TEXT(p->image_text),
			     B_TEXT(p->blurhash), B_INT(p->width), B_INT(p->height), B_INT(p->published_at),
			     B_INT(w->now)),
		       NULL);
}

static enum err attach(struct db *tx, struct writing *w)
{
	const struct post *p = w->post;
	const struct post_meta *m = &p->meta;
	int64_t changed;

	w->attached = false;
	enum err err = post_hold(tx, m->id);
	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(db_exec(tx, &preview_set, BINDS(B_INT(m->id.v), B_INT(w->id), B_INT(p->edited_at)), &changed));
	if (!changed)
		return OK;
	w->attached = true;
	if (m->visibility != VISIBILITY_PUBLIC)
		return OK;
	TRY(db_exec(tx, &preview_list_post, BINDS(B_INT(w->id), B_INT(m->id.v)), NULL));
	if (p->sensitive)
		return OK;
	return db_exec(tx, &preview_day,
		       BINDS(B_INT(w->id), B_INT(p->created_at - p->created_at % MS_PER_DAY), B_INT(m->author.v)),
		       NULL);
}

static enum err write(struct db *tx, void *arg)
{
	struct writing *w = arg;

	if (w->card)
		TRY(put_card(tx, w));
	TRY(db_exec(tx, &preview_link_put, BINDS(B_TEXT(w->link), B_INT(w->id), B_INT(w->now)), NULL));
	return w->id ? attach(tx, w) : OK;
}

static enum err write_attach(struct db *tx, void *arg)
{
	return attach(tx, arg);
}

static void tell(struct core *c, const struct post *p)
{
	events_announce(c->events, &(struct event){.kind = EVENT_POST_EDITED,
						   .post = p->meta.id,
						   .account = p->meta.author,
						   .visibility = p->meta.visibility,
						   .local = true});
}

/* Other posts show the card as it was until they are made anew. */
static enum err forget_others(struct core *c, int64_t card)
{
	struct event_list events = {0};
	struct rows r;

	db_query(store_db(c->store), &r, &preview_others, BINDS(B_INT(card), B_INT(OTHERS_MAX)));
	while (rows_next(&r))
		events_pend(&events, (struct event){.kind = EVENT_POST_COUNTS, .post = {row_int(&r, 0)}});
	enum err err = rows_end(&r);
	if (err)
		event_list_drop(&events);
	else
		events_announce_all(c->events, &events);
	return err;
}

enum err preview_write(struct core *c, struct arena *a, const struct post *post, struct view link,
		       const struct preview *card, struct view *ret_old_image)
{
	struct writing w = {.post = post, .link = link, .card = card, .now = clock_now()};
	struct buf CLEANUP(buf_release) host = {.max = LIMIT_URL_BYTES};
	struct url url;

	if (card && (!url_parse(card->url, &url) || url_host_lower(&host, url.host) != OK))
		return ERR_INVALID;
	w.domain = buf_view(&host);
	TRY(store_write(c->store, write, &w));
	*ret_old_image = arena_view(a, view_of(w.old_image));
	if (w.attached)
		tell(c, post);
	return w.old_image[0] ? forget_others(c, w.id) : OK;
}

enum err preview_attach(struct core *c, const struct post *post, int64_t card)
{
	struct writing w = {.post = post, .id = card};

	TRY(store_write(c->store, write_attach, &w));
	if (w.attached)
		tell(c, post);
	return OK;
}

struct dropping {
	int64_t card;
	struct view image;
};

static enum err drop_image(struct db *tx, void *arg)
{
	const struct dropping *d = arg;
	int64_t changed;

	TRY(db_exec(tx, &preview_no_image, BINDS(B_INT(d->card), B_TEXT(d->image)), &changed));
	return changed ? OK : ERR_NOT_FOUND;
}

enum err preview_drop_image(struct core *c, int64_t card, struct view image)
{
	TRY(store_write(c->store, drop_image, &(struct dropping){card, image}));
	return forget_others(c, card);
}

struct removing {
	struct arena *arena;
	int64_t card, before;
	struct view image;
};

static enum err remove_card(struct db *tx, void *arg)
{
	static const struct sql *const rest[] = {&preview_remove_links, &preview_remove_days, &preview_remove_posts};
	struct removing *w = arg;
	bool found;
	struct rows r;

	db_query(tx, &r, &preview_remove_card, BINDS(B_INT(w->card), B_INT(w->before)));
	found = rows_next(&r);
	if (found)
		w->image = row_copy(&r, 0, w->arena);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		TRY(db_exec(tx, rest[i], BINDS(B_INT(w->card)), NULL));
	return db_exec(tx, &preview_remove_review, BINDS(B_INT(w->card), B_INT(TREND_LINK)), NULL);
}

enum err preview_remove(struct core *c, struct arena *a, int64_t card, int64_t before, struct view *ret_image)
{
	struct removing w = {.arena = a, .card = card, .before = before};

	TRY(store_write(c->store, remove_card, &w));
	*ret_image = w.image;
	return OK;
}

static enum err forget(struct db *tx, void *arg)
{
	const int64_t *now = arg;

	return db_exec(tx, &previews_forget, BINDS(B_INT(*now - FORGET_MS)), NULL);
}

enum err previews_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)db, (void)a;
	return store_write(c->store, forget, &now);
}
