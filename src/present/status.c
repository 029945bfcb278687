/*
 * status.c - Status (docs: entities/Status): cards of posts and accounts put together with the viewer's flags. This is
 * the hot path of the whole program: a page of posts that are in the caches costs look-ups and copies, no query; only
 * a poll asks the database how the viewer voted.
 */
#include "base/base.h"

#include "present/present.h"

#include "base/limits.h"
#include "core/visibility.h"
#include "core/filter_set.h"
#include "present/account.h"
#include "present/filter.h"
#include "present/poll.h"
#include "present/status_card.h"
#include "present/status_quote.h"

#define FLAGS_MAX 160 /* bytes of what flags() writes, and a comma */
#define QUOTE_MAX 96  /* of a quote without the quoted post */
#define END_MAX (FLAGS_MAX + QUOTE_MAX + QUOTE_APPROVAL_MAX)

void present_init(struct core *c)
{
	cards_set_renderers(c, (struct card_renderers){.post = status_card_render,
						       .account = account_card_render,
						       .account_posted = account_card_posted});
}

/* One answer, with the filters of who gets it, and the rule of visibility.h by which posts and what they boost are shown. */
struct showing {
	const struct present *p;
	struct filter_set *filters;
	bool (*fits)(const struct viewer *v, const struct post_meta *m);
	bool (*boosted_fits)(const struct viewer *v, const struct post_meta *m);
};

/* A post and who wrote it. */
struct part {
	struct card *card;
	struct account_card *author;
};

/* A post, or a boost with the post it is of, and what is quoted. No card: not to be shown. */
struct item {
	struct part post, boosted, quoted;
	const char *quote; /* its state, status_quote.h; NULL: nothing is quoted */
	struct {
		const char *state;
		struct post_id id;
	} nested; /* what the quoted post quotes, which is only named */
};

static void part_release(struct part *part)
{
	card_put(part->card);
	account_card_put(part->author);
}

static void item_release(struct item *it)
{
	part_release(&it->post);
	part_release(&it->boosted);
	part_release(&it->quoted);
	*it = (struct item){0};
}

static void items_release(struct item *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		item_release(&items[i]);
}

/* What flags and quote are about: a boost shows those of what it boosts. */
static const struct post_meta *item_meta(const struct item *it)
{
	return it->boosted.card ? &it->boosted.card->meta : &it->post.card->meta;
}

static enum err part_author(const struct present *p, struct part *part)
{
	if (!part->card)
		return OK;
	return account_card_get(p->core, p->db, p->arena, part->card->meta.author, &part->author);
}

static enum err item_boosted(const struct showing *s, struct item *it)
{
	const struct present *p = s->p;

	if (!it->post.card->meta.boost_of.v)
		return OK;
	TRY(card_get(p->core, p->db, p->arena, it->post.card->meta.boost_of, &it->boosted.card));
	return s->boosted_fits(p->viewer, &it->boosted.card->meta) ? OK : ERR_NOT_FOUND;
}

static enum err item_nested(const struct present *p, struct item *it)
{
	struct quote_shown q;

	TRY(quote_find(p, &it->quoted.card->meta, &q));
	it->nested.state = q.state;
	it->nested.id = q.card ? q.card->meta.id : (struct post_id){0};
	card_put(q.card);
	return OK;
}

static enum err item_quoted(const struct present *p, struct item *it)
{
	struct quote_shown q;

	TRY(quote_find(p, item_meta(it), &q));
	it->quote = q.state;
	it->quoted.card = q.card;
	return q.card ? item_nested(p, it) : OK;
}

static struct filtered item_filtered(const struct item *it)
{
	return (struct filtered){it->post.card, it->boosted.card};
}

static enum err item_fill(const struct showing *s, struct post_id id, struct item *it)
{
	const struct present *p = s->p;

	TRY(card_get(p->core, p->db, p->arena, id, &it->post.card));
	if (!s->fits(p->viewer, &it->post.card->meta))
		return ERR_NOT_FOUND;
	TRY(item_boosted(s, it));
	struct filtered f = item_filtered(it);
	if (p->context && filter_set_hides(s->filters, (enum filter_context)p->context, &f))
		return ERR_NOT_FOUND;
	TRY(item_quoted(p, it));
	TRY(part_author(p, &it->post));
	TRY(part_author(p, &it->boosted));
	return part_author(p, &it->quoted);
}

static enum err item_load(const struct showing *s, struct post_id id, struct item *it)
{
	enum err err = item_fill(s, id, it);

	if (err)
		item_release(it);
	return err;
}

static inline char *put(char *at, struct view v)
{
	memcpy(at, v.p, v.len);
	return at + v.len;
}
#define PUT_BOOL(at, key, yes) put((at), (yes) ? V(",\"" key "\":true") : V(",\"" key "\":false"))

/* Pins are only spoken of where one may pin. */
static bool pinnable(const struct present *p, const struct post_meta *m)
{
	return account_eq(m->author, p->viewer->account) && !m->boost_of.v && m->visibility != VISIBILITY_DIRECT;
}

/* The end of a Status, up to what filters say. */
static void flags(const struct present *p, const struct post_meta *m, uint8_t f, struct buf *out)
{
	char *at = buf_reserve(out, FLAGS_MAX), *begin = at;

	if (!at)
		return;
	at = PUT_BOOL(at, "favourited", f & POST_FAVOURITED);
	at = PUT_BOOL(at, "reblogged", f & POST_BOOSTED);
	at = PUT_BOOL(at, "muted", f & POST_THREAD_MUTED);
	at = PUT_BOOL(at, "bookmarked", f & POST_BOOKMARKED);
	if (pinnable(p, m))
		at = PUT_BOOL(at, "pinned", f & POST_PINNED);
	at = put(at, V(",\"filtered\":"));
	buf_grow(out, (size_t)(at - begin));
}

static void body(const struct showing *s, const struct part *part, struct buf *out)
{
	const struct card *card = part->card;
	const struct account_card *author = part->author;
	struct view end = present_account_end(s->p->viewer, author->id, author->featurable);
	size_t n = card->head.len + author->json.len + end.len + card->middle.len;
	char *at = buf_reserve(out, n);

	if (!at)
		return;
	at = put(at, card->head);
	at = put(at, author->json);
	at = put(at, end);
	put(at, card->middle);
	buf_grow(out, n);
}

/* What only this viewer is told: their flags, and what their filters say. */
static void personal(const struct showing *s, const struct post_meta *m, const struct filtered *filtered, uint8_t f,
		     struct buf *out)
{
	if (!s->p->viewer->account.v)
		return;
	flags(s->p, m, f, out);
	if (filter_set_matches(s->filters, filtered))
		present_filtered(s->filters, filtered, out);
	else
		buf_add(out, V("[]"));
}

/* A post up to what it quotes. */
static enum err one_post(const struct showing *s, const struct part *part, const struct filtered *filtered, uint8_t f,
			 struct buf *out)
{
	const struct card *card = part->card;

	body(s, part, out);
	if (card->meta.has_poll) {
		TRY(present_poll_viewer(s->p, card->meta.id, card->meta.author, out));
		buf_add(out, card->tail);
	}
	personal(s, &card->meta, filtered, f, out);
	return OK;
}

static void end(const struct showing *s, const struct post_meta *m, struct buf *out)
{
	quote_approval_write(s->p->viewer, m, out);
	buf_add_c(out, '}');
}

/* ShallowQuote: a quote in a quote is only named. */
static void nested_quote(const struct item *it, struct buf *out)
{
	if (!it->nested.state) {
		buf_add(out, V(",\"quote\":null"));
		return;
	}
	buf_printf(out, ",\"quote\":{\"state\":\"%s\",\"quoted_status_id\":", it->nested.state);
	if (it->nested.id.v)
		buf_printf(out, "\"%" PRId64 "\"}", it->nested.id.v);
	else
		buf_add(out, V("null}"));
}

static enum err quote(const struct showing *s, const struct item *it, uint8_t f, struct buf *out)
{
	const struct card *card = it->quoted.card;

	if (!it->quote) {
		buf_add(out, V(",\"quote\":null"));
		return OK;
	}
	buf_printf(out, ",\"quote\":{\"state\":\"%s\",\"quoted_status\":", it->quote);
	if (!card) {
		buf_add(out, V("null}"));
		return OK;
	}
	TRY(one_post(s, &it->quoted, &(struct filtered){.card = card}, f, out));
	nested_quote(it, out);
	end(s, &card->meta, out);
	buf_add_c(out, '}');
	return OK;
}

/* Of what an item is about, and of what that quotes. */
struct item_flags {
	uint8_t post, quoted;
};

/* A boost is filtered, and answers who may quote it, as what it is of. */
static enum err item_write(const struct showing *s, const struct item *it, struct item_flags f, struct jw *j)
{
	const struct part *shown = it->boosted.card ? &it->boosted : &it->post;
	struct filtered filtered = item_filtered(it);
	struct buf *out = j->out;

	if (j->comma)
		buf_add_c(out, ',');
	j->comma = true;
	if (it->boosted.card)
		body(s, &it->post, out);
	TRY(one_post(s, shown, &filtered, f.post, out));
	TRY(quote(s, it, f.quoted, out));
	end(s, &shown->card->meta, out);
	if (!it->boosted.card)
		return OK;
	personal(s, &it->post.card->meta, &filtered, f.post, out);
	buf_add(out, V(",\"quote\":null"));
	end(s, &shown->card->meta, out);
	return OK;
}

/* Flags of all items in one go. */
static enum err load_flags(const struct present *p, const struct item *items, size_t n, struct item_flags *ret)
{
	if (!p->viewer->account.v)
		return OK; /* zeroed */
	struct post_id *ids = ARENA_ARRAY(p->arena, 2 * n, struct post_id);
	int64_t *threads = ARENA_ARRAY(p->arena, 2 * n, int64_t);
	uint8_t *f = ARENA_ARRAY(p->arena, 2 * n, uint8_t);
	size_t asked = n;

	for (size_t i = 0; i < n; i++) {
		ids[i] = item_meta(&items[i])->id;
		threads[i] = item_meta(&items[i])->thread_id;
		if (items[i].quoted.card) {
			ids[asked] = items[i].quoted.card->meta.id;
			threads[asked++] = items[i].quoted.card->meta.thread_id;
		}
	}
	TRY(viewer_flags(p->core, p->db, p->viewer, ids, threads, asked, f));
	asked = n;
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct item_flags){f[i], items[i].quoted.card ? f[asked++] : 0};
	return OK;
}

static size_t part_size(const struct part *part)
{
	const struct card *card = part->card;

	return card ? card->head.len + part->author->json.len + card->middle.len + card->tail.len + END_MAX : 0;
}

static size_t item_size(const struct item *it)
{
	return part_size(&it->post) + part_size(&it->boosted) + part_size(&it->quoted);
}

/* All memory of a page at once: growing step by step would copy it several times. Votes in polls still grow it. */
static void make_room(const struct item *items, size_t n, struct buf *out)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += item_size(&items[i]);
	(void)buf_reserve(out, size);
}

/*
 * An answer is bounded, and no post may make it fail for all the others: one that would take more than its part of a
 * page is left out, so that a page always has room for all of its posts, and a thread ends where the room does.
 */
struct room {
	size_t part, left;
};

static struct room room_of(const struct buf *out)
{
	size_t all = out->max - out->max / 8; /* the rest is for what stands around, and votes */

	return (struct room){all / LIMIT_PAGE_POSTS, out->len < all ? all - out->len : 0};
}

static bool room_take(struct room *room, const struct item *it)
{
	size_t size = item_size(it);

	if (size > room->part || size > room->left)
		return false;
	room->left -= size;
	return true;
}

static enum err write_items(const struct showing *s, const struct item *items, size_t n, struct jw *j)
{
	struct item_flags *f = ARENA_ARRAY(s->p->arena, n + 1, struct item_flags);

	TRY(load_flags(s->p, items, n, f));
	make_room(items, n, j->out);
	for (size_t i = 0; i < n; i++)
		TRY(item_write(s, &items[i], f[i], j));
	return OK;
}

static enum err showing_begin(const struct present *p, struct showing *ret)
{
	*ret = (struct showing){.p = p, .fits = visible_to, .boosted_fits = visible_to};
	return filter_set_get(p->core, p->db, p->viewer->account, &ret->filters);
}

/* ret_shown, if any: of each of ids whether it is there. */
static enum err show_posts(const struct showing *s, const struct post_id *ids, size_t n, struct room room,
			   bool *ret_shown, struct jw *j)
{
	struct item *items = ARENA_ARRAY(s->p->arena, n + 1, struct item);
	size_t shown = 0;
	enum err err = OK;

	for (size_t i = 0; i < n && !err && room.left; i++) {
		err = item_load(s, ids[i], &items[shown]);
		bool fits = !err && room_take(&room, &items[shown]);

		if (ret_shown)
			ret_shown[i] = fits;
		if (fits)
			shown++;
		else if (!err)
			item_release(&items[shown]);
		else if (err == ERR_NOT_FOUND)
			err = OK;
	}
	jw_array(j);
	if (!err)
		err = write_items(s, items, shown, j);
	jw_array_end(j);
	items_release(items, shown);
	return err;
}

enum err present_posts(const struct present *p, const struct post_id *ids, size_t n, bool listed, struct jw *j)
{
	struct showing s;

	TRY(showing_begin(p, &s));
	if (listed) /* in a thread one comes upon people one does not know */
		s.fits = p->context == FILTER_THREAD ? found_by : listed_for;
	enum err err = show_posts(&s, ids, n, room_of(j->out), NULL, j);
	filter_set_put(s.filters);
	return err;
}

enum err present_posts_told(const struct present *p, const struct post_id *ids, size_t n, size_t part_max,
			    bool *ret_shown, struct jw *j)
{
	struct showing s;

	TRY(showing_begin(p, &s));
	enum err err = show_posts(&s, ids, n, (struct room){part_max, n * part_max}, ret_shown, j);
	filter_set_put(s.filters);
	return err;
}

enum err present_posts_reported(const struct present *p, const struct post_id *ids, size_t n, struct jw *j)
{
	struct showing s;

	TRY(showing_begin(p, &s));
	s.fits = s.boosted_fits = reported_to;
	enum err err = show_posts(&s, ids, n, room_of(j->out), NULL, j);
	filter_set_put(s.filters);
	return err;
}

/* source: its card is one with the source text. */
static enum err show_post(const struct showing *s, struct post_id id, bool source, struct jw *j)
{
	struct item it = {0};
	struct card *card = NULL;
	enum err err = OK;

	TRY(item_load(s, id, &it));
	if (source)
		err = status_card_render_source(s->p->core, s->p->db, s->p->arena, id, &card);
	if (!err && card) {
		card_put(it.post.card);
		it.post.card = card;
	}
	if (!err)
		err = write_items(s, &it, 1, j);
	item_release(&it);
	return err;
}

static enum err present_one(const struct present *p, struct post_id id, bool source, struct jw *j)
{
	struct showing s;

	TRY(showing_begin(p, &s));
	enum err err = show_post(&s, id, source, j);
	filter_set_put(s.filters);
	return err;
}

enum err present_post(const struct present *p, struct post_id id, struct jw *j)
{
	return present_one(p, id, false, j);
}

enum err present_post_source(const struct present *p, struct post_id id, struct jw *j)
{
	return present_one(p, id, true, j);
}
