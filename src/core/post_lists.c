/*
 * post_lists.c - see post_lists.h.
 */
#include "base/base.h"

#include "core/post_lists.h"

#include "base/limits.h"
#include "core/cards.h"
#include "core/post_parts.h"

/* What fits may be rare among an account's posts, and anybody may ask: not more than this is looked at for a page. */
#define ROWS ((size_t)250)
#define ROUNDS 16

#define DOWN(columns, from, key, cursor)                                                                               \
	"SELECT " columns " FROM " from " WHERE " key " = $1 AND " cursor " > $2 AND " cursor " < $3 ORDER BY " cursor \
	" DESC LIMIT $4"
#define UP(columns, from, key, cursor)                                                                                 \
	"SELECT " columns " FROM " from " WHERE " key " = $1 AND " cursor " > $2 AND " cursor " < $3 ORDER BY " cursor \
	" ASC LIMIT $4"

SQL(list_favourited_by, DOWN("id, account_id", "post_favourites", "post_id", "id"));
SQL(list_favourited_by_up, UP("id, account_id", "post_favourites", "post_id", "id"));
/* Who boosted for their followers only has told nobody else. */
#define OPEN_BOOSTS "post_boosts b CROSS JOIN posts p"
#define OPEN_BOOST "p.id = b.boost_id AND p.visibility <= 1 AND b.post_id"
SQL(list_boosted_by, DOWN("b.boost_id, b.account_id", OPEN_BOOSTS, OPEN_BOOST, "b.boost_id"));
SQL(list_boosted_by_up, UP("b.boost_id, b.account_id", OPEN_BOOSTS, OPEN_BOOST, "b.boost_id"));
SQL(list_favourites, DOWN("id, post_id", "favourites", "account_id", "id"));
SQL(list_favourites_up, UP("id, post_id", "favourites", "account_id", "id"));
SQL(list_bookmarks, DOWN("id, post_id", "bookmarks", "account_id", "id"));
SQL(list_bookmarks_up, UP("id, post_id", "bookmarks", "account_id", "id"));
SQL(list_mentions, DOWN("post_id, post_id", "post_mentions", "silent = 0 AND account_id", "post_id"));
SQL(list_mentions_up, UP("post_id, post_id", "post_mentions", "silent = 0 AND account_id", "post_id"));
SQL(list_pins, "SELECT post_id FROM pins WHERE account_id = $1 ORDER BY id DESC LIMIT $2");

/* One's own from the account's index, those of others from what one was told: a page of each makes a page of both. */
#define DIRECT_PART(from, order)                                                                                       \
	"SELECT post_id FROM (SELECT post_id FROM " from " account_id = $1 AND post_id > $2 AND post_id < $3"           \
	" ORDER BY post_id " order " LIMIT $4) part"
#define DIRECT(order)                                                                                                  \
	"SELECT post_id, post_id FROM (" DIRECT_PART("account_posts WHERE visibility = 3 AND", order)                  \
	" UNION " DIRECT_PART("direct_posts WHERE", order) ") d ORDER BY post_id " order " LIMIT $4"
SQL(list_direct, DIRECT("DESC"));
SQL(list_direct_up, DIRECT("ASC"));

/*
 * An account's posts, each with whether it fits. $4: the most hidden visibility shown to anybody here; $5: who looks, and
 * may be named in what is more hidden; $6: kinds left out; $7: a tag, or ''; $8: rows looked at.
 */
#define ACCOUNT_POSTS(order, more)                                                                                     \
	"SELECT a.post_id, a.kind, CASE WHEN (a.visibility <= $4 OR (CAST($5 AS BIGINT) <> 0 AND EXISTS"               \
	" (SELECT 1 FROM post_mentions m WHERE m.post_id = a.post_id AND m.account_id = $5)))"                         \
	" AND (a.kind & $6) = 0 AND (CAST($7 AS TEXT) = '' OR EXISTS"                                                  \
	" (SELECT 1 FROM post_tags t WHERE t.post_id = a.post_id AND t.name = $7)) THEN 1 ELSE 0 END"                  \
	" FROM account_posts a WHERE a.account_id = $1 AND a.post_id > $2 AND a.post_id < $3" more                     \
	" ORDER BY a.post_id " order " LIMIT $8"
#define WITH_MEDIA " AND (a.kind & 4) = 4" /* as the index account_posts_media has it */
_Static_assert(POST_MEDIA == 4, "the number in the statement");
SQL(list_account_posts, ACCOUNT_POSTS("DESC", ""));
SQL(list_account_posts_up, ACCOUNT_POSTS("ASC", ""));
SQL(list_account_media, ACCOUNT_POSTS("DESC", WITH_MEDIA));
SQL(list_account_media_up, ACCOUNT_POSTS("ASC", WITH_MEDIA));

enum err post_favourited_by(struct db *db, struct post_id post, const struct page *page, struct page_item *ret,
			    size_t *ret_n)
{
	return page_read(db, &list_favourited_by, &list_favourited_by_up, post.v, page, ret, ret_n);
}

enum err post_boosted_by(struct db *db, struct post_id post, const struct page *page, struct page_item *ret,
			 size_t *ret_n)
{
	return page_read(db, &list_boosted_by, &list_boosted_by_up, post.v, page, ret, ret_n);
}

enum err account_favourites(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			    size_t *ret_n)
{
	return page_read(db, &list_favourites, &list_favourites_up, who.v, page, ret, ret_n);
}

enum err account_bookmarks(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			   size_t *ret_n)
{
	return page_read(db, &list_bookmarks, &list_bookmarks_up, who.v, page, ret, ret_n);
}

enum err account_direct_posts(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			      size_t *ret_n)
{
	return page_read(db, &list_direct, &list_direct_up, who.v, page, ret, ret_n);
}

enum err account_mentions(struct db *db, struct account_id who, const struct page *page, struct page_item *ret,
			  size_t *ret_n)
{
	return page_read(db, &list_mentions, &list_mentions_up, who.v, page, ret, ret_n);
}

static int64_t most_hidden_for(const struct viewer *v, struct account_id account)
{
	if (!v->account.v)
		return VISIBILITY_UNLISTED;
	if (account_eq(v->account, account))
		return VISIBILITY_DIRECT;
	return idset_has(&v->following, (uint64_t)account.v) ? VISIBILITY_PRIVATE : VISIBILITY_UNLISTED;
}

static enum err pinned_posts(struct db *db, struct account_id account, const struct page *page, struct post_id *ret,
			     size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &list_pins, BINDS(B_INT(account.v), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++].v = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

static unsigned kinds_left_out(const struct account_posts_filter *f)
{
	unsigned kinds = f->exclude_replies ? POST_REPLY : 0;

	kinds |= f->exclude_self_replies ? POST_SELF_REPLY : 0;
	return kinds | (f->exclude_boosts || f->tagged.len ? POST_BOOST : 0);
}

static void reverse(struct post_id *ids, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct post_id swap = ids[i];

		ids[i] = ids[n - 1 - i];
		ids[n - 1 - i] = swap;
	}
}

/* Reading of an account's posts. */
struct reading {
	struct core *core;
	struct db *db;
	struct arena *arena;
	const struct viewer *viewer;
	struct account_id account;
	const struct account_posts_filter *filter;
};

struct row {
	struct post_id id;
	bool fits, boost;
};

/* In the order of reading: upwards the oldest comes first. */
static enum err read_rows(const struct reading *rd, const struct page *page, size_t rows, struct row *ret,
			  size_t *ret_n)
{
	static const struct sql *const queries[2][2] = {
		{&list_account_posts, &list_account_posts_up},
		{&list_account_media, &list_account_media_up},
	};
	const struct account_posts_filter *f = rd->filter;
	const struct viewer *v = rd->viewer;
	bool self = account_eq(v->account, rd->account);
	size_t n = 0;
	struct rows r;

	db_query(rd->db, &r, queries[f->only_media][page_upward(page)],
		 BINDS(B_INT(rd->account.v), B_INT(page_floor(page)), B_INT(page_ceiling(page)),
		       B_INT(most_hidden_for(v, rd->account)), B_INT(self ? 0 : v->account.v), B_INT(kinds_left_out(f)),
		       B_TEXT(f->tagged.len ? f->tagged : V("")), B_INT(rows)));
	while (n < rows && rows_next(&r))
		ret[n++] = (struct row){{row_int(&r, 0)}, row_int(&r, 2) != 0, (row_int(&r, 1) & POST_BOOST) != 0};
	*ret_n = n;
	return rows_end(&r);
}

/* The boosted post's author may be somebody this viewer does not want to see, unlike the account looked at. */
static enum err hidden_boost(const struct reading *rd, struct post_id id, bool *ret)
{
	struct card *card;
	enum err err = card_get(rd->core, rd->db, rd->arena, id, &card);

	if (err) {
		*ret = true;
		return err == ERR_NOT_FOUND ? OK : err;
	}
	*ret = viewer_hides(rd->viewer, card->meta.boost_author);
	card_put(card);
	return OK;
}

static enum err row_shown(const struct reading *rd, const struct row *row, bool *ret)
{
	bool hidden = false;

	if (row->fits && row->boost && rd->viewer->hides_anybody)
		TRY(hidden_boost(rd, row->id, &hidden));
	*ret = row->fits && !hidden;
	return OK;
}

enum err account_posts(struct core *c, struct db *db, struct arena *a, const struct viewer *v,
		       struct account_id account, const struct account_posts_filter *filter, const struct page *page,
		       struct post_id *ret, size_t *ret_n, int64_t *ret_on)
{
	const struct reading rd = {c, db, a, v, account, filter};
	struct page part = *page;
	size_t rows = page->limit, kept = 0;
	struct row *list = ARENA_ARRAY(a, rows > ROWS ? rows : ROWS, struct row);

	*ret_n = 0;
	*ret_on = 0;
	if (v->account.v && idset_has(&v->blocked_by, (uint64_t)account.v))
		return OK;
	if (filter->pinned)
		return pinned_posts(db, account, page, ret, ret_n);
	for (size_t round = 0, n = 0, at; round < ROUNDS && kept < page->limit; round++, rows = ROWS) {
		TRY(read_rows(&rd, &part, rows, list, &n));
		for (at = 0; at < n && kept < page->limit; at++) {
			bool shown;

			TRY(row_shown(&rd, &list[at], &shown));
			if (shown)
				ret[kept++] = list[at].id;
		}
		*ret_on = n == rows || at < n ? list[at - 1].id.v : 0;
		if (!*ret_on)
			break;
		*(page_upward(page) ? &part.min_id : &part.max_id) = *ret_on;
	}
	if (page_upward(page))
		reverse(ret, kept);
	*ret_n = kept;
	return OK;
}
