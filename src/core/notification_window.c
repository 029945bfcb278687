/*
 * notification_window.c - see notification_window.h.
 */
#include "base/base.h"

#include "core/notification_window.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "core/notifications_private.h"

/* $3 rows. */
SQL(window_rows, NOTIFICATION_WITH_SHOWN " WHERE n.account_id = $1 ORDER BY n.id DESC LIMIT $3");
SQL(window_mute_ends, "SELECT COALESCE(MIN(expires_at), 0) FROM mutes WHERE account_id = $1 AND expires_at > $2");

struct notification_windows {
	struct cache *cache;
};

static struct notification_window *window_new(size_t n)
{
	size_t bytes = sizeof(struct notification_window) + n * sizeof(struct notification);
	struct notification_window *w = xcalloc(1, bytes);

	cached_init(&w->cached, bytes, NULL);
	return w;
}

static enum err read_rows(struct db *db, struct account_id to, int64_t now, struct notification_window *w)
{
	struct notification one = {0};
	size_t seen = 0;
	struct rows r;

	db_query(db, &r, &window_rows, BINDS(B_INT(to.v), B_INT(now), B_INT(NOTIFICATION_WINDOW)));
	for (; rows_next(&r); seen++) {
		notification_read(&r, &one);
		if (row_int(&r, NOTIFICATION_COLUMNS_N))
			w->rows[w->n++] = one;
	}
	w->oldest = seen < NOTIFICATION_WINDOW ? 0 : one.id;
	return rows_end(&r);
}

/* Most people have few notifications: what is kept is no larger than they are. */
static struct notification_window *cut_to_size(struct notification_window *w)
{
	struct notification_window *cut = window_new(w->n);

	cut->oldest = w->oldest;
	cut->good_until = w->good_until;
	cut->n = w->n;
	memcpy(cut->rows, w->rows, w->n * sizeof(w->rows[0]));
	notification_window_put(w);
	return cut;
}

static enum err load(struct db *db, struct account_id to, struct notification_window **ret)
{
	struct notification_window *w = window_new(NOTIFICATION_WINDOW);
	int64_t now = clock_now();
	enum err err = read_rows(db, to, now, w);

	if (!err)
		err = db_int(db, &window_mute_ends, BINDS(B_INT(to.v), B_INT(now)), &w->good_until);
	if (err)
		notification_window_put(w);
	else
		*ret = cut_to_size(w);
	return err;
}

static struct notification_window *find(struct cache *cache, struct account_id to, uint64_t *ret_generation)
{
	struct notification_window *w = (struct notification_window *)cache_find(cache, (uint64_t)to.v, ret_generation);

	if (!w || !w->good_until || w->good_until > clock_now())
		return w;
	notification_window_put(w);
	cache_forget(cache, (uint64_t)to.v);
	return (struct notification_window *)cache_find(cache, (uint64_t)to.v, ret_generation);
}

enum err notification_window_get(struct core *c, struct db *db, struct account_id to, struct notification_window **ret)
{
	struct cache *cache = c->notification_windows->cache;
	uint64_t generation = 0;
	struct notification_window *w = find(cache, to, &generation);

	if (!w) {
		TRY(load(db, to, &w));
		cache_keep(cache, (uint64_t)to.v, &w->cached, generation);
	}
	*ret = w;
	return OK;
}

void notification_window_put(struct notification_window *w)
{
	cached_unref(w ? &w->cached : NULL);
}

/* Whom one blocks, is blocked by or mutes is not shown; nor who is suspended, to anybody. */
static void on_event(void *arg, const struct event *ev)
{
	struct cache *cache = ((struct notification_windows *)arg)->cache;

	switch (ev->kind) {
	case EVENT_NOTIFICATION:
	case EVENT_NOTIFICATIONS_MERGED:
	case EVENT_NOTIFICATIONS_CHANGED:
		cache_forget(cache, (uint64_t)ev->account.v);
		break;
	case EVENT_GRAPH_CHANGED:
		cache_forget(cache, (uint64_t)ev->account.v);
		cache_forget(cache, (uint64_t)ev->target.v);
		break;
	case EVENT_ACCOUNT_CHANGED: /* a role that is gone takes what the staff is told with it */
		cache_forget(cache, (uint64_t)ev->account.v);
		if (ev->other_id == 1)
			cache_forget_all(cache);
		break;
	default:
		break;
	}
}

struct notification_windows *notification_windows_new(struct core *c, size_t bytes)
{
	struct notification_windows *w = xcalloc(1, sizeof(*w));

	w->cache = cache_new(bytes, METRIC_COUNT);
	events_subscribe(c->events, on_event, w);
	return w;
}

void notification_windows_free(struct notification_windows *w)
{
	if (!w)
		return;
	cache_free(w->cache);
	free(w);
}
