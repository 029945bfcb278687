/*
 * notification_unhidden.c - reading notifications without those whose post a filter hides, for counts: lists leave them
 * out where they present the posts.
 */
#include "base/base.h"

#include "core/notifications_private.h"

#include "core/filter_set.h"

struct unhidden {
	struct core *core;
	struct db *db;
	struct arena *arena;
	const struct filter_set *filters;
	bool (*take)(void *arg, const struct notification *n);
	void *arg;
	enum err err;
};

static bool take_unhidden(void *arg, const struct notification *n)
{
	struct unhidden *u = arg;
	bool hidden = false;

	if (n->post.v)
		u->err = filter_set_hides_post(u->core, u->db, u->arena, u->filters, FILTER_NOTIFICATIONS, n->post,
					       &hidden);
	return u->err || (!hidden && u->take(u->arg, n));
}

enum err notifications_read_unhidden(struct core *c, struct db *db, struct arena *a, struct account_id to,
				     const struct notification_filter *f, const struct page *page,
				     bool (*take)(void *arg, const struct notification *n), void *arg)
{
	struct unhidden u = {.core = c, .db = db, .arena = a, .take = take, .arg = arg};
	struct notification_window *w;
	struct filter_set *filters;
	int64_t on;

	TRY(notifications_window(c, db, to, page, &w));
	enum err err = filter_set_get(c, db, to, &filters);
	if (!err) {
		u.filters = filters;
		err = notifications_read(db, w, to, f, page, take_unhidden, &u, &on);
		filter_set_put(filters);
	}
	notification_window_put(w);
	return err ? err : u.err;
}

static bool count_one(void *arg, const struct notification *n)
{
	int64_t *left = arg;

	(void)n;
	return --*left == 0;
}

enum err notifications_unread(struct core *c, struct db *db, struct arena *a, struct account_id to,
			      const struct notification_filter *f, int64_t after, int64_t limit, int64_t *ret)
{
	const struct page page = {.since_id = after, .limit = (size_t)limit};
	int64_t left = limit;

	TRY(notifications_read_unhidden(c, db, a, to, f, &page, count_one, &left));
	*ret = limit - left;
	return OK;
}
