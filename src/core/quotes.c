/*
 * quotes.c - see quotes.h.
 */
#include "base/base.h"

#include "core/quotes.h"

#include "core/post_parts.h"
#include "core/viewer.h"
#include "core/visibility.h"

#define NO_SUCH_POST "The post you are trying to quote does not appear to exist."

/* Cursor and id are the same: a page_read of the quoting posts. */
#define QUOTES(which, order)                                                                                           \
	"SELECT id, id FROM posts WHERE quote_of = $1 AND id > $2 AND id < $3 AND quote_state = 1 AND visibility <= 1 " \
	which "ORDER BY id " order " LIMIT $4"
#define NO_REPLY "AND reply_to IS NULL "
SQL(quotes_down, QUOTES("", "DESC"));
SQL(quotes_up, QUOTES("", "ASC"));
SQL(quotes_alone_down, QUOTES(NO_REPLY, "DESC"));
SQL(quotes_alone_up, QUOTES(NO_REPLY, "ASC"));
SQL(quote_find, "SELECT q.account_id, q.visibility, q.quote_state FROM posts q JOIN posts p ON p.id = q.quote_of "
		"WHERE q.id = $1 AND p.id = $2 AND p.account_id = $3");
SQL(quote_take_back, "UPDATE posts SET quote_state = $2 WHERE id = $1 AND quote_state = $3");
SQL(quote_set_policy, "UPDATE posts SET quote_policy = $3 WHERE id = $1 AND account_id = $2 AND boost_of IS NULL");

static enum err load_target(struct core *c, struct db *db, struct arena *a, struct post_id of, struct post_meta *ret)
{
	TRY(post_load_meta(c, db, a, of, ret));
	return ret->boost_of.v ? post_load_meta(c, db, a, ret->boost_of, ret) : OK;
}

enum err quote_prepare(struct core *c, struct db *db, struct arena *a, struct account_id author, struct post_id of,
		       struct quote *ret, struct problem *problem)
{
	struct post_meta m;
	struct viewer *v;
	enum err err = load_target(c, db, a, of, &m);

	if (err == ERR_NOT_FOUND)
		return fail(problem, err, NO_SUCH_POST);
	TRY(err);
	TRY(viewer_get(c, db, author, &v));
	bool may = quotable_by(v, &m);
	viewer_put(v);
	if (!may)
		return fail(problem, ERR_NOT_FOUND, NO_SUCH_POST);
	*ret = (struct quote){.of = m.id, .author = m.author, .closed = m.visibility == VISIBILITY_PRIVATE};
	return OK;
}

enum err quote_check_audience(const struct quote *q, struct account_id author, enum visibility v,
			      const struct post_text *made, struct problem *problem)
{
	if (!q->of.v || v != VISIBILITY_DIRECT || account_eq(q->author, author))
		return OK;
	for (size_t i = 0; i < made->n_mentions; i++)
		if (account_eq(made->mentions[i], q->author))
			return OK;
	return fail(problem, ERR_UNPROCESSABLE,
		    "Validation failed: A private mention can only quote a post of somebody it mentions");
}

/* As replies: quotes that not everybody may see are not counted. */
static bool counted(enum visibility v) { return v <= VISIBILITY_UNLISTED; }

enum err quote_write(struct db *tx, struct event_list *events, const struct quote *q, enum visibility v,
		     struct problem *problem)
{
	if (!q->of.v)
		return OK;
	enum err err = counted(v) ? post_count_add(tx, events, q->of, COUNT_QUOTES, 1) : post_hold(tx, q->of);
	return err == ERR_NOT_FOUND ? fail(problem, err, NO_SUCH_POST) : err;
}

enum err quote_drop(struct db *tx, struct event_list *events, struct post_id of, enum quote_state state,
		    enum visibility v)
{
	return of.v && state == QUOTE_ACCEPTED && counted(v) ? post_count_add(tx, events, of, COUNT_QUOTES, -1) : OK;
}

enum err post_quotes(struct db *db, struct post_id post, bool no_replies, const struct page *page,
		     struct page_item *ret, size_t *ret_n)
{
	return page_read(db, no_replies ? &quotes_alone_down : &quotes_down, no_replies ? &quotes_alone_up : &quotes_up,
			 post.v, page, ret, ret_n);
}

struct change {
	struct account_id who;
	struct post_id post, quoting;
	enum quote_policy policy;
	struct event_list events;
};

static void pend_edited(struct change *w, struct post_id post, struct account_id author, enum visibility v)
{
	events_pend(&w->events, (struct event){.kind = EVENT_POST_EDITED,
					       .post = post,
					       .account = author,
					       .visibility = (int)v,
					       .local = true});
}

static enum err revoke(struct db *tx, void *arg)
{
	struct change *w = arg;
	struct account_id author = {0};
	enum visibility v = VISIBILITY_DIRECT;
	enum quote_state state = QUOTE_NONE;
	int64_t changed;
	struct rows r;

	w->events.n = 0;
	db_query(tx, &r, &quote_find, BINDS(B_INT(w->quoting.v), B_INT(w->post.v), B_INT(w->who.v)));
	if (rows_next(&r)) {
		author.v = row_int(&r, 0);
		v = (enum visibility)row_int(&r, 1);
		state = (enum quote_state)row_int(&r, 2);
	}
	TRY(rows_end(&r));
	if (!author.v)
		return ERR_NOT_FOUND;
	TRY(db_exec(tx, &quote_take_back, BINDS(B_INT(w->quoting.v), B_INT(QUOTE_REVOKED), B_INT(QUOTE_ACCEPTED)),
		    &changed));
	if (!changed)
		return OK;
	TRY(quote_drop(tx, &w->events, w->post, state, v));
	pend_edited(w, w->quoting, author, v);
	return OK;
}

SQL(quote_policy_post, "SELECT visibility FROM posts WHERE id = $1");

static enum err set_policy(struct db *tx, void *arg)
{
	struct change *w = arg;
	int64_t visibility, changed;

	w->events.n = 0;
	TRY(db_int(tx, &quote_policy_post, BINDS(B_INT(w->post.v)), &visibility));
	enum quote_policy policy = quote_policy_of(w->policy, (enum visibility)visibility);
	TRY(db_exec(tx, &quote_set_policy, BINDS(B_INT(w->post.v), B_INT(w->who.v), B_INT(policy)), &changed));
	if (!changed)
		return ERR_NOT_FOUND;
	pend_edited(w, w->post, w->who, (enum visibility)visibility);
	return OK;
}

static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct change w)
{
	enum err err = store_write(c->store, fn, &w);

	if (err)
		event_list_drop(&w.events);
	else
		events_announce_all(c->events, &w.events);
	return err;
}

enum err quote_revoke(struct core *c, struct account_id who, struct post_id post, struct post_id quoting)
{
	return run(c, revoke, (struct change){.who = who, .post = post, .quoting = quoting});
}

enum err quote_policy_set(struct core *c, struct account_id who, struct post_id post, enum quote_policy policy)
{
	return run(c, set_policy, (struct change){.who = who, .post = post, .policy = policy});
}
