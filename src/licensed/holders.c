/*
 * holders.c - see holders.h. Each post concerned is asked for once in the ledger; what each licensee got under each
 * version of its plan is kept with the last time before each event. Then plans say which of it was under a use withdrawn.
 */
#include "base/base.h"
#include "licensed/holders.h"

#include "base/vec.h"
#include "ledger/ledger.h"
#include "licensed/ack_store.h"
#include "meter/licensee_store.h"
#include "meter/plan_store.h"

SQL(holders_posts,
    "SELECT post_id FROM (SELECT post_id FROM account_posts WHERE account_id = $1 AND post_id < $2 AND visibility = $4"
    " ORDER BY post_id DESC LIMIT $3) there UNION SELECT post_id FROM (SELECT post_id FROM compliance_events"
    " WHERE account_id = $1 AND post_id < $2 AND kind = $5 ORDER BY seq DESC LIMIT $3) gone"
    " ORDER BY post_id DESC LIMIT $3");

/* What a licensee got under one version of a plan. */
struct got {
	int64_t licensee, terms;
	int64_t last[HOLDERS_PAGE]; /* ms, before each event; 0: nothing */
};

struct walk {
	struct core *core;
	struct db *db;
	struct arena *arena;
	const struct compliance_event *events;
	size_t n;
	int64_t post; /* that is asked for */
	struct VEC(struct got) all;
};

static uint32_t withdrawn(const struct compliance_event *e)
{
	return e->kind == COMPLIANCE_USER_LICENCE ? e->uses_before & ~e->uses_after : 0;
}

static struct got *got_under(struct walk *w, int64_t licensee, int64_t terms)
{
	for (size_t i = 0; i < w->all.n; i++)
		if (w->all.v[i].licensee == licensee && w->all.v[i].terms == terms)
			return &w->all.v[i];
	VEC_PUSH(&w->all, (struct got){.licensee = licensee, .terms = terms});
	return &w->all.v[w->all.n - 1];
}

/* An answer that was under way when the post was deleted counts; of uses, which may be allowed again, only what was before. */
static bool concerns(const struct compliance_event *e, int64_t post, int64_t time_ms)
{
	return withdrawn(e) ? post < e->seq && time_ms <= e->at : post == e->post.v;
}

static enum err note(void *arg, uint64_t index MAYBE_UNUSED, const struct ledger_record *r,
		     const struct ledger_item *item MAYBE_UNUSED)
{
	struct walk *w = arg;
	struct got *g = got_under(w, r->licensee, r->terms);

	for (size_t i = 0; i < w->n; i++)
		if (concerns(&w->events[i], w->post, r->time_ms) && g->last[i] < r->time_ms)
			g->last[i] = r->time_ms;
	return OK;
}

static enum err ask(struct walk *w, int64_t post)
{
	w->post = post;
	return ledger_each_who(w->core->ledger, post, note, w);
}

static enum err ask_deleted(struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->events[i].post.v)
			TRY(ask(w, w->events[i].post.v));
	return OK;
}

/* The author's posts from before the newest withdrawal, deleted ones too. */
static enum err ask_all(struct walk *w, struct account_id author, bool *ret_partial)
{
	int64_t posts[HOLDERS_POSTS];
	size_t n = 0, newest = 0;
	struct rows r;

	*ret_partial = false;
	while (newest < w->n && !withdrawn(&w->events[newest]))
		newest++;
	if (newest == w->n)
		return OK;
	db_query(w->db, &r, &holders_posts,
		 BINDS(B_INT(author.v), B_INT(w->events[newest].seq), B_INT(HOLDERS_POSTS + 1),
		       B_INT(VISIBILITY_PUBLIC), B_INT(COMPLIANCE_POST_DELETE)));
	while (rows_next(&r)) {
		if (n < HOLDERS_POSTS)
			posts[n++] = row_int(&r, 0);
		else
			*ret_partial = true;
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++)
		TRY(ask(w, posts[i]));
	return OK;
}

static enum err add_holder(struct walk *w, struct taken_back *t, int64_t licensee, int64_t received_at)
{
	struct licensee who;

	for (size_t i = 0; i < t->n; i++)
		if (t->holders[i].licensee == licensee) {
			if (t->holders[i].received_at < received_at)
				t->holders[i].received_at = received_at;
			return OK;
		}
	if (t->n == HOLDERS_MAX) {
		t->partial = true;
		return OK;
	}
	enum err err = licensee_load(w->db, w->arena, licensee, &who);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	struct holder *h = &t->holders[t->n++];
	*h = (struct holder){.licensee = licensee, .name = who.name, .received_at = received_at};
	return ack_find(w->db, licensee, t->seq, &h->acknowledged_at);
}

/* Of terms that nobody knows any more it may be any. */
static enum err uses_of(struct db *db, int64_t terms, uint32_t *ret)
{
	struct plan plan = {.uses = USES_ALL};
	enum err err = plan_load(db, terms, &plan, NULL);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*ret = err == OK ? plan.uses : USES_ALL;
	return OK;
}

static enum err find_holders(struct walk *w, struct taken_back *list)
{
	for (size_t k = 0; k < w->all.n; k++) {
		const struct got *g = &w->all.v[k];
		uint32_t uses;

		TRY(uses_of(w->db, g->terms, &uses));
		for (size_t i = 0; i < w->n; i++)
			if (g->last[i] && (list[i].post.v || (list[i].uses & uses)))
				TRY(add_holder(w, &list[i], g->licensee, g->last[i]));
	}
	return OK;
}

static enum err load(struct walk *w, struct account_id author, struct taken_back *list)
{
	bool partial;

	TRY(ask_deleted(w));
	TRY(ask_all(w, author, &partial));
	size_t most = w->all.n < HOLDERS_MAX ? w->all.n : HOLDERS_MAX;
	for (size_t i = 0; i < w->n; i++) {
		const struct compliance_event *e = &w->events[i];

		list[i] = (struct taken_back){.seq = e->seq,
					      .post = e->post,
					      .uses = withdrawn(e),
					      .at = e->at,
					      .partial = withdrawn(e) && partial,
					      .holders = ARENA_ARRAY(w->arena, most + 1, struct holder)};
	}
	return find_holders(w, list);
}

enum err holders_load(struct core *c, struct db *db, struct arena *a, struct account_id author, int64_t before,
		      size_t max, struct taken_back **ret, size_t *ret_n)
{
	struct walk w = {.core = c, .db = db, .arena = a};
	struct compliance_event *events;

	if (!c->ledger)
		return ERR_UNAVAILABLE;
	TRY(ack_taken_back(db, a, author, before, max < HOLDERS_PAGE ? max : HOLDERS_PAGE, &events, &w.n));
	w.events = events;
	*ret = ARENA_ARRAY(a, w.n + 1, struct taken_back);
	enum err err = load(&w, author, *ret);
	if (err == OK)
		*ret_n = w.n;
	VEC_FREE(&w.all);
	return err;
}
