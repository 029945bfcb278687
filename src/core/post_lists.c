/*
 * post_lists.c - see post_lists.h.
 */
#include "base/base.h"

#include "core/post_lists.h"

#include "base/limits.h"
#include "core/cards.h"
#include "core/post_parts.h"

#define ROUNDS 20 /* of reading an account's posts, when the viewer hides nearly everybody it boosts */

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
SQL(list_pins, "SELECT post_id FROM pins WHERE account_id = $1 ORDER BY id DESC LIMIT $2");

/* Direct posts of one's own from the account's index, those of others from what one was told. */
#define DIRECT(order)                                                                                                  \
	"SELECT post_id, post_id FROM (SELECT post_id FROM account_posts WHERE account_id = $1 AND visibility = 3"     \
	" UNION SELECT n.post_id FROM notifications n JOIN posts p ON p.id = n.post_id"                                \
	" WHERE n.account_id = $1 AND n.kind = 0 AND p.visibility = 3) d"                                              \
	" WHERE post_id > $2 AND post_id < $3 ORDER BY post_id " order " LIMIT $4"
SQL(list_direct, DIRECT("DESC"));
SQL(list_direct_up, DIRECT("ASC"));

/*
 * $4: the most hidden visibility shown to anybody here; $5: who looks, and may be named in what is more hidden; $6: kinds
 * left out; $7: kinds of which one is needed, 0 for any.
 */
#define ACCOUNT_POSTS(order, more)                                                                                     \
	"SELECT a.post_id, a.kind FROM account_posts a WHERE a.account_id = $1 AND a.post_id > $2 AND a.post_id < $3"  \
	" AND (a.visibility <= $4 OR (CAST($5 AS BIGINT) <> 0 AND EXISTS (SELECT 1 FROM post_mentions m"               \
	" WHERE m.post_id = a.post_id AND m.account_id = $5)))"                                                        \
	" AND (a.kind & $6) = 0 AND (CAST($7 AS BIGINT) = 0 OR (a.kind & $7) <> 0)" more " ORDER BY a.post_id " order  \
	" LIMIT $8"
#define TAGGED " AND EXISTS (SELECT 1 FROM post_tags t WHERE t.post_id = a.post_id AND t.name = $9)"
SQL(list_account_posts, ACCOUNT_POSTS("DESC", ""));
SQL(list_account_posts_up, ACCOUNT_POSTS("ASC", ""));
SQL(list_account_tagged, ACCOUNT_POSTS("DESC", TAGGED));
SQL(list_account_tagged_up, ACCOUNT_POSTS("ASC", TAGGED));

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

	return kinds | (f->exclude_boosts || f->tagged.len ? POST_BOOST : 0);
}

static void reverse(struct page_item *items, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct page_item swap = items[i];

		items[i] = items[n - 1 - i];
		items[n - 1 - i] = swap;
	}
}

/* cursor is the post, id its kind. */
static enum err read_posts(struct db *db, const struct viewer *v, struct account_id account,
			   const struct account_posts_filter *f, const struct page *page, struct page_item *ret,
			   size_t *ret_n)
{
	static const struct sql *const queries[2][2] = {
		{&list_account_posts, &list_account_posts_up},
		{&list_account_tagged, &list_account_tagged_up},
	};
	bool self = account_eq(v->account, account), upward = page_upward(page), tagged = f->tagged.len > 0;
	const struct bind binds[] = {
		B_INT(account.v),
		B_INT(page_floor(page)),
		B_INT(page_ceiling(page)),
		B_INT(most_hidden_for(v, account)),
		B_INT(self ? 0 : v->account.v),
		B_INT(kinds_left_out(f)),
		B_INT(f->only_media ? POST_MEDIA : 0),
		B_INT(page->limit),
		B_TEXT(f->tagged),
	};
	size_t n = 0;
	struct rows r;

	db_query(db, &r, queries[tagged][upward], binds, ARRAY_LEN(binds) - !tagged);
	while (n < page->limit && rows_next(&r))
		ret[n++] = (struct page_item){row_int(&r, 0), row_int(&r, 1)};
	TRY(rows_end(&r));
	if (upward)
		reverse(ret, n);
	*ret_n = n;
	return OK;
}

/* The boosted post's author may be somebody this viewer does not want to see, unlike the account looked at. */
static enum err hidden_boost(struct core *c, struct db *db, struct arena *a, const struct viewer *v, struct post_id id,
			     bool *ret)
{
	struct card *card;
	enum err err = card_get(c, db, a, id, &card);

	if (err) {
		*ret = true;
		return err == ERR_NOT_FOUND ? OK : err;
	}
	*ret = viewer_hides(v, card->meta.boost_author);
	card_put(card);
	return OK;
}

enum err account_posts(struct core *c, struct db *db, struct arena *a, const struct viewer *v,
		       struct account_id account, const struct account_posts_filter *filter, const struct page *page,
		       struct post_id *ret, size_t *ret_n)
{
	struct page_item *items = ARENA_ARRAY(a, page->limit + 1, struct page_item);
	struct page part = *page;
	size_t n, kept = 0;

	if (v->account.v && idset_has(&v->blocked_by, (uint64_t)account.v)) {
		*ret_n = 0;
		return OK;
	}
	if (filter->pinned)
		return pinned_posts(db, account, page, ret, ret_n);
	for (size_t round = 0; round < ROUNDS && kept < page->limit; round++) {
		TRY(read_posts(db, v, account, filter, &part, items, &n));
		for (size_t i = 0; i < n && kept < page->limit; i++) {
			bool hidden = false;

			if ((items[i].id & POST_BOOST) && v->hides_anybody)
				TRY(hidden_boost(c, db, a, v, (struct post_id){items[i].cursor}, &hidden));
			if (!hidden)
				ret[kept++].v = items[i].cursor;
		}
		if (n < page->limit || page_upward(page))
			break;
		part.max_id = items[n - 1].cursor;
	}
	*ret_n = kept;
	return OK;
}
