/*
 * post_actions.c - favourites, bookmarks, pins and muted threads: small marks that an account sets on a post. Setting
 * one twice, or taking away what is not there, changes nothing.
 */
#include "base/base.h"

#include "core/posts.h"

#include "base/limits.h"
#include "core/notifications.h"
#include "core/post_parts.h"
#include "core/post_target.h"

SQL(mark_favourite, "INSERT INTO favourites (account_id, post_id, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(mark_favourited, "INSERT INTO post_favourites (post_id, id, account_id) VALUES ($1, $2, $3)");
SQL(mark_favourite_id, "SELECT id FROM favourites WHERE account_id = $1 AND post_id = $2");
SQL(unmark_favourite, "DELETE FROM favourites WHERE account_id = $1 AND post_id = $2");
SQL(unmark_favourited, "DELETE FROM post_favourites WHERE post_id = $1 AND id = $2");
SQL(mark_bookmark, "INSERT INTO bookmarks (account_id, post_id, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(unmark_bookmark, "DELETE FROM bookmarks WHERE account_id = $1 AND post_id = $2");
SQL(mark_pin, "INSERT INTO pins (account_id, post_id, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(mark_pinned, "SELECT 1 FROM pins WHERE account_id = $1 AND post_id = $2");
SQL(mark_pins, "SELECT count(*) FROM pins WHERE account_id = $1");
SQL(unmark_pin, "DELETE FROM pins WHERE account_id = $1 AND post_id = $2");
SQL(mark_thread, "INSERT INTO thread_mutes (account_id, thread_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(unmark_thread, "DELETE FROM thread_mutes WHERE account_id = $1 AND thread_id = $2");

struct mark {
	struct account_id who;
	struct post_target post;
	struct problem *problem;
	struct event_list events;
};

static void pend_flags(struct mark *m)
{
	events_pend(&m->events,
		    (struct event){.kind = EVENT_POST_FLAGS, .account = m->who, .post = m->post.id, .local = true});
}

static enum err run(struct core *c, struct mark *m, enum err (*fn)(struct db *tx, void *arg))
{
	enum err err = store_write(c->store, fn, m);

	if (err)
		event_list_drop(&m->events);
	else
		events_announce_all(c->events, &m->events);
	return err;
}

static enum err favourite(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t id = id_next(), added;

	m->events.n = 0;
	TRY(db_exec(tx, &mark_favourite, BINDS(B_INT(m->who.v), B_INT(m->post.id.v), B_INT(id)), &added));
	if (!added)
		return OK;
	TRY(db_exec(tx, &mark_favourited, BINDS(B_INT(m->post.id.v), B_INT(id), B_INT(m->who.v)), NULL));
	TRY(post_count_add(tx, &m->events, m->post.id, COUNT_FAVOURITES, 1));
	pend_flags(m);
	return notification_add(tx, &m->events, m->post.author, NOTIFY_FAVOURITE, m->who, m->post.id,
				m->post.thread_id);
}

static enum err unfavourite(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t id, gone;
	enum err err;

	m->events.n = 0;
	err = db_int(tx, &mark_favourite_id, BINDS(B_INT(m->who.v), B_INT(m->post.id.v)), &id);
	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(db_exec(tx, &unmark_favourite, BINDS(B_INT(m->who.v), B_INT(m->post.id.v)), &gone));
	if (!gone)
		return OK;
	TRY(db_exec(tx, &unmark_favourited, BINDS(B_INT(m->post.id.v), B_INT(id)), NULL));
	TRY(post_count_add(tx, &m->events, m->post.id, COUNT_FAVOURITES, -1));
	pend_flags(m);
	return notification_remove(tx, &m->events, m->post.author, NOTIFY_FAVOURITE, m->who, m->post.id);
}

enum err post_favourite(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
			bool on)
{
	struct mark m = {.who = who};
	enum err err = post_target_find(db, who, id, &m.post);

	(void)a;
	if (err && (on || err != ERR_FORBIDDEN))
		return err;
	return run(c, &m, on ? favourite : unfavourite);
}

static enum err bookmark(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t added;

	m->events.n = 0;
	TRY(post_hold(tx, m->post.id));
	TRY(db_exec(tx, &mark_bookmark, BINDS(B_INT(m->who.v), B_INT(m->post.id.v), B_INT(id_next())), &added));
	if (added)
		pend_flags(m);
	return OK;
}

static enum err unbookmark(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t gone;

	m->events.n = 0;
	TRY(db_exec(tx, &unmark_bookmark, BINDS(B_INT(m->who.v), B_INT(m->post.id.v)), &gone));
	if (gone)
		pend_flags(m);
	return OK;
}

enum err post_bookmark(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		       bool on)
{
	struct mark m = {.who = who};
	enum err err = post_target_find(db, who, id, &m.post);

	(void)a;
	if (err && err != ERR_FORBIDDEN)
		return err;
	return run(c, &m, on ? bookmark : unbookmark);
}

static enum err pin(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t n;
	enum err err;

	m->events.n = 0;
	err = db_int(tx, &mark_pinned, BINDS(B_INT(m->who.v), B_INT(m->post.id.v)), &n);
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(db_int(tx, &mark_pins, BINDS(B_INT(m->who.v)), &n));
	if (n >= LIMIT_PINS)
		return fail(m->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have already pinned the maximum number of posts");
	TRY(post_hold(tx, m->post.id));
	TRY(db_exec(tx, &mark_pin, BINDS(B_INT(m->who.v), B_INT(m->post.id.v), B_INT(id_next())), NULL));
	pend_flags(m);
	return OK;
}

static enum err unpin(struct db *tx, void *arg)
{
	struct mark *m = arg;
	int64_t gone;

	m->events.n = 0;
	TRY(db_exec(tx, &unmark_pin, BINDS(B_INT(m->who.v), B_INT(m->post.id.v)), &gone));
	if (gone)
		pend_flags(m);
	return OK;
}

enum err post_pin(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id, bool on,
		  struct problem *problem)
{
	struct mark m = {.who = who, .problem = problem};
	enum err err = post_target_find(db, who, id, &m.post);

	(void)a;
	if (err && err != ERR_FORBIDDEN)
		return err;
	if (!on)
		return run(c, &m, unpin);
	if (m.post.asked_boost)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: A boost cannot be pinned");
	if (!account_eq(m.post.author, who))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Someone else's post cannot be pinned");
	if (m.post.visibility == VISIBILITY_DIRECT)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Posts that are only visible to mentioned users cannot be pinned");
	return run(c, &m, pin);
}

static enum err change_mute(struct db *tx, struct mark *m, const struct sql *sql)
{
	int64_t changed;

	m->events.n = 0;
	TRY(db_exec(tx, sql, BINDS(B_INT(m->who.v), B_INT(m->post.thread_id)), &changed));
	if (changed)
		events_pend(&m->events, (struct event){.kind = EVENT_THREAD_MUTED,
						       .account = m->who,
						       .other_id = m->post.thread_id,
						       .local = true});
	return OK;
}

static enum err mute(struct db *tx, void *arg)
{
	return change_mute(tx, arg, &mark_thread);
}

static enum err unmute(struct db *tx, void *arg)
{
	return change_mute(tx, arg, &unmark_thread);
}

enum err post_mute_thread(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
			  bool on)
{
	struct mark m = {.who = who};
	enum err err = post_target_find(db, who, id, &m.post);

	(void)a;
	if (err && err != ERR_FORBIDDEN)
		return err;
	return run(c, &m, on ? mute : unmute);
}
