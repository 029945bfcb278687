/*
 * account_delete.c - what others can see or count is undone through the functions that did it, one by one; what only
 * the account itself saw is deleted by hundreds. Every look is by a key that begins with the account.
 */
#include "base/base.h"

#include "core/account_delete.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/collections.h"
#include "core/compliance.h"
#include "core/events.h"
#include "core/graph.h"
#include "core/posts.h"

#define ONE_BY_ONE 20 /* in a step */
#define ROWS 500      /* in a transaction */
#define STEP_MEDIA 1000

SQL(gone_begin, "UPDATE accounts SET suspended_at = COALESCE(suspended_at, $2) WHERE id = $1 AND EXISTS"
		" (SELECT 1 FROM users u WHERE u.account_id = $1)");
SQL(gone_posts, "SELECT post_id FROM account_posts WHERE account_id = $1 ORDER BY post_id DESC LIMIT $2");
SQL(gone_posts_media, "SELECT m.id FROM (SELECT post_id FROM account_posts WHERE account_id = $1 ORDER BY post_id DESC"
		      " LIMIT $2) p JOIN media m ON m.post_id = p.post_id");
/* Nobody will post it again, so it need not wait for that. */
SQL(gone_media, "UPDATE media SET created_at = 0 WHERE post_id IS NULL AND id IN IDS($1)");
SQL(gone_favourites, "SELECT post_id FROM favourites WHERE account_id = $1 ORDER BY post_id LIMIT $2");
SQL(gone_favourite_id, "SELECT id FROM favourites WHERE account_id = $1 AND post_id = $2");
SQL(gone_favourite, "DELETE FROM favourites WHERE account_id = $1 AND post_id = $2");
SQL(gone_post_favourite, "DELETE FROM post_favourites WHERE post_id = $1 AND id = $2");
SQL(gone_requests, "SELECT account_id FROM follow_requests WHERE requester_id = $1 LIMIT $2");

#define SOME(table, key)                                                                                               \
	"DELETE FROM " table " WHERE account_id = $1 AND " key " IN (SELECT " key " FROM " table                       \
	" WHERE account_id = $1 LIMIT $2)"
SQL(gone_bookmarks, SOME("bookmarks", "post_id"));
SQL(gone_pins, SOME("pins", "post_id"));
SQL(gone_direct, SOME("direct_posts", "post_id"));
SQL(gone_conversations, SOME("conversations", "thread_id"));
SQL(gone_conversation_posts, SOME("conversation_posts", "post_id"));
SQL(gone_featured_tags, SOME("featured_tags", "name"));
SQL(gone_attribution, SOME("attribution_domains", "domain"));
SQL(gone_followed_tags, SOME("followed_tags", "name"));
SQL(gone_announcement_reads, SOME("announcement_reads", "announcement_id"));
SQL(gone_announcement_reactions, SOME("announcement_reactions", "emoji_id"));
SQL(gone_thread_mutes, SOME("thread_mutes", "thread_id"));
SQL(gone_mutes, SOME("mutes", "target_id"));
SQL(gone_domains, SOME("user_domain_blocks", "domain"));
SQL(gone_notes, SOME("account_notes", "target_id"));
SQL(gone_endorsements, SOME("endorsements", "target_id"));
SQL(gone_suggestions, SOME("suggestion_dismissals", "target_id"));
SQL(gone_list_places, SOME("list_accounts", "list_id"));
SQL(gone_list_members, "DELETE FROM list_accounts WHERE (list_id, account_id) IN (SELECT m.list_id, m.account_id"
		       " FROM lists l JOIN list_accounts m ON m.list_id = l.id WHERE l.account_id = $1 LIMIT $2)");
SQL(gone_lists, SOME("lists", "id"));
SQL(gone_collections, "SELECT id FROM collections WHERE account_id = $1 ORDER BY id LIMIT $2");
SQL(gone_collection_places, SOME("collection_items", "collection_id"));
/* The media they hold first, which are found by them. */
SQL(gone_scheduled_media, "DELETE FROM scheduled_media WHERE media_id IN (SELECT m.media_id FROM scheduled_posts s"
			  " JOIN scheduled_media m ON m.scheduled_id = s.id WHERE s.account_id = $1 LIMIT $2)");
SQL(gone_scheduled, SOME("scheduled_posts", "id"));
SQL(gone_filters, SOME("filters", "id"));
SQL(gone_filter_keywords, SOME("filter_keywords", "id"));
SQL(gone_filter_statuses, SOME("filter_statuses", "id"));
SQL(gone_notifications, SOME("notifications", "id"));
SQL(gone_notification_policy, "DELETE FROM notification_policies WHERE account_id = $1");
SQL(gone_notification_permissions, SOME("notification_permissions", "from_id"));
SQL(gone_notification_requests, SOME("notification_requests", "id"));
/* What others were told of went with what it was about, but for that somebody has signed up. */
SQL(gone_staff_notifications,
    "DELETE FROM notifications WHERE (account_id, id) IN (SELECT n.account_id, n.id FROM users u JOIN notifications n"
    " ON n.account_id = u.account_id AND n.from_id = $1 WHERE u.role <> 'user' LIMIT $2)");
SQL(gone_push, SOME("push_subscriptions", "token_id"));
SQL(gone_markers, SOME("markers", "timeline"));
SQL(gone_deleted, SOME("deleted_unlisted", "post_id"));
SQL(gone_idempotency, SOME("idempotency", "key"));
SQL(gone_tokens, SOME("tokens", "id"));
/* The licence itself stays, for operators. */
SQL(gone_licensee, "DELETE FROM licensee_accounts WHERE account_id = $1 AND CAST($2 AS BIGINT) > 0");
SQL(gone_import_problems,
    "DELETE FROM import_problems WHERE (import_id, n) IN (SELECT p.import_id, p.n"
    " FROM imports i JOIN import_problems p ON p.import_id = i.id WHERE i.account_id = $1 LIMIT $2)");
SQL(gone_imports, SOME("imports", "id"));
SQL(gone_imported, SOME("imported_posts", "origin"));
SQL(gone_archives, SOME("archives", "id"));
SQL(gone_totp, "DELETE FROM totp WHERE account_id = $1 AND CAST($2 AS BIGINT) > 0");
SQL(gone_recovery, SOME("recovery_codes", "code_hash"));
SQL(gone_passkeys, SOME("passkeys", "id"));
SQL(gone_logins, SOME("logins", "id"));
SQL(gone_invites, SOME("invites", "id"));
SQL(gone_mails, SOME("mails", "id"));
SQL(gone_links, SOME("mail_links", "token_hash"));
SQL(gone_warnings, SOME("warnings", "id"));
SQL(gone_appeals, SOME("appeals", "warning_id"));
/* Reports it made go; those about it stay, as the record of why. */
SQL(gone_report_posts, "DELETE FROM report_posts WHERE (report_id, post_id) IN (SELECT p.report_id, p.post_id"
		       " FROM reports r JOIN report_posts p ON p.report_id = r.id WHERE r.account_id = $1 LIMIT $2)");
SQL(gone_reports, SOME("reports", "id"));
SQL(gone_licence, "DELETE FROM account_licences WHERE account_id = $1 AND CAST($2 AS BIGINT) > 0");
SQL(gone_mail_told, SOME("mail_told", "kind"));
SQL(gone_browsers, SOME("known_browsers", "browser_hash"));
SQL(gone_active_days, SOME("active_days", "day"));
SQL(gone_words, SOME("account_words", "word"));

SQL(gone_user, "DELETE FROM users WHERE account_id = $1");
SQL(gone_profile, "UPDATE accounts SET display_name = '', note = '', note_html = '', fields = '[]', avatar = '', "
		  "avatar_static = '', avatar_description = '', header = '', header_static = '', "
		  "header_description = '', discoverable = 0, indexable = 0 WHERE id = $1");

struct leaving {
	struct core *core;
	struct db *db;
	struct account_id id;
	size_t gone;
};

static enum err find_ids(struct leaving *l, const struct sql *find, int64_t ret[ONE_BY_ONE], size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(l->db, &r, find, BINDS(B_INT(l->id.v), B_INT(ONE_BY_ONE)));
	while (n < ONE_BY_ONE && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

struct media {
	int64_t ids[STEP_MEDIA];
	size_t n;
};

static enum err write_media(struct db *tx, void *arg)
{
	const struct media *m = arg;
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	enum err err = db_exec(tx, &gone_media, BINDS(bind_ids(&a, m->ids, m->n)), NULL);
	arena_release(&a);
	return err;
}

static enum err undo_posts(struct leaving *l)
{
	struct media media = {0};
	int64_t ids[ONE_BY_ONE];
	struct rows r;
	size_t n;

	TRY(find_ids(l, &gone_posts, ids, &n));
	db_query(l->db, &r, &gone_posts_media, BINDS(B_INT(l->id.v), B_INT(ONE_BY_ONE)));
	while (media.n < STEP_MEDIA && rows_next(&r))
		media.ids[media.n++] = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = post_delete(l->core, l->db, NULL, l->id, (struct post_id){ids[i]});

		if (err && err != ERR_NOT_FOUND)
			return err;
		l->gone += !err;
	}
	return media.n ? store_write(l->core->store, write_media, &media) : OK;
}

struct favourite {
	struct account_id who;
	struct post_id post;
};

/* Of a post that is gone, whose own chore has not come so far yet. */
static enum err forget_favourite(struct db *tx, void *arg)
{
	const struct favourite *f = arg;
	int64_t id;

	TRY(db_int(tx, &gone_favourite_id, BINDS(B_INT(f->who.v), B_INT(f->post.v)), &id));
	TRY(db_exec(tx, &gone_favourite, BINDS(B_INT(f->who.v), B_INT(f->post.v)), NULL));
	return db_exec(tx, &gone_post_favourite, BINDS(B_INT(f->post.v), B_INT(id)), NULL);
}

static enum err undo_favourites(struct leaving *l)
{
	int64_t ids[ONE_BY_ONE];
	size_t n;

	TRY(find_ids(l, &gone_favourites, ids, &n));
	for (size_t i = 0; i < n; i++) {
		struct favourite f = {l->id, {ids[i]}};
		enum err err = post_favourite(l->core, l->db, NULL, l->id, f.post, false);

		if (err == ERR_NOT_FOUND)
			err = store_write(l->core->store, forget_favourite, &f);
		if (err && err != ERR_NOT_FOUND)
			return err;
		l->gone += !err;
	}
	return OK;
}

static enum err undo_requests(struct leaving *l)
{
	int64_t ids[ONE_BY_ONE];
	size_t n;

	TRY(find_ids(l, &gone_requests, ids, &n));
	for (size_t i = 0; i < n; i++, l->gone++)
		TRY(graph_unfollow(l->core, l->id, (struct account_id){ids[i]}));
	return OK;
}

static enum err undo_collections(struct leaving *l)
{
	int64_t ids[ONE_BY_ONE];
	size_t n;

	TRY(find_ids(l, &gone_collections, ids, &n));
	for (size_t i = 0; i < n; i++) {
		enum err err = collection_delete(l->core, l->id, ids[i]);

		if (err && err != ERR_NOT_FOUND)
			return err;
		l->gone += !err;
	}
	return OK;
}

static enum err undo_ties(struct leaving *l)
{
	static const struct {
		enum graph_list list;
		enum err (*undo)(struct core *c, struct account_id who, struct account_id other);
	} ties[] = {
		{GRAPH_FOLLOWING, graph_unfollow},
		{GRAPH_FOLLOWERS, graph_remove_follower},
		{GRAPH_REQUESTS, graph_reject},
		{GRAPH_BLOCKS, graph_unblock},
	};
	const struct page page = {.limit = ONE_BY_ONE};

	for (size_t t = 0; t < ARRAY_LEN(ties) && !l->gone; t++) {
		struct graph_entry entries[ONE_BY_ONE];
		size_t n = 0;

		TRY(graph_page(l->db, ties[t].list, l->id, &page, entries, &n));
		for (size_t i = 0; i < n; i++) {
			enum err err = ties[t].undo(l->core, l->id, entries[i].account);

			if (err && err != ERR_NOT_FOUND)
				return err;
			l->gone += !err;
		}
	}
	return OK;
}

static const struct sql *const leftovers[] = {
	&gone_bookmarks,  &gone_pins,	     &gone_direct,
	&gone_thread_mutes, &gone_mutes,     &gone_notes,
	&gone_endorsements, &gone_suggestions, &gone_list_places, &gone_list_members, &gone_collection_places,
	&gone_scheduled_media, &gone_scheduled, &gone_announcement_reads,
	&gone_announcement_reactions, &gone_conversations, &gone_conversation_posts,
	&gone_attribution, &gone_followed_tags, &gone_featured_tags,
	&gone_filters, &gone_filter_keywords, &gone_filter_statuses,
	&gone_domains, &gone_lists,	  &gone_notifications, &gone_notification_permissions, &gone_notification_requests, &gone_staff_notifications,
	&gone_deleted,	  &gone_push,	  &gone_markers,	  &gone_idempotency, &gone_tokens,
	&gone_licensee,
	&gone_words,	  &gone_licence,	  &gone_import_problems, &gone_imports,
	&gone_imported,	  &gone_archives, &gone_totp, &gone_recovery, &gone_passkeys, &gone_logins, &gone_invites, &gone_mails, &gone_links,
	&gone_active_days, &gone_mail_told, &gone_browsers,
	&gone_appeals,	  &gone_warnings,	  &gone_report_posts, &gone_reports,
};

static enum err write_leftovers(struct db *tx, void *arg)
{
	struct leaving *l = arg;

	l->gone = 0;
	for (size_t i = 0; i < ARRAY_LEN(leftovers) && l->gone < ROWS; i++) {
		int64_t n;

		TRY(db_exec(tx, leftovers[i], BINDS(B_INT(l->id.v), B_INT(ROWS - l->gone)), &n));
		l->gone += (size_t)n;
	}
	return OK;
}

static enum err undo_leftovers(struct leaving *l)
{
	return store_write(l->core->store, write_leftovers, l);
}

static enum err write_end(struct db *tx, void *arg)
{
	const struct leaving *l = arg;

	TRY(db_exec(tx, &gone_notification_policy, BINDS(B_INT(l->id.v)), NULL));
	TRY(db_exec(tx, &gone_user, BINDS(B_INT(l->id.v)), NULL));
	TRY(db_exec(tx, &gone_profile, BINDS(B_INT(l->id.v)), NULL));
	return chore_end(tx, ACCOUNT_DELETE_KIND, l->id.v);
}

static enum err end(struct leaving *l)
{
	TRY(store_write(l->core->store, write_end, l));
	events_announce(l->core->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = l->id});
	return OK;
}

enum err account_delete_some(struct core *c, struct db *db, struct account_id id, size_t *ret_gone, bool *ret_more)
{
	static enum err (*const parts[])(struct leaving * l) = {undo_posts,    undo_favourites,	 undo_ties,
								undo_requests, undo_collections, undo_leftovers};
	struct leaving l = {.core = c, .db = db, .id = id};

	for (size_t i = 0; i < ARRAY_LEN(parts) && !l.gone; i++)
		TRY(parts[i](&l));
	if (!l.gone)
		TRY(end(&l));
	*ret_gone = l.gone;
	*ret_more = l.gone > 0;
	return OK;
}

static enum err step(struct core *c, struct db *db, struct arena *a, int64_t id, bool *ret_more)
{
	size_t gone;

	(void)a;
	return account_delete_some(c, db, (struct account_id){id}, &gone, ret_more);
}

const struct chore account_delete_chore = {ACCOUNT_DELETE_KIND, step};

struct beginning {
	struct account_id id;
	bool again;
};

static enum err write_begin(struct db *tx, void *arg)
{
	const struct beginning *b = arg;
	int64_t found;

	TRY(db_exec(tx, &gone_begin, BINDS(B_INT(b->id.v), B_INT(clock_now())), &found));
	if (!found)
		return ERR_NOT_FOUND;
	if (!b->again)
		TRY(compliance_note_account(tx, COMPLIANCE_USER_DELETE, b->id));
	return b->again ? OK : chore_add(tx, ACCOUNT_DELETE_KIND, b->id.v, ACCOUNT_DELETE_LEASE_MS);
}

enum err account_delete_begin(struct core *c, struct db *db, struct account_id id)
{
	struct beginning b = {.id = id};

	TRY(chore_waits(db, ACCOUNT_DELETE_KIND, id.v, &b.again));
	TRY(store_write(c->store, write_begin, &b));
	events_announce(c->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = id, .other_id = 1});
	return sessions_revoke_all(c, id);
}

static enum err write_leave(struct db *tx, void *arg)
{
	const struct account_id *id = arg;

	return chore_free(tx, ACCOUNT_DELETE_KIND, id->v);
}

enum err account_delete_leave(struct core *c, struct account_id id)
{
	return store_write(c->store, write_leave, &id);
}
