/*
 * deliver.c - who gets an event. A kind of event is a row of a table and one function that finds its receivers.
 */
#include "base/base.h"

#include "stream/deliver_private.h"

#include "base/limits.h"
#include "base/log.h"
#include "core/filters.h"
#include "core/notifications.h"
#include "core/timelines.h"
#include "present/announcement.h"
#include "present/conversation.h"
#include "present/notification.h"

#define IDS_AT_ONCE 1000
#define ARENA_BYTES (256 * LIMIT_MIB) /* labels of LIMIT_STREAMS_SUBSCRIPTIONS, at worst */

SQL(deliver_silenced, "SELECT COUNT(*) FROM accounts WHERE id = $1 AND silenced_at IS NOT NULL");
SQL(deliver_follow_tags, "SELECT DISTINCT account_id FROM followed_tags WHERE account_id IN IDS($1)");
SQL(deliver_tags, "SELECT name FROM post_tags WHERE post_id = $1");

/* --- receivers of posts --- */

static bool is_wanted(void *arg, struct account_id account)
{
	const struct delivery *v = arg;

	return registry_has_account(v->d->registry, account);
}

static void add_reader(void *arg, struct account_id account, int64_t list)
{
	struct delivery *v = arg;

	if (list)
		registry_find_list(v->d->registry, list, &v->arena, &v->targets);
	else
		registry_find_account(v->d->registry, account, CHANNEL_USER, &v->targets);
}

static enum err find_home(struct delivery *v)
{
	return timelines_audience(v->d->core, v->d->db, v->meta, is_wanted, add_reader, v);
}

/* Of an author who is not silenced, and no boost. */
static enum err is_broadcast(const struct delivery *v, bool *ret)
{
	const struct post_meta *m = v->meta;
	int64_t silenced = 0;

	*ret = false;
	if (m->visibility != VISIBILITY_PUBLIC || m->boost_of.v)
		return OK;
	if (!registry_has_public(v->d->registry) && !registry_has_tags(v->d->registry))
		return OK;
	TRY(db_int(v->d->db, &deliver_silenced, BINDS(B_INT(m->author.v)), &silenced));
	*ret = !silenced;
	return OK;
}

static enum err find_tags(struct delivery *v)
{
	struct rows r;

	db_query(v->d->db, &r, &deliver_tags, BINDS(B_INT(v->meta->id.v)));
	while (rows_next(&r))
		registry_find_tag(v->d->registry, row_text(&r, 0), v->meta->local, &v->arena, &v->targets);
	return rows_end(&r);
}

static enum err find_public(struct delivery *v)
{
	const struct post_meta *m = v->meta;
	bool broadcast;

	TRY(is_broadcast(v, &broadcast));
	if (!broadcast)
		return OK;
	if (!m->reply_to.v || account_eq(m->reply_to_account, m->author))
		registry_find_public(v->d->registry, m->local, m->has_media, &v->targets);
	return registry_has_tags(v->d->registry) ? find_tags(v) : OK;
}

static enum err render_post(const struct delivery *v, const struct present *p, struct jw *j)
{
	return present_post(p, v->meta->id, j);
}

static enum err find_post(struct delivery *v)
{
	const struct deliver *d = v->d;

	TRY(card_get(d->core, d->db, &v->arena, v->ev->post, &v->card));
	v->meta = &v->card->meta;
	if (v->meta->boost_of.v)
		TRY(card_get(d->core, d->db, &v->arena, v->meta->boost_of, &v->boosted));
	v->render = render_post;
	TRY(find_home(v));
	return find_public(v);
}

/* --- receivers of the rest --- */

static enum err render_id(const struct delivery *v, const struct present *p, struct jw *j)
{
	(void)p;
	buf_add_i64(j->out, v->ev->post.v); /* the id itself: the one payload that is no JSON */
	return OK;
}

/*
 * Which hashtags a deleted post had is gone with it, so all who follow any are told, once. That a public post is gone
 * is no secret.
 */
static enum err find_tag_followers(struct delivery *v)
{
	struct registry_accounts listening = {0};
	struct idset told;
	enum err err = OK;

	idset_init(&told);
	for (size_t i = 0; i < v->targets.n; i++)
		if (v->targets.v[i].channel == CHANNEL_USER)
			idset_add(&told, (uint64_t)v->targets.v[i].l->auth.account.v);
	registry_accounts(v->d->registry, &listening);
	for (size_t at = 0; at < listening.n && !err; at += IDS_AT_ONCE) {
		size_t n = listening.n - at < IDS_AT_ONCE ? listening.n - at : IDS_AT_ONCE;
		struct rows r;

		db_query(v->d->db, &r, &deliver_follow_tags, BINDS(bind_ids(&v->arena, listening.v + at, n)));
		while (rows_next(&r)) {
			struct account_id account = {row_int(&r, 0)};

			if (!idset_has(&told, (uint64_t)account.v))
				registry_find_account(v->d->registry, account, CHANNEL_USER, &v->targets);
		}
		err = rows_end(&r);
	}
	VEC_FREE(&listening);
	idset_release(&told);
	return err;
}

/* What is known of a deleted post is its event: answers to others count as posts, media as possible. */
static enum err find_deleted(struct delivery *v)
{
	const struct event *ev = v->ev;

	v->gone = (struct post_meta){.id = ev->post,
				     .author = ev->account,
				     .boost_of = ev->boost_of,
				     .visibility = (uint8_t)ev->visibility,
				     .local = ev->local};
	v->meta = &v->gone;
	v->render = render_id;
	TRY(find_home(v));
	if (ev->visibility != VISIBILITY_PUBLIC || ev->boost_of.v)
		return OK;
	if (ev->other_id)
		TRY(find_tag_followers(v));
	registry_find_public(v->d->registry, ev->local, true, &v->targets);
	registry_find_all_tags(v->d->registry, ev->local, &v->arena, &v->targets);
	return OK;
}

/* Whom the post addressed, follower or not: they may have it on the screen from a notification or a conversation. */
static enum err find_mentioned(struct delivery *v)
{
	v->render = render_id;
	registry_find_account(v->d->registry, v->ev->account, CHANNEL_USER, &v->targets);
	return OK;
}

static enum err render_notification(const struct delivery *v, const struct present *p, struct jw *j)
{
	struct notification n;

	TRY(notification_shown(p->db, p->viewer->account, v->ev->other_id, &n));
	return present_notification(p, &n, j);
}

/* Those of the listeners found whose token may read notifications stay. */
static void keep_scope(struct targets *t, enum scope scope)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (scope_has(t->v[i].l->auth.scopes, scope))
			t->v[kept++] = t->v[i];
		else
			listener_unref(t->v[i].l);
	}
	t->n = kept;
}

/* Nothing is to be known but that it happened. */
static enum err render_merged(const struct delivery *v, const struct present *p, struct jw *j)
{
	(void)v, (void)p;
	buf_add_c(j->out, '1');
	return OK;
}

static enum err find_notified(struct delivery *v)
{
	v->render = v->ev->kind == EVENT_NOTIFICATION ? render_notification : render_merged;
	v->context = FILTER_NOTIFICATIONS;
	registry_find_account(v->d->registry, v->ev->account, CHANNEL_USER, &v->targets);
	registry_find_account(v->d->registry, v->ev->account, CHANNEL_USER_NOTIFICATION, &v->targets);
	keep_scope(&v->targets, SCOPE_READ_NOTIFICATIONS);
	return OK;
}

static enum err render_conversation(const struct delivery *v, const struct present *p, struct jw *j)
{
	struct card *card;

	TRY(card_get(p->core, p->db, p->arena, v->ev->post, &card));
	bool unread = !account_eq(card->meta.author, p->viewer->account);
	card_put(card);
	return present_conversation(p, v->ev->post, unread, j);
}

static enum err find_conversation(struct delivery *v)
{
	v->render = render_conversation;
	registry_find_account(v->d->registry, v->ev->account, CHANNEL_DIRECT, &v->targets);
	return OK;
}

static enum err find_filtering(struct delivery *v)
{
	registry_find_account(v->d->registry, v->ev->account, CHANNEL_USER, &v->targets);
	return OK;
}

static enum err render_announcement(const struct delivery *v, const struct present *p, struct jw *j)
{
	struct announcement n;

	TRY(announcement_load(p->db, p->arena, p->viewer->account, v->ev->other_id, &n));
	return present_announcement(p, &n, j);
}

static enum err render_reaction(const struct delivery *v, const struct present *p, struct jw *j)
{
	return present_reaction_change(p, v->ev->other_id, j);
}

static enum err render_announcement_id(const struct delivery *v, const struct present *p, struct jw *j)
{
	(void)p;
	buf_add_i64(j->out, v->ev->other_id);
	return OK;
}

static enum err find_everybody(struct delivery *v)
{
	static enum err (*const renders[EVENT_KINDS])(const struct delivery *v, const struct present *p,
						      struct jw *j) = {
		[EVENT_ANNOUNCEMENT] = render_announcement,
		[EVENT_ANNOUNCEMENT_REACTION] = render_reaction,
		[EVENT_ANNOUNCEMENT_DELETED] = render_announcement_id,
	};

	v->render = renders[v->ev->kind];
	v->same = true;
	registry_find_everybody(v->d->registry, CHANNEL_USER, &v->targets);
	return OK;
}

/* --- */

static const struct {
	const char *name;
	enum err (*find)(struct delivery *v);
} rows[EVENT_KINDS] = {
	[EVENT_POST_CREATED] = {"update", find_post},
	[EVENT_POST_EDITED] = {"status.update", find_post},
	[EVENT_POST_DELETED] = {"delete", find_deleted},
	[EVENT_MENTION_DELETED] = {"delete", find_mentioned},
	[EVENT_NOTIFICATION] = {"notification", find_notified},
	[EVENT_NOTIFICATIONS_MERGED] = {"notifications_merged", find_notified},
	[EVENT_CONVERSATION] = {"conversation", find_conversation},
	[EVENT_FILTERS_CHANGED] = {"filters_changed", find_filtering},
	[EVENT_ANNOUNCEMENT] = {"announcement", find_everybody},
	[EVENT_ANNOUNCEMENT_REACTION] = {"announcement.reaction", find_everybody},
	[EVENT_ANNOUNCEMENT_DELETED] = {"announcement.delete", find_everybody},
};

bool deliver_takes(const struct event *ev)
{
	return ev->kind < EVENT_KINDS && rows[ev->kind].find && !ev->silent;
}

void deliver_event(const struct deliver *d, const struct event *ev)
{
	struct delivery v = {.d = d, .ev = ev, .name = rows[ev->kind].name};

	arena_init(&v.arena, ARENA_BYTES);
	enum err err = rows[ev->kind].find(&v);
	if (err == OK && v.targets.n)
		err = delivery_send(&v);
	if (err != OK && err != ERR_NOT_FOUND) { /* NOT_FOUND: gone meanwhile, a deletion follows */
		log_warn("all streams are closed: whom an event is for could not be found",
			 F_STR("event", view_of(v.name)), F_STR("error", view_of(err_name(err))));
		registry_end_all(d->registry, END_LOST);
	}
	targets_drop(&v.targets);
	card_put(v.boosted);
	card_put(v.card);
	arena_release(&v.arena);
}
