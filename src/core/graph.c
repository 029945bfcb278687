/*
 * graph.c - follows and requests to follow. Blocks and mutes are graph_block.c, reading is graph_read.c.
 */
#include "base/base.h"

#include "core/graph_private.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/notifications.h"
#include "text/lang.h"

/* Locked, alive, here, blocking, blocked by, following, requested, counts of the one who asks, trusted. */
SQL(follow_state,
    "SELECT a.locked, CASE WHEN a.suspended_at IS NULL THEN 1 ELSE 0 END, CASE WHEN a.moved_to IS NULL THEN 1 ELSE 0 "
    "END, "
    "(SELECT COUNT(*) FROM blocks b WHERE b.account_id = $1 AND b.target_id = $2), "
    "(SELECT COUNT(*) FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = $2), "
    "(SELECT COUNT(*) FROM following f WHERE f.account_id = $1 AND f.target_id = $2), "
    "(SELECT COUNT(*) FROM follow_requests q WHERE q.account_id = $2 AND q.requester_id = $1), "
    "me.following, me.followers, CASE WHEN s.silenced_at IS NULL THEN 1 ELSE 0 END "
    "FROM accounts a, accounts s LEFT JOIN account_counts me ON me.account_id = s.id WHERE a.id = $2 AND s.id = $1");
SQL(following_insert, "INSERT INTO following (account_id, target_id, id, show_boosts, notify, languages) "
		      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, target_id) DO NOTHING");
SQL(followers_insert, "INSERT INTO followers (account_id, follower_id, id, show_boosts, notify, languages) "
		      "VALUES ($2, $1, $3, $4, $5, $6) ON CONFLICT (account_id, follower_id) DO NOTHING");
SQL(request_insert, "INSERT INTO follow_requests (account_id, requester_id, id, show_boosts, notify, languages) "
		    "VALUES ($2, $1, $3, $4, $5, $6) ON CONFLICT (account_id, requester_id) DO NOTHING");
#define NEW_OPTIONS                                                                                                    \
	"show_boosts = COALESCE($3, show_boosts), notify = COALESCE($4, notify), languages = COALESCE($5, languages) "
SQL(following_options, "UPDATE following SET " NEW_OPTIONS "WHERE account_id = $1 AND target_id = $2");
SQL(followers_options, "UPDATE followers SET " NEW_OPTIONS "WHERE account_id = $2 AND follower_id = $1");
SQL(request_options, "UPDATE follow_requests SET " NEW_OPTIONS "WHERE account_id = $2 AND requester_id = $1");
SQL(following_delete, "DELETE FROM following WHERE account_id = $1 AND target_id = $2");
SQL(followers_delete, "DELETE FROM followers WHERE account_id = $2 AND follower_id = $1");
SQL(request_delete, "DELETE FROM follow_requests WHERE account_id = $2 AND requester_id = $1");
SQL(request_take, "DELETE FROM follow_requests WHERE account_id = $1 AND requester_id = $2 "
		  "RETURNING show_boosts, notify, languages");
SQL(requests_some, "SELECT requester_id FROM follow_requests WHERE account_id = $1 ORDER BY id LIMIT 200");
SQL(lock_account, "UPDATE account_counts SET following = following WHERE account_id = $1");
SQL(count_following, "UPDATE account_counts SET following = following + $2 WHERE account_id = $1");
SQL(count_followers, "UPDATE account_counts SET followers = followers + $2 WHERE account_id = $1");
SQL(lists_leave, "DELETE FROM list_accounts WHERE account_id = $2 AND list_id IN "
		 "(SELECT id FROM lists WHERE account_id = $1) RETURNING list_id");
SQL(endorsement_leave, "DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2");

enum err graph_run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct graph_op *op)
{
	op->now = clock_now();
	op->id = id_next();
	enum err err = store_write(c->store, fn, op);
	if (err == OK)
		events_announce_all(c->events, &op->events);
	else
		event_list_drop(&op->events);
	return err;
}

enum err graph_lock_account(struct db *tx, struct account_id who)
{
	return db_exec(tx, &lock_account, BINDS(B_INT(who.v)), NULL);
}

enum err graph_lock(struct db *tx, const struct graph_op *op)
{
	bool first = op->who.v < op->target.v;
	TRY(graph_lock_account(tx, first ? op->who : op->target));
	return graph_lock_account(tx, first ? op->target : op->who);
}

void graph_pend(struct event_list *list, struct account_id account, struct account_id target, enum graph_change change)
{
	events_pend(list, (struct event){
				  .kind = EVENT_GRAPH_CHANGED, .account = account, .target = target, .change = change});
}

static enum err add_counts(struct db *tx, struct event_list *list, struct account_id who, struct account_id target,
			   int64_t by)
{
	TRY(db_exec(tx, &count_following, BINDS(B_INT(who.v), B_INT(by)), NULL));
	TRY(db_exec(tx, &count_followers, BINDS(B_INT(target.v), B_INT(by)), NULL));
	events_pend(list, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = who});
	events_pend(list, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = target});
	return OK;
}

/* Only accounts one follows are on one's lists, and among one's recommendations. */
static enum err leave_lists(struct db *tx, struct event_list *list, struct account_id who, struct account_id target)
{
	struct rows r;
	db_query(tx, &r, &lists_leave, BINDS(B_INT(who.v), B_INT(target.v)));
	while (rows_next(&r))
		events_pend(list, (struct event){.kind = EVENT_LIST_CHANGED,
						 .account = who,
						 .target = target,
						 .other_id = row_int(&r, 0)});
	TRY(rows_end(&r));
	return db_exec(tx, &endorsement_leave, BINDS(B_INT(who.v), B_INT(target.v)), NULL);
}

enum err graph_drop_follow(struct db *tx, struct event_list *list, struct account_id who, struct account_id target)
{
	int64_t n = 0;
	TRY(db_exec(tx, &following_delete, BINDS(B_INT(who.v), B_INT(target.v)), &n));
	TRY(db_exec(tx, &followers_delete, BINDS(B_INT(who.v), B_INT(target.v)), NULL));
	if (n == 0)
		return OK;
	TRY(add_counts(tx, list, who, target, -1));
	TRY(leave_lists(tx, list, who, target));
	TRY(notification_remove(tx, list, target, NOTIFY_FOLLOW, who, (struct post_id){0}));
	graph_pend(list, who, target, GRAPH_UNFOLLOW);
	return OK;
}

enum err graph_drop_request(struct db *tx, struct event_list *list, struct account_id requester,
			    struct account_id target)
{
	int64_t n = 0;
	TRY(db_exec(tx, &request_delete, BINDS(B_INT(requester.v), B_INT(target.v)), &n));
	if (n == 0)
		return OK;
	return notification_remove(tx, list, target, NOTIFY_FOLLOW_REQUEST, requester, (struct post_id){0});
}

struct follow_terms {
	int64_t boosts, notify;
	struct view languages;
};

static enum err add_follow(struct db *tx, struct graph_op *op, struct account_id who, struct account_id target,
			   const struct follow_terms *t)
{
	int64_t n = 0;
	const struct bind binds[] = {B_INT(who.v),     B_INT(target.v),	 B_INT(op->id),
				     B_INT(t->boosts), B_INT(t->notify), B_TEXT(t->languages)};
	TRY(db_exec(tx, &following_insert, binds, ARRAY_LEN(binds), &n));
	TRY(db_exec(tx, &followers_insert, binds, ARRAY_LEN(binds), NULL));
	if (n == 0)
		return OK;
	TRY(add_counts(tx, &op->events, who, target, 1));
	TRY(notification_add(tx, &op->events, target, NOTIFY_FOLLOW, who, (struct post_id){0}, 0));
	graph_pend(&op->events, who, target, GRAPH_FOLLOW);
	return OK;
}

static enum err add_request(struct db *tx, struct graph_op *op, const struct follow_terms *t)
{
	TRY(db_exec(tx, &request_insert,
		    BINDS(B_INT(op->who.v), B_INT(op->target.v), B_INT(op->id), B_INT(t->boosts), B_INT(t->notify),
			  B_TEXT(t->languages)),
		    NULL));
	TRY(notification_add(tx, &op->events, op->target, NOTIFY_FOLLOW_REQUEST, op->who, (struct post_id){0}, 0));
	graph_pend(&op->events, op->who, op->target, GRAPH_REQUEST);
	return OK;
}

struct follow_situation {
	bool found, locked, alive, here, blocking, blocked_by, following, requested, trusted;
	int64_t n_following, n_followers;
};

static enum err read_situation(struct db *tx, const struct graph_op *op, struct follow_situation *s)
{
	struct rows r;
	db_query(tx, &r, &follow_state, BINDS(B_INT(op->who.v), B_INT(op->target.v)));
	if (rows_next(&r)) {
		s->found = true;
		s->locked = row_int(&r, 0);
		s->alive = row_int(&r, 1);
		s->here = row_int(&r, 2);
		s->blocking = row_int(&r, 3);
		s->blocked_by = row_int(&r, 4);
		s->following = row_int(&r, 5);
		s->requested = row_int(&r, 6);
		s->n_following = row_int(&r, 7);
		s->n_followers = row_int(&r, 8);
		s->trusted = row_int(&r, 9);
	}
	return rows_end(&r);
}

static enum err judge_follow(const struct graph_op *op, const struct follow_situation *s)
{
	if (!s->found || !s->alive || account_eq(op->who, op->target))
		return ERR_NOT_FOUND;
	if (s->blocking || s->blocked_by || (!s->here && !s->following && !s->requested))
		return fail(op->problem, ERR_FORBIDDEN, "This action is not allowed");
	/* Mastodon's FollowLimitValidator: beyond the limit one needs nearly as many followers. */
	if (!s->following && !s->requested && s->n_following >= LIMIT_FOLLOWS &&
	    s->n_following >= s->n_followers * 11 / 10)
		return fail(op->problem, ERR_UNPROCESSABLE, "Validation failed: You cannot follow more than %d people",
			    LIMIT_FOLLOWS);
	return OK;
}

static enum err change_options(struct db *tx, struct graph_op *op, bool following)
{
	const struct follow_options *o = op->options;
	if (!o->has_boosts && !o->has_notify && !o->has_languages)
		return OK;
	const struct bind binds[] = {B_INT(op->who.v), B_INT(op->target.v), o->has_boosts ? B_INT(o->boosts) : B_NULL,
				     o->has_notify ? B_INT(o->notify) : B_NULL,
				     o->has_languages ? B_TEXT(o->languages) : B_NULL};
	if (!following)
		return db_exec(tx, &request_options, binds, ARRAY_LEN(binds), NULL);
	TRY(db_exec(tx, &following_options, binds, ARRAY_LEN(binds), NULL));
	TRY(db_exec(tx, &followers_options, binds, ARRAY_LEN(binds), NULL));
	graph_pend(&op->events, op->who, op->target, GRAPH_FOLLOW); /* what reaches the home timeline may differ now */
	return OK;
}

static enum err follow(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	const struct follow_options *o = op->options;
	struct follow_situation s = {0};
	op->events.n = 0;
	TRY(graph_lock(tx, op));
	TRY(read_situation(tx, op, &s));
	TRY(judge_follow(op, &s));
	if (s.following || s.requested)
		return change_options(tx, op, s.following);
	struct follow_terms t = {.boosts = !o->has_boosts || o->boosts,
				 .notify = o->has_notify && o->notify,
				 .languages = o->has_languages ? o->languages : V("")};
	if (s.locked || !s.trusted)
		return add_request(tx, op, &t);
	return add_follow(tx, op, op->who, op->target, &t);
}

enum err graph_follow(struct core *c, struct account_id who, struct account_id target, const struct follow_options *o,
		      struct problem *problem)
{
	struct graph_op op = {.who = who, .target = target, .options = o, .problem = problem};
	return graph_run(c, follow, &op);
}

static enum err unfollow(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(graph_lock(tx, op));
	TRY(graph_drop_request(tx, &op->events, op->who, op->target));
	return graph_drop_follow(tx, &op->events, op->who, op->target);
}

enum err graph_unfollow(struct core *c, struct account_id who, struct account_id target)
{
	struct graph_op op = {.who = who, .target = target};
	return graph_run(c, unfollow, &op);
}

static enum err remove_follower(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(graph_lock(tx, op));
	return graph_drop_follow(tx, &op->events, op->target, op->who);
}

enum err graph_remove_follower(struct core *c, struct account_id who, struct account_id follower)
{
	struct graph_op op = {.who = who, .target = follower};
	return graph_run(c, remove_follower, &op);
}

static enum err authorize(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	struct follow_terms t = {0};
	char languages[LIMIT_FOLLOW_LANGUAGES * LANG_BYTES + 1];
	struct rows r;
	op->events.n = 0;
	TRY(graph_lock(tx, op));
	db_query(tx, &r, &request_take, BINDS(B_INT(op->who.v), B_INT(op->target.v)));
	bool found = rows_next(&r);
	if (found) {
		t.boosts = row_int(&r, 0);
		t.notify = row_int(&r, 1);
		snprintf(languages, sizeof(languages), "%.*s", VIEW_ARG(row_text(&r, 2)));
		t.languages = view_of(languages);
	}
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	TRY(notification_remove(tx, &op->events, op->who, NOTIFY_FOLLOW_REQUEST, op->target, (struct post_id){0}));
	return add_follow(tx, op, op->target, op->who, &t);
}

enum err graph_authorize(struct core *c, struct account_id who, struct account_id requester)
{
	struct graph_op op = {.who = who, .target = requester};
	return graph_run(c, authorize, &op);
}

static enum err reject(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	int64_t n = 0;
	op->events.n = 0;
	TRY(db_exec(tx, &request_delete, BINDS(B_INT(op->target.v), B_INT(op->who.v)), &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	return notification_remove(tx, &op->events, op->who, NOTIFY_FOLLOW_REQUEST, op->target, (struct post_id){0});
}

enum err graph_reject(struct core *c, struct account_id who, struct account_id requester)
{
	struct graph_op op = {.who = who, .target = requester};
	return graph_run(c, reject, &op);
}

enum err graph_authorize_all(struct core *c, struct db *db, struct account_id who)
{
	size_t n;
	do {
		struct account_id requesters[200];
		struct rows r;
		n = 0;
		db_query(db, &r, &requests_some, BINDS(B_INT(who.v)));
		while (n < ARRAY_LEN(requesters) && rows_next(&r))
			requesters[n++].v = row_int(&r, 0);
		TRY(rows_end(&r));
		for (size_t i = 0; i < n; i++) {
			enum err err = graph_authorize(c, who, requesters[i]);
			if (err != OK && err != ERR_NOT_FOUND) /* taken back meanwhile */
				return err;
		}
	} while (n > 0);
	return OK;
}
