/*
 * checkpoint.c - a checkpoint while others write never reaches the end of the log, and a log that is not copied to
 * its end is never begun anew. So a thread copies most of it, with the long fsyncs, and the writer then copies the
 * little that was added meanwhile; its next transaction begins the log anew.
 */
#include "base/base.h"
#include "store/checkpoint.h"

#include <pthread.h>
#include <signal.h>

#include "base/log.h"

#define BEGIN_PAGES 4000 /* 16 MiB of log */
#define STEP_PAGES 1000	 /* more before the next try, when readers of old pages held it up */
#define SHORT_PAGES 1000 /* the writer copies at most so many itself */

struct checkpointer {
	struct store *store;
	pthread_t thread;
	int begin_at; /* the writer's: pages of log */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	enum { IDLE, COPYING, COPIED } state;
	int copied; /* pages, after COPIED */
	bool stopping;
};

/* As far as readers allow, without waiting for anybody. Returns the pages of log that are in the database file now. */
static int copy(sqlite3 *h)
{
	int log = 0, copied = 0;
	int rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &copied);

	if (rc == SQLITE_OK)
		return copied;
	if (rc != SQLITE_BUSY)
		log_warn("checkpoint failed", F_STR("error", view_of(sqlite3_errmsg(h))));
	return 0;
}

/* False when the store closes. */
static bool wait_for_work(struct checkpointer *c)
{
	bool go_on;

	pthread_mutex_lock(&c->lock);
	while (c->state != COPYING && !c->stopping)
		pthread_cond_wait(&c->changed, &c->lock);
	go_on = !c->stopping;
	pthread_mutex_unlock(&c->lock);
	return go_on;
}

static void *checkpointer_main(void *arg)
{
	struct checkpointer *c = arg;
	struct db *db = c->store->driver->db_new(c->store, true);

	while (wait_for_work(c)) {
		int copied = sqlite_connect(db, NULL) == OK ? copy(((struct sqlite_db *)db)->h) : 0;

		pthread_mutex_lock(&c->lock);
		c->copied = copied;
		c->state = COPIED;
		pthread_mutex_unlock(&c->lock);
	}
	c->store->driver->db_free(db);
	return NULL;
}

void checkpointer_tend(struct checkpointer *c, struct sqlite_db *writer)
{
	int pages = writer->wal_pages, left = -1;

	if (pages < BEGIN_PAGES || !writer->h) {
		c->begin_at = BEGIN_PAGES;
		return;
	}
	pthread_mutex_lock(&c->lock);
	if (c->state == COPIED) {
		left = pages - c->copied;
		c->state = IDLE;
	}
	if (c->state == IDLE && left > SHORT_PAGES && c->copied > 0)
		c->begin_at = pages; /* once more: much was written meanwhile */
	if (c->state == IDLE && left < 0 && pages >= c->begin_at) {
		c->state = COPYING;
		c->begin_at = pages + STEP_PAGES;
		pthread_cond_signal(&c->changed);
	}
	pthread_mutex_unlock(&c->lock);
	if (left >= 0 && left <= SHORT_PAGES)
		(void)copy(writer->h);
}

struct checkpointer *checkpointer_start(struct store *s)
{
	struct checkpointer *c = xcalloc(1, sizeof(*c));

	c->store = s;
	c->begin_at = BEGIN_PAGES;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->thread = store_thread("db-checkpoint", checkpointer_main, c);
	return c;
}

void checkpointer_stop(struct checkpointer *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
