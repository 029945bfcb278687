/*
 * notification_requests.c - see notification_requests.h. A request is a row that says who; how many wait and what the
 * newest is about is read from the notifications themselves.
 */
#include "base/base.h"

#include "core/notification_requests.h"

#include "base/clock.h"
#include "core/notifications_private.h"

#define ROWS 500 /* in a transaction */

#define WAITING "FROM notifications f WHERE f.account_id = $1 AND f.filtered = 1 AND f.from_id = n.from_id"
#define REQUESTS                                                                                                       \
	"FROM notification_requests n WHERE n.account_id = $1 AND EXISTS (SELECT 1 " WAITING ") AND " NOTIFICATION_SHOWN
/* $1 to, $2 now, $3 floor, $4 ceiling, $5 rows, $6 as far as is counted. */
#define PAGE(order)                                                                                                    \
	"SELECT n.id, n.from_id, n.updated_at, (SELECT COUNT(*) FROM (SELECT 1 " WAITING " LIMIT $6) c), "             \
	"COALESCE((SELECT l.post_id FROM notifications l WHERE l.account_id = $1 AND l.post_id IS NOT NULL "            \
	"AND l.id IN (SELECT f.id " WAITING " ORDER BY f.id DESC LIMIT $6) ORDER BY l.id DESC LIMIT 1), 0) " REQUESTS   \
	"AND n.id > $3 AND n.id < $4 ORDER BY n.id " order " LIMIT $5"
SQL(requests_down, PAGE("DESC"));
SQL(requests_up, PAGE("ASC"));
SQL(requests_count, "SELECT COUNT(*) FROM (SELECT 1 " REQUESTS "LIMIT $3) c");
SQL(requests_notifications,
    "SELECT COUNT(*) FROM (SELECT 1 FROM notification_requests n JOIN notifications f ON f.account_id = $1 "
    "AND f.from_id = n.from_id AND f.filtered = 1 WHERE n.account_id = $1 AND " NOTIFICATION_SHOWN "LIMIT $3) c");
SQL(request_note, "INSERT INTO notification_requests (account_id, id, from_id, updated_at) VALUES ($1, $2, $3, $4) "
		  "ON CONFLICT (account_id, from_id) DO UPDATE SET updated_at = $4");
SQL(request_from, "SELECT from_id FROM notification_requests WHERE account_id = $1 AND id = $2");
SQL(request_delete, "DELETE FROM notification_requests WHERE account_id = $1 AND id = $2");
SQL(request_permit,
    "INSERT INTO notification_permissions (account_id, from_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
/* Direct posts among those of a step, for the conversations. */
#define STEP                                                                                                           \
	"(SELECT f.id FROM notifications f WHERE f.account_id = $1 AND f.from_id = $2 AND f.filtered = 1 "             \
	"ORDER BY f.id LIMIT $3)"
SQL(request_direct,
    "SELECT p.id, p.thread_id FROM notifications n JOIN posts p ON p.id = n.post_id AND p.visibility = 3 "
    "WHERE n.account_id = $1 AND n.kind = $4 AND n.id IN " STEP " ORDER BY p.id");
SQL(request_take, "UPDATE notifications SET filtered = 0 WHERE account_id = $1 AND id IN " STEP);
SQL(request_drop, "DELETE FROM notifications WHERE account_id = $1 AND id IN " STEP);

enum err notification_request_note(struct db *tx, struct account_id to, struct account_id from)
{
	return db_exec(tx, &request_note, BINDS(B_INT(to.v), B_INT(id_next()), B_INT(from.v), B_INT(clock_now())),
		       NULL);
}

enum err notification_requests_page(struct db *db, struct account_id to, const struct page *page,
				    struct notification_request *ret, size_t *ret_n)
{
	bool up = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, up ? &requests_up : &requests_down,
		 BINDS(B_INT(to.v), B_INT(clock_now()), B_INT(page_floor(page)), B_INT(page_ceiling(page)),
		       B_INT(page->limit), B_INT(NOTIFICATIONS_COUNTED)));
	for (; rows_next(&r); n++)
		ret[n] = (struct notification_request){.id = row_int(&r, 0),
						       .from = {row_int(&r, 1)},
						       .updated_at = row_int(&r, 2),
						       .count = row_int(&r, 3),
						       .last = {row_int(&r, 4)}};
	TRY(rows_end(&r));
	for (size_t i = 0; up && i < n / 2; i++) {
		struct notification_request swap = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}

enum err notification_request_load(struct db *db, struct account_id to, int64_t id, struct notification_request *ret)
{
	const struct page page = {.max_id = id < INT64_MAX ? id + 1 : 0, .since_id = id - 1, .limit = 1};
	struct notification_request one;
	size_t n;

	TRY(notification_requests_page(db, to, &page, &one, &n));
	if (!n)
		return ERR_NOT_FOUND;
	*ret = one;
	return OK;
}

enum err notification_requests_count(struct db *db, struct account_id to, int64_t *ret_requests,
				     int64_t *ret_notifications)
{
	const struct bind binds[] = {B_INT(to.v), B_INT(clock_now()), B_INT(NOTIFICATIONS_COUNTED)};
	int64_t requests, notifications;

	TRY(db_int(db, &requests_count, binds, ARRAY_LEN(binds), &requests));
	TRY(db_int(db, &requests_notifications, binds, ARRAY_LEN(binds), &notifications));
	*ret_requests = requests;
	*ret_notifications = notifications;
	return OK;
}

struct deciding {
	struct account_id to, from;
	int64_t id, done; /* done: rows of the last step */
	struct event_list events;
};

struct direct {
	struct post_id post;
	int64_t thread;
};

/* What was told of in private joins the conversations only now. */
static enum err join_conversations(struct db *tx, struct deciding *d)
{
	struct direct *found = xcalloc(ROWS, sizeof(*found));
	size_t n = 0;
	struct rows r;

	db_query(tx, &r, &request_direct, BINDS(B_INT(d->to.v), B_INT(d->from.v), B_INT(ROWS), B_INT(NOTIFY_MENTION)));
	for (; n < ROWS && rows_next(&r); n++)
		found[n] = (struct direct){{row_int(&r, 0)}, row_int(&r, 1)};
	enum err err = rows_end(&r);
	for (size_t i = 0; i < n && !err; i++)
		err = notification_join_direct(tx, &d->events, d->to, found[i].post, found[i].thread);
	free(found);
	return err;
}

/* Some of what waits, by `change`; the request goes with the last of it. */
static enum err step(struct db *tx, struct deciding *d, const struct sql *change)
{
	d->events.n = 0;
	TRY(db_int(tx, &request_from, BINDS(B_INT(d->to.v), B_INT(d->id)), &d->from.v));
	notifications_pend_changed(&d->events, d->to);
	if (change == &request_take)
		TRY(join_conversations(tx, d));
	TRY(db_exec(tx, change, BINDS(B_INT(d->to.v), B_INT(d->from.v), B_INT(ROWS)), &d->done));
	return d->done < ROWS ? db_exec(tx, &request_delete, BINDS(B_INT(d->to.v), B_INT(d->id)), NULL) : OK;
}

static enum err accept(struct db *tx, void *arg)
{
	struct deciding *d = arg;

	TRY(step(tx, d, &request_take));
	if (d->done < ROWS)
		events_pend(&d->events, (struct event){.kind = EVENT_NOTIFICATIONS_MERGED, .account = d->to});
	return db_exec(tx, &request_permit, BINDS(B_INT(d->to.v), B_INT(d->from.v)), NULL);
}

static enum err dismiss(struct db *tx, void *arg)
{
	return step(tx, arg, &request_drop);
}

static enum err decide(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct deciding d)
{
	do {
		enum err err = store_write(c->store, fn, &d);

		if (err) {
			event_list_drop(&d.events);
			return err;
		}
		events_announce_all(c->events, &d.events);
	} while (d.done == ROWS);
	return OK;
}

enum err notification_request_accept(struct core *c, struct account_id to, int64_t id)
{
	return decide(c, accept, (struct deciding){.to = to, .id = id});
}

enum err notification_request_dismiss(struct core *c, struct account_id to, int64_t id)
{
	return decide(c, dismiss, (struct deciding){.to = to, .id = id});
}
