/*
 * notifications.c - writing and taking back of notifications. Whom one blocks or mutes is left out twice: not told of,
 * and not shown from before (notifications_read.c).
 */
#include "base/base.h"

#include "core/notifications_private.h"

#include "base/clock.h"
#include "core/conversations.h"
#include "core/notification_policy.h"
#include "core/notification_requests.h"
#include "core/push.h"

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
	[NOTIFY_QUOTE] = "quote",
	[NOTIFY_QUOTED_UPDATE] = "quoted_update",
	[NOTIFY_MODERATION_WARNING] = "moderation_warning",
	[NOTIFY_ADDED_TO_COLLECTION] = "added_to_collection",
	[NOTIFY_COLLECTION_UPDATE] = "collection_update",
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

/* 1 where somebody might want it pushed, else 0. */
SQL(notification_wanted,
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM push_subscriptions p WHERE p.account_id = $1) THEN 1 ELSE 0 END "
    "FROM users u WHERE u.account_id = $1 "
    "AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = $2) "
    "AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = $2) "
    "AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = $1 AND m.target_id = $2 AND m.notifications = 1 "
    "AND (m.expires_at IS NULL OR m.expires_at > $3)) "
    "AND NOT EXISTS (SELECT 1 FROM accounts a JOIN user_domain_blocks d ON d.account_id = $1 AND d.domain = a.domain "
    "WHERE a.id = $2) "
    "AND NOT EXISTS (SELECT 1 FROM thread_mutes t WHERE t.account_id = $1 AND t.thread_id = $4)");
SQL(notification_insert, "INSERT INTO notifications (account_id, id, kind, from_id, post_id, created_at, group_id, "
			 "filtered, about) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
/* By the post's index: the plus keeps SQLite from walking all that the account was told of. */
SQL(notification_group_post, "SELECT group_id FROM notifications WHERE +account_id = $1 AND kind = $2 AND post_id = $3 "
			     "ORDER BY id DESC LIMIT 1");
SQL(notification_group_kind, "SELECT group_id FROM notifications WHERE account_id = $1 AND id = "
			     "(SELECT MAX(id) FROM notifications WHERE account_id = $1 AND kind = $2)");
/* What is told of may be cleared from the notifications, and is in the direct timeline all the same. */
SQL(notification_direct, "INSERT INTO direct_posts (account_id, post_id) SELECT CAST($1 AS BIGINT), id FROM posts "
			 "WHERE id = $2 AND visibility = 3 ON CONFLICT DO NOTHING");
/* What one account told another is found in the index by both; left alone, SQLite would walk all that one was told. */
#define FROM_ONE                                                                                                       \
	"DELETE FROM notifications WHERE account_id = $1 AND kind = $3 AND id IN (SELECT id FROM notifications "       \
	"WHERE account_id = $1 AND from_id = $2)"
SQL(notification_remove_any, FROM_ONE);
SQL(notification_remove_one, FROM_ONE " AND post_id = $4");
SQL(notification_remove_of, FROM_ONE " AND about = $4");

enum err notification_join_direct(struct db *tx, struct event_list *list, struct account_id to, struct post_id post,
				  int64_t thread)
{
	int64_t direct;

	TRY(db_exec(tx, &notification_direct, BINDS(B_INT(to.v), B_INT(post.v)), &direct));
	return direct ? conversation_add(tx, list, to, thread, post, true) : OK;
}

/* The group that the newest of its like is in, while it takes more; else one that begins here. */
static enum err find_group(struct db *tx, struct account_id to, enum notification_kind kind, struct post_id post,
			   int64_t id, int64_t *ret)
{
	int64_t group = 0;
	enum err err;

	if (!(NOTIFY_GROUPED & 1u << kind)) {
		*ret = 0;
		return OK;
	}
	if (post.v)
		err = db_int(tx, &notification_group_post, BINDS(B_INT(to.v), B_INT(kind), B_INT(post.v)), &group);
	else
		err = db_int(tx, &notification_group_kind, BINDS(B_INT(to.v), B_INT(kind)), &group);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret = group && id_time(id) - id_time(group) < NOTIFICATION_GROUP_MS ? group : id;
	return OK;
}

static enum err write(struct db *tx, struct account_id to, const struct notification *n)
{
	int64_t group;

	TRY(find_group(tx, to, n->kind, n->post, n->id, &group));
	return db_exec(tx, &notification_insert,
		       BINDS(B_INT(to.v), B_INT(n->id), B_INT(n->kind), B_INT(n->from.v), B_INT_OR_NULL(n->post.v),
			     B_INT(n->created_at), B_INT(group), B_INT(n->filtered), B_INT_OR_NULL(n->about)),
		       NULL);
}

static bool tells_oneself(enum notification_kind kind)
{
	return kind == NOTIFY_POLL || kind == NOTIFY_MODERATION_WARNING;
}

static enum err tell(struct db *tx, struct event_list *list, struct account_id to, struct notification n,
		     int64_t thread_id)
{
	enum notification_verdict verdict;
	int64_t subscribed;
	bool pushed = false;

	n.id = id_next_round();
	n.created_at = clock_now();
	if (account_eq(to, n.from) && !tells_oneself(n.kind))
		return OK;
	enum err err = db_int(tx, &notification_wanted,
			      BINDS(B_INT(to.v), B_INT(n.from.v), B_INT(n.created_at), B_INT(thread_id)), &subscribed);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	TRY(notification_judge(tx, to, n.kind, n.from, n.post, &verdict));
	if (verdict == VERDICT_DROP)
		return OK;
	n.filtered = verdict == VERDICT_FILTER;
	TRY(write(tx, to, &n));
	if (n.filtered) {
		notifications_pend_changed(list, to);
		return notification_request_note(tx, to, n.from);
	}
	if (n.kind == NOTIFY_MENTION)
		TRY(notification_join_direct(tx, list, to, n.post, thread_id));
	if (subscribed)
		TRY(push_pend(tx, to, n.kind, n.from, n.id, &pushed));
	events_pend(list, (struct event){.kind = EVENT_NOTIFICATION,
					 .account = to,
					 .other_id = n.id,
					 .target = n.from,
					 .post = n.post,
					 .pushed = pushed});
	return OK;
}

enum err notification_add(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			  struct account_id from, struct post_id post, int64_t thread_id)
{
	return tell(tx, list, to, (struct notification){.kind = kind, .from = from, .post = post}, thread_id);
}

enum err notification_add_about(struct db *tx, struct event_list *list, struct account_id to,
				enum notification_kind kind, struct account_id from, int64_t about)
{
	return tell(tx, list, to, (struct notification){.kind = kind, .from = from, .about = about}, 0);
}

void notifications_pend_changed(struct event_list *list, struct account_id to)
{
	events_pend(list, (struct event){.kind = EVENT_NOTIFICATIONS_CHANGED, .account = to});
}

static enum err remove_by(struct db *tx, struct event_list *list, const struct sql *sql, const struct bind *binds,
			  size_t n)
{
	int64_t gone;

	TRY(db_exec(tx, sql, binds, n, &gone));
	if (gone)
		notifications_pend_changed(list, (struct account_id){binds[0].num});
	return OK;
}

enum err notification_remove(struct db *tx, struct event_list *list, struct account_id to, enum notification_kind kind,
			     struct account_id from, struct post_id post)
{
	const struct bind binds[] = {B_INT(to.v), B_INT(from.v), B_INT(kind), B_INT(post.v)};

	return post.v ? remove_by(tx, list, &notification_remove_one, binds, 4)
		      : remove_by(tx, list, &notification_remove_any, binds, 3);
}

enum err notification_remove_about(struct db *tx, struct event_list *list, struct account_id to,
				   enum notification_kind kind, struct account_id from, int64_t about)
{
	return remove_by(tx, list, &notification_remove_of,
			 BINDS(B_INT(to.v), B_INT(from.v), B_INT(kind), B_INT(about)));
}

/* In steps, so that others can go on: somebody may have been told of a hundred thousand things. */
#define CLEAR_ROWS 1000
SQL(notifications_newest, "SELECT COALESCE(MAX(id), 0) FROM notifications WHERE account_id = $1");
SQL(notifications_clear, "DELETE FROM notifications WHERE account_id = $1 AND id IN (SELECT id FROM notifications "
			 "WHERE account_id = $1 AND id <= $2 ORDER BY id LIMIT $3)");
SQL(notification_delete, "DELETE FROM notifications WHERE account_id = $1 AND id = $2");

enum err notifications_change(struct core *c, struct account_id to, enum err (*fn)(struct db *tx, void *arg), void *arg)
{
	TRY(store_write(c->store, fn, arg));
	events_announce(c->events, &(struct event){.kind = EVENT_NOTIFICATIONS_CHANGED, .account = to});
	return OK;
}

struct removal {
	struct account_id to;
	int64_t id, gone;
};

static enum err clear(struct db *tx, void *arg)
{
	struct removal *rm = arg;
	return db_exec(tx, &notifications_clear, BINDS(B_INT(rm->to.v), B_INT(rm->id), B_INT(CLEAR_ROWS)), &rm->gone);
}

enum err notifications_clear_all(struct core *c, struct db *db, struct account_id to)
{
	struct removal rm = {.to = to};
	TRY(db_int(db, &notifications_newest, BINDS(B_INT(to.v)), &rm.id));
	do
		TRY(notifications_change(c, to, clear, &rm));
	while (rm.gone == CLEAR_ROWS);
	return OK;
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
	return notifications_change(c, to, dismiss, &(struct removal){.to = to, .id = id});
}
