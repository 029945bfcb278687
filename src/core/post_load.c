/*
 * post_load.c - reading one post with what belongs to it: one statement for the row, one more for each kind of part
 * the row says it has.
 */
#include "base/base.h"

#include "core/post_load.h"

#include "base/vec.h"
#include "core/previews.h"

SQL(post_load_row,
    "SELECT p.account_id, p.domain, p.uri, p.url, p.boost_of, p.reply_to, p.reply_to_account, p.thread_id,"
    " p.visibility, p.text, p.html, p.spoiler, p.sensitive, p.language, p.has_media, p.has_poll, p.has_mentions,"
    " p.has_tags, p.created_at, p.edited_at, a.suspended_at, b.account_id, b.visibility, ba.suspended_at,"
    " n.replies, n.boosts, n.favourites, app.name, app.website, a.silenced_at, a.sensitized_at, p.card_id, n.quotes,"
    " p.quote_of, p.quote_state, p.quote_policy"
    " FROM posts p JOIN accounts a ON a.id = p.account_id"
    " LEFT JOIN posts b ON b.id = p.boost_of LEFT JOIN accounts ba ON ba.id = b.account_id"
    " LEFT JOIN post_counts n ON n.post_id = p.id LEFT JOIN apps app ON app.id = p.app_id WHERE p.id = $1");
SQL(post_load_meta_row,
    "SELECT p.account_id, p.domain, p.boost_of, p.reply_to, p.reply_to_account, p.thread_id, p.visibility,"
    " p.language, p.has_media, p.has_poll, p.has_mentions, a.suspended_at, b.account_id, b.visibility, ba.suspended_at,"
    " a.silenced_at, p.quote_of, p.quote_state, p.quote_policy"
    " FROM posts p JOIN accounts a ON a.id = p.account_id"
    " LEFT JOIN posts b ON b.id = p.boost_of LEFT JOIN accounts ba ON ba.id = b.account_id WHERE p.id = $1");
SQL(post_load_addressed, "SELECT account_id FROM post_mentions WHERE post_id = $1 ORDER BY position, account_id");
SQL(post_load_mentions,
    "SELECT m.account_id, m.silent, a.username, a.domain, a.url FROM post_mentions m"
    " JOIN accounts a ON a.id = m.account_id WHERE m.post_id = $1 ORDER BY m.position, m.account_id");
SQL(post_load_tags, "SELECT name FROM post_tags WHERE post_id = $1 ORDER BY name");
SQL(post_by_url, "SELECT id FROM posts WHERE id = $1 AND (url = $2 OR uri = $2)");
#define MEDIA_COLUMNS                                                                                                  \
	"SELECT id, kind, file, preview, remote_url, description, blurhash, state, focus_x, focus_y, width, height,"   \
	" preview_width, preview_height, duration_ms, bit_rate, frame_rate, sound_codec, sound_rate, channels FROM media"
SQL(post_load_media, MEDIA_COLUMNS " WHERE post_id = $1 AND position >= 0 ORDER BY position, id");
SQL(post_load_media_by_id, MEDIA_COLUMNS " WHERE id = $1");
SQL(post_load_poll, "SELECT expires_at, multiple, hide_totals, voters FROM polls WHERE post_id = $1");
SQL(post_load_app, "SELECT name, website FROM apps WHERE id = $1");
SQL(post_load_options, "SELECT title, votes FROM poll_options WHERE post_id = $1 ORDER BY position");

static void set_language(struct post_meta *m, struct view language)
{
	if (language.len < sizeof(m->language))
		memcpy(m->language, language.p, language.len);
}

/* VECs live on the heap while rows come in; the arena gets them once. */
static void *into_arena(struct arena *a, const void *v, size_t n, size_t size)
{
	void *copy = arena_array(a, n ? n : 1, size);

	if (n)
		memcpy(copy, v, n * size);
	return copy;
}

static enum err load_addressed(struct db *db, struct arena *a, struct post_meta *m)
{
	struct VEC(struct account_id) ids = {0};
	struct rows r;

	db_query(db, &r, &post_load_addressed, BINDS(B_INT(m->id.v)));
	while (rows_next(&r) && ids.n < UINT16_MAX)
		VEC_PUSH(&ids, (struct account_id){row_int(&r, 0)});
	m->mentions = into_arena(a, ids.v, ids.n, sizeof(*ids.v));
	m->n_mentions = (uint16_t)ids.n;
	VEC_FREE(&ids);
	return rows_end(&r);
}

static enum err load_mentions(struct db *db, struct arena *a, struct post *p)
{
	struct VEC(struct post_mention) list = {0};
	struct rows r;

	db_query(db, &r, &post_load_mentions, BINDS(B_INT(p->meta.id.v)));
	while (rows_next(&r) && list.n < UINT16_MAX)
		VEC_PUSH(&list, (struct post_mention){
					.id = {row_int(&r, 0)},
					.silent = row_int(&r, 1) != 0,
					.username = row_copy(&r, 2, a),
					.domain = row_copy(&r, 3, a),
					.url = row_copy(&r, 4, a),
				});
	struct account_id *ids = ARENA_ARRAY(a, list.n + 1, struct account_id);
	for (size_t i = 0; i < list.n; i++)
		ids[i] = list.v[i].id;
	p->meta.mentions = ids;
	p->meta.n_mentions = (uint16_t)list.n;
	p->mentions = into_arena(a, list.v, list.n, sizeof(*list.v));
	p->n_mentions = list.n;
	VEC_FREE(&list);
	return rows_end(&r);
}

static enum err load_tags(struct db *db, struct arena *a, struct post *p)
{
	struct VEC(struct view) names = {0};
	struct rows r;

	db_query(db, &r, &post_load_tags, BINDS(B_INT(p->meta.id.v)));
	while (rows_next(&r))
		VEC_PUSH(&names, row_copy(&r, 0, a));
	p->tags = into_arena(a, names.v, names.n, sizeof(*names.v));
	p->n_tags = names.n;
	VEC_FREE(&names);
	return rows_end(&r);
}

static void read_media(struct rows *r, struct arena *a, struct post_media *m)
{
	*m = (struct post_media){
		.id = row_int(r, 0),
		.kind = row_copy(r, 1, a),
		.file = row_copy(r, 2, a),
		.preview = row_copy(r, 3, a),
		.remote_url = row_copy(r, 4, a),
		.description = row_copy(r, 5, a),
		.has_description = !row_is_null(r, 5),
		.blurhash = row_copy(r, 6, a),
		.ready = row_int(r, 7) == MEDIA_READY,
		.width = (int)row_int(r, 10),
		.height = (int)row_int(r, 11),
		.preview_width = (int)row_int(r, 12),
		.preview_height = (int)row_int(r, 13),
		.duration_ms = row_int(r, 14),
		.bit_rate = row_int(r, 15),
		.frame_rate = row_copy(r, 16, a),
		.sound_codec = row_copy(r, 17, a),
		.sound_rate = (int)row_int(r, 18),
		.channels = (int)row_int(r, 19),
	};
	(void)parse_double(row_text(r, 8), &m->focus_x);
	(void)parse_double(row_text(r, 9), &m->focus_y);
}

enum err post_load_attachments(struct db *db, struct arena *a, struct post_id id, const struct post_media **ret,
			       size_t *ret_n)
{
	struct post_media *list = ARENA_ARRAY(a, LIMIT_POST_MEDIA_SHOWN, struct post_media);
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &post_load_media, BINDS(B_INT(id.v)));
	while (n < LIMIT_POST_MEDIA_SHOWN && rows_next(&r))
		read_media(&r, a, &list[n++]);
	TRY(rows_end(&r));
	*ret = list;
	*ret_n = n;
	return OK;
}

enum err media_load(struct db *db, struct arena *a, int64_t id, struct post_media *ret)
{
	struct rows r;
	bool found;

	db_query(db, &r, &post_load_media_by_id, BINDS(B_INT(id)));
	found = rows_next(&r);
	if (found)
		read_media(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err poll_load(struct db *db, struct arena *a, struct post_id id, struct post_poll **ret)
{
	struct post_poll *poll = ARENA_NEW(a, struct post_poll);
	struct rows r;
	bool found;

	db_query(db, &r, &post_load_poll, BINDS(B_INT(id.v)));
	found = rows_next(&r);
	if (found) {
		poll->expires_at = row_int(&r, 0);
		poll->multiple = row_int(&r, 1) != 0;
		poll->hide_totals = row_int(&r, 2) != 0;
		poll->voters = row_int(&r, 3);
	}
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	db_query(db, &r, &post_load_options, BINDS(B_INT(id.v)));
	while (poll->n_options < ARRAY_LEN(poll->options) && rows_next(&r)) {
		poll->options[poll->n_options].title = row_copy(&r, 0, a);
		poll->options[poll->n_options++].votes = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	*ret = poll;
	return OK;
}

static void read_boosted(const struct rows *r, int column, struct post_meta *m)
{
	m->boost_author.v = row_int(r, column);
	m->boost_visibility = (uint8_t)row_int(r, column + 1);
	m->boost_author_suspended = !row_is_null(r, column + 2);
}

static void read_quote(const struct rows *r, int column, struct post_meta *m)
{
	m->quote_of.v = row_int(r, column);
	m->quote_state = (uint8_t)row_int(r, column + 1);
	m->quote_policy = (uint8_t)row_int(r, column + 2);
}

/* Columns in the order of post_load_row. *has_… say which parts are still to be read. */
static void read_row(struct rows *r, struct arena *a, struct post *p, bool *has_mentions, bool *has_tags)
{
	struct post_meta *m = &p->meta;

	m->author.v = row_int(r, 0);
	m->local = row_text(r, 1).len == 0;
	p->uri = row_copy(r, 2, a);
	p->url = row_copy(r, 3, a);
	m->boost_of.v = row_int(r, 4);
	m->reply_to.v = row_int(r, 5);
	m->reply_to_account.v = row_int(r, 6);
	m->thread_id = row_int(r, 7);
	m->visibility = (uint8_t)row_int(r, 8);
	p->text = row_copy(r, 9, a);
	p->html = row_copy(r, 10, a);
	p->spoiler = row_copy(r, 11, a);
	p->sensitive = row_int(r, 12) != 0;
	p->language = row_copy(r, 13, a);
	set_language(m, p->language);
	m->has_media = row_int(r, 14) != 0;
	m->has_poll = row_int(r, 15) != 0;
	*has_mentions = row_int(r, 16) != 0;
	*has_tags = row_int(r, 17) != 0;
	p->created_at = row_int(r, 18);
	p->edited_at = row_int(r, 19);
	m->author_suspended = !row_is_null(r, 20);
	read_boosted(r, 21, m);
	p->replies = row_int(r, 24);
	p->boosts = row_int(r, 25);
	p->favourites = row_int(r, 26);
	p->app_name = row_copy(r, 27, a);
	p->app_website = row_copy(r, 28, a);
	m->author_silenced = !row_is_null(r, 29);
	p->sensitive = p->sensitive || !row_is_null(r, 30);
	p->card_id = row_int(r, 31);
	p->quotes = row_int(r, 32);
	read_quote(r, 33, m);
}

static enum err load_card(struct db *db, struct arena *a, struct post *p)
{
	struct preview *card = ARENA_NEW(a, struct preview);
	enum err err = preview_load(db, a, p->card_id, card);

	if (err == ERR_NOT_FOUND)
		return OK;
	p->card = card;
	return err;
}

static enum err load_parts(struct db *db, struct arena *a, bool has_mentions, bool has_tags, struct post *p)
{
	if (has_mentions)
		TRY(load_mentions(db, a, p));
	if (has_tags)
		TRY(load_tags(db, a, p));
	if (p->meta.has_media)
		TRY(post_load_attachments(db, a, p->meta.id, &p->media, &p->n_media));
	if (p->meta.has_poll) {
		struct post_poll *poll;

		TRY(poll_load(db, a, p->meta.id, &poll));
		p->poll = poll;
	}
	return p->card_id ? load_card(db, a, p) : OK;
}

enum err post_load(struct core *c, struct db *db, struct arena *a, struct post_id id, struct post *ret)
{
	struct post p = {.meta.id = id};
	bool found, has_mentions = false, has_tags = false;
	struct rows r;

	(void)c;
	db_query(db, &r, &post_load_row, BINDS(B_INT(id.v)));
	found = rows_next(&r);
	if (found)
		read_row(&r, a, &p, &has_mentions, &has_tags);
	TRY(rows_end(&r));
	/* A boost whose post has just gone is as good as gone. */
	if (!found || (p.meta.boost_of.v && !p.meta.boost_author.v))
		return ERR_NOT_FOUND;
	TRY(load_parts(db, a, has_mentions, has_tags, &p));
	*ret = p;
	return OK;
}

static enum err load_app(struct db *db, struct arena *a, int64_t id, struct post *p)
{
	struct rows r;

	db_query(db, &r, &post_load_app, BINDS(B_INT(id)));
	if (rows_next(&r)) {
		p->app_name = row_copy(&r, 0, a);
		p->app_website = row_copy(&r, 1, a);
	}
	return rows_end(&r);
}

enum err post_load_rest(struct db *db, struct arena *a, const struct post_row *row, struct post *ret)
{
	struct post p = row->post;

	set_language(&p.meta, p.language);
	if (row->app_id)
		TRY(load_app(db, a, row->app_id, &p));
	TRY(load_parts(db, a, row->has_mentions, false, &p));
	*ret = p;
	return OK;
}

enum err post_load_meta(struct core *c, struct db *db, struct arena *a, struct post_id id, struct post_meta *ret)
{
	struct post_meta m = {.id = id};
	bool found, has_mentions = false;
	struct rows r;

	(void)c;
	db_query(db, &r, &post_load_meta_row, BINDS(B_INT(id.v)));
	found = rows_next(&r);
	if (found) {
		m.author.v = row_int(&r, 0);
		m.local = row_text(&r, 1).len == 0;
		m.boost_of.v = row_int(&r, 2);
		m.reply_to.v = row_int(&r, 3);
		m.reply_to_account.v = row_int(&r, 4);
		m.thread_id = row_int(&r, 5);
		m.visibility = (uint8_t)row_int(&r, 6);
		set_language(&m, row_text(&r, 7));
		m.has_media = row_int(&r, 8) != 0;
		m.has_poll = row_int(&r, 9) != 0;
		has_mentions = row_int(&r, 10) != 0;
		m.author_suspended = !row_is_null(&r, 11);
		read_boosted(&r, 12, &m);
		m.author_silenced = !row_is_null(&r, 15);
		read_quote(&r, 16, &m);
	}
	TRY(rows_end(&r));
	if (!found || (m.boost_of.v && !m.boost_author.v))
		return ERR_NOT_FOUND;
	if (has_mentions)
		TRY(load_addressed(db, a, &m));
	*ret = m;
	return OK;
}

/* The number in ".../@name/NUMBER" and ".../users/name/statuses/NUMBER"; the row says whether the rest fits. */
static bool last_number(struct view url, int64_t *ret)
{
	size_t slash = url.len;

	while (slash > 0 && url.p[slash - 1] != '/')
		slash--;
	return parse_i64(view_sub(url, slash, url.len - slash), 1, INT64_MAX, ret);
}

enum err post_find_url(struct db *db, struct view url, struct post_id *ret)
{
	int64_t number;

	if (!last_number(url, &number))
		return ERR_NOT_FOUND;
	return db_int(db, &post_by_url, BINDS(B_INT(number), B_TEXT(url)), &ret->v);
}
