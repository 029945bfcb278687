/*
 * notifications_read.c - pages of notifications. What fits a filter may be rare, so each kind asked for is read by
 * itself, from its index, and the pages are put together; what one does not want to see of those is passed over.
 */
#include "base/base.h"

#include "core/notifications_private.h"

#include "base/clock.h"
#include "base/vec.h"

/* Not more is looked at for a page: this often so many rows of each kind. */
#define ROWS ((size_t)200)
#define ROUNDS 20
#define ROWS_FOR_GROUP 3 /* read at first for each group that is asked for */

/* Rows in one order. $3 floor, $4 ceiling (exclusive), $5 rows; $6 the kind, or from whom. */
#define WHERE_PAGE " WHERE n.account_id = $1 AND n.id > $3 AND n.id < $4"
#define PAGE(order) NOTIFICATION_WITH_SHOWN WHERE_PAGE " ORDER BY n.id " order " LIMIT $5"
/* Ids alone are all in an index: asked for more, SQLite would rather walk the whole table. */
#define INDEXED(key, order)                                                                                            \
	NOTIFICATION_WITH_SHOWN " JOIN (SELECT n.id FROM notifications n" WHERE_PAGE " AND n." key " = $6 ORDER BY n.id " order     \
		   " LIMIT $5) i ON n.id = i.id WHERE n.account_id = $1 ORDER BY n.id " order
SQL(notifications_down, PAGE("DESC"));
SQL(notifications_up, PAGE("ASC"));
SQL(notifications_kind_down, INDEXED("kind", "DESC"));
SQL(notifications_kind_up, INDEXED("kind", "ASC"));
SQL(notifications_from_down, INDEXED("from_id", "DESC"));
SQL(notifications_from_up, INDEXED("from_id", "ASC"));
SQL(notification_by_id, NOTIFICATION_COLUMNS " FROM notifications n WHERE n.account_id = $1 AND n.id = $2");

enum source { SOURCE_ALL, SOURCE_KIND, SOURCE_FROM };

struct reading {
	struct db *db;
	struct account_id to;
	const struct notification_filter *filter;
	int64_t now, floor, ceiling;
	bool up;
	size_t rows;
	/* Of one round: what may be shown, and where the first of the sources ends that has more. */
	struct VEC(struct notification) found;
	bool more;
	int64_t end;
};

void notification_read(const struct rows *r, struct notification *ret)
{
	ret->id = row_int(r, 0);
	ret->kind = (enum notification_kind)row_int(r, 1);
	ret->from.v = row_int(r, 2);
	ret->post.v = row_int(r, 3);
	ret->created_at = row_int(r, 4);
	ret->group = row_int(r, 5);
	ret->filtered = row_int(r, 6);
	ret->about = row_int(r, 7);
}

static bool wanted(const struct notification_filter *f, const struct notification *n)
{
	return f->kinds & 1u << n->kind && (f->with_filtered || !n->filtered) &&
	       (!f->from.v || account_eq(f->from, n->from));
}

static enum err read_source(struct reading *rd, enum source source, int64_t key)
{
	static const struct sql *const queries[][2] = {
		[SOURCE_ALL] = {&notifications_down, &notifications_up},
		[SOURCE_KIND] = {&notifications_kind_down, &notifications_kind_up},
		[SOURCE_FROM] = {&notifications_from_down, &notifications_from_up},
	};
	const struct bind binds[] = {B_INT(rd->to.v),	 B_INT(rd->now),  B_INT(rd->floor),
				     B_INT(rd->ceiling), B_INT(rd->rows), B_INT(key)};
	struct notification one = {0};
	size_t seen = 0;
	struct rows r;

	db_query(rd->db, &r, queries[source][rd->up], binds, ARRAY_LEN(binds) - (source == SOURCE_ALL));
	for (; rows_next(&r); seen++) {
		notification_read(&r, &one);
		if (row_int(&r, NOTIFICATION_COLUMNS_N) && wanted(rd->filter, &one))
			VEC_PUSH(&rd->found, one);
	}
	TRY(rows_end(&r));
	if (seen < rd->rows)
		return OK;
	if (!rd->more || (rd->up ? one.id < rd->end : one.id > rd->end))
		rd->end = one.id;
	rd->more = true;
	return OK;
}

static int newest_first(const void *x, const void *y)
{
	const struct notification *a = x, *b = y;

	return a->id > b->id ? -1 : a->id < b->id;
}

static int oldest_first(const void *x, const void *y) { return newest_first(y, x); }

static enum err read_round(struct reading *rd)
{
	rd->found.n = 0;
	rd->more = false;
	if (rd->filter->from.v) {
		TRY(read_source(rd, SOURCE_FROM, rd->filter->from.v));
	} else if (rd->filter->kinds == NOTIFY_ALL) {
		TRY(read_source(rd, SOURCE_ALL, 0));
	} else {
		for (int kind = 0; kind < NOTIFY_KINDS; kind++)
			if (rd->filter->kinds & 1u << kind)
				TRY(read_source(rd, SOURCE_KIND, kind));
	}
	if (rd->found.n)
		qsort(rd->found.v, rd->found.n, sizeof(*rd->found.v), rd->up ? oldest_first : newest_first);
	return OK;
}

/* Gives what is found to take() in order, until that says it has enough. Where reading goes on: *ret_on. */
static enum err read_page(struct reading *rd, bool (*take)(void *arg, const struct notification *n), void *arg,
			  int64_t *ret_on)
{
	int64_t on = 0;

	for (int round = 0; round < ROUNDS; round++, rd->rows = ROWS) {
		bool enough = false;
		size_t at;

		TRY(read_round(rd));
		for (at = 0; at < rd->found.n && !enough; at++) {
			const struct notification *n = &rd->found.v[at];

			if (rd->more && (rd->up ? n->id > rd->end : n->id < rd->end))
				break;
			enough = take(arg, n);
		}
		if (enough) /* behind the last that was taken */
			on = rd->more || at < rd->found.n ? rd->found.v[at - 1].id : 0;
		else /* behind all that was looked at */
			on = rd->more ? rd->end : 0;
		if (enough || !rd->more)
			break;
		*(rd->up ? &rd->floor : &rd->ceiling) = rd->end;
	}
	*ret_on = on;
	return OK;
}

/* The next at or behind i, in the order of reading, that is asked for; w->n: there is none. */
static size_t next_in_window(const struct reading *rd, const struct notification_window *w, size_t i)
{
	for (; i < w->n; i++) {
		const struct notification *n = &w->rows[rd->up ? w->n - 1 - i : i];

		if (n->id > rd->floor && n->id < rd->ceiling && wanted(rd->filter, n))
			break;
	}
	return i;
}

/* As read_page, of what is in memory. Answers whether that was all; else reading goes on below it. */
static bool read_window(struct reading *rd, const struct notification_window *w,
			bool (*take)(void *arg, const struct notification *n), void *arg, int64_t *ret_on)
{
	bool all = rd->floor >= w->oldest;

	if (rd->up && !all)
		return false;
	for (size_t i = next_in_window(rd, w, 0); i < w->n; i = next_in_window(rd, w, i + 1)) {
		const struct notification *n = &w->rows[rd->up ? w->n - 1 - i : i];

		if (!take(arg, n))
			continue;
		*ret_on = !all || next_in_window(rd, w, i + 1) < w->n ? n->id : 0;
		return true;
	}
	if (all)
		*ret_on = 0;
	else if (w->oldest < rd->ceiling)
		rd->ceiling = w->oldest;
	return all;
}

enum err notifications_window(struct core *c, struct db *db, struct account_id to, const struct page *page,
			      struct notification_window **ret)
{
	if (!page->max_id)
		return notification_window_get(c, db, to, ret);
	*ret = NULL;
	return OK;
}

enum err notifications_read(struct db *db, const struct notification_window *w, struct account_id to,
			    const struct notification_filter *f, const struct page *page,
			    bool (*take)(void *arg, const struct notification *n), void *arg, int64_t *ret_on)
{
	struct reading rd = {.db = db,
			     .to = to,
			     .filter = f,
			     .now = clock_now(),
			     .floor = page_floor(page),
			     .ceiling = page_ceiling(page),
			     .up = page_upward(page),
			     .rows = f->grouped ? page->limit * ROWS_FOR_GROUP : page->limit};

	if (w && read_window(&rd, w, take, arg, ret_on))
		return OK;
	enum err err = read_page(&rd, take, arg, ret_on);
	VEC_FREE(&rd.found);
	return err;
}

struct listing {
	struct notification *list;
	size_t n, limit;
};

static bool take_one(void *arg, const struct notification *n)
{
	struct listing *l = arg;

	l->list[l->n++] = *n;
	return l->n == l->limit;
}

static enum err list_page(struct db *db, const struct notification_window *w, struct account_id to,
			  const struct notification_filter *f, const struct page *page, struct notification *ret,
			  size_t *ret_n, int64_t *ret_on)
{
	struct listing l = {ret, 0, page->limit};

	TRY(notifications_read(db, w, to, f, page, take_one, &l, ret_on));
	if (page_upward(page) && l.n)
		qsort(ret, l.n, sizeof(*ret), newest_first);
	*ret_n = l.n;
	return OK;
}

enum err notifications_page(struct core *c, struct db *db, struct account_id to, const struct notification_filter *f,
			    const struct page *page, struct notification *ret, size_t *ret_n, int64_t *ret_on)
{
	struct notification_window *w;

	TRY(notifications_window(c, db, to, page, &w));
	enum err err = list_page(db, w, to, f, page, ret, ret_n, ret_on);
	notification_window_put(w);
	return err;
}

enum err notification_shown(struct db *db, struct account_id to, int64_t id, struct notification *ret)
{
	const struct page page = {.max_id = id + 1, .since_id = id - 1, .limit = 1};
	int64_t on;
	size_t n;

	TRY(list_page(db, NULL, to, &(struct notification_filter){.kinds = NOTIFY_ALL}, &page, ret, &n, &on));
	return n ? OK : ERR_NOT_FOUND;
}

enum err notification_load(struct db *db, struct account_id to, int64_t id, struct notification *ret)
{
	struct notification n;
	struct rows r;

	db_query(db, &r, &notification_by_id, BINDS(B_INT(to.v), B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		notification_read(&r, &n);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = n;
	return OK;
}
