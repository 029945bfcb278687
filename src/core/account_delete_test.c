/*
 * account_delete_test.c - an account that is deleted is gone for everybody at once, and leaves nothing behind, however
 * much there was of it and wherever the work was interrupted.
 */
#include "base/base.h"
#include "core/account_delete.h"

#include "core/posts_fixture.h"

#include "core/collections.h"
#include "core/graph.h"
#include "core/lists.h"
#include "core/post_rest.h"

#define UP_TO(n) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n ") "
SQL(test_bookmarks_in, UP_TO(1200) "INSERT INTO bookmarks (account_id, post_id, id) SELECT $1, i, i FROM n");
SQL(test_told_in, UP_TO(1300) "INSERT INTO notifications (account_id, id, kind, from_id, created_at)"
			      " SELECT $1, i, 5, 7, 1 FROM n");
SQL(test_words_in, UP_TO(600) "INSERT INTO account_words (word, account_id)"
			      " SELECT 'w' || CAST(i AS TEXT), $1 FROM n");
SQL(test_directs_in, UP_TO(600) "INSERT INTO direct_posts (account_id, post_id) SELECT $1, i FROM n");
SQL(test_push_in, UP_TO(600) "INSERT INTO push_subscriptions (account_id, token_id, id, endpoint, p256dh, auth,"
			     " access_token, standard, alerts, policy, created_at)"
			     " SELECT $1, i, i, '', '', '', '', 0, 0, 0, 0 FROM n");
SQL(test_deleted_in, UP_TO(600) "INSERT INTO deleted_unlisted (account_id, post_id) SELECT $1, i FROM n");
SQL(test_favourites_in, UP_TO(50) "INSERT INTO favourites (account_id, post_id, id) SELECT $1, i, i FROM n");
SQL(test_favourited_in, UP_TO(50) "INSERT INTO post_favourites (post_id, id, account_id) SELECT i, i, $1 FROM n");
SQL(test_dismissed_in, UP_TO(600) "INSERT INTO suggestion_dismissals (account_id, target_id) SELECT $1, i FROM n");
SQL(test_staff, "UPDATE users SET role = 'admin' WHERE account_id = $1");
SQL(test_tell_staff, "INSERT INTO notifications (account_id, id, kind, from_id, created_at)"
		     " SELECT account_id, 1, 8, CAST($1 AS BIGINT), 1 FROM users WHERE role = 'admin'");

#define OF(table) "(SELECT COUNT(*) FROM " table " WHERE account_id = $1) + "
SQL(test_left,
    "SELECT " OF("account_posts") OF("posts") OF("favourites") OF("post_favourites") OF("bookmarks") OF("pins") OF(
	    "direct_posts") OF("thread_mutes") OF("following") OF("followers") OF("follow_requests") OF("blocks")
	    OF("mutes") OF("account_notes") OF("endorsements") OF("suggestion_dismissals") OF("list_accounts") OF(
		    "lists") OF("notifications") OF("markers") OF("push_subscriptions") OF("deleted_unlisted")
		    OF("idempotency") OF("tokens") OF("sessions") OF("account_words") OF("users") OF(
			    "account_boosts") OF("collections")
			    OF("collection_items") "(SELECT COUNT(*) FROM notifications WHERE from_id = $1)"
						   " + (SELECT COUNT(*) FROM following WHERE target_id = $1)"
						   " + (SELECT COUNT(*) FROM followers WHERE follower_id = $1)"
						   " + (SELECT COUNT(*) FROM follow_requests WHERE requester_id = $1)"
						   " + (SELECT COUNT(*) FROM blocked_by WHERE blocker_id = $1)");
SQL(test_jobs, "SELECT COUNT(*) FROM jobs WHERE kind = 'delete-account' AND $1 = $1");
SQL(test_fresh_media, "SELECT COUNT(*) FROM media WHERE account_id = $1 AND (post_id IS NOT NULL OR created_at > 0)");

static enum err fill(struct db *tx, void *arg)
{
	static const struct sql *const inserts[] = {
		&test_bookmarks_in, &test_told_in,	 &test_words_in,      &test_directs_in,
		&test_deleted_in,   &test_push_in,	    &test_favourites_in, &test_favourited_in, &test_tell_staff,
		&test_dismissed_in,
	};
	const struct account_id *who = arg;

	TRY(db_exec(tx, &test_staff, BINDS(B_INT(carol.v)), NULL));
	for (size_t i = 0; i < ARRAY_LEN(inserts); i++)
		TRY(db_exec(tx, inserts[i], BINDS(B_INT(who->v)), NULL));
	return OK;
}

static void follow(struct fixture *f, struct account_id who, struct account_id whom)
{
	assert_int_equal(graph_follow(f->core, who, whom, &(struct follow_options){0}, NULL), OK);
}

static void be_found(struct fixture *f, struct account_id who)
{
	struct profile_change ch = {.has_discoverable = true, .discoverable = true};
	struct problem p = {0};

	assert_int_equal(account_update(f->core, f->db, &f->arena, who, &ch, &p), OK);
}

static void collect(struct fixture *f, struct account_id owner, struct account_id member)
{
	struct collection col = {.owner = owner, .name = V("people")};
	struct problem p = {0};

	assert_int_equal(collection_create(f->core, f->db, &f->arena, &col, &member, 1, &p), OK);
}

/* Somebody who has done one of everything, and some things a thousand times. */
static struct account_id busy_person(struct fixture *f, const char *name, struct post_id *ret_post)
{
	struct account_id who = fixture_account(f, name),
			  locked = fixture_account(f, arena_printf(&f->arena, "%s_l", name).p);
	struct profile_change lock = {.has_locked = true, .locked = true};
	struct post_id theirs = post(f, alice, "nice weather"), boost;
	struct list list = {.title = V("friends")};
	int64_t picture = media(f, who, MEDIA_READY, "image");
	struct problem problem = {0};
	struct viewer *v;

	assert_int_equal(account_update(f->core, f->db, &f->arena, locked, &lock, &problem), OK);
	follow(f, who, alice);
	follow(f, bob, who);
	follow(f, who, locked);
	assert_int_equal(graph_block(f->core, who, carol), OK);
	assert_int_equal(graph_mute(f->core, who, bob, true, 0), OK);
	assert_int_equal(list_create(f->core, who, &list, &problem), OK);
	assert_int_equal(list_add(f->core, who, list.id, &alice, 1, &problem), OK);
	be_found(f, who);
	be_found(f, bob);
	collect(f, who, bob);
	collect(f, bob, who);
	*ret_post = post_np(f, (struct new_post){.author = who, .text = V("@bob hi"), .media = &picture, .n_media = 1});
	for (size_t i = 0; i < 45; i++)
		post(f, who, "and on");
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, who, theirs, true), OK);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, *ret_post, true), OK);
	assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, theirs, false, 0, &boost, &problem), OK);
	viewer_put(v);
	assert_int_equal(store_write(f->store, fill, &who), OK);
	return who;
}

static void assert_gone(struct fixture *f, struct account_id who, struct post_id id)
{
	struct account a;
	struct post p;

	assert_int_equal(number(f, &test_left, who.v), 0);
	assert_int_equal(number(f, &test_fresh_media, who.v), 0);
	assert_int_equal(number(f, &test_jobs, 0), 0);
	assert_int_equal(post_load(f->core, f->db, &f->arena, id, &p), ERR_NOT_FOUND);
	assert_int_equal(account_load(f->db, &f->arena, who, &a), OK);
	assert_true(a.suspended && a.username.len && !a.note.len);
	assert_int_equal(a.followers + a.following + a.posts, 0);
	assert_int_equal(account_delete_begin(f->core, f->db, who), ERR_NOT_FOUND);
}

static void test_nobody_sees_what_begins_to_go(void **state)
{
	struct fixture *f = *state;
	struct post_id id;
	struct account_id who = busy_person(f, "leaver", &id);
	struct account a;
	size_t gone, most = 0;
	bool more = true;

	fixture_forget(f);
	assert_int_equal(account_delete_begin(f->core, f->db, who), OK);
	assert_int_equal(account_delete_begin(f->core, f->db, who), OK);
	assert_int_equal(number(f, &test_jobs, 0), 1);
	assert_true(fixture_events(f, EVENT_TOKEN_REVOKED) > 0);
	assert_int_equal(account_load(f->db, &f->arena, who, &a), OK);
	assert_true(a.suspended);
	assert_true(load(f, id).meta.author_suspended);
	while (more) {
		assert_int_equal(account_delete_some(f->core, f->db, who, &gone, &more), OK);
		most = gone > most ? gone : most;
	}
	assert_int_equal(most, 500);
	assert_gone(f, who, id);
}

/* After any number of steps the job finishes what somebody else has begun. */
static void test_the_job_finishes_it(void **state)
{
	struct fixture *f = *state;

	for (int steps = 0; steps < 12; steps += 3) {
		char name[32];
		struct problem problem = {0};
		struct post_id id;
		size_t gone;
		bool more;

		snprintf(name, sizeof(name), "leaver%d", steps);
		struct account_id who = busy_person(f, name, &id);
		assert_int_equal(account_delete_begin(f->core, f->db, who), OK);
		for (int i = 0; i < steps; i++)
			assert_int_equal(account_delete_some(f->core, f->db, who, &gone, &more), OK);
		struct view payload = arena_printf(&f->arena, "%" PRId64, who.v);
		for (int twice = 0; twice < 2; twice++)
			assert_int_equal(chore_run(f->core, f->db, &f->arena, &account_delete_chore, payload, &problem),
					 OK);
		assert_gone(f, who, id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_sees_what_begins_to_go),
		cmocka_unit_test(test_the_job_finishes_it),
	};
	return cmocka_run_group_tests(tests, posts_setup, fixture_teardown);
}
