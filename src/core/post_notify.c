/*
 * post_notify.c - see post_notify.h.
 */
#include "base/base.h"

#include "core/post_notify.h"

#define BATCH 500

/* Who, and where the next batch goes on: behind the last $2 of this one. */
SQL(notify_followers,
    "SELECT follower_id, follower_id FROM followers WHERE account_id = $1 AND notify = 1 AND follower_id > $2"
    " ORDER BY follower_id LIMIT $3");
SQL(notify_boosters,
    "SELECT account_id, boost_id FROM post_boosts WHERE post_id = $1 AND boost_id > $2 ORDER BY boost_id LIMIT $3");
SQL(notify_voters, "SELECT DISTINCT account_id, account_id FROM poll_votes WHERE post_id = $1 AND account_id > $2"
		   " ORDER BY account_id LIMIT $3");
SQL(notify_voters_only, /* who boosted it as well has been told */
    "SELECT DISTINCT v.account_id, v.account_id FROM poll_votes v WHERE v.post_id = $1 AND v.account_id > $2"
    " AND NOT EXISTS (SELECT 1 FROM account_boosts b WHERE b.account_id = v.account_id AND b.post_id = $1)"
    " ORDER BY v.account_id LIMIT $3");

struct batch {
	enum notification_kind kind;
	struct account_id author;
	struct post_id post;
	int64_t thread_id;
	const struct account_id *except;
	size_t n_except;
	struct account_id to[BATCH];
	size_t n;
	struct event_list events;
};

static bool excepted(const struct batch *b, struct account_id id)
{
	for (size_t i = 0; i < b->n_except; i++)
		if (account_eq(b->except[i], id))
			return true;
	return false;
}

static enum err write_batch(struct db *tx, void *arg)
{
	struct batch *b = arg;

	b->events.n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (!excepted(b, b->to[i]))
			TRY(notification_add(tx, &b->events, b->to[i], b->kind, b->author, b->post, b->thread_id));
	return OK;
}

static enum err flush(struct core *c, struct batch *b)
{
	enum err err = b->n ? store_write(c->store, write_batch, b) : OK;

	if (err)
		event_list_drop(&b->events);
	else
		events_announce_all(c->events, &b->events);
	return err;
}

static enum err notify_all(struct core *c, struct db *db, struct batch *b, const struct sql *sql, int64_t key)
{
	int64_t last = 0;
	struct rows r;

	do {
		b->n = 0;
		db_query(db, &r, sql, BINDS(B_INT(key), B_INT(last), B_INT(BATCH)));
		while (b->n < BATCH && rows_next(&r)) {
			b->to[b->n++].v = row_int(&r, 0);
			last = row_int(&r, 1);
		}
		TRY(rows_end(&r));
		TRY(flush(c, b));
	} while (b->n == BATCH);
	return OK;
}

enum err post_notify_followers(struct core *c, struct db *db, struct arena *a, struct account_id author,
			       struct post_id post, int64_t thread_id, const struct account_id *except, size_t n_except)
{
	struct batch *b = ARENA_NEW(a, struct batch);

	*b = (struct batch){.kind = NOTIFY_STATUS,
			    .author = author,
			    .post = post,
			    .thread_id = thread_id,
			    .except = except,
			    .n_except = n_except};
	return notify_all(c, db, b, &notify_followers, author.v);
}

enum err post_notify_edited(struct core *c, struct db *db, struct arena *a, struct account_id author,
			    struct post_id post, int64_t thread_id)
{
	struct batch *b = ARENA_NEW(a, struct batch);

	*b = (struct batch){.kind = NOTIFY_UPDATE, .author = author, .post = post, .thread_id = thread_id};
	TRY(notify_all(c, db, b, &notify_boosters, post.v));
	return notify_all(c, db, b, &notify_voters_only, post.v);
}

enum err post_notify_poll(struct core *c, struct db *db, struct arena *a, struct account_id author, struct post_id post,
			  int64_t thread_id)
{
	struct batch *b = ARENA_NEW(a, struct batch);

	*b = (struct batch){.kind = NOTIFY_POLL, .author = author, .post = post, .thread_id = thread_id};
	b->to[0] = author;
	b->n = 1;
	TRY(flush(c, b));
	return notify_all(c, db, b, &notify_voters, post.v);
}
