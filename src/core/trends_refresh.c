/*
 * trends_refresh.c - the periodic task that makes the lists of trends.c. What it looks at is bounded by what was used
 * since midnight (tags) and since the last time (posts), not by what there is.
 */
#include "base/base.h"

#include "core/trends_private.h"

#include "base/limits.h"
#include "base/map.h"
#include "core/previews.h"
#include "core/trend_score.h"

#define MS_PER_HOUR ((int64_t)3600 * 1000)
#define MS_PER_DAY (24 * MS_PER_HOUR)
#define KEPT_MAX 1000	     /* rows of a kind in the table */
#define CANDIDATES_MAX 2000  /* new ones at a time */
#define SCANNED_POSTS 20000  /* of the newest, once after the start */
#define THOUSANDTHS 1000.0

/* Who counts. */
#define COUNTED "a.suspended_at IS NULL AND a.silenced_at IS NULL AND a.discoverable = 1"
#define TAG_PEOPLE(day)                                                                                                \
	"(SELECT COUNT(*) FROM tag_days d JOIN accounts a ON a.id = d.account_id WHERE d.name = t.name AND d.day = " day \
	" AND " COUNTED ")"
/* last_used_at of a busy tag is up to an hour old (post_parts.c). */
SQL(trends_tags, "SELECT t.id, t.observed, " TAG_PEOPLE("$2") " FROM (SELECT id, name, " TAG_PEOPLE(
			 "$1") " AS observed FROM tags t"
			       " WHERE last_used_at > $3 AND usable = 1) t WHERE t.observed >= $4 ORDER BY t.observed "
			       "DESC LIMIT $5");
SQL(trends_tag_name, "SELECT name FROM tags WHERE id = $1");

/* Everybody once, however often and in whichever way; the author not at all. */
#define POST_PEOPLE                                                                                                    \
	"(SELECT COUNT(*) FROM (SELECT f.account_id FROM post_favourites f WHERE f.post_id = p.id UNION"               \
	" SELECT b.account_id FROM post_boosts b WHERE b.post_id = p.id) w JOIN accounts a ON a.id = w.account_id"     \
	" WHERE w.account_id <> p.account_id AND " COUNTED ")"
SQL(trends_posts,
    "SELECT p.id, " POST_PEOPLE ", p.account_id, p.created_at FROM posts p JOIN accounts a ON a.id = p.account_id"
    " WHERE p.id IN IDS($1) AND p.id > $2 AND p.visibility = 0 AND p.boost_of IS NULL AND p.reply_to IS NULL"
    " AND p.spoiler = '' AND p.sensitive = 0"
    " AND a.sensitized_at IS NULL AND " COUNTED);
SQL(trends_newest_posts, "SELECT p.id FROM (SELECT id FROM posts WHERE visibility = 0 AND boost_of IS NULL AND id > $1"
			 " ORDER BY id DESC LIMIT $2) p JOIN post_counts c ON c.post_id = p.id"
			 " WHERE c.favourites + c.boosts >= $3");

SQL(trends_links,
    "SELECT t.card_id, t.observed, (SELECT COUNT(*) FROM card_days d JOIN accounts a ON a.id = d.account_id"
    " WHERE d.card_id = t.card_id AND d.day = $2 AND " COUNTED ") FROM (SELECT d.card_id, COUNT(*) AS observed"
    " FROM card_days d JOIN accounts a ON a.id = d.account_id WHERE d.day = $1 AND " COUNTED
    " GROUP BY d.card_id HAVING COUNT(*) >= $3) t ORDER BY t.observed DESC LIMIT $4");

SQL(trends_kept, "SELECT id, peak, peak_at FROM trends WHERE kind = $1 LIMIT $2");
SQL(trends_clear, "DELETE FROM trends WHERE kind = $1");
SQL(trends_keep, "INSERT INTO trends (kind, id, peak, peak_at) VALUES ($1, $2, $3, $4)");
/* Posts are too old to come back. */
SQL(trends_forget_reviews, "DELETE FROM trend_reviews WHERE kind = $1 AND id < $2");

struct item {
	int64_t id, peak_at;
	double peak, score;
	struct account_id author;
};

struct refresh {
	struct core *core;
	struct db *db;
	struct arena *arena;
	int64_t now;
	enum trend_kind kind;
	const struct rules *rules;
	struct item *items;
	size_t n, n_kept;
	struct map by_id; /* struct item * */
};

static const struct rules {
	int64_t people; /* at least, or nothing is a trend */
	int64_t halflife_ms;
	int64_t keep_ms; /* a peak is remembered for so long; a lower one within it is the same trend wearing off */
	double least;	 /* shown down to this */
	enum err (*find)(struct refresh *r);
	enum err (*describe)(struct refresh *r, struct trend *t);
} rules[TREND_KINDS];

/* --- items --- */

static struct item *item_of(struct refresh *r, int64_t id)
{
	struct item *item = map_get(&r->by_id, (uint64_t)id);

	if (item || r->n == KEPT_MAX + CANDIDATES_MAX)
		return item;
	item = &r->items[r->n++];
	*item = (struct item){.id = id};
	map_put(&r->by_id, (uint64_t)id, item);
	return item;
}

static enum err load_kept(struct refresh *r)
{
	struct rows rows;

	db_query(r->db, &rows, &trends_kept, BINDS(B_INT(r->kind), B_INT(KEPT_MAX)));
	while (rows_next(&rows)) {
		struct item *item = item_of(r, row_int(&rows, 0));

		item->peak = (double)row_int(&rows, 1) / THOUSANDTHS;
		item->peak_at = row_int(&rows, 2);
	}
	r->n_kept = r->n;
	return rows_end(&rows);
}

/* --- hashtags --- */

static void raise_peak(struct refresh *r, int64_t id, int64_t observed, int64_t expected)
{
	double score = trend_surprise(observed, expected, r->rules->people);
	struct item *item = score > 0 ? item_of(r, id) : NULL;

	if (!item || (item->peak >= score && item->peak_at > r->now - r->rules->keep_ms))
		return;
	item->peak = score;
	item->peak_at = r->now;
}

static enum err find_tags(struct refresh *r)
{
	int64_t today = r->now - r->now % MS_PER_DAY;
	struct rows rows;

	TRY(load_kept(r));
	db_query(r->db, &rows, &trends_tags,
		 BINDS(B_INT(today), B_INT(today - MS_PER_DAY), B_INT(today - MS_PER_HOUR), B_INT(r->rules->people),
		       B_INT(CANDIDATES_MAX)));
	while (rows_next(&rows))
		raise_peak(r, row_int(&rows, 0), row_int(&rows, 1), row_int(&rows, 2));
	return rows_end(&rows);
}

static enum err describe_tag(struct refresh *r, struct trend *t)
{
	struct view name = V("");
	struct rows rows;

	db_query(r->db, &rows, &trends_tag_name, BINDS(B_INT(t->id)));
	if (rows_next(&rows))
		name = row_copy(&rows, 0, r->arena);
	TRY(rows_end(&rows));
	return name.len ? tag_load(r->db, r->arena, name, &t->tag) : ERR_NOT_FOUND;
}

/* --- posts --- */

/* All that were touched, and those that are trends. */
static enum err posts_to_look_at(struct refresh *r, int64_t floor, int64_t **ret, size_t *ret_n)
{
	int64_t *touched;
	size_t n_touched, n;
	struct rows rows;
	bool all;

	trends_take_touched(r->core, r->arena, &touched, &n_touched, &all);
	int64_t *ids = ARENA_ARRAY(r->arena, n_touched + r->n + SCANNED_POSTS + 1, int64_t);
	memcpy(ids, touched, n_touched * sizeof(*ids));
	n = n_touched;
	for (size_t i = 0; i < r->n; i++)
		ids[n++] = r->items[i].id;
	if (all) {
		db_query(r->db, &rows, &trends_newest_posts,
			 BINDS(B_INT(floor), B_INT(SCANNED_POSTS), B_INT(r->rules->people)));
		while (rows_next(&rows))
			ids[n++] = row_int(&rows, 0);
		TRY(rows_end(&rows));
	}
	*ret = ids;
	*ret_n = n;
	return OK;
}

static enum err find_posts(struct refresh *r)
{
	int64_t floor = id_at(r->now - r->rules->keep_ms), *ids;
	struct rows rows;
	size_t n;

	TRY(load_kept(r));
	TRY(posts_to_look_at(r, floor, &ids, &n));
	for (size_t i = 0; i < r->n; i++)
		r->items[i].peak = 0; /* unless it still is one */
	db_query(r->db, &rows, &trends_posts, BINDS(bind_ids(r->arena, ids, n), B_INT(floor)));
	while (rows_next(&rows)) {
		double score = trend_surprise(row_int(&rows, 1), 1, r->rules->people);
		struct item *item = score > 0 ? item_of(r, row_int(&rows, 0)) : NULL;

		if (!item)
			continue;
		item->peak = score;
		item->author.v = row_int(&rows, 2);
		item->peak_at = row_int(&rows, 3);
	}
	return rows_end(&rows);
}

static enum err describe_post(struct refresh *r, struct trend *t)
{
	(void)r, (void)t;
	return OK;
}

/* --- links --- */

static enum err find_links(struct refresh *r)
{
	int64_t today = r->now - r->now % MS_PER_DAY;
	struct rows rows;

	TRY(load_kept(r));
	db_query(r->db, &rows, &trends_links,
		 BINDS(B_INT(today), B_INT(today - MS_PER_DAY), B_INT(r->rules->people), B_INT(CANDIDATES_MAX)));
	while (rows_next(&rows))
		raise_peak(r, row_int(&rows, 0), row_int(&rows, 1), row_int(&rows, 2));
	return rows_end(&rows);
}

/* Where nobody has said anything of the link, what was said of its site holds. */
static enum err describe_link(struct refresh *r, struct trend *t)
{
	struct preview card;

	TRY(preview_load(r->db, r->arena, t->id, &card));
	t->site = card.site;
	if (t->review == TREND_NOT_REVIEWED) {
		TRY(trend_review_load(r->db, TREND_SITE, t->site, &t->review));
		t->by_site = true;
	}
	return preview_uses(r->db, t->id, t->days);
}

static const struct rules rules[TREND_KINDS] = {
	[TREND_TAG] = {5, 4 * MS_PER_HOUR, 2 * MS_PER_DAY, 1, find_tags, describe_tag},
	[TREND_POST] = {5, 2 * MS_PER_HOUR, 2 * MS_PER_DAY, 0.3, find_posts, describe_post},
	[TREND_LINK] = {5, 8 * MS_PER_HOUR, 2 * MS_PER_DAY, 1, find_links, describe_link},
};

/* --- the lists --- */

static int by_score(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

/* Sorts, and leaves out what is over. */
static void rank(struct refresh *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct item *item = &r->items[i];

		item->score = trend_decayed(item->peak, r->now - item->peak_at, r->rules->halflife_ms);
		if (item->peak > 0 && item->peak_at > r->now - r->rules->keep_ms)
			r->items[n++] = *item;
	}
	r->n = n;
	qsort(r->items, r->n, sizeof(*r->items), by_score);
	if (r->n > KEPT_MAX)
		r->n = KEPT_MAX;
}

static enum err write_kept(struct db *tx, void *arg)
{
	const struct refresh *r = arg;

	TRY(db_exec(tx, &trends_clear, BINDS(B_INT(r->kind)), NULL));
	for (size_t i = 0; i < r->n; i++) {
		const struct item *item = &r->items[i];

		TRY(db_exec(tx, &trends_keep,
			    BINDS(B_INT(r->kind), B_INT(item->id), B_INT((int64_t)(item->peak * THOUSANDTHS)),
				  B_INT(item->peak_at)),
			    NULL));
	}
	if (r->kind != TREND_POST)
		return OK;
	return db_exec(tx, &trends_forget_reviews, BINDS(B_INT(r->kind), B_INT(id_at(r->now - 30 * MS_PER_DAY))), NULL);
}

static bool has_author(const struct trend *list, size_t n, struct account_id author)
{
	for (size_t i = 0; author.v && i < n; i++)
		if (account_eq(list[i].author, author))
			return true;
	return false;
}

/* One post of an author is enough. */
static enum err publish(struct refresh *r)
{
	struct trend *list = ARENA_ARRAY(r->arena, TRENDS_MAX, struct trend);
	size_t n = 0;

	for (size_t i = 0; i < r->n && n < TRENDS_MAX; i++) {
		const struct item *item = &r->items[i];

		if (item->score < r->rules->least || has_author(list, n, item->author))
			continue;
		list[n] = (struct trend){.id = item->id, .score = item->score, .author = item->author};
		TRY(trend_review_load(r->db, r->kind, item->id, &list[n].review));
		enum err err = r->rules->describe(r, &list[n]);
		if (err == OK)
			n++;
		else if (err != ERR_NOT_FOUND)
			return err;
	}
	trends_publish(r->core, r->kind, list, n);
	return OK;
}

static enum err refresh_kind(struct refresh *r)
{
	r->items = ARENA_ARRAY(r->arena, KEPT_MAX + CANDIDATES_MAX, struct item);
	map_init(&r->by_id);
	enum err err = r->rules->find(r);
	map_release(&r->by_id);
	TRY(err);
	rank(r);
	if (r->n || r->n_kept)
		TRY(store_write(r->core->store, write_kept, r));
	return publish(r);
}

enum err trends_refresh(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	if (!trends_due(c, now))
		return OK;
	for (enum trend_kind kind = 0; kind < TREND_KINDS; kind++) {
		struct refresh r = {.core = c, .db = db, .arena = a, .now = now, .kind = kind, .rules = &rules[kind]};

		TRY(refresh_kind(&r));
	}
	return OK;
}
