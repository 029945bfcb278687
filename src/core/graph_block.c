/*
 * graph_block.c - blocks, mutes, and what one keeps about others: notes, recommendations, and whom one does not want suggested.
 */
#include "base/base.h"

#include "core/graph_private.h"

#include "base/clock.h"
#include "core/collections.h"
#include "text/compose.h"

SQL(block_insert, "INSERT INTO blocks (account_id, target_id, id) VALUES ($1, $2, $3) "
		  "ON CONFLICT (account_id, target_id) DO NOTHING");
SQL(blocked_by_insert, "INSERT INTO blocked_by (account_id, blocker_id) VALUES ($2, $1) "
		       "ON CONFLICT (account_id, blocker_id) DO NOTHING");
SQL(block_delete, "DELETE FROM blocks WHERE account_id = $1 AND target_id = $2");
SQL(blocked_by_delete, "DELETE FROM blocked_by WHERE account_id = $2 AND blocker_id = $1");
SQL(block_notifications, "DELETE FROM notifications WHERE account_id = $1 AND from_id = $2");
SQL(mute_put, "INSERT INTO mutes (account_id, target_id, id, notifications, expires_at) VALUES ($1, $2, $3, $4, $5) "
	      "ON CONFLICT (account_id, target_id) DO UPDATE SET notifications = excluded.notifications, "
	      "expires_at = excluded.expires_at");
SQL(mute_delete, "DELETE FROM mutes WHERE account_id = $1 AND target_id = $2");
SQL(mute_delete_expired, "DELETE FROM mutes WHERE account_id = $1 AND target_id = $2 AND expires_at <= $3");
SQL(mutes_expired,
    "SELECT account_id, target_id FROM mutes WHERE expires_at IS NOT NULL AND expires_at <= $1 LIMIT 500");
SQL(note_put, "INSERT INTO account_notes (account_id, target_id, note) VALUES ($1, $2, $3) "
	      "ON CONFLICT (account_id, target_id) DO UPDATE SET note = excluded.note");
SQL(note_delete, "DELETE FROM account_notes WHERE account_id = $1 AND target_id = $2");
SQL(endorsement_insert, "INSERT INTO endorsements (account_id, target_id, id) VALUES ($1, $2, $3) "
			"ON CONFLICT (account_id, target_id) DO NOTHING");
SQL(endorsement_allowed, "SELECT 1 FROM following WHERE account_id = $1 AND target_id = $2");
SQL(endorsement_delete, "DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2");
SQL(suggestion_dismiss, "INSERT INTO suggestion_dismissals (account_id, target_id) VALUES ($1, $2) "
			"ON CONFLICT (account_id, target_id) DO NOTHING");

#define PAIR(op) BINDS(B_INT((op)->who.v), B_INT((op)->target.v))

static enum err block(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(graph_lock(tx, op));
	TRY(graph_drop_follow(tx, &op->events, op->who, op->target));
	TRY(graph_drop_follow(tx, &op->events, op->target, op->who));
	TRY(graph_drop_request(tx, &op->events, op->who, op->target));
	TRY(graph_drop_request(tx, &op->events, op->target, op->who));
	TRY(db_exec(tx, &block_insert, BINDS(B_INT(op->who.v), B_INT(op->target.v), B_INT(op->id)), NULL));
	TRY(db_exec(tx, &blocked_by_insert, PAIR(op), NULL));
	TRY(collections_part(tx, &op->events, op->who, op->target));
	TRY(db_exec(tx, &block_notifications, PAIR(op), NULL));
	graph_pend(&op->events, op->who, op->target, GRAPH_BLOCK);
	return OK;
}

enum err graph_block(struct core *c, struct account_id who, struct account_id target)
{
	struct graph_op op = {.who = who, .target = target};
	return account_eq(who, target) ? OK : graph_run(c, block, &op);
}

static enum err unblock(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(db_exec(tx, &block_delete, PAIR(op), NULL));
	TRY(db_exec(tx, &blocked_by_delete, PAIR(op), NULL));
	graph_pend(&op->events, op->who, op->target, GRAPH_UNBLOCK);
	return OK;
}

enum err graph_unblock(struct core *c, struct account_id who, struct account_id target)
{
	struct graph_op op = {.who = who, .target = target};
	return graph_run(c, unblock, &op);
}

static enum err mute(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(db_exec(tx, &mute_put,
		    BINDS(B_INT(op->who.v), B_INT(op->target.v), B_INT(op->id), B_INT(op->notifications),
			  B_INT_OR_NULL(op->until)),
		    NULL));
	graph_pend(&op->events, op->who, op->target, GRAPH_MUTE);
	return OK;
}

enum err graph_mute(struct core *c, struct account_id who, struct account_id target, bool notifications,
		    int64_t seconds)
{
	struct graph_op op = {.who = who, .target = target, .notifications = notifications};
	op.until = seconds > 0 ? clock_now() + seconds * 1000 : 0;
	return account_eq(who, target) ? OK : graph_run(c, mute, &op);
}

static enum err unmute(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	TRY(db_exec(tx, &mute_delete, PAIR(op), NULL));
	graph_pend(&op->events, op->who, op->target, GRAPH_UNMUTE);
	return OK;
}

enum err graph_unmute(struct core *c, struct account_id who, struct account_id target)
{
	struct graph_op op = {.who = who, .target = target};
	return graph_run(c, unmute, &op);
}

struct expiry {
	struct {
		struct account_id who, target;
	} mutes[500];
	size_t n;
	int64_t now;
	struct event_list events;
};

static enum err expire(struct db *tx, void *arg)
{
	struct expiry *x = arg;
	x->events.n = 0;
	for (size_t i = 0; i < x->n; i++) {
		int64_t gone = 0;
		TRY(db_exec(tx, &mute_delete_expired,
			    BINDS(B_INT(x->mutes[i].who.v), B_INT(x->mutes[i].target.v), B_INT(x->now)), &gone));
		if (gone)
			graph_pend(&x->events, x->mutes[i].who, x->mutes[i].target, GRAPH_UNMUTE);
	}
	return OK;
}

enum err graph_expire_mutes(struct core *c, struct db *db, int64_t now)
{
	struct expiry x = {.now = now};
	struct rows r;
	db_query(db, &r, &mutes_expired, BINDS(B_INT(now)));
	while (x.n < ARRAY_LEN(x.mutes) && rows_next(&r)) {
		x.mutes[x.n].who.v = row_int(&r, 0);
		x.mutes[x.n++].target.v = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	if (x.n == 0)
		return OK;
	enum err err = store_write(c->store, expire, &x);
	if (err == OK)
		events_announce_all(c->events, &x.events);
	else
		event_list_drop(&x.events);
	return err;
}

static enum err put_note(struct db *tx, void *arg)
{
	const struct graph_op *op = arg;
	if (op->note.len == 0)
		return db_exec(tx, &note_delete, PAIR(op), NULL);
	return db_exec(tx, &note_put, BINDS(B_INT(op->who.v), B_INT(op->target.v), B_TEXT(op->note)), NULL);
}

enum err graph_note(struct core *c, struct account_id who, struct account_id target, struct view note,
		    struct problem *problem)
{
	struct graph_op op = {.who = who, .target = target, .note = note};
	if (compose_chars(note) > LIMIT_ACCOUNT_NOTE_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Comment is too long (maximum is %d characters)",
			    LIMIT_ACCOUNT_NOTE_CHARS);
	return graph_run(c, put_note, &op);
}

static enum err endorse(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	int64_t one;
	op->events.n = 0;
	events_pend(&op->events, (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = op->who});
	if (!op->on)
		return db_exec(tx, &endorsement_delete, PAIR(op), NULL);
	enum err err = db_int(tx, &endorsement_allowed, PAIR(op), &one);
	if (err == ERR_NOT_FOUND)
		return fail(op->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You must be already following the person you want to endorse");
	TRY(err);
	return db_exec(tx, &endorsement_insert, BINDS(B_INT(op->who.v), B_INT(op->target.v), B_INT(op->id)), NULL);
}

static enum err forget_suggestion(struct db *tx, void *arg)
{
	struct graph_op *op = arg;
	op->events.n = 0;
	return db_exec(tx, &suggestion_dismiss, PAIR(op), NULL);
}

enum err graph_forget_suggestion(struct core *c, struct account_id who, struct account_id target)
{
	struct graph_op op = {.who = who, .target = target};
	return graph_run(c, forget_suggestion, &op);
}

enum err graph_endorse(struct core *c, struct account_id who, struct account_id target, bool on,
		       struct problem *problem)
{
	struct graph_op op = {.who = who, .target = target, .on = on, .problem = problem};
	return graph_run(c, endorse, &op);
}
