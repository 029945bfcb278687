/*
 * post_notify.c - see post_notify.h. A batch and the step of its job are one transaction, which only goes through while
 * the job stands where it stood when the batch was read.
 */
#include "base/base.h"

#include "core/post_notify.h"

#include "base/clock.h"
#include "core/post_parts.h"

#define BATCH 500
#define LEASE_MS ((int64_t)10 * 60 * 1000)
#define PAYLOAD_BYTES 160

/* Who, and where the next batch goes on: behind the last $2 of this one. $4: the post. */
SQL(notify_followers,
    "SELECT f.follower_id, f.follower_id FROM followers f WHERE f.account_id = $1 AND f.notify = 1 AND f.follower_id > "
    "$2"
    " AND NOT EXISTS (SELECT 1 FROM post_mentions m WHERE m.post_id = $4 AND m.account_id = f.follower_id)"
    " ORDER BY f.follower_id LIMIT $3");
SQL(notify_boosters, "SELECT account_id, boost_id FROM post_boosts WHERE post_id = $4 AND boost_id > $2"
		     " AND account_id <> $1 ORDER BY boost_id LIMIT $3");
SQL(notify_voters, "SELECT DISTINCT account_id, account_id FROM poll_votes WHERE post_id = $4 AND account_id > $2"
		   " AND account_id <> $1 ORDER BY account_id LIMIT $3");
SQL(notify_voters_only, /* who boosted it as well has been told */
    "SELECT DISTINCT v.account_id, v.account_id FROM poll_votes v WHERE v.post_id = $4 AND v.account_id > $2"
    " AND v.account_id <> $1"
    " AND NOT EXISTS (SELECT 1 FROM account_boosts b WHERE b.account_id = v.account_id AND b.post_id = $4)"
    " ORDER BY v.account_id LIMIT $3");
SQL(notify_quoters, "SELECT DISTINCT account_id, account_id FROM posts WHERE quote_of = $4 AND quote_state = 1"
		    " AND account_id > $2 AND account_id <> $1 ORDER BY account_id LIMIT $3");
SQL(notify_author, "SELECT id, id FROM accounts WHERE id = $1 AND id > $2 AND CAST($4 AS BIGINT) <> 0 LIMIT $3");
SQL(notify_job_add, "INSERT INTO jobs (id, kind, payload, run_at, lease_until) VALUES ($1, $2, $3, $4, $5)");
SQL(notify_job_step, "UPDATE jobs SET payload = $3, lease_until = $4 WHERE id = $1 AND payload = $2");
SQL(notify_job_end, "DELETE FROM jobs WHERE id = $1 AND payload = $2");

/* Of each kind, one after the other; NULL ends. */
static const struct sql *const phases[NOTIFY_KINDS][3] = {
	[NOTIFY_STATUS] = {&notify_followers},
	[NOTIFY_UPDATE] = {&notify_boosters, &notify_voters_only},
	[NOTIFY_QUOTED_UPDATE] = {&notify_quoters},
	[NOTIFY_POLL] = {&notify_author, &notify_voters},
};

static struct view payload_of(const struct notify_task *t, char buf[PAYLOAD_BYTES])
{
	int n = snprintf(buf, PAYLOAD_BYTES, "%d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
			 (int)t->kind, t->author.v, t->post.v, t->thread_id, t->job, t->phase, t->last);

	return view_make(buf, (size_t)n);
}

static bool payload_parse(struct view text, struct notify_task *ret)
{
	int64_t kind, *const numbers[] = {&kind,     &ret->author.v, &ret->post.v, &ret->thread_id,
					  &ret->job, &ret->phase,    &ret->last};
	struct view word;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!view_split(&text, ' ', &word) || !parse_i64(word, 0, INT64_MAX, numbers[i]))
			return false;
	if (kind >= NOTIFY_KINDS || ret->phase >= (int64_t)ARRAY_LEN(phases[0]) || !phases[kind][ret->phase])
		return false;
	ret->kind = (enum notification_kind)kind;
	return true;
}

struct batch {
	struct notify_task task, next; /* where the job stands, and will */
	bool end;		       /* there is nobody behind this batch */
	bool hold;		       /* go on with it here, else it is anybody's */
	struct account_id to[BATCH];
	size_t n;
	struct event_list events;
};

/* Fills the batch from the phases that have somebody left. */
static enum err read_batch(struct db *db, struct batch *b)
{
	b->next = b->task;
	for (b->n = 0;;) {
		const struct sql *const *sql = &phases[b->task.kind][b->next.phase];
		struct rows r;

		db_query(db, &r, *sql,
			 BINDS(B_INT(b->task.author.v), B_INT(b->next.last), B_INT(BATCH - b->n),
			       B_INT(b->task.post.v)));
		while (b->n < BATCH && rows_next(&r)) {
			b->to[b->n++].v = row_int(&r, 0);
			b->next.last = row_int(&r, 1);
		}
		TRY(rows_end(&r));
		b->end = b->n < BATCH && !sql[1];
		if (b->n == BATCH || b->end)
			return OK;
		b->next.phase++;
		b->next.last = 0;
	}
}

/* ERR_CONFLICT: somebody else has taken the job further. */
static enum err step_job(struct db *tx, const struct batch *b)
{
	char old[PAYLOAD_BYTES], new[PAYLOAD_BYTES];
	struct bind id = B_INT(b->task.job), before = B_TEXT(payload_of(&b->task, old));
	int64_t changed;

	if (b->end)
		TRY(db_exec(tx, &notify_job_end, BINDS(id, before), &changed));
	else
		TRY(db_exec(tx, &notify_job_step,
			    BINDS(id, before, B_TEXT(payload_of(&b->next, new)),
				  B_INT(b->hold ? clock_now() + LEASE_MS : 0)),
			    &changed));
	return changed ? OK : ERR_CONFLICT;
}

static enum err write_batch(struct db *tx, void *arg)
{
	struct batch *b = arg;
	const struct notify_task *t = &b->task;

	b->events.n = 0;
	enum err err = post_hold(tx, t->post);
	if (err == ERR_NOT_FOUND) { /* deleted meanwhile, with what was told of it */
		b->n = 0;
		b->end = true;
	} else {
		TRY(err);
	}
	TRY(step_job(tx, b));
	for (size_t i = 0; i < b->n; i++)
		TRY(notification_add(tx, &b->events, b->to[i], t->kind, t->author, t->post, t->thread_id));
	return OK;
}

static enum err tell_batch(struct core *c, struct db *db, struct batch *b)
{
	TRY(read_batch(db, b));
	enum err err = store_write(c->store, write_batch, b);
	if (err)
		event_list_drop(&b->events);
	else
		events_announce_all(c->events, &b->events);
	b->task = b->next;
	return err;
}

enum err post_notify_wanted(struct db *db, const struct notify_task *t, bool *ret)
{
	bool wanted = false;

	for (size_t phase = 0; phases[t->kind][phase] && !wanted; phase++) {
		struct rows r;

		db_query(db, &r, phases[t->kind][phase],
			 BINDS(B_INT(t->author.v), B_INT(0), B_INT(1), B_INT(t->post.v)));
		wanted = rows_next(&r);
		TRY(rows_end(&r));
	}
	*ret = wanted;
	return OK;
}

enum err post_notify_add(struct db *tx, struct notify_task *t)
{
	char payload[PAYLOAD_BYTES];
	int64_t now = clock_now();

	t->job = id_next();
	return db_exec(tx, &notify_job_add,
		       BINDS(B_INT(t->job), B_TEXT(V(POST_NOTIFY_KIND)), B_TEXT(payload_of(t, payload)), B_INT(now),
			     B_INT(now + LEASE_MS)),
		       NULL);
}

enum err post_notify_begin(struct core *c, struct db *db, struct arena *a, const struct notify_task *t)
{
	struct batch *b = ARENA_NEW(a, struct batch);

	b->task = *t;
	return tell_batch(c, db, b);
}

enum err post_notify_job(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	struct batch *b = ARENA_NEW(a, struct batch);

	if (!payload_parse(payload, &b->task))
		return fail(problem, ERR_CORRUPT, "the task cannot be read");
	b->hold = true;
	while (!b->end)
		TRY(tell_batch(c, db, b));
	return OK;
}
