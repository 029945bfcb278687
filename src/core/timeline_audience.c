/*
 * timeline_audience.c - who a new post is for, asked by streams: the same rules as delivery, without the rings.
 */
#include "base/base.h"

#include "base/vec.h"
#include "core/tag_follows.h"
#include "core/timelines_private.h"

SQL(audience_silenced,
    "SELECT 1 FROM accounts WHERE id = $1 AND (silenced_at IS NOT NULL OR suspended_at IS NOT NULL)");
SQL(audience_is_member, "SELECT 1 FROM list_accounts WHERE list_id = $1 AND account_id = $2");

struct receiver {
	struct account_id account;
	int64_t list;
};
struct receivers VEC(struct receiver);

struct asking {
	struct timelines *t;
	struct db *db;
	const struct post_meta *m;
	const struct audience *audience, *reply_audience;
	bool (*wanted)(void *arg, struct account_id account);
	void *arg;
};

static void collect_home(const struct asking *q, struct receivers *out)
{
	pthread_rwlock_rdlock(&q->t->lock);
	for (size_t i = 0; i < q->audience->n; i++) {
		const struct edge *e = &q->audience->edges[i];
		struct account_id account = {q->t->account_at[e->index]};

		if (q->wanted(q->arg, account) &&
		    home_takes(q->audience, e, account, q->m,
			       q->reply_audience && audience_find(q->reply_audience, e->index)))
			VEC_PUSH(out, (struct receiver){account, 0});
	}
	pthread_rwlock_unlock(&q->t->lock);
}

/* True when the list's owner follows the author answered, or is that author. */
static bool owner_follows(const struct asking *q, struct account_id owner)
{
	uint32_t index;

	pthread_rwlock_rdlock(&q->t->lock);
	bool known = index_find(q->t, owner, &index);
	pthread_rwlock_unlock(&q->t->lock);
	return known && q->reply_audience && audience_find(q->reply_audience, index);
}

static bool list_takes(const struct asking *q, const struct list_edge *l)
{
	int64_t member = 0;

	if (q->m->visibility == VISIBILITY_DIRECT)
		return false;
	if (!answers_other(q->m) || account_eq(q->m->reply_to_account, l->owner))
		return l->replies_policy != 2 || !answers_other(q->m);
	switch (l->replies_policy) {
	case 0:
		return owner_follows(q, l->owner);
	case 1:
		return db_int(q->db, &audience_is_member, BINDS(B_INT(l->list), B_INT(q->m->reply_to_account.v)),
			      &member) == OK;
	default:
		return false;
	}
}

static void collect_lists(const struct asking *q, struct receivers *out)
{
	for (size_t i = 0; i < q->audience->n_lists; i++) {
		const struct list_edge *l = &q->audience->lists[i];

		if (q->wanted(q->arg, l->owner) && list_takes(q, l))
			VEC_PUSH(out, (struct receiver){l->owner, l->list});
	}
}

struct tagged {
	const struct asking *q;
	struct receivers *out;
};

static void add_tag_follower(void *arg, struct account_id who)
{
	const struct tagged *t = arg;
	uint32_t index;

	if (!t->q->wanted(t->q->arg, who))
		return;
	for (size_t i = 0; i < t->out->n; i++)
		if (account_eq(t->out->v[i].account, who) && !t->out->v[i].list)
			return; /* it comes to their home already */
	pthread_rwlock_rdlock(&t->q->t->lock);
	bool known = index_find(t->q->t, who, &index);
	pthread_rwlock_unlock(&t->q->t->lock);
	if (home_takes_tagged(t->q->audience, known ? audience_find(t->q->audience, index) : NULL, t->q->m))
		VEC_PUSH(t->out, (struct receiver){who, 0});
}

/* As add_tagged() of timelines.c has them. */
static enum err collect_tag_followers(const struct asking *q, struct receivers *out)
{
	struct tagged t = {q, out};
	int64_t silenced;

	if (q->m->visibility != VISIBILITY_PUBLIC || q->m->boost_of.v)
		return OK;
	size_t before = out->n;
	TRY(tag_followers(q->db, q->m->id, add_tag_follower, &t));
	if (out->n == before)
		return OK;
	enum err err = db_int(q->db, &audience_silenced, BINDS(B_INT(q->m->author.v)), &silenced);
	if (err == OK) /* there is such a row */
		out->n = before;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err timelines_audience(struct core *c, struct db *db, const struct post_meta *m,
			    bool (*wanted)(void *arg, struct account_id account),
			    void (*fn)(void *arg, struct account_id account, int64_t list), void *arg)
{
	struct audience *audience = NULL, *reply_audience = NULL;
	struct receivers receivers = {0};

	TRY(audience_get(c->timelines, db, m->author, &audience));
	enum err err = answers_other(m) ? audience_get(c->timelines, db, m->reply_to_account, &reply_audience) : OK;
	if (!err) {
		struct asking q = {c->timelines, db, m, audience, reply_audience, wanted, arg};

		collect_home(&q, &receivers);
		collect_lists(&q, &receivers);
		err = collect_tag_followers(&q, &receivers);
	}
	for (size_t i = 0; i < receivers.n; i++)
		fn(arg, receivers.v[i].account, receivers.v[i].list);
	VEC_FREE(&receivers);
	audience_put(reply_audience);
	audience_put(audience);
	return err;
}
