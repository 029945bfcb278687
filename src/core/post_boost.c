/*
 * post_boost.c - boosting and taking it back. A boost is a row of posts without text, in the booster's name.
 */
#include "base/base.h"

#include "core/posts.h"

#include "base/clock.h"
#include "core/notifications.h"
#include "core/post_delete.h"
#include "core/post_parts.h"
#include "core/post_target.h"
#include "core/visibility.h"

#define URI_BYTES 2048

SQL(boost_author,
    "SELECT a.uri, a.silenced_at, u.default_visibility FROM accounts a JOIN users u ON u.account_id = a.id"
    " WHERE a.id = $1 AND a.suspended_at IS NULL");
SQL(boost_find, "SELECT boost_id FROM account_boosts WHERE account_id = $1 AND post_id = $2");
SQL(boost_insert,
    "INSERT INTO posts (id, account_id, domain, uri, url, boost_of, thread_id, visibility, text, html, created_at)"
    " VALUES ($1, $2, '', $3, '', $4, $5, $6, '', '', $7)");
/* Of two at once the second waits here, and finds the first. */
SQL(boost_of_account,
    "INSERT INTO account_boosts (account_id, post_id, boost_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(boost_of_post, "INSERT INTO post_boosts (post_id, boost_id, account_id) VALUES ($1, $2, $3)");

struct boost {
	struct account_id who;
	struct view author_uri;
	struct post_meta post;
	enum visibility visibility;
	struct post_id id;
	struct event_list events;
};

static enum err existing(struct db *db, struct account_id who, struct post_id post, struct post_id *ret)
{
	return db_int(db, &boost_find, BINDS(B_INT(who.v), B_INT(post.v)), &ret->v);
}

/* Hidden posts are boosted as hidden as they are; direct is no way to boost. */
static enum err choose_visibility(struct db *db, struct arena *a, struct boost *w, bool given, enum visibility asked)
{
	bool found, silenced = false;
	struct rows r;

	db_query(db, &r, &boost_author, BINDS(B_INT(w->who.v)));
	found = rows_next(&r);
	if (found) {
		w->author_uri = row_copy(&r, 0, a);
		silenced = !row_is_null(&r, 1);
		w->visibility = given ? asked : (enum visibility)row_int(&r, 2);
	}
	TRY(rows_end(&r));
	if (!found)
		return ERR_FORBIDDEN;
	if (w->post.visibility == VISIBILITY_PRIVATE || w->visibility == VISIBILITY_DIRECT)
		w->visibility = VISIBILITY_PRIVATE;
	if (silenced && w->visibility == VISIBILITY_PUBLIC)
		w->visibility = VISIBILITY_UNLISTED;
	return OK;
}

static enum err insert_boost(struct db *tx, const struct boost *w, const struct post_place *place)
{
	char uri[URI_BYTES];
	int len =
		snprintf(uri, sizeof(uri), "%.*s/statuses/%" PRIi64 "/activity", VIEW_ARG(w->author_uri), place->id.v);

	if (len >= URI_BYTES)
		return ERR_TOO_LARGE;
	TRY(db_exec(tx, &boost_insert,
		    BINDS(B_INT(place->id.v), B_INT(w->who.v), B_TEXT(view_make(uri, (size_t)len)), B_INT(w->post.id.v),
			  B_INT(w->post.thread_id), B_INT(place->visibility), B_INT(place->at)),
		    NULL));
	TRY(db_exec(tx, &boost_of_post, BINDS(B_INT(w->post.id.v), B_INT(place->id.v), B_INT(w->who.v)), NULL));
	return account_post_put(tx, place, POST_BOOST);
}

static enum err boost(struct db *tx, void *arg)
{
	struct boost *w = arg;
	int64_t added;

	w->events.n = 0;
	w->id.v = id_next();
	TRY(db_exec(tx, &boost_of_account, BINDS(B_INT(w->who.v), B_INT(w->post.id.v), B_INT(w->id.v)), &added));
	if (!added)
		return existing(tx, w->who, w->post.id, &w->id);
	struct post_place place = {w->id, w->who, w->visibility, clock_now()};
	TRY(insert_boost(tx, w, &place));
	events_pend(&w->events, (struct event){.kind = EVENT_POST_CREATED,
					       .post = w->id,
					       .account = w->who,
					       .boost_of = w->post.id,
					       .visibility = (int)w->visibility,
					       .local = true});
	TRY(post_count_add(tx, &w->events, w->post.id, COUNT_BOOSTS, 1));
	TRY(account_posts_add(tx, &w->events, &place, 1));
	events_pend(&w->events, (struct event){.kind = EVENT_POST_FLAGS, .account = w->who, .post = w->post.id});
	return notification_add(tx, &w->events, w->post.author, NOTIFY_REBLOG, w->who, w->post.id, w->post.thread_id);
}

static enum err finish(struct core *c, enum err err, struct event_list *events)
{
	if (err)
		event_list_drop(events);
	else
		events_announce_all(c->events, events);
	return err;
}

enum err post_boost(struct core *c, struct db *db, struct arena *a, struct viewer *who, struct post_id id,
		    bool has_visibility, enum visibility visibility, struct post_id *ret_boost, struct problem *problem)
{
	struct boost w = {.who = who->account};
	struct post_target target;

	TRY(post_target_find(db, who->account, id, &target));
	TRY(post_load_meta(c, db, a, target.id, &w.post));
	if (!visible_to(who, &w.post))
		return ERR_NOT_FOUND;
	if (!boostable_by(who, &w.post))
		return fail(problem, ERR_FORBIDDEN, "This action is not allowed");
	TRY(choose_visibility(db, a, &w, has_visibility, visibility));
	TRY(finish(c, store_write(c->store, boost, &w), &w.events));
	*ret_boost = w.id;
	return OK;
}

struct unboost {
	struct account_id who;
	struct post_target post;
	struct event_list events;
};

static enum err unboost(struct db *tx, void *arg)
{
	struct unboost *w = arg;
	struct post_id boost_id;
	enum err err;

	w->events.n = 0;
	err = existing(tx, w->who, w->post.id, &boost_id);
	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	err = post_delete_boost(tx, &w->events, w->who, boost_id, w->post.id, w->post.author);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err post_unboost(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id)
{
	struct unboost w = {.who = who};
	enum err err = post_target_find(db, who, id, &w.post);

	(void)a;
	if (err && err != ERR_FORBIDDEN)
		return err;
	return finish(c, store_write(c->store, unboost, &w), &w.events);
}
