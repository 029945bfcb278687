/*
 * previews.c - see previews.h. Writing is previews_write.c.
 */
#include "base/base.h"

#include "core/previews.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/job_lane.h"
#include "text/compose.h"
#include "text/url.h"

#define MS_PER_DAY ((int64_t)24 * 3600 * 1000)
#define LINK_BYTES 2048
#define FRESH_MS (14 * MS_PER_DAY)
#define FRESH_NOTHING_MS ((int64_t)3600 * 1000) /* a site may have been down */

#define COLUMNS                                                                                                        \
	"id, site_id, kind, url, title, description, language, author_name, author_url, author_id, provider_name,"     \
	" provider_url, html, embed_url, image, image_text, blurhash, width, height, published_at"
SQL(preview_row, "SELECT " COLUMNS " FROM preview_cards WHERE id = $1");
SQL(preview_by_url, "SELECT id FROM preview_cards WHERE url = $1");
SQL(preview_by_link, "SELECT card_id FROM preview_links WHERE url = $1 AND card_id > 0");
SQL(preview_days,
    "SELECT day, CAST(SUM(uses) AS BIGINT), count(*) FROM card_days WHERE card_id = $1 AND day > $2 GROUP BY day");
SQL(preview_posts_down, "SELECT post_id FROM card_posts WHERE card_id = $1 AND post_id > $2 AND post_id < $3 ORDER BY "
			"post_id DESC LIMIT $4");
SQL(preview_posts_up, "SELECT post_id FROM card_posts WHERE card_id = $1 AND post_id > $2 AND post_id < $3 ORDER BY "
		      "post_id ASC LIMIT $4");
SQL(preview_link, "SELECT card_id, looked_at FROM preview_links WHERE url = $1");
SQL(preview_job, "INSERT INTO jobs (id, kind, payload, run_at, lane) VALUES ($1, $2, $3, $4, $5)");
SQL(preview_unlist, "DELETE FROM card_posts WHERE card_id = $1 AND post_id = $2");
SQL(preview_unset, "UPDATE posts SET card_id = NULL WHERE id = $1");

const char *preview_kind_name(enum preview_kind kind)
{
	static const char *const names[] = {
		[PREVIEW_LINK] = "link", [PREVIEW_PHOTO] = "photo", [PREVIEW_VIDEO] = "video"};

	return names[kind];
}

static void read_row(const struct rows *r, struct arena *a, struct preview *ret)
{
	struct view *const texts[] = {&ret->url,	   &ret->title,	     &ret->description,
				      &ret->language,	   &ret->author_name, &ret->author_url};
	struct view *const more[] = {&ret->provider_name, &ret->provider_url, &ret->html,    &ret->embed_url,
				     &ret->image,	  &ret->image_text,   &ret->blurhash};

	ret->id = row_int(r, 0);
	ret->site = row_int(r, 1);
	ret->kind = (enum preview_kind)row_int(r, 2);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = row_copy(r, 3 + (int)i, a);
	ret->author.v = row_int(r, 9);
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		*more[i] = row_copy(r, 10 + (int)i, a);
	ret->width = (int)row_int(r, 17);
	ret->height = (int)row_int(r, 18);
	ret->published_at = row_int(r, 19);
}

enum err preview_load(struct db *db, struct arena *a, int64_t id, struct preview *ret)
{
	struct preview p = {0};
	struct rows r;

	db_query(db, &r, &preview_row, BINDS(B_INT(id)));
	if (rows_next(&r))
		read_row(&r, a, &p);
	TRY(rows_end(&r));
	if (!p.id)
		return ERR_NOT_FOUND;
	*ret = p;
	return OK;
}

enum err preview_find(struct db *db, struct view url, int64_t *ret)
{
	enum err err = db_int(db, &preview_by_url, BINDS(B_TEXT(url)), ret);

	return err == ERR_NOT_FOUND ? db_int(db, &preview_by_link, BINDS(B_TEXT(url)), ret) : err;
}

enum err preview_uses(struct db *db, int64_t id, struct tag_use ret[TAG_DAYS])
{
	int64_t now = clock_now(), today = now - now % MS_PER_DAY;
	struct rows r;

	for (size_t i = 0; i < TAG_DAYS; i++)
		ret[i] = (struct tag_use){.day = today - (int64_t)i * MS_PER_DAY};
	db_query(db, &r, &preview_days, BINDS(B_INT(id), B_INT(today - TAG_DAYS * MS_PER_DAY)));
	while (rows_next(&r)) {
		int64_t back = (today - row_int(&r, 0)) / MS_PER_DAY;

		if (back < 0 || back >= TAG_DAYS)
			continue;
		ret[back].uses = row_int(&r, 1);
		ret[back].accounts = row_int(&r, 2);
	}
	return rows_end(&r);
}

enum err preview_posts(struct db *db, int64_t id, const struct page *page, struct post_id *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &preview_posts_up : &preview_posts_down,
		 BINDS(B_INT(id), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct post_id other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

struct view preview_link_of(const struct core *c, struct view text, struct view spoiler)
{
	struct view home = view_of(c->config.base_url);
	struct token token;
	struct url url;

	for (size_t at = 0; !spoiler.len && compose_next(text, &at, &token);) {
		if (token.kind != TOKEN_URL || token.name.len > LINK_BYTES || !url_parse(token.name, &url))
			continue;
		if (!view_starts(token.name, home))
			return view_sub(token.name, 0, view_find(token.name, 0, '#'));
	}
	return V("");
}

enum err preview_known(struct db *db, struct view link, int64_t now, int64_t *ret_card)
{
	int64_t card = 0, looked_at = 0;
	struct rows r;

	db_query(db, &r, &preview_link, BINDS(B_TEXT(link)));
	if (rows_next(&r)) {
		card = row_int(&r, 0);
		looked_at = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	if (looked_at < now - (card ? FRESH_MS : FRESH_NOTHING_MS))
		return ERR_NOT_FOUND;
	*ret_card = card;
	return OK;
}

static int64_t some_moment(const struct core *c, int64_t now)
{
	uint64_t span = (uint64_t)c->config.link_delay_seconds * 1000;

	return now + (int64_t)(span ? rand_u64() % span : 0);
}

/* Where it is known already nobody is asked, and nothing is to be hidden. */
enum err preview_job_add(struct core *c, struct db *tx, struct post_id id, struct view link)
{
	int64_t now = clock_now(), card;
	char payload[24];

	if (!link.len || !c->config.link_previews)
		return OK;
	enum err err = preview_known(tx, link, now, &card);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == OK && !card)
		return OK;
	snprintf(payload, sizeof(payload), "%" PRId64, id.v);
	return db_exec(tx, &preview_job,
		       BINDS(B_INT(id_next()), B_TEXT(V(PREVIEW_KIND)), B_TEXT(view_of(payload)),
			     B_INT(err == OK ? now : some_moment(c, now)), B_INT(LANE_LINKS)),
		       NULL);
}

enum err preview_detach(struct db *tx, struct post_id id, int64_t card)
{
	if (!card)
		return OK;
	TRY(db_exec(tx, &preview_unlist, BINDS(B_INT(card), B_INT(id.v)), NULL));
	return db_exec(tx, &preview_unset, BINDS(B_INT(id.v)), NULL);
}
