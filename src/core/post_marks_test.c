/*
 * post_marks_test.c - what people do with a post over a real database: favourites, boosts, pins, muted threads, votes;
 * who is told of it, and what a profile shows.
 */
#include "base/base.h"

#include "core/posts_fixture.h"

#include "core/graph.h"
#include "core/polls.h"
#include "core/post_lists.h"
#include "core/post_notify.h"

SQL(test_expire, "UPDATE polls SET expires_at = 1 WHERE post_id = $1");

static void test_favourites(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post(f, alice, "like me");
	int64_t before = told(f, alice, NOTIFY_FAVOURITE);
	struct page page = {.limit = 10};
	struct page_item items[10];
	size_t n;

	for (int i = 0; i < 2; i++)
		assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, true), OK);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, carol, id, true), OK);
	assert_int_equal(load(f, id).favourites, 2);
	assert_int_equal(told(f, alice, NOTIFY_FAVOURITE), before + 2);
	assert_int_equal(post_favourited_by(f->db, id, &page, items, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(items[0].id, carol.v);
	page.max_id = items[0].cursor;
	assert_int_equal(post_favourited_by(f->db, id, &page, items, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(items[0].id, bob.v);
	page = (struct page){.limit = 10, .min_id = items[0].cursor};
	assert_int_equal(post_favourited_by(f->db, id, &page, items, &n), OK);
	assert_int_equal(n, 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, false), OK);
	assert_int_equal(load(f, id).favourites, 1);
	assert_int_equal(told(f, alice, NOTIFY_FAVOURITE), before + 1);
}

static enum err boost_as(struct fixture *f, struct account_id who, struct post_id id, struct post_id *ret)
{
	struct problem problem = {0};
	struct viewer *v;
	enum err err;

	assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
	err = post_boost(f->core, f->db, &f->arena, v, id, false, 0, ret, &problem);
	viewer_put(v);
	return err;
}

/* Who boosts for followers only tells nobody else, though the boost counts. */
static void test_hidden_boosts(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post(f, alice, "boost me quietly"), boost;
	struct problem problem = {0};
	struct page_item items[4];
	struct viewer *v;
	size_t n = 0;

	assert_int_equal(viewer_get(f->core, f->db, bob, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, id, true, VISIBILITY_PRIVATE, &boost, &problem), OK);
	viewer_put(v);
	assert_int_equal(load(f, id).boosts, 1);
	assert_int_equal(post_boosted_by(f->db, id, &(struct page){.limit = 4}, items, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(boost_as(f, alice, id, &boost), OK);
	assert_int_equal(post_boosted_by(f->db, id, &(struct page){.limit = 4}, items, &n), OK);
	assert_true(n == 1 && items[0].id == alice.v && items[0].cursor == boost.v);
	assert_int_equal(post_boosted_by(f->db, id, &(struct page){.limit = 4, .min_id = 1}, items, &n), OK);
	assert_int_equal(n, 1);
}

static void test_boosts(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post(f, alice, "boost me"), boost, again;
	struct post_id hidden = post_np(
		f, (struct new_post){
			   .author = alice, .text = V("f"), .has_visibility = true, .visibility = VISIBILITY_PRIVATE});
	struct post_id direct = post_np(f, (struct new_post){.author = alice,
							     .text = V("@bob d"),
							     .has_visibility = true,
							     .visibility = VISIBILITY_DIRECT});

	assert_int_equal(boost_as(f, bob, id, &boost), OK);
	assert_int_equal(boost_as(f, bob, id, &again), OK);
	assert_true(post_eq(boost, again));
	struct post p = load(f, boost);
	assert_true(post_eq(p.meta.boost_of, id) && account_eq(p.meta.boost_author, alice));
	assert_int_equal(p.text.len, 0);
	assert_int_equal(load(f, id).boosts, 1);
	/* A mark on a boost is one on the post; a boost of a boost is one of the post. */
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, carol, boost, true), OK);
	assert_int_equal(load(f, id).favourites, 1);
	assert_int_equal(boost_as(f, carol, boost, &again), OK);
	assert_true(post_eq(load(f, again).meta.boost_of, id));
	assert_int_equal(boost_as(f, bob, hidden, &again), ERR_NOT_FOUND);
	assert_int_equal(boost_as(f, alice, hidden, &again), OK);
	assert_int_equal(load(f, again).meta.visibility, VISIBILITY_PRIVATE);
	assert_int_equal(boost_as(f, bob, direct, &again), ERR_FORBIDDEN);
	assert_int_equal(boost_as(f, alice, direct, &again), ERR_FORBIDDEN);
	for (int i = 0; i < 2; i++)
		assert_int_equal(post_unboost(f->core, f->db, &f->arena, bob, id), OK);
	assert_int_equal(load(f, id).boosts, 1);
	assert_int_equal(post_load(f->core, f->db, &f->arena, boost, &p), ERR_NOT_FOUND);
}

static void test_pins(void **state)
{
	struct fixture *f = *state;
	struct post_id ids[LIMIT_PINS + 1], theirs = post(f, bob, "not yours"), found[10];
	struct problem problem = {0};
	struct page page = {.limit = 10};
	int64_t on;
	size_t n;

	for (size_t i = 0; i <= LIMIT_PINS; i++)
		ids[i] = post(f, carol, "pin");
	for (size_t i = 0; i < LIMIT_PINS; i++)
		assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, ids[i], true, &problem), OK);
	assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, ids[0], true, &problem), OK);
	assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, ids[LIMIT_PINS], true, &problem),
			 ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: You have already pinned the maximum number of posts");
	assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, theirs, true, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: Someone else's post cannot be pinned");
	assert_int_equal(account_posts(f->core, f->db, &f->arena, viewer_nobody(), carol,
				       &(struct account_posts_filter){.pinned = true}, &page, found, &n, &on),
			 OK);
	assert_int_equal(n, LIMIT_PINS);
	assert_true(post_eq(found[0], ids[LIMIT_PINS - 1]));
	assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, ids[0], false, &problem), OK);
	assert_int_equal(post_pin(f->core, f->db, &f->arena, carol, ids[LIMIT_PINS], true, &problem), OK);
}

static void test_muted_thread(void **state)
{
	struct fixture *f = *state;
	struct post_id root = post(f, alice, "quiet please");
	int64_t before = told(f, alice, NOTIFY_MENTION);

	assert_int_equal(post_mute_thread(f->core, f->db, &f->arena, alice, root, true), OK);
	post_np(f, (struct new_post){.author = bob, .text = V("@alice hello?"), .reply_to = root});
	assert_int_equal(told(f, alice, NOTIFY_MENTION), before);
	assert_int_equal(post_mute_thread(f->core, f->db, &f->arena, alice, root, false), OK);
	post_np(f, (struct new_post){.author = bob, .text = V("@alice hello!"), .reply_to = root});
	assert_int_equal(told(f, alice, NOTIFY_MENTION), before + 1);
}

static enum err vote(struct fixture *f, struct account_id who, struct post_id id, const int64_t *choices, size_t n,
		     struct problem *problem)
{
	return poll_vote(f->core, f->db, &f->arena, who, id, choices, n, problem);
}

static void test_polls(void **state)
{
	struct fixture *f = *state;
	struct view options[] = {V("tea"), V("coffee"), V("water")};
	const struct new_poll one = {options, 3, 300, false, false}, many = {options, 3, 300, true, false};
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("drink?"), .poll = &one});
	struct post_id multi = post_np(f, (struct new_post){.author = alice, .text = V("drinks?"), .poll = &many});
	int64_t first[] = {0}, second[] = {1}, wrong[] = {3}, both[] = {0, 2};
	struct problem problem = {0};

	assert_int_equal(vote(f, bob, id, second, 1, &problem), OK);
	assert_int_equal(vote(f, bob, id, first, 1, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: You have already voted on this poll");
	assert_int_equal(vote(f, carol, id, both, 2, &problem), ERR_UNPROCESSABLE);
	assert_int_equal(vote(f, carol, id, wrong, 1, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: The chosen vote option does not exist");
	assert_int_equal(vote(f, alice, id, first, 1, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: You cannot vote in your own polls");
	struct post p = load(f, id);
	assert_int_equal(p.poll->voters, 1);
	assert_int_equal(p.poll->options[1].votes, 1);
	assert_int_equal(vote(f, bob, multi, both, 2, &problem), OK);
	assert_int_equal(vote(f, bob, multi, second, 1, &problem), OK);
	assert_int_equal(load(f, multi).poll->voters, 1);
	/* Other answers: the votes are void. */
	struct view other[] = {V("tea"), V("milk")};
	const struct new_poll changed = {other, 2, 600, false, false};
	assert_int_equal(edit(f, alice, id, (struct post_change){.text = V("drink?"), .poll = &changed}), OK);
	p = load(f, id);
	assert_int_equal(p.poll->voters, 0);
	assert_int_equal(p.poll->n_options, 2);
	assert_int_equal(vote(f, bob, id, first, 1, &problem), OK);
}

static enum err expire(struct db *tx, void *arg)
{
	return db_exec(tx, &test_expire, BINDS(B_INT(((struct post_id *)arg)->v)), NULL);
}

static void test_poll_ends(void **state)
{
	struct fixture *f = *state;
	struct view options[] = {V("a"), V("b")};
	const struct new_poll poll = {options, 2, 300, false, false};
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("ends"), .poll = &poll});
	int64_t choice = 0, authors = told(f, alice, NOTIFY_POLL), voters = told(f, bob, NOTIFY_POLL);
	struct problem problem = {0};

	assert_int_equal(vote(f, bob, id, &choice, 1, &problem), OK);
	assert_int_equal(polls_close_due(f->core, f->db, clock_now()), OK);
	assert_int_equal(told(f, bob, NOTIFY_POLL), voters);
	assert_int_equal(store_write(f->store, expire, &id), OK);
	assert_int_equal(vote(f, carol, id, &choice, 1, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, "Validation failed: The poll has already ended");
	for (int i = 0; i < 2; i++)
		assert_int_equal(polls_close_due(f->core, f->db, clock_now()), OK);
	assert_int_equal(told(f, bob, NOTIFY_POLL), voters + 1);
	assert_int_equal(told(f, alice, NOTIFY_POLL), authors + 1);
}

static size_t profile(struct fixture *f, struct account_id who, struct account_id owner,
		      struct account_posts_filter filter, struct post_id *ret)
{
	struct page page = {.limit = 40};
	struct viewer *v;
	int64_t on;
	size_t n;

	assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
	assert_int_equal(account_posts(f->core, f->db, &f->arena, v, owner, &filter, &page, ret, &n, &on), OK);
	viewer_put(v);
	return n;
}

SQL(test_tasks, "SELECT COUNT(*) FROM jobs WHERE kind = 'notify' AND $1 = 0");
static enum err add_task(struct db *tx, void *arg)
{
	return post_notify_add(tx, arg);
}

/* A page full of boosts that the viewer does not want is not the end of a profile. */
static void test_profile_under_hidden_boosts(void **state)
{
	struct fixture *f = *state;
	struct account_id fan = fixture_account(f, "booster"), loud = fixture_account(f, "loud");
	const struct account_posts_filter all = {0};
	struct post_id old = post(f, fan, "my own"), ids[3], boost;
	struct viewer *v;
	int64_t on = 0;
	size_t n = 0;

	for (size_t i = 0; i < 7; i++)
		assert_int_equal(boost_as(f, fan, post(f, loud, "loud"), &boost), OK);
	assert_int_equal(graph_mute(f->core, bob, loud, true, 0), OK);
	assert_int_equal(viewer_get(f->core, f->db, bob, &v), OK);
	assert_int_equal(
		account_posts(f->core, f->db, &f->arena, v, fan, &all, &(struct page){.limit = 3}, ids, &n, &on), OK);
	viewer_put(v);
	assert_true(n == 1 && post_eq(ids[0], old));
}

/* What a crash between the post and the telling leaves behind, and what the job makes of it. */
static void test_followers_are_told_after_a_crash(void **state)
{
	struct fixture *f = *state;
	struct account_id star = fixture_account(f, "star"), fan = fixture_account(f, "fan"),
			  named = fixture_account(f, "named");
	const struct follow_options plain = {0}, closely = {.has_notify = true, .notify = true};
	struct problem problem = {0};

	assert_int_equal(graph_follow(f->core, fan, star, &plain, NULL), OK);
	assert_int_equal(graph_follow(f->core, named, star, &plain, NULL), OK);
	post(f, star, "nobody has asked for it");
	assert_int_equal(graph_follow(f->core, fan, star, &closely, NULL), OK);
	assert_int_equal(graph_follow(f->core, named, star, &closely, NULL), OK);
	struct post_id id = post(f, star, "@named they have");
	assert_int_equal(told(f, fan, NOTIFY_STATUS), 1);
	assert_int_equal(told(f, named, NOTIFY_STATUS), 0);
	assert_int_equal(number(f, &test_tasks, 0), 0); /* all are told, so the task is done */

	struct notify_task t = {.kind = NOTIFY_STATUS, .author = star, .post = id, .thread_id = id.v};
	assert_int_equal(store_write(f->store, add_task, &t), OK);
	struct view payload = arena_printf(&f->arena, "%d %" PRIi64 " %" PRIi64 " %" PRIi64 " %" PRIi64 " 0 0",
					   NOTIFY_STATUS, star.v, id.v, id.v, t.job);
	assert_int_equal(post_notify_job(f->core, f->db, &f->arena, payload, &problem), OK);
	assert_int_equal(told(f, fan, NOTIFY_STATUS), 2);
	assert_int_equal(number(f, &test_tasks, 0), 0);
	/* Whoever comes second tells nobody twice. */
	assert_int_equal(post_notify_job(f->core, f->db, &f->arena, payload, &problem), ERR_CONFLICT);
	assert_int_equal(told(f, fan, NOTIFY_STATUS), 2);
	assert_int_equal(post_notify_job(f->core, f->db, &f->arena, V("0 x"), &problem), ERR_CORRUPT);
}

static void test_profile(void **state)
{
	struct fixture *f = *state;
	struct account_id dora = fixture_account(f, "dora");
	struct post_id ids[40], boost, other = post(f, alice, "other");
	struct account_posts_filter all = {0};
	int64_t picture = media(f, dora, MEDIA_READY, "image");

	post(f, dora, "open #tagged");
	post_np(f, (struct new_post){
			   .author = dora, .text = V("f"), .has_visibility = true, .visibility = VISIBILITY_PRIVATE});
	post_np(f,
		(struct new_post){
			.author = dora, .text = V("@bob d"), .has_visibility = true, .visibility = VISIBILITY_DIRECT});
	post_np(f, (struct new_post){.author = dora, .text = V("reply"), .reply_to = other});
	post_np(f, (struct new_post){.author = dora, .media = &picture, .n_media = 1});
	assert_int_equal(boost_as(f, dora, other, &boost), OK);
	assert_int_equal(profile(f, dora, dora, all, ids), 6);
	assert_int_equal(profile(f, carol, dora, all, ids), 4);
	assert_int_equal(profile(f, bob, dora, all, ids), 5); /* named in the direct one */
	assert_int_equal(profile(f, (struct account_id){0}, dora, all, ids), 4);
	assert_int_equal(profile(f, carol, dora, (struct account_posts_filter){.exclude_replies = true}, ids), 3);
	assert_int_equal(profile(f, carol, dora, (struct account_posts_filter){.exclude_boosts = true}, ids), 3);
	assert_int_equal(profile(f, carol, dora, (struct account_posts_filter){.only_media = true}, ids), 1);
	assert_int_equal(profile(f, carol, dora, (struct account_posts_filter){.tagged = V("tagged")}, ids), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_favourites),
		cmocka_unit_test(test_hidden_boosts),
		cmocka_unit_test(test_boosts),
		cmocka_unit_test(test_pins),
		cmocka_unit_test(test_muted_thread),
		cmocka_unit_test(test_polls),
		cmocka_unit_test(test_poll_ends),
		cmocka_unit_test(test_profile_under_hidden_boosts),
		cmocka_unit_test(test_followers_are_told_after_a_crash),
		cmocka_unit_test(test_profile),
	};
	return cmocka_run_group_tests(tests, posts_setup, fixture_teardown);
}
