/*
 * tag_follows.c - see tag_follows.h.
 */
#include "base/base.h"

#include "core/tag_follows.h"

#include "core/events.h"

/* One after the other, so that the limit holds. */
SQL(tag_follow_hold, "UPDATE accounts SET id = id WHERE id = $1");
SQL(tag_follow_count, "SELECT COUNT(*) FROM followed_tags WHERE account_id = $1 AND name <> $2");
SQL(tag_follow_insert, "INSERT INTO followed_tags (account_id, name, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(tag_follow_delete, "DELETE FROM followed_tags WHERE account_id = $1 AND name = $2");
#define PAGE "SELECT id, name FROM followed_tags WHERE account_id = $1 AND id > $2 AND id < $3 "
SQL(tag_follows_down, PAGE "ORDER BY id DESC LIMIT $4");
SQL(tag_follows_up, PAGE "ORDER BY id ASC LIMIT $4");
SQL(tag_follows_of, "SELECT DISTINCT f.account_id FROM post_tags t JOIN followed_tags f ON f.name = t.name"
		    " WHERE t.post_id = $1");

struct following {
	struct account_id who;
	struct view name;
	struct problem *problem;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct following *f = arg;
	int64_t n;

	TRY(db_exec(tx, &tag_follow_hold, BINDS(B_INT(f->who.v)), NULL));
	TRY(db_int(tx, &tag_follow_count, BINDS(B_INT(f->who.v), B_TEXT(f->name)), &n));
	if (n >= LIMIT_FOLLOWED_TAGS)
		return fail(f->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You follow %d hashtags, which is as many as one can",
			    LIMIT_FOLLOWED_TAGS);
	return db_exec(tx, &tag_follow_insert, BINDS(B_INT(f->who.v), B_TEXT(f->name), B_INT(id_next())), NULL);
}

static enum err unfollow(struct db *tx, void *arg)
{
	const struct following *f = arg;

	return db_exec(tx, &tag_follow_delete, BINDS(B_INT(f->who.v), B_TEXT(f->name)), NULL);
}

static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct following *f)
{
	TRY(store_write(c->store, fn, f));
	events_announce(c->events, &(struct event){.kind = EVENT_TAGS_FOLLOWED, .account = f->who});
	return OK;
}

enum err tag_follow(struct core *c, struct account_id who, struct view name, struct problem *problem)
{
	return run(c, insert, &(struct following){who, name, problem});
}

enum err tag_unfollow(struct core *c, struct account_id who, struct view name)
{
	return run(c, unfollow, &(struct following){who, name, NULL});
}

enum err tag_follows_page(struct db *db, struct arena *a, struct account_id who, const struct page *page,
			  struct tag_follow *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &tag_follows_up : &tag_follows_down,
		 BINDS(B_INT(who.v), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r)) {
		ret[n].id = row_int(&r, 0);
		ret[n++].name = row_copy(&r, 1, a);
	}
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct tag_follow other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

enum err tag_followers(struct db *db, struct post_id post, void (*fn)(void *arg, struct account_id who), void *arg)
{
	struct rows r;

	db_query(db, &r, &tag_follows_of, BINDS(B_INT(post.v)));
	while (rows_next(&r))
		fn(arg, (struct account_id){row_int(&r, 0)});
	return rows_end(&r);
}
