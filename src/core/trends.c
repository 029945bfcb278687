/*
 * trends.c - see trends.h. A list is replaced as a whole, under a lock that readers hold while they copy.
 */
#include "base/base.h"

#include "core/trends_private.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "core/events.h"

#define TOUCHED_MAX 65536 /* more wait for the next favourite or boost */

SQL(trend_review_of, "SELECT allowed FROM trend_reviews WHERE kind = $1 AND id = $2");
SQL(trend_review_put, "INSERT INTO trend_reviews (kind, id, allowed, reviewed_at) VALUES ($1, $2, $3, $4)"
		      " ON CONFLICT (kind, id) DO UPDATE SET allowed = excluded.allowed,"
		      " reviewed_at = excluded.reviewed_at");

struct list {
	struct arena texts;
	struct trend v[TRENDS_MAX];
	size_t n;
};

struct trends {
	pthread_mutex_t lock;
	struct list lists[TREND_KINDS];
	struct idset touched;
	bool began; /* touched is all there is to know */
	int64_t due_at;
};

static void on_event(void *arg, const struct event *ev)
{
	struct trends *t = arg;

	if (ev->kind != EVENT_POST_COUNTS)
		return;
	pthread_mutex_lock(&t->lock);
	if (t->touched.count < TOUCHED_MAX)
		idset_add(&t->touched, (uint64_t)ev->post.v);
	pthread_mutex_unlock(&t->lock);
}

struct trends *trends_new(struct core *c)
{
	struct trends *t = xcalloc(1, sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	idset_init(&t->touched);
	for (size_t i = 0; i < TREND_KINDS; i++)
		arena_init(&t->lists[i].texts, LIMIT_MIB);
	events_subscribe(c->events, on_event, t);
	return t;
}

void trends_free(struct trends *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < TREND_KINDS; i++)
		arena_release(&t->lists[i].texts);
	idset_release(&t->touched);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void copy(struct trend *to, const struct trend *from, struct arena *a)
{
	*to = *from;
	to->tag.name = arena_view(a, from->tag.name);
	to->tag.display = arena_view(a, from->tag.display);
}

void trends_publish(struct core *c, enum trend_kind kind, const struct trend *trends, size_t n)
{
	struct list *list = &c->trends->lists[kind];

	pthread_mutex_lock(&c->trends->lock);
	arena_release(&list->texts);
	arena_init(&list->texts, LIMIT_MIB);
	list->n = n < TRENDS_MAX ? n : TRENDS_MAX;
	for (size_t i = 0; i < list->n; i++)
		copy(&list->v[i], &trends[i], &list->texts);
	pthread_mutex_unlock(&c->trends->lock);
}

bool trend_is_shown(const struct core *c, enum trend_review review)
{
	return review == TREND_APPROVED || (review == TREND_NOT_REVIEWED && c->config.trends_without_review);
}

void trends_get(struct core *c, struct arena *a, enum trend_kind kind, bool all, size_t limit, size_t offset,
		struct trend *ret, size_t *ret_n)
{
	const struct list *list = &c->trends->lists[kind];
	size_t n = 0;

	pthread_mutex_lock(&c->trends->lock);
	for (size_t i = 0; i < list->n && n < limit; i++) {
		if (!all && !trend_is_shown(c, list->v[i].review))
			continue;
		if (offset)
			offset--;
		else
			copy(&ret[n++], &list->v[i], a);
	}
	pthread_mutex_unlock(&c->trends->lock);
	*ret_n = n;
}

bool trends_has(struct core *c, enum trend_kind kind, int64_t id)
{
	const struct list *list = &c->trends->lists[kind];
	bool found = false;

	pthread_mutex_lock(&c->trends->lock);
	for (size_t i = 0; i < list->n && !found; i++)
		found = list->v[i].id == id && trend_is_shown(c, list->v[i].review);
	pthread_mutex_unlock(&c->trends->lock);
	return found;
}

void trends_take_touched(struct core *c, struct arena *a, int64_t **ret, size_t *ret_n, bool *ret_all)
{
	struct trends *t = c->trends;
	size_t n = 0;

	pthread_mutex_lock(&t->lock);
	int64_t *ids = ARENA_ARRAY(a, t->touched.count + 1, int64_t);
	for (size_t i = 0; t->touched.count && i <= t->touched.mask; i++)
		if (t->touched.slots[i])
			ids[n++] = (int64_t)t->touched.slots[i];
	idset_release(&t->touched);
	idset_init(&t->touched);
	*ret_all = !t->began;
	t->began = true;
	pthread_mutex_unlock(&t->lock);
	*ret = ids;
	*ret_n = n;
}

bool trends_due(struct core *c, int64_t now)
{
	struct trends *t = c->trends;

	if (now < t->due_at)
		return false;
	t->due_at = now + c->config.trends_seconds * 1000;
	return true;
}

/* --- what moderators say --- */

enum err trend_review_load(struct db *db, enum trend_kind kind, int64_t id, enum trend_review *ret)
{
	int64_t allowed;
	enum err err = db_int(db, &trend_review_of, BINDS(B_INT(kind), B_INT(id)), &allowed);

	if (err == ERR_NOT_FOUND) {
		*ret = TREND_NOT_REVIEWED;
		return OK;
	}
	TRY(err);
	*ret = allowed ? TREND_APPROVED : TREND_REJECTED;
	return OK;
}

struct reviewing {
	enum trend_kind kind;
	int64_t id;
	bool allowed;
};

static enum err write_review(struct db *tx, void *arg)
{
	const struct reviewing *r = arg;

	return db_exec(tx, &trend_review_put,
		       BINDS(B_INT(r->kind), B_INT(r->id), B_INT(r->allowed), B_INT(clock_now())), NULL);
}

/* A link that was looked at by itself is not decided by its site. */
static bool is_about(const struct trend *t, const struct reviewing *r)
{
	if (r->kind == TREND_SITE)
		return t->site == r->id && (t->review == TREND_NOT_REVIEWED || t->by_site);
	return t->id == r->id;
}

enum err trend_review(struct core *c, enum trend_kind kind, int64_t id, bool allowed)
{
	struct reviewing r = {kind, id, allowed};

	TRY(store_write(c->store, write_review, &r));
	pthread_mutex_lock(&c->trends->lock);
	struct list *list = &c->trends->lists[kind == TREND_SITE ? TREND_LINK : kind];
	for (size_t i = 0; i < list->n; i++)
		if (is_about(&list->v[i], &r)) {
			list->v[i].review = allowed ? TREND_APPROVED : TREND_REJECTED;
			list->v[i].by_site = kind == TREND_SITE;
		}
	pthread_mutex_unlock(&c->trends->lock);
	return OK;
}
