/*
 * notifications.c - writing, taking back and reading of notifications. Whom one blocks or mutes is left out twice: not
 * told of, and not shown from before.
 */
#include "base/base.h"

#include "core/notifications.h"

#include "base/clock.h"

static const char *const names[NOTIFY_KINDS] = {
	[NOTIFY_MENTION] = "mention",
	[NOTIFY_STATUS] = "status",
	[NOTIFY_REBLOG] = "reblog",
	[NOTIFY_FOLLOW] = "follow",
	[NOTIFY_FOLLOW_REQUEST] = "follow_request",
	[NOTIFY_FAVOURITE] = "favourite",
	[NOTIFY_POLL] = "poll",
	[NOTIFY_UPDATE] = "update",
	[NOTIFY_ADMIN_SIGN_UP] = "admin.sign_up",
	[NOTIFY_ADMIN_REPORT] = "admin.report",
};

const char *notification_name(enum notification_kind k)
{
	return names[k];
}

bool notification_parse(struct view v, enum notification_kind *ret)
{
	for (size_t i = 0; i < NOTIFY_KINDS; i++) {
		if (view_is(v, names[i])) {
			*ret = (enum notification_kind)i;
			return true;
		}
	}
	return false;
}

SQL(notification_wanted,
    "SELECT 1 FROM users u WHERE u.account_id = $1 "
    "AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = $2) "
    "AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = $2) "
    "AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = $1 AND m.target_id = $2 AND m.notifications = 1 "
    "AND (m.expires_at IS NULL OR m.expires_at > $3)) "
    "AND NOT EXISTS (SELECT 1 FROM thread_mutes t WHERE t.account_id = $1 AND t.thread_id = $4)");
SQL(notification_insert, "INSERT INTO notifications (account_id, id, kind, from_id, post_id, created_at) "
			 "VALUES ($1, $2, $3, $4, $5, $6)");
/* What is told of may be cleared from the notifications, and is in the direct timeline all the same. */
SQL(notification_direct, "INSERT INTO direct_posts (account_id, post_id) SELECT CAST($1 AS BIGINT), id FROM posts "
			 "WHERE id = $2 AND visibility = 3 ON CONFLICT DO NOTHING");
SQL(notification_remove_any, "DELETE FROM notifications WHERE account_id = $1 AND from_id = $2 AND kind = $3");
SQL(notification_remove_one, "DELETE FROM notifications WHERE post_id = $4 AND account_id = $1 AND from_id = $2 "
			     "AND kind = $3");
SQL(notification_remove_posts, "DELETE FROM notifications WHERE post_id = $1");

enum err notification_add(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			  struct account_id from, struct post_id post, int64_t thread_id)
{
	int64_t now = clock_now(), one, id = id_next();
	if (account_eq(to, from) && kind != NOTIFY_POLL)
		return OK;
	enum err err =
		db_int(tx, &notification_wanted, BINDS(B_INT(to.v), B_INT(from.v), B_INT(now), B_INT(thread_id)), &one);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	TRY(db_exec(tx, &notification_insert,
		    BINDS(B_INT(to.v), B_INT(id), B_INT(kind), B_INT(from.v), B_INT_OR_NULL(post.v), B_INT(now)),
		    NULL));
	if (kind == NOTIFY_MENTION)
		TRY(db_exec(tx, &notification_direct, BINDS(B_INT(to.v), B_INT(post.v)), NULL));
	events_pend(list,
		    (struct event){
			    .kind = EVENT_NOTIFICATION, .account = to, .other_id = id, .target = from, .post = post});
	return OK;
}

enum err notification_remove(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
			     struct post_id post)
{
	if (post.v == 0)
		return db_exec(tx, &notification_remove_any, BINDS(B_INT(to.v), B_INT(from.v), B_INT(kind)), NULL);
	return db_exec(tx, &notification_remove_one, BINDS(B_INT(to.v), B_INT(from.v), B_INT(kind), B_INT(post.v)),
		       NULL);
}

enum err notification_remove_post(struct db *tx, struct post_id post)
{
	return db_exec(tx, &notification_remove_posts, BINDS(B_INT(post.v)), NULL);
}

/*
 * What may be shown: $1 to, $2 now. kinds is a set of bits; from 0 is anybody. The exceptions are looked up by key for
 * each row, and rows are read only until the page is full.
 */
#define SHOWN                                                                                                          \
	"n.account_id = $1 AND ((1 << n.kind) & $3) <> 0 AND (CAST($4 AS BIGINT) = 0 OR n.from_id = $4) "              \
	"AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = n.from_id) "                 \
	"AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = n.from_id) "            \
	"AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = $1 AND m.target_id = n.from_id "                   \
	"AND m.notifications = 1 AND (m.expires_at IS NULL OR m.expires_at > $2)) "                                    \
	"AND NOT EXISTS (SELECT 1 FROM accounts s WHERE s.id = n.from_id AND s.suspended_at IS NOT NULL) "
#define COLUMNS "SELECT n.id, n.kind, n.from_id, n.post_id, n.created_at FROM notifications n WHERE "
SQL(notifications_down, COLUMNS SHOWN "AND n.id < $5 AND n.id > $6 ORDER BY n.id DESC LIMIT $7");
SQL(notifications_up, COLUMNS SHOWN "AND n.id < $5 AND n.id > $6 ORDER BY n.id ASC LIMIT $7");
SQL(notifications_count,
    "SELECT COUNT(*) FROM (SELECT 1 FROM notifications n WHERE " SHOWN "AND n.id > $5 LIMIT $6) u");
SQL(notification_by_id, COLUMNS "n.account_id = $1 AND n.id = $2");
SQL(notifications_clear, "DELETE FROM notifications WHERE account_id = $1");
SQL(notification_delete, "DELETE FROM notifications WHERE account_id = $1 AND id = $2");

static void read_one(const struct rows *r, struct notification *ret)
{
	ret->id = row_int(r, 0);
	ret->kind = (enum notification_kind)row_int(r, 1);
	ret->from.v = row_int(r, 2);
	ret->post.v = row_int(r, 3);
	ret->created_at = row_int(r, 4);
}

enum err notifications_page(struct db *db, struct account_id to, const struct notification_filter *f,
			    const struct page *page, struct notification *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;
	bool up = page_upward(page);
	db_query(db, &r, up ? &notifications_up : &notifications_down,
		 BINDS(B_INT(to.v), B_INT(clock_now()), B_INT(f->kinds), B_INT(f->from.v), B_INT(page_ceiling(page)),
		       B_INT(page_floor(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		read_one(&r, &ret[n++]);
	TRY(rows_end(&r));
	for (size_t i = 0; up && i < n / 2; i++) {
		struct notification swap = ret[i];
		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}

enum err notification_shown(struct db *db, struct account_id to, int64_t id, struct notification *ret)
{
	const struct page page = {.max_id = id + 1, .since_id = id - 1, .limit = 1};
	size_t n;

	TRY(notifications_page(db, to, &(struct notification_filter){.kinds = NOTIFY_ALL}, &page, ret, &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err notifications_unread(struct db *db, struct account_id to, const struct notification_filter *f, int64_t after,
			      int64_t limit, int64_t *ret)
{
	return db_int(
		db, &notifications_count,
		BINDS(B_INT(to.v), B_INT(clock_now()), B_INT(f->kinds), B_INT(f->from.v), B_INT(after), B_INT(limit)),
		ret);
}

enum err notification_load(struct db *db, struct account_id to, int64_t id, struct notification *ret)
{
	struct rows r;
	struct notification n;
	db_query(db, &r, &notification_by_id, BINDS(B_INT(to.v), B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		read_one(&r, &n);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = n;
	return OK;
}

struct removal {
	struct account_id to;
	int64_t id;
};

static enum err clear(struct db *tx, void *arg)
{
	const struct removal *rm = arg;
	return db_exec(tx, &notifications_clear, BINDS(B_INT(rm->to.v)), NULL);
}

enum err notifications_clear_all(struct core *c, struct account_id to)
{
	return store_write(c->store, clear, &(struct removal){.to = to});
}

static enum err dismiss(struct db *tx, void *arg)
{
	const struct removal *rm = arg;
	int64_t n = 0;
	TRY(db_exec(tx, &notification_delete, BINDS(B_INT(rm->to.v), B_INT(rm->id)), &n));
	return n > 0 ? OK : ERR_NOT_FOUND;
}

enum err notification_dismiss(struct core *c, struct account_id to, int64_t id)
{
	return store_write(c->store, dismiss, &(struct removal){.to = to, .id = id});
}
