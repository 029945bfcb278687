/*
 * post_rest_test.c - a post that many have marked is gone at once, and what they left on it bit by bit, also when it is
 * interrupted.
 */
#include "base/base.h"
#include "core/post_rest.h"

#include "core/posts_fixture.h"

#define UP_TO(n) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n ") "
SQL(test_favourites_in, UP_TO(1200) "INSERT INTO favourites (account_id, post_id, id) SELECT i, $1, i FROM n");
SQL(test_favourited_in, UP_TO(1200) "INSERT INTO post_favourites (post_id, id, account_id) SELECT $1, i, i FROM n");
SQL(test_told_in, UP_TO(1300) "INSERT INTO notifications (account_id, id, kind, from_id, post_id, created_at)"
			      " SELECT i % 7, i, 5, i, $1, 1 FROM n");
SQL(test_bookmarks_in, UP_TO(700) "INSERT INTO bookmarks (account_id, post_id, id) SELECT i, $1, i FROM n");
SQL(test_votes_in, UP_TO(600) "INSERT INTO poll_votes (post_id, account_id, position) SELECT $1, i, 0 FROM n");
SQL(test_boosts_in, UP_TO(600) "INSERT INTO posts (id, account_id, domain, uri, url, boost_of, thread_id, visibility,"
			       " text, html, created_at) SELECT i, i, '', '', '', $1, i, 0, '', '', 1 FROM n");
SQL(test_boosted_in, UP_TO(600) "INSERT INTO post_boosts (post_id, boost_id, account_id) SELECT $1, i, i FROM n");
SQL(test_boosters_in, UP_TO(600) "INSERT INTO account_boosts (account_id, post_id, boost_id) SELECT i, $1, i FROM n");
SQL(test_profiles_in, UP_TO(600) "INSERT INTO account_posts (account_id, post_id, visibility, kind)"
				 " SELECT i, i, 0, CASE WHEN $1 = 0 THEN 0 ELSE 2 END FROM n");

#define LEFT(from) "(SELECT COUNT(*) FROM " from " WHERE post_id = $1) + "
SQL(test_left,
    "SELECT " LEFT("favourites") LEFT("post_favourites") LEFT("notifications") LEFT("bookmarks") LEFT("poll_votes")
	    LEFT("post_boosts")
		    LEFT("account_boosts") "(SELECT COUNT(*) FROM posts WHERE boost_of = $1 OR reply_to = $1)");
SQL(test_jobs, "SELECT COUNT(*) FROM jobs WHERE kind = 'delete-post' AND $1 = $1");
SQL(test_boosts_on_profiles, "SELECT COUNT(*) FROM account_posts WHERE account_id <= 600 AND $1 = $1");

static enum err mark_all(struct db *tx, void *arg)
{
	static const struct sql *const inserts[] = {
		&test_favourites_in, &test_favourited_in, &test_told_in,     &test_bookmarks_in, &test_votes_in,
		&test_boosts_in,     &test_boosted_in,	  &test_boosters_in, &test_profiles_in,
	};
	const struct post_id *id = arg;

	for (size_t i = 0; i < ARRAY_LEN(inserts); i++)
		TRY(db_exec(tx, inserts[i], BINDS(B_INT(id->v)), NULL));
	return OK;
}

static enum err delete_it(struct fixture *f, struct post_id id)
{
	fixture_forget(f);
	return post_delete(f->core, f->db, &f->arena, alice, id);
}

static void test_few_marks_go_with_the_post(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post(f, alice, "@bob hello"), answer;

	assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, true), OK);
	assert_int_equal(post_bookmark(f->core, f->db, &f->arena, carol, id, true), OK);
	answer = post_np(f, (struct new_post){.author = bob, .text = V("hi"), .reply_to = id});
	assert_int_equal(delete_it(f, id), OK);
	assert_int_equal(number(f, &test_left, id.v), 0);
	assert_int_equal(number(f, &test_jobs, 0), 0);
	assert_int_equal(load(f, answer).meta.reply_to.v, 0);
}

static void test_many_marks_go_behind_it(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post(f, alice, "everybody likes this"), answer;
	struct problem problem = {0};
	int64_t before, left;
	struct post p;

	answer = post_np(f, (struct new_post){.author = bob, .text = V("indeed"), .reply_to = id});
	assert_int_equal(store_write(f->store, mark_all, &id), OK);
	before = number(f, &test_left, id.v);
	assert_int_equal(delete_it(f, id), OK);
	assert_int_equal(post_load(f->core, f->db, &f->arena, id, &p), ERR_NOT_FOUND);
	assert_int_equal(fixture_events(f, EVENT_POST_DELETED), 1 + POST_REST_ROWS);
	left = number(f, &test_left, id.v);
	assert_true(left > 0 && left <= before - POST_REST_ROWS);
	assert_int_equal(number(f, &test_jobs, 0), 1);
	assert_int_equal(delete_it(f, id), ERR_NOT_FOUND);

	/* One step, and then a crash: the job is still there, and begins anew. */
	bool more = false;
	assert_int_equal(post_rest_chore.step(f->core, f->db, &f->arena, id.v, &more), OK);
	assert_true(more && number(f, &test_left, id.v) < left);
	struct view payload = arena_printf(&f->arena, "%" PRId64, id.v);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(chore_run(f->core, f->db, &f->arena, &post_rest_chore, payload, &problem), OK);
	assert_int_equal(number(f, &test_left, id.v), 0);
	assert_int_equal(number(f, &test_boosts_on_profiles, 0), 0);
	assert_int_equal(load(f, answer).meta.reply_to.v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_marks_go_with_the_post),
		cmocka_unit_test(test_many_marks_go_behind_it),
	};
	return cmocka_run_group_tests(tests, posts_setup, fixture_teardown);
}
