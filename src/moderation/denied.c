/*
 * denied.c - who may do nothing, in memory (ip_blocks.h): read when something has changed, and every minute, as blocks
 * end. Nearly always there are none, and then a request costs one look at a number.
 */
#include "base/base.h"

#include "moderation/ip_blocks.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/vec.h"
#include "core/events.h"
#include "moderation/rows.h"

#define FRESH_MS 60000

SQL(denied_networks, "SELECT network FROM ip_blocks WHERE severity = 2 AND (expires_at IS NULL OR expires_at > $1)");
_Static_assert(IP_NO_ACCESS == 2, "the number in the statement");

struct networks VEC(struct network);

struct denied {
	pthread_rwlock_t lock;
	struct networks networks;
	_Atomic size_t n;
	_Atomic int64_t fresh_until; /* 0: something has changed */
};

static void on_event(void *arg, const struct event *ev)
{
	struct denied *d = arg;

	if (ev->kind == EVENT_IP_BLOCKS_CHANGED)
		atomic_store(&d->fresh_until, 0);
}

struct denied *denied_new(struct core *c)
{
	struct denied *d = xcalloc(1, sizeof(*d));

	pthread_rwlock_init(&d->lock, NULL);
	events_subscribe(c->events, on_event, d);
	return d;
}

void denied_free(struct denied *d)
{
	if (!d)
		return;
	VEC_FREE(&d->networks);
	pthread_rwlock_destroy(&d->lock);
	free(d);
}

static enum err load(struct db *db, int64_t now, struct networks *ret)
{
	struct rows r;

	db_query(db, &r, &denied_networks, BINDS(B_INT(now)));
	while (ret->n < LIMIT_IP_BLOCKS && rows_next(&r)) {
		char text[NETWORK_TEXT];
		struct network *list = NULL;
		size_t n = 0;

		snprintf(text, sizeof(text), "%.*s", VIEW_ARG(row_text(&r, 0)));
		if (networks_parse(text, &list, &n, NULL) == OK && n == 1)
			VEC_PUSH(ret, list[0]);
		free(list);
	}
	return rows_end(&r);
}

/* Without a database it stays as it was known. What changes meanwhile is read at the next request. */
static void refresh(struct denied *d, struct db *db, int64_t now)
{
	struct networks networks = {0}, before;

	atomic_store(&d->fresh_until, now + FRESH_MS);
	if (load(db, now, &networks) != OK) {
		VEC_FREE(&networks);
		return;
	}
	pthread_rwlock_wrlock(&d->lock);
	before = d->networks;
	d->networks = networks;
	atomic_store(&d->n, networks.n);
	pthread_rwlock_unlock(&d->lock);
	VEC_FREE(&before);
}

bool denied_has(struct denied *d, struct db *db, struct view ip)
{
	int64_t now = clock_now();
	struct address who;

	if (atomic_load_explicit(&d->fresh_until, memory_order_relaxed) <= now)
		refresh(d, db, now);
	if (!atomic_load_explicit(&d->n, memory_order_relaxed) || !address_parse(ip, &who))
		return false;
	pthread_rwlock_rdlock(&d->lock);
	bool has = networks_have(d->networks.v, d->networks.n, &who);
	pthread_rwlock_unlock(&d->lock);
	return has;
}
