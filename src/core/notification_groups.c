/*
 * notification_groups.c - pages of groups: notifications are read as for a page of them, and put together; the members
 * of a group that the page did not come to are counted by the group's index.
 */
#include "base/base.h"

#include "core/notification_groups.h"

#include "base/clock.h"
#include "core/notifications_private.h"

/* Newest first; each row says how many there are. $3 group, $4 ceiling, $5 rows, $6 1: also filtered ones. */
SQL(notifications_group,
    NOTIFICATION_COLUMNS ", COUNT(*) OVER () FROM notifications n WHERE n.account_id = $1 AND n.id IN "
			 "(SELECT id FROM notifications WHERE account_id = $1 AND group_id = $3 AND id < $4) "
			 "AND +n.filtered <= $6 AND " NOTIFICATION_SHOWN "ORDER BY n.id DESC LIMIT $5");
SQL(notifications_group_dismiss, "DELETE FROM notifications WHERE account_id = $1 AND group_id = $2");

struct grouping {
	struct db *db;
	const struct notification_window *window; /* or NULL */
	struct account_id to;
	const struct notification_filter *filter;
	struct notification_group *list;
	size_t n, limit;
	int64_t ceiling; /* what is newer is not counted; 0: nothing was taken yet */
	int64_t lowest;	 /* that was taken */
};

static int64_t group_of(const struct grouping *g, const struct notification *n)
{
	return g->filter->grouped & 1u << n->kind ? n->group : 0;
}

static struct notification_group *find_group(struct grouping *g, const struct notification *n)
{
	int64_t id = group_of(g, n);

	for (size_t i = 0; id && i < g->n; i++)
		if (g->list[i].id == id)
			return &g->list[i];
	return NULL;
}

static void join(struct notification_group *to, const struct notification *n)
{
	if (to->n_sample < NOTIFICATION_SAMPLE)
		to->sample[to->n_sample++] = n->from;
	to->page_min_id = n->id < to->page_min_id ? n->id : to->page_min_id;
	to->count++;
}

static bool take_grouped(void *arg, const struct notification *n)
{
	struct grouping *g = arg;
	struct notification_group *group = find_group(g, n);

	if (!g->n || n->id < g->lowest)
		g->lowest = n->id;
	g->ceiling = n->id >= g->ceiling ? n->id + 1 : g->ceiling;
	if (!group) {
		group = &g->list[g->n++];
		*group = (struct notification_group){.id = group_of(g, n), .newest = *n, .page_min_id = n->id};
	} else if (n->id > group->newest.id) {
		group->newest = *n;
	}
	join(group, n);
	return g->n == g->limit;
}

static enum err load_members(struct db *db, struct account_id to, int64_t ceiling, bool with_filtered, size_t rows,
			     struct notification_group *group, struct account_id *ret, size_t *ret_n)
{
	struct notification one;
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &notifications_group,
		 BINDS(B_INT(to.v), B_INT(clock_now()), B_INT(group->id), B_INT(ceiling), B_INT(rows),
		       B_INT(with_filtered)));
	for (; rows_next(&r); n++) {
		notification_read(&r, &one);
		if (!n)
			group->newest = one;
		ret[n] = one.from;
		group->count = row_int(&r, NOTIFICATION_COLUMNS_N);
		group->page_min_id = one.id;
	}
	*ret_n = n;
	return rows_end(&r);
}

static bool in_memory(const struct grouping *g, const struct notification_group *group)
{
	return g->window && group->id >= g->window->oldest;
}

/* As load_members, of a group that began within the window. */
static void find_members(const struct grouping *g, struct notification_group *group)
{
	group->n_sample = 0;
	group->count = 0;
	for (size_t i = 0; i < g->window->n; i++) {
		const struct notification *n = &g->window->rows[i];

		if (n->group != group->id || n->id >= g->ceiling || n->filtered > g->filter->with_filtered)
			continue;
		if (!group->count++)
			group->newest = *n;
		if (group->n_sample < NOTIFICATION_SAMPLE)
			group->sample[group->n_sample++] = n->from;
	}
}

/*
 * What of a group is older than the page, or was passed over by a page that is read upwards, counts as well. All of it
 * was seen when the page reaches to where the group began, and all that is asked for when it is of one account.
 */
static enum err complete(struct grouping *g, bool up, struct notification_group *group)
{
	int64_t page_min = group->page_min_id;

	if (!group->id || g->filter->from.v || (!up && g->lowest <= group->id))
		return OK;
	if (in_memory(g, group)) {
		find_members(g, group);
		return OK;
	}
	TRY(load_members(g->db, g->to, g->ceiling, g->filter->with_filtered, NOTIFICATION_SAMPLE, group, group->sample,
			 &group->n_sample));
	group->page_min_id = page_min;
	return OK;
}

static int newest_first(const void *x, const void *y)
{
	const struct notification_group *a = x, *b = y;

	return a->newest.id > b->newest.id ? -1 : a->newest.id < b->newest.id;
}

static enum err read_groups(struct grouping *g, const struct page *page, int64_t *ret_on)
{
	TRY(notifications_read(g->db, g->window, g->to, g->filter, page, take_grouped, g, ret_on));
	for (size_t i = 0; i < g->n; i++)
		TRY(complete(g, page_upward(page), &g->list[i]));
	if (g->n)
		qsort(g->list, g->n, sizeof(*g->list), newest_first);
	return OK;
}

enum err notification_groups_page(struct core *c, struct db *db, struct account_id to,
				  const struct notification_filter *f, const struct page *page,
				  struct notification_group *ret, size_t *ret_n, int64_t *ret_on)
{
	struct grouping g = {.db = db, .to = to, .filter = f, .list = ret, .limit = page->limit};
	struct notification_window *w;

	TRY(notifications_window(c, db, to, page, &w));
	g.window = w;
	enum err err = read_groups(&g, page, ret_on);
	notification_window_put(w);
	if (!err)
		*ret_n = g.n;
	return err;
}

enum err notification_group_load(struct db *db, struct account_id to, const struct notification_key *key,
				 struct notification_group *ret)
{
	struct notification_group g = {.id = key->grouped ? key->id : 0};

	if (key->grouped) {
		TRY(load_members(db, to, INT64_MAX, true, NOTIFICATION_SAMPLE, &g, g.sample, &g.n_sample));
	} else {
		TRY(notification_load(db, to, key->id, &g.newest));
		g.page_min_id = g.newest.id;
		join(&g, &g.newest);
	}
	if (!g.n_sample)
		return ERR_NOT_FOUND;
	*ret = g;
	return OK;
}

enum err notification_group_accounts(struct db *db, struct account_id to, const struct notification_key *key,
				     const struct page *page, struct account_id *ret, size_t *ret_n, int64_t *ret_last)
{
	struct notification_group g = {.id = key->id};

	if (!key->grouped) {
		TRY(notification_load(db, to, key->id, &g.newest));
		ret[0] = g.newest.from;
		*ret_n = 1;
		*ret_last = key->id;
		return OK;
	}
	TRY(load_members(db, to, page_ceiling(page), true, page->limit, &g, ret, ret_n));
	*ret_last = g.page_min_id;
	return OK;
}

/* Only how many there are. */
enum err notification_groups_unread(struct core *c, struct db *db, struct arena *a, struct account_id to,
				    const struct notification_filter *f, int64_t after, int64_t limit, int64_t *ret)
{
	const struct page page = {.since_id = after, .limit = (size_t)limit};
	struct grouping g = {.db = db, .to = to, .filter = f, .limit = page.limit};

	g.list = xcalloc(page.limit, sizeof(*g.list));
	enum err err = notifications_read_unhidden(c, db, a, to, f, &page, take_grouped, &g);
	free(g.list);
	if (!err)
		*ret = (int64_t)g.n;
	return err;
}

struct dismissal {
	struct account_id to;
	int64_t group;
};

static enum err dismiss(struct db *tx, void *arg)
{
	const struct dismissal *d = arg;

	return db_exec(tx, &notifications_group_dismiss, BINDS(B_INT(d->to.v), B_INT(d->group)), NULL);
}

enum err notification_group_dismiss(struct core *c, struct account_id to, const struct notification_key *key)
{
	if (key->grouped)
		return notifications_change(c, to, dismiss, &(struct dismissal){to, key->id});
	enum err err = notification_dismiss(c, to, key->id);
	return err == ERR_NOT_FOUND ? OK : err;
}
