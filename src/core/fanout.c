/*
 * fanout.c - who a post is for, and its delivery. An author's audience is loaded once (followers, their options, lists)
 * and kept until the graph around the author changes; delivering is a walk over it.
 *
 * The rules are those of Mastodon's home feed: a boost is for those who show boosts; a reply to somebody else is for
 * those who follow that one too; a direct post for those it names; an exclusive list takes its members out of home.
 * Blocks and mutes are judged when a page is read, because they change behind the delivery.
 */
#include "base/base.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/timelines_private.h"

/* Rings lie all over memory: each is asked for so many steps ahead, and its newest entries half as many. */
#define AHEAD 16
#define AHEAD_END 8
#define LANGUAGES_BYTES (1024 * LIMIT_MIB) /* LIMIT_FOLLOW_LANGUAGES of two million followers */

/* A row for each follower of this server (remote ones have no user). */
SQL(audience_followers,
    "SELECT f.follower_id, f.show_boosts, f.languages FROM followers f JOIN users u ON u.account_id = f.follower_id"
    " WHERE f.account_id = $1");
SQL(audience_lists,
    "SELECT l.id, l.account_id, l.replies_policy, l.exclusive FROM list_accounts m JOIN lists l ON l.id = m.list_id"
    " WHERE m.account_id = $1");

static void release(struct cached *c)
{
	struct audience *a = (struct audience *)c;

	free(a->edges);
	free(a->languages);
	free(a->lists);
	arena_release(&a->arena);
	free(a);
}

void audience_put(struct audience *a) { cached_unref(a ? &a->cached : NULL); }

struct loading {
	struct VEC(int64_t) accounts;
	struct VEC(struct edge) edges;
	struct VEC(struct edge_languages) languages;
	struct VEC(struct list_edge) lists;
	struct idset exclusive; /* owners of exclusive lists */
};

static enum err load_followers(struct db *db, struct account_id author, struct audience *a, struct loading *l)
{
	struct rows r;

	db_query(db, &r, &audience_followers, BINDS(B_INT(author.v)));
	while (rows_next(&r)) {
		struct edge e = {.index = (uint32_t)l->accounts.n, .flags = row_int(&r, 1) ? 0 : EDGE_NO_BOOSTS};

		if (row_text(&r, 2).len) {
			e.flags |= EDGE_LANGUAGES;
			VEC_PUSH(&l->languages, (struct edge_languages){e.index, row_copy(&r, 2, &a->arena)});
		}
		VEC_PUSH(&l->accounts, row_int(&r, 0));
		VEC_PUSH(&l->edges, e);
	}
	return rows_end(&r);
}

static enum err load_lists(struct db *db, struct account_id author, struct loading *l)
{
	struct rows r;

	db_query(db, &r, &audience_lists, BINDS(B_INT(author.v)));
	while (rows_next(&r)) {
		struct account_id owner = {row_int(&r, 1)};

		VEC_PUSH(&l->lists, (struct list_edge){row_int(&r, 0), owner, (uint8_t)row_int(&r, 2)});
		if (row_int(&r, 3))
			idset_add(&l->exclusive, (uint64_t)owner.v);
	}
	return rows_end(&r);
}

static int by_index(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;

	return a->index < b->index ? -1 : a->index > b->index;
}

static int languages_by_index(const void *x, const void *y)
{
	const struct edge_languages *a = x, *b = y;

	return a->index < b->index ? -1 : a->index > b->index;
}

/* Turns positions in l->accounts into dense indexes, and sorts. */
static void settle(struct timelines *t, struct account_id author, struct loading *l)
{
	VEC_PUSH(&l->accounts, author.v);
	VEC_PUSH(&l->edges, (struct edge){(uint32_t)l->accounts.n - 1, EDGE_SELF});
	pthread_rwlock_wrlock(&t->lock);
	for (size_t i = 0; i < l->edges.n; i++) {
		struct edge *e = &l->edges.v[i];
		int64_t account = l->accounts.v[e->index];

		if (!(e->flags & EDGE_SELF) && idset_has(&l->exclusive, (uint64_t)account))
			e->flags |= EDGE_EXCLUSIVE;
		e->index = index_make(t, (struct account_id){account});
	}
	for (size_t i = 0; i < l->languages.n; i++)
		l->languages.v[i].index = index_make(t, (struct account_id){l->accounts.v[l->languages.v[i].index]});
	pthread_rwlock_unlock(&t->lock);
	qsort(l->edges.v, l->edges.n, sizeof(struct edge), by_index);
	if (l->languages.n)
		qsort(l->languages.v, l->languages.n, sizeof(struct edge_languages), languages_by_index);
}

static enum err audience_load(struct timelines *t, struct db *db, struct account_id author, struct audience **ret)
{
	struct audience *a = xcalloc(1, sizeof(*a));
	struct loading l = {0};

	arena_init(&a->arena, LANGUAGES_BYTES);
	idset_init(&l.exclusive);
	cached_init(&a->cached, sizeof(*a), release);
	enum err err = load_followers(db, author, a, &l);
	if (!err)
		err = load_lists(db, author, &l);
	if (!err)
		settle(t, author, &l);
	a->edges = l.edges.v, a->n = l.edges.n;
	a->languages = l.languages.v, a->n_languages = l.languages.n;
	a->lists = l.lists.v, a->n_lists = l.lists.n;
	a->cached.bytes += (uint32_t)(l.edges.alloc * sizeof(struct edge) + l.languages.alloc * sizeof(*l.languages.v) +
				      l.lists.alloc * sizeof(*l.lists.v) + a->arena.used);
	VEC_FREE(&l.accounts);
	idset_release(&l.exclusive);
	if (err) {
		audience_put(a);
		return err;
	}
	*ret = a;
	return OK;
}

enum err audience_get(struct timelines *t, struct db *db, struct account_id author, struct audience **ret)
{
	uint64_t generation = 0;
	struct audience *a = (struct audience *)cache_find(t->audiences, (uint64_t)author.v, &generation);

	if (!a) {
		TRY(audience_load(t, db, author, &a));
		cache_keep(t->audiences, (uint64_t)author.v, &a->cached, generation);
	}
	*ret = a;
	return OK;
}

const struct edge *audience_find(const struct audience *a, uint32_t index)
{
	struct edge key = {.index = index};

	return a->n ? bsearch(&key, a->edges, a->n, sizeof(key), by_index) : NULL;
}

static bool language_wanted(const struct audience *a, uint32_t index, const char *language)
{
	struct edge_languages key = {.index = index};
	const struct edge_languages *wanted =
		a->n_languages ? bsearch(&key, a->languages, a->n_languages, sizeof(key), languages_by_index) : NULL;

	if (!wanted)
		return true;
	struct view rest = wanted->list, piece;
	while (view_split(&rest, ',', &piece))
		if (view_is(piece, language))
			return true;
	return false;
}

static bool addressed(const struct post_meta *m, struct account_id account)
{
	for (size_t i = 0; i < m->n_mentions; i++)
		if (account_eq(m->mentions[i], account))
			return true;
	return false;
}

bool home_takes(const struct audience *a, const struct edge *edge, struct account_id account, const struct post_meta *m,
		bool follows_answered)
{
	if (edge->flags & EDGE_SELF)
		return true;
	if ((edge->flags & EDGE_EXCLUSIVE) || (m->boost_of.v && (edge->flags & EDGE_NO_BOOSTS)))
		return false;
	if (m->visibility == VISIBILITY_DIRECT && !addressed(m, account))
		return false;
	if (answers_other(m) && !account_eq(m->reply_to_account, account) && !follows_answered)
		return false;
	return !(edge->flags & EDGE_LANGUAGES) || !m->language[0] || language_wanted(a, edge->index, m->language);
}

bool home_takes_tagged(const struct audience *a, const struct edge *edge, const struct post_meta *m)
{
	if (!edge || (edge->flags & EDGE_SELF))
		return true;
	if (edge->flags & EDGE_EXCLUSIVE)
		return false;
	return !(edge->flags & EDGE_LANGUAGES) || !m->language[0] || language_wanted(a, edge->index, m->language);
}

/*
 * Whether index is in the audience, looking on from *at: both are walked in ascending order, so the search gallops
 * instead of starting over.
 */
static bool gallop(const struct audience *a, size_t *at, uint32_t index)
{
	size_t low = *at, step = 1;

	if (!a)
		return false;
	while (low + step < a->n && a->edges[low + step].index < index) {
		low += step;
		step *= 2;
	}
	size_t high = low + step < a->n ? low + step + 1 : a->n;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (a->edges[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return low < a->n && a->edges[low].index == index;
}

/* Nothing of the post asks for a look at each follower. */
static bool plain(const struct post_meta *m)
{
	return m->visibility != VISIBILITY_DIRECT && !answers_other(m);
}

static void look_ahead(const struct timelines *t, const struct audience *a, size_t i)
{
	const struct ring *soon = i + AHEAD_END < a->n ? t->rings[a->edges[i + AHEAD_END].index] : NULL;

	if (soon)
		ring_prefetch_end(soon);
	if (i + AHEAD < a->n)
		ring_prefetch(t->rings[a->edges[i + AHEAD].index]);
}

static size_t deliver(struct timelines *t, const struct audience *a, const struct audience *reply_audience,
		      const struct post_meta *m)
{
	const struct ring_entry entry = {m->id.v, m->boost_of.v};
	bool ask = !plain(m);
	uint32_t ask_flags = EDGE_EXCLUSIVE | EDGE_LANGUAGES | (m->boost_of.v ? EDGE_NO_BOOSTS : 0);
	size_t taken = 0, answered_at = 0;

	pthread_rwlock_rdlock(&t->lock);
	for (size_t i = 0; i < a->n; i++) {
		const struct edge *e = &a->edges[i];

		if (!ask) /* most will be taken */
			look_ahead(t, a, i);
		struct ring *r = t->rings[e->index];
		if (!r)
			continue;
		if ((ask || (e->flags & ask_flags)) && !home_takes(a, e, (struct account_id){t->account_at[e->index]},
								   m, gallop(reply_audience, &answered_at, e->index)))
			continue;
		taken += ring_push(r, entry);
	}
	pthread_rwlock_unlock(&t->lock);
	return taken;
}

/* The ring of an author who is merged in on read; made, and filled from the database, on the first post that can. */
static enum err merged_push(struct timelines *t, struct db *db, const struct post_meta *m)
{
	struct ring_entry *older;
	struct scan scan = {.ceiling = INT64_MAX, .cap = LIMIT_TIMELINE_RING};
	struct found found;

	pthread_rwlock_wrlock(&t->lock);
	struct ring *r = map_get(&t->merged, (uint64_t)m->author.v);
	if (!r) {
		r = ring_pool_take(&t->pool);
		map_put(&t->merged, (uint64_t)m->author.v, r);
	}
	ring_push(r, (struct ring_entry){m->id.v, m->boost_of.v});
	pthread_rwlock_unlock(&t->lock);
	if (r->whole)
		return OK;
	older = xcalloc(LIMIT_TIMELINE_RING, sizeof(*older));
	enum err err = scan_author(db, m->author, &scan, older, &found);
	if (!err)
		ring_fill(r, older, found.n, !found.more); /* merged rings live as long as the engine */
	free(older);
	return err;
}

enum err fanout_push(struct timelines *t, struct db *db, const struct post_meta *m, size_t *ret_taken)
{
	struct audience *a = NULL, *reply_audience = NULL;

	TRY(audience_get(t, db, m->author, &a));
	enum err err = OK;
	if ((int64_t)a->n > t->core->config.merge_followers) {
		err = merged_push(t, db, m);
	} else {
		if (answers_other(m))
			err = audience_get(t, db, m->reply_to_account, &reply_audience);
		if (!err)
			*ret_taken = deliver(t, a, reply_audience, m);
	}
	audience_put(reply_audience);
	audience_put(a);
	return err;
}
