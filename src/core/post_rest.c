/*
 * post_rest.c - see post_rest.h. Each table has its part, which takes away no more rows than there is room for.
 */
#include "base/base.h"

#include "core/post_rest.h"

#include "core/notifications.h"
#include "core/post_delete.h"
#include "core/post_parts.h"

SQL(rest_boosts, "SELECT boost_id, account_id FROM post_boosts WHERE post_id = $1 ORDER BY boost_id LIMIT $2");
SQL(rest_replies, "SELECT id FROM posts WHERE reply_to = $1 LIMIT $2");
SQL(rest_free_reply, "UPDATE posts SET reply_to = NULL WHERE id = $1");
SQL(rest_notifications, "DELETE FROM notifications WHERE (account_id, id) IN"
			" (SELECT account_id, id FROM notifications WHERE post_id = $1 LIMIT $2) RETURNING account_id");
SQL(rest_favourites_end, "SELECT COUNT(*), MAX(id) FROM"
			 " (SELECT id FROM post_favourites WHERE post_id = $1 ORDER BY id LIMIT $2) f");
SQL(rest_favourites, "DELETE FROM favourites WHERE post_id = $1 AND account_id IN"
		     " (SELECT account_id FROM post_favourites WHERE post_id = $1 AND id <= $2)");
SQL(rest_post_favourites, "DELETE FROM post_favourites WHERE post_id = $1 AND id <= $2");
SQL(rest_bookmarks, "DELETE FROM bookmarks WHERE post_id = $1 AND account_id IN"
		    " (SELECT account_id FROM bookmarks WHERE post_id = $1 LIMIT $2)");
SQL(rest_votes, "DELETE FROM poll_votes WHERE (post_id, account_id, position) IN"
		" (SELECT post_id, account_id, position FROM poll_votes WHERE post_id = $1 LIMIT $2)");

SQL(rest_imported, "DELETE FROM imported_posts WHERE (account_id, origin) IN"
		   " (SELECT account_id, origin FROM imported_posts WHERE post_id = $1 LIMIT $2)");
SQL(rest_filters, "DELETE FROM filter_statuses WHERE id IN"
		  " (SELECT id FROM filter_statuses WHERE post_id = $1 LIMIT $2)");

struct rest {
	struct db *tx;
	struct event_list *events;
	struct post_id id;
	int64_t room;
};

static enum err drop_boosts(struct rest *w)
{
	struct post_place boosts[POST_REST_ROWS];
	size_t n = 0;
	struct rows r;

	db_query(w->tx, &r, &rest_boosts, BINDS(B_INT(w->id.v), B_INT(w->room)));
	while (n < ARRAY_LEN(boosts) && rows_next(&r))
		boosts[n++] = (struct post_place){.id = {row_int(&r, 0)}, .author = {row_int(&r, 1)}};
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = post_drop_boost(w->tx, w->events, &boosts[i], w->id);

		if (err && err != ERR_NOT_FOUND)
			return err;
	}
	w->room -= (int64_t)n;
	return OK;
}

/* Answers stay, without what they answered. */
static enum err free_replies(struct rest *w)
{
	struct post_id replies[POST_REST_ROWS];
	size_t n = 0;
	struct rows r;

	db_query(w->tx, &r, &rest_replies, BINDS(B_INT(w->id.v), B_INT(w->room)));
	while (n < ARRAY_LEN(replies) && rows_next(&r))
		replies[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		TRY(db_exec(w->tx, &rest_free_reply, BINDS(B_INT(replies[i].v)), NULL));
		events_pend(w->events, (struct event){.kind = EVENT_POST_COUNTS, .post = replies[i]});
	}
	w->room -= (int64_t)n;
	return OK;
}

/* Most of them are its author's. */
static enum err drop_notifications(struct rest *w)
{
	struct account_id last = {0};
	struct rows r;

	db_query(w->tx, &r, &rest_notifications, BINDS(B_INT(w->id.v), B_INT(w->room)));
	for (; rows_next(&r); w->room--) {
		struct account_id to = {row_int(&r, 0)};

		if (!account_eq(to, last))
			notifications_pend_changed(w->events, to);
		last = to;
	}
	return rows_end(&r);
}

/* Kept on both sides: those of the post say whose the others are. */
static enum err drop_favourites(struct rest *w)
{
	int64_t n = 0, last = 0;
	struct rows r;

	db_query(w->tx, &r, &rest_favourites_end, BINDS(B_INT(w->id.v), B_INT(w->room)));
	if (rows_next(&r)) {
		n = row_int(&r, 0);
		last = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	if (!n)
		return OK;
	w->room -= n;
	TRY(db_exec(w->tx, &rest_favourites, BINDS(B_INT(w->id.v), B_INT(last)), NULL));
	return db_exec(w->tx, &rest_post_favourites, BINDS(B_INT(w->id.v), B_INT(last)), NULL);
}

static enum err drop_rows(struct rest *w, const struct sql *sql)
{
	int64_t n;

	TRY(db_exec(w->tx, sql, BINDS(B_INT(w->id.v), B_INT(w->room)), &n));
	w->room -= n;
	return OK;
}

enum err post_rest_drop(struct db *tx, struct event_list *events, struct post_id id, bool *ret_more)
{
	static const struct {
		enum err (*drop)(struct rest *w);
		const struct sql *rows;
	} parts[] = {
		{.drop = drop_boosts},	   {.drop = free_replies},    {.drop = drop_notifications},
		{.drop = drop_favourites}, {.rows = &rest_bookmarks}, {.rows = &rest_votes},
		{.rows = &rest_imported},  {.rows = &rest_filters},
	};
	struct rest w = {.tx = tx, .events = events, .id = id, .room = POST_REST_ROWS};

	for (size_t i = 0; i < ARRAY_LEN(parts) && w.room > 0; i++)
		TRY(parts[i].rows ? drop_rows(&w, parts[i].rows) : parts[i].drop(&w));
	*ret_more = w.room <= 0;
	return OK;
}

struct step {
	struct post_id id;
	struct event_list events;
	bool more;
};

static enum err write_step(struct db *tx, void *arg)
{
	struct step *s = arg;

	s->events.n = 0;
	return post_rest_drop(tx, &s->events, s->id, &s->more);
}

static enum err step(struct core *c, struct db *db, struct arena *a, int64_t id, bool *ret_more)
{
	struct step s = {.id = {id}};
	enum err err = store_write(c->store, write_step, &s);

	(void)db;
	(void)a;
	if (err) {
		event_list_drop(&s.events);
		return err;
	}
	events_announce_all(c->events, &s.events);
	*ret_more = s.more;
	return OK;
}

const struct chore post_rest_chore = {POST_REST_KIND, step};
