/*
 * feed.c - see feed.h. On PostgreSQL a post may become visible after one with a newer id: the feed goes on only as far as
 * store_settled() says, and looks again soon when it has been told of a post behind that.
 */
#include "base/base.h"
#include "dataapi/feed.h"

#include <pthread.h>

#include "base/id.h"
#include "base/wait.h"
#include "core/events.h"
#include "core/post.h"

#define KEPT 65536 /* ids in memory */
#define READ_AT_ONCE 512
#define LOOK_MS 1000 /* without an event: another process may have written */
#define SOON_MS 5    /* a post is known, and a write that began before it is still open */

SQL(feed_behind, "SELECT id FROM posts WHERE id > $1 AND id <= $2 AND visibility = 0 AND domain = '' ORDER BY id"
		 " LIMIT $3");
SQL(feed_newest, "SELECT COALESCE(MAX(id), 0) FROM posts");

struct feed {
	struct core *core;
	void (*grown)(void *arg);
	void *arg;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
	int64_t told; /* the newest post an event was about */
	bool late;    /* the thread's own: it could not look that far the last time */
	/* ids[i % KEPT] for i in [first, n); everything public from `floor` (excluded) to `end` is there. */
	int64_t ids[KEPT];
	uint64_t first, n;
	int64_t floor, end;
};

static enum err read_database(struct db *db, int64_t after, int64_t upto, int64_t *ret, size_t max, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &feed_behind, BINDS(B_INT(after), B_INT(upto), B_INT(max)));
	while (n < max && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

static void keep(struct feed *f, const int64_t *ids, size_t n)
{
	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < n; i++) {
		if (f->n - f->first == KEPT)
			f->floor = f->ids[f->first++ % KEPT];
		f->ids[f->n++ % KEPT] = ids[i];
		f->end = ids[i];
	}
	pthread_mutex_unlock(&f->lock);
}

/* True when there may be more at once. */
static bool look(struct feed *f)
{
	struct db *db = store_db(f->core->store);
	int64_t ids[READ_AT_ONCE], settled;
	size_t n;

	f->late = false;
	if (store_settled(f->core->store, db, &settled) != OK ||
	    read_database(db, feed_end(f), settled, ids, READ_AT_ONCE, &n) != OK)
		return false;
	pthread_mutex_lock(&f->lock);
	f->late = f->told > settled;
	pthread_mutex_unlock(&f->lock);
	if (n == 0)
		return false;
	keep(f, ids, n);
	f->grown(f->arg);
	return n == READ_AT_ONCE;
}

static bool wait_for_more(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	if (!f->woken && !f->stopping)
		wait_ms(&f->wake, &f->lock, f->late ? SOON_MS : LOOK_MS);
	f->woken = false;
	bool go_on = !f->stopping;
	pthread_mutex_unlock(&f->lock);
	return go_on;
}

static void *follow(void *arg)
{
	struct feed *f = arg;

	while (wait_for_more(f))
		while (look(f))
			;
	store_thread_done(f->core->store);
	return NULL;
}

static void on_event(void *arg, const struct event *ev)
{
	struct feed *f = arg;

	if (ev->kind != EVENT_POST_CREATED || ev->visibility != VISIBILITY_PUBLIC)
		return;
	pthread_mutex_lock(&f->lock);
	f->woken = true;
	if (f->told < ev->post.v)
		f->told = ev->post.v;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
}

struct feed *feed_new(struct core *c, void (*grown)(void *arg), void *arg)
{
	struct feed *f = xcalloc(1, sizeof(*f));

	f->core = c;
	f->grown = grown;
	f->arg = arg;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->wake, NULL);
	events_subscribe(c->events, on_event, f);
	return f;
}

enum err feed_start(struct feed *f)
{
	struct db *db = store_db(f->core->store);
	int64_t newest, settled;

	TRY(store_settled(f->core->store, db, &settled));
	TRY(db_int(db, &feed_newest, NO_BINDS, &newest));
	f->floor = f->end = newest < settled ? newest : settled;
	f->started = pthread_create(&f->thread, NULL, follow, f) == 0;
	return f->started ? OK : ERR_UNAVAILABLE;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
	if (f->started)
		pthread_join(f->thread, NULL);
	free(f);
}

int64_t feed_end(struct feed *f)
{
	int64_t end;

	pthread_mutex_lock(&f->lock);
	end = f->end;
	pthread_mutex_unlock(&f->lock);
	return end;
}

/* The first kept place behind `after`. */
static uint64_t find(const struct feed *f, int64_t after)
{
	uint64_t low = f->first, high = f->n;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (f->ids[middle % KEPT] <= after)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* False when memory does not reach back that far. */
static bool read_kept(struct feed *f, int64_t after, int64_t *ret, size_t max, size_t *ret_n, int64_t *ret_upto)
{
	size_t n = 0;

	pthread_mutex_lock(&f->lock);
	bool kept = after >= f->floor;

	if (kept)
		for (uint64_t i = find(f, after); i < f->n && n < max; i++)
			ret[n++] = f->ids[i % KEPT];
	*ret_upto = n == max ? ret[n - 1] : f->end > after ? f->end : after;
	*ret_n = n;
	pthread_mutex_unlock(&f->lock);
	return kept;
}

enum err feed_read(struct feed *f, struct db *db, int64_t after, int64_t *ret, size_t max, size_t *ret_n,
		   int64_t *ret_upto)
{
	int64_t end;

	if (read_kept(f, after, ret, max, ret_n, ret_upto))
		return OK;
	end = feed_end(f);
	TRY(read_database(db, after, end, ret, max, ret_n));
	*ret_upto = *ret_n == max ? ret[max - 1] : end;
	return OK;
}
