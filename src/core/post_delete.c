/*
 * post_delete.c - deleting a post with everything that belongs to it, and taking back a boost.
 */
#include "base/base.h"

#include "core/post_delete.h"

#include "base/clock.h"
#include "core/compliance.h"
#include "core/conversations.h"
#include "core/notifications.h"
#include "core/post_history.h"
#include "core/post_parts.h"
#include "core/post_rest.h"
#include "core/posts.h"
#include "core/previews.h"
#include "core/quotes.h"
#include "store/search_index.h"

SQL(delete_find,
    "SELECT p.boost_of, p.reply_to, p.visibility, p.has_media, p.has_poll, p.has_mentions, p.has_tags, p.edited_at,"
    " b.account_id, p.card_id, p.quote_of, p.quote_state FROM posts p LEFT JOIN posts b ON b.id = p.boost_of"
    " WHERE p.id = $1 AND p.account_id = $2");
SQL(delete_row, "DELETE FROM posts WHERE id = $1");
SQL(delete_counts, "DELETE FROM post_counts WHERE post_id = $1");
SQL(delete_mentions, "DELETE FROM post_mentions WHERE post_id = $1");
SQL(delete_direct, "DELETE FROM direct_posts WHERE post_id = $1 AND account_id IN"
		   " (SELECT account_id FROM post_mentions WHERE post_id = $1)");
SQL(delete_mentioned,
    "SELECT m.account_id FROM post_mentions m JOIN users u ON u.account_id = m.account_id WHERE m.post_id = $1");
/* Files stay a while, for "delete and write again"; what nobody takes up is swept like any unused upload. */
SQL(delete_free_media, "UPDATE media SET post_id = NULL, position = 0, created_at = $2 WHERE post_id = $1");
SQL(delete_pin, "DELETE FROM pins WHERE account_id = $1 AND post_id = $2");
SQL(delete_poll, "DELETE FROM polls WHERE post_id = $1");
SQL(delete_poll_options, "DELETE FROM poll_options WHERE post_id = $1");
SQL(delete_account_boost, "DELETE FROM account_boosts WHERE account_id = $1 AND post_id = $2");
SQL(delete_post_boost, "DELETE FROM post_boosts WHERE post_id = $1 AND boost_id = $2");

struct deletion {
	struct account_id who;
	struct post_id id;
	struct event_list events;
};

struct found {
	struct post_id boost_of, reply_to, quote_of;
	enum quote_state quote_state;
	struct account_id boost_author;
	enum visibility visibility;
	bool has_media, has_poll, has_mentions, has_tags, edited;
	int64_t card_id;
};

static enum err find(struct db *tx, const struct deletion *w, struct found *f)
{
	struct rows r;
	bool found;

	db_query(tx, &r, &delete_find, BINDS(B_INT(w->id.v), B_INT(w->who.v)));
	found = rows_next(&r);
	if (found)
		*f = (struct found){
			.boost_of = {row_int(&r, 0)},
			.reply_to = {row_int(&r, 1)},
			.visibility = (enum visibility)row_int(&r, 2),
			.has_media = row_int(&r, 3) != 0,
			.has_poll = row_int(&r, 4) != 0,
			.has_mentions = row_int(&r, 5) != 0,
			.has_tags = row_int(&r, 6) != 0,
			.edited = !row_is_null(&r, 7),
			.boost_author = {row_int(&r, 8)},
			.card_id = row_int(&r, 9),
			.quote_of = {row_int(&r, 10)},
			.quote_state = (enum quote_state)row_int(&r, 11),
		};
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static void pend_deleted(struct event_list *events, const struct post_place *p, struct post_id boost_of, bool has_tags)
{
	events_pend(events, (struct event){.kind = EVENT_POST_DELETED,
					   .post = p->id,
					   .account = p->author,
					   .boost_of = boost_of,
					   .visibility = (int)p->visibility,
					   .other_id = has_tags,
					   .local = true});
}

/* First of all, so that of two deletions at once only one counts. */
static enum err drop_row(struct db *tx, struct post_id id)
{
	int64_t gone;

	TRY(db_exec(tx, &delete_row, BINDS(B_INT(id.v)), &gone));
	return gone ? OK : ERR_NOT_FOUND;
}

enum err post_drop_boost(struct db *tx, struct event_list *events, const struct post_place *p, struct post_id target)
{
	TRY(drop_row(tx, p->id));
	TRY(db_exec(tx, &delete_account_boost, BINDS(B_INT(p->author.v), B_INT(target.v)), NULL));
	TRY(db_exec(tx, &delete_post_boost, BINDS(B_INT(target.v), B_INT(p->id.v)), NULL));
	TRY(account_post_drop(tx, p->author, p->id));
	TRY(compliance_note_post(tx, COMPLIANCE_POST_DELETE, p->author, p->id, target, p->visibility));
	pend_deleted(events, p, target, false);
	events_pend(events, (struct event){.kind = EVENT_POST_FLAGS, .account = p->author, .post = target});
	return account_posts_add(tx, events, p, -1);
}

enum err post_delete_boost(struct db *tx, struct event_list *events, struct account_id who, struct post_id boost,
			   struct post_id target, struct account_id target_author)
{
	struct post_place place = {.id = boost, .author = who, .visibility = VISIBILITY_PUBLIC};

	TRY(post_drop_boost(tx, events, &place, target));
	TRY(notification_remove(tx, events, target_author, NOTIFY_REBLOG, who, target));
	return post_count_add(tx, events, target, COUNT_BOOSTS, -1);
}

/* Who was mentioned may have the post on the screen without following its author. */
static enum err drop_mentions(struct db *tx, struct deletion *w)
{
	struct rows r;

	db_query(tx, &r, &delete_mentioned, BINDS(B_INT(w->id.v)));
	while (rows_next(&r))
		events_pend(&w->events,
			    (struct event){.kind = EVENT_MENTION_DELETED, .account = {row_int(&r, 0)}, .post = w->id});
	TRY(rows_end(&r));
	TRY(db_exec(tx, &delete_direct, BINDS(B_INT(w->id.v)), NULL));
	return db_exec(tx, &delete_mentions, BINDS(B_INT(w->id.v)), NULL);
}

static enum err drop_parts(struct db *tx, struct deletion *w, const struct post_place *p, const struct found *f)
{
	if (f->has_mentions)
		TRY(drop_mentions(tx, w));
	if (f->visibility == VISIBILITY_DIRECT)
		TRY(conversations_drop_post(tx, w->id));
	if (f->has_tags)
		TRY(post_drop_tags(tx, p));
	if (f->has_media || f->edited)
		TRY(db_exec(tx, &delete_free_media, BINDS(B_INT(w->id.v), B_INT(clock_now())), NULL));
	if (f->has_poll) {
		TRY(db_exec(tx, &delete_poll, BINDS(B_INT(w->id.v)), NULL));
		TRY(db_exec(tx, &delete_poll_options, BINDS(B_INT(w->id.v)), NULL));
	}
	if (f->edited)
		TRY(post_versions_drop(tx, w->id));
	TRY(preview_detach(tx, w->id, f->card_id));
	return search_index_delete(tx, w->id);
}

/* What others left on it goes with it, or when there is much of it, behind it. */
static enum err drop_rest(struct db *tx, struct deletion *w)
{
	bool more;

	TRY(post_rest_drop(tx, &w->events, w->id, &more));
	return more ? chore_add(tx, post_rest_chore.kind, w->id.v, 0) : OK;
}

static enum err delete_one(struct db *tx, void *arg)
{
	struct deletion *w = arg;
	struct found f;

	w->events.n = 0;
	TRY(find(tx, w, &f));
	if (f.boost_of.v)
		return post_delete_boost(tx, &w->events, w->who, w->id, f.boost_of, f.boost_author);
	/* Who is about to mark it, to answer or to edit is waited for, or finds it gone. */
	TRY(post_hold(tx, w->id));
	TRY(find(tx, w, &f));
	struct post_place place = {.id = w->id, .author = w->who, .visibility = f.visibility};
	TRY(drop_row(tx, w->id));
	TRY(compliance_note_post(tx, COMPLIANCE_POST_DELETE, w->who, w->id, f.boost_of, f.visibility));
	pend_deleted(&w->events, &place, (struct post_id){0}, f.has_tags);
	/* The poll before its votes: a vote holds the poll's row, so it is in by then or finds no poll. */
	TRY(drop_parts(tx, w, &place, &f));
	TRY(drop_rest(tx, w));
	TRY(db_exec(tx, &delete_pin, BINDS(B_INT(w->who.v), B_INT(w->id.v)), NULL));
	if (f.reply_to.v && f.visibility <= VISIBILITY_UNLISTED)
		TRY(post_count_add(tx, &w->events, f.reply_to, COUNT_REPLIES, -1));
	TRY(quote_drop(tx, &w->events, f.quote_of, f.quote_state, f.visibility));
	TRY(account_post_drop(tx, w->who, w->id));
	TRY(account_posts_add(tx, &w->events, &place, -1));
	return db_exec(tx, &delete_counts, BINDS(B_INT(w->id.v)), NULL);
}

enum err post_delete(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id)
{
	struct deletion w = {.who = who, .id = id};
	enum err err = store_write(c->store, delete_one, &w);

	(void)db;
	(void)a;
	if (err)
		event_list_drop(&w.events);
	else
		events_announce_all(c->events, &w.events);
	return err;
}
