/*
 * account_delete.c - what others can see or count is undone through the functions that did it, one by one; what only
 * the account itself saw is deleted in one go at the end.
 */
#include "base/base.h"

#include "core/account_delete.h"

#include "core/accounts.h"
#include "core/events.h"
#include "core/graph.h"
#include "core/posts.h"

#define BATCH 100

SQL(gone_posts, "SELECT post_id FROM account_posts WHERE account_id = $1 ORDER BY post_id DESC LIMIT 100");
SQL(gone_favourites, "SELECT post_id FROM favourites WHERE account_id = $1 ORDER BY post_id LIMIT 100");

SQL(gone_bookmarks, "DELETE FROM bookmarks WHERE account_id = $1");
SQL(gone_pins, "DELETE FROM pins WHERE account_id = $1");
SQL(gone_thread_mutes, "DELETE FROM thread_mutes WHERE account_id = $1");
SQL(gone_mutes, "DELETE FROM mutes WHERE account_id = $1");
SQL(gone_notes, "DELETE FROM account_notes WHERE account_id = $1");
SQL(gone_endorsements, "DELETE FROM endorsements WHERE account_id = $1");
SQL(gone_list_members, "DELETE FROM list_accounts WHERE account_id = $1 OR list_id IN "
		       "(SELECT id FROM lists WHERE account_id = $1)");
SQL(gone_lists, "DELETE FROM lists WHERE account_id = $1");
SQL(gone_notifications, "DELETE FROM notifications WHERE account_id = $1 OR from_id = $1");
SQL(gone_direct, "DELETE FROM direct_posts WHERE account_id = $1");
SQL(gone_markers, "DELETE FROM markers WHERE account_id = $1");
SQL(gone_idempotency, "DELETE FROM idempotency WHERE account_id = $1");
SQL(gone_codes, "DELETE FROM oauth_codes WHERE account_id = $1");
SQL(gone_requests, "DELETE FROM follow_requests WHERE requester_id = $1"); /* those it sent */
SQL(gone_tokens, "DELETE FROM tokens WHERE account_id = $1");
SQL(gone_words, "DELETE FROM account_words WHERE account_id = $1");
SQL(gone_media, "UPDATE media SET post_id = NULL, created_at = 0 WHERE account_id = $1");
SQL(gone_user, "DELETE FROM users WHERE account_id = $1");
SQL(gone_profile, "UPDATE accounts SET display_name = '', note = '', note_html = '', fields = '[]', avatar = '', "
		  "avatar_static = '', avatar_description = '', header = '', header_static = '', "
		  "header_description = '', discoverable = 0, indexable = 0 WHERE id = $1");

static const struct sql *const leftovers[] = {
	&gone_bookmarks,     &gone_pins,    &gone_thread_mutes, &gone_mutes, &gone_notes, &gone_endorsements,
	&gone_list_members,  &gone_lists,   &gone_notifications, &gone_direct, &gone_markers, &gone_idempotency, &gone_codes,
	&gone_requests,	     &gone_tokens,	     &gone_words,   &gone_media,	 &gone_user,	&gone_profile,
};

struct leaving {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct account_id id;
	void (*step)(void *arg, uint64_t gone);
	void *arg;
	uint64_t gone;
};

static void count(struct leaving *l)
{
	l->gone++;
	if (l->step)
		l->step(l->arg, l->gone);
}

/* Posts (or favourites) in batches, until there are none. */
static enum err undo_posts(struct leaving *l, const struct sql *find,
			   enum err (*undo)(struct leaving *l, struct arena *a, struct post_id id))
{
	struct post_id ids[BATCH];
	size_t n;

	do {
		struct rows r;
		n = 0;
		db_query(l->db, &r, find, BINDS(B_INT(l->id.v)));
		while (n < BATCH && rows_next(&r))
			ids[n++].v = row_int(&r, 0);
		TRY(rows_end(&r));
		for (size_t i = 0; i < n; i++) {
			TRY(undo(l, l->arena, ids[i]));
			count(l);
		}
	} while (n > 0);
	return OK;
}

static enum err undo_post(struct leaving *l, struct arena *a, struct post_id id)
{
	return post_delete(l->core, l->db, a, l->id, id);
}

static enum err undo_favourite(struct leaving *l, struct arena *a, struct post_id id)
{
	return post_favourite(l->core, l->db, a, l->id, id, false);
}

static const struct {
	enum graph_list list;
	enum err (*undo)(struct core *c, struct account_id who, struct account_id other);
} ties[] = {
	{GRAPH_FOLLOWING, graph_unfollow},
	{GRAPH_FOLLOWERS, graph_remove_follower},
	{GRAPH_REQUESTS, graph_reject},
	{GRAPH_BLOCKS, graph_unblock},
};

static enum err undo_ties(struct leaving *l, size_t which)
{
	const struct page page = {.limit = BATCH};
	struct graph_entry entries[BATCH];
	size_t n;

	do {
		n = 0;
		TRY(graph_page(l->db, ties[which].list, l->id, &page, entries, &n));
		for (size_t i = 0; i < n; i++) {
			enum err err = ties[which].undo(l->core, l->id, entries[i].account);
			if (err != OK && err != ERR_NOT_FOUND)
				return err;
			count(l);
		}
	} while (n > 0);
	return OK;
}

static enum err delete_leftovers(struct db *tx, void *arg)
{
	const struct leaving *l = arg;

	for (size_t i = 0; i < ARRAY_LEN(leftovers); i++)
		TRY(db_exec(tx, leftovers[i], BINDS(B_INT(l->id.v)), NULL));
	return OK;
}

enum err account_delete(struct core *c, struct db *db, struct arena *a, struct account_id id,
			void (*step)(void *arg, uint64_t gone), void *arg)
{
	struct leaving l = {.core = c, .db = db, .arena = a, .id = id, .step = step, .arg = arg};

	TRY(account_set_suspended(c, id, true));
	TRY(undo_posts(&l, &gone_posts, undo_post));
	TRY(undo_posts(&l, &gone_favourites, undo_favourite));
	for (size_t i = 0; i < ARRAY_LEN(ties); i++)
		TRY(undo_ties(&l, i));
	TRY(store_write(c->store, delete_leftovers, &l));
	events_announce(c->events, &(struct event){.kind = EVENT_TOKEN_REVOKED, .account = id});
	events_announce(c->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = id});
	return OK;
}
