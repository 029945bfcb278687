/*
 * polls.c - see polls.h and posts.h.
 */
#include "base/base.h"

#include "core/polls.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/events.h"
#include "core/post_notify.h"
#include "core/posts.h"

#define CLOSED_AT_ONCE 100

SQL(poll_find,
    "SELECT p.account_id, q.expires_at, q.multiple, (SELECT count(*) FROM poll_options o WHERE o.post_id = $1)"
    " FROM polls q JOIN posts p ON p.id = q.post_id WHERE q.post_id = $1");
SQL(poll_lock, "UPDATE polls SET voters = voters WHERE post_id = $1"); /* votes come one after the other */
SQL(poll_votes_of, "SELECT position FROM poll_votes WHERE post_id = $1 AND account_id = $2 ORDER BY position");
SQL(poll_vote_insert,
    "INSERT INTO poll_votes (post_id, account_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(poll_vote_count, "UPDATE poll_options SET votes = votes + 1 WHERE post_id = $1 AND position = $2");
SQL(poll_voter_count, "UPDATE polls SET voters = voters + 1 WHERE post_id = $1");
SQL(poll_due, "SELECT q.post_id, p.account_id, p.thread_id FROM polls q JOIN posts p ON p.id = q.post_id"
	      " WHERE q.closed = 0 AND q.expires_at <= $1 ORDER BY q.expires_at LIMIT $2");
SQL(poll_close, "UPDATE polls SET closed = 1 WHERE post_id = $1 AND closed = 0 AND expires_at <= $2");

struct vote {
	struct account_id who;
	struct post_id post;
	const int64_t *choices;
	size_t n;
	struct problem *problem;
	struct event_list events;
};

enum err poll_own_votes(struct db *db, struct account_id who, struct post_id post, int64_t ret[POLL_OPTIONS_MAX],
			size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &poll_votes_of, BINDS(B_INT(post.v), B_INT(who.v)));
	while (n < POLL_OPTIONS_MAX && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

struct rules {
	struct account_id author;
	int64_t expires_at, options;
	bool multiple;
};

static enum err load_rules(struct db *tx, struct post_id post, struct rules *ret)
{
	struct rows r;
	bool found;

	db_query(tx, &r, &poll_find, BINDS(B_INT(post.v)));
	found = rows_next(&r);
	if (found)
		*ret = (struct rules){{row_int(&r, 0)}, row_int(&r, 1), row_int(&r, 3), row_int(&r, 2) != 0};
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static bool among(int64_t choice, const int64_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == choice)
			return true;
	return false;
}

/* A vote cannot be changed; where several may be chosen, others may be added later. */
static enum err check(const struct vote *w, const struct rules *rules, const int64_t *had, size_t n_had)
{
	if (rules->expires_at && rules->expires_at <= clock_now())
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: The poll has already ended");
	for (size_t i = 0; i < w->n; i++)
		if (w->choices[i] < 0 || w->choices[i] >= rules->options)
			return fail(w->problem, ERR_UNPROCESSABLE,
				    "Validation failed: The chosen vote option does not exist");
	if (account_eq(rules->author, w->who))
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: You cannot vote in your own polls");
	if (!rules->multiple && (n_had || w->n > 1))
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: You have already voted on this poll");
	for (size_t i = 0; i < w->n; i++)
		if (among(w->choices[i], had, n_had) || among(w->choices[i], w->choices, i))
			return fail(w->problem, ERR_UNPROCESSABLE,
				    "Validation failed: You have already voted on this poll");
	return OK;
}

static enum err vote(struct db *tx, void *arg)
{
	struct vote *w = arg;
	struct rules rules;
	int64_t had[POLL_OPTIONS_MAX];
	size_t n_had;

	w->events.n = 0;
	TRY(db_exec(tx, &poll_lock, BINDS(B_INT(w->post.v)), NULL));
	TRY(load_rules(tx, w->post, &rules));
	TRY(poll_own_votes(tx, w->who, w->post, had, &n_had));
	TRY(check(w, &rules, had, n_had));
	for (size_t i = 0; i < w->n; i++) {
		TRY(db_exec(tx, &poll_vote_insert, BINDS(B_INT(w->post.v), B_INT(w->who.v), B_INT(w->choices[i])),
			    NULL));
		TRY(db_exec(tx, &poll_vote_count, BINDS(B_INT(w->post.v), B_INT(w->choices[i])), NULL));
	}
	if (!n_had)
		TRY(db_exec(tx, &poll_voter_count, BINDS(B_INT(w->post.v)), NULL));
	/* Numbers have changed, not the post: apps ask for the poll, they are not sent the post anew. */
	events_pend(&w->events, (struct event){.kind = EVENT_POST_COUNTS, .post = w->post, .local = true});
	events_pend(&w->events, (struct event){.kind = EVENT_POST_FLAGS, .account = w->who, .post = w->post});
	return OK;
}

enum err poll_vote(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		   const int64_t *choices, size_t n, struct problem *problem)
{
	struct vote w = {.who = who, .post = id, .choices = choices, .n = n, .problem = problem};
	enum err err;

	(void)db;
	(void)a;
	if (n == 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Choice can't be blank");
	err = store_write(c->store, vote, &w);
	if (err)
		event_list_drop(&w.events);
	else
		events_announce_all(c->events, &w.events);
	return err;
}

struct due {
	struct post_id post;
	struct account_id author;
	int64_t thread_id, now;
	bool closed;
	struct notify_task task;
};

static enum err close_one(struct db *tx, void *arg)
{
	struct due *d = arg;
	int64_t changed;

	TRY(db_exec(tx, &poll_close, BINDS(B_INT(d->post.v), B_INT(d->now)), &changed));
	d->closed = changed > 0;
	return d->closed ? post_notify_add(tx, &d->task) : OK;
}

static enum err close_poll(struct core *c, struct db *db, struct arena *a, struct due *d)
{
	d->task = (struct notify_task){
		.kind = NOTIFY_POLL, .author = d->author, .post = d->post, .thread_id = d->thread_id};
	TRY(store_write(c->store, close_one, d));
	if (!d->closed)
		return OK; /* another node was faster, or an edit gave it more time */
	events_announce(c->events, &(struct event){.kind = EVENT_POST_EDITED,
						   .post = d->post,
						   .account = d->author,
						   .local = true,
						   .silent = true});
	return post_notify_begin(c, db, a, &d->task);
}

enum err polls_close_due(struct core *c, struct db *db, int64_t now)
{
	struct due due[CLOSED_AT_ONCE];
	struct arena a;
	enum err err = OK;
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &poll_due, BINDS(B_INT(now), B_INT(CLOSED_AT_ONCE)));
	while (n < CLOSED_AT_ONCE && rows_next(&r))
		due[n++] = (struct due){
			.post = {row_int(&r, 0)}, .author = {row_int(&r, 1)}, .thread_id = row_int(&r, 2), .now = now};
	TRY(rows_end(&r));
	if (!n)
		return OK;
	arena_init(&a, LIMIT_CALL_ARENA);
	for (size_t i = 0; i < n && !err; i++) {
		err = close_poll(c, db, &a, &due[i]);
		arena_reset(&a);
	}
	arena_release(&a);
	return err;
}
