/*
 * notification_policy_test.c - each rule for whom it is and for whom it is not, what waits in requests, and groups.
 */
#include "base/base.h"

#include "core/posts_fixture.h"
#include "core/graph.h"
#include "core/notification_groups.h"
#include "core/notification_requests.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

SQL(test_account_age, "UPDATE accounts SET created_at = $2 WHERE id = $1");
SQL(test_account_bot, "UPDATE accounts SET actor_type = 'Service' WHERE id = $1");
SQL(test_account_limited, "UPDATE accounts SET silenced_at = $2 WHERE id = $1");
SQL(test_follow_age, "UPDATE followers SET id = $2 WHERE account_id = $1");
SQL(test_group_age, "UPDATE notifications SET group_id = $2 WHERE account_id = $1");

struct change {
	const struct sql *sql;
	int64_t values[2];
	size_t n;
};

static enum err change_tx(struct db *tx, void *arg)
{
	const struct change *c = arg;
	const struct bind binds[] = {B_INT(c->values[0]), B_INT(c->values[1])};
	return db_exec(tx, c->sql, binds, c->n, NULL);
}

static void change(struct fixture *f, const struct sql *sql, struct account_id who, int64_t value, size_t n)
{
	assert_int_equal(store_write(f->store, change_tx, &(struct change){sql, {who.v, value}, n}), OK);
}

struct judging {
	enum notification_kind kind;
	struct post_id post;
	enum notification_verdict verdict;
};

static enum err judge_tx(struct db *tx, void *arg)
{
	struct judging *j = arg;
	return notification_judge(tx, alice, j->kind, bob, j->post, &j->verdict);
}

static enum notification_verdict judge(struct fixture *f, enum notification_kind kind, struct post_id post)
{
	struct judging j = {.kind = kind, .post = post};
	assert_int_equal(store_write(f->store, judge_tx, &j), OK);
	return j.verdict;
}

static void choose(struct fixture *f, enum notification_rule rule, enum notification_verdict verdict)
{
	struct notification_policy p = {0};
	p.rules[rule] = verdict;
	assert_int_equal(notification_policy_save(f->core, alice, &p), OK);
}

static void follow(struct fixture *f, struct account_id who, struct account_id whom)
{
	struct problem problem = {0};
	assert_int_equal(graph_follow(f->core, who, whom, &(struct follow_options){0}, &problem), OK);
}

static void of_people_not_followed(void **state)
{
	struct fixture *f = *state;
	choose(f, RULE_NOT_FOLLOWING, VERDICT_DROP);
	assert_int_equal(judge(f, NOTIFY_FAVOURITE, (struct post_id){0}), VERDICT_DROP);
	assert_int_equal(judge(f, NOTIFY_POLL, (struct post_id){0}), VERDICT_ACCEPT);
	follow(f, alice, bob);
	assert_int_equal(judge(f, NOTIFY_FAVOURITE, (struct post_id){0}), VERDICT_ACCEPT);
}

static void of_people_who_do_not_follow(void **state)
{
	struct fixture *f = *state;
	choose(f, RULE_NOT_FOLLOWERS, VERDICT_FILTER);
	assert_int_equal(judge(f, NOTIFY_REBLOG, (struct post_id){0}), VERDICT_FILTER);
	follow(f, bob, alice);
	assert_int_equal(judge(f, NOTIFY_REBLOG, (struct post_id){0}), VERDICT_FILTER);
	change(f, &test_follow_age, alice, id_at(clock_now() - 4 * DAY_MS), 2);
	assert_int_equal(judge(f, NOTIFY_REBLOG, (struct post_id){0}), VERDICT_ACCEPT);
}

static void of_new_accounts(void **state)
{
	struct fixture *f = *state;
	choose(f, RULE_NEW_ACCOUNTS, VERDICT_FILTER);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_FILTER);
	change(f, &test_account_age, bob, clock_now() - 31 * DAY_MS, 2);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_ACCEPT);
}

static void of_bots_and_limited_accounts(void **state)
{
	struct fixture *f = *state;
	choose(f, RULE_BOTS, VERDICT_DROP);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_ACCEPT);
	change(f, &test_account_bot, bob, 0, 1);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_DROP);
	choose(f, RULE_LIMITED_ACCOUNTS, VERDICT_FILTER);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_ACCEPT);
	change(f, &test_account_limited, bob, 1, 2);
	assert_int_equal(judge(f, NOTIFY_FOLLOW, (struct post_id){0}), VERDICT_FILTER);
}

static struct post_id whisper(struct fixture *f, struct account_id who, const char *text, struct post_id reply_to)
{
	return post_np(f, (struct new_post){.author = who,
					    .text = view_of(text),
					    .has_visibility = true,
					    .visibility = VISIBILITY_DIRECT,
					    .reply_to = reply_to});
}

static size_t waiting(struct fixture *f, struct notification_request *ret)
{
	size_t n = 0;
	assert_int_equal(notification_requests_page(f->db, alice, &(struct page){.limit = 1}, ret, &n), OK);
	return n;
}

static void private_mentions_wait_unless_they_answer(void **state)
{
	struct fixture *f = *state;
	struct notification_request r;
	struct post_id first = whisper(f, bob, "@alice hello", (struct post_id){0});

	assert_int_equal(waiting(f, &r), 1);
	assert_true(r.count == 1 && r.last.v == first.v && account_eq(r.from, bob));
	struct post_id asked = whisper(f, alice, "@bob how?", (struct post_id){0});
	struct post_id between = whisper(f, bob, "well", asked);
	struct post_id answer = whisper(f, bob, "@alice so", between);
	assert_int_equal(judge(f, NOTIFY_MENTION, answer), VERDICT_ACCEPT);
	assert_int_equal(judge(f, NOTIFY_MENTION, first), VERDICT_FILTER);
	assert_int_equal(waiting(f, &r), 1);
	assert_int_equal(r.count, 1);
}

static void requests_are_accepted_or_dismissed(void **state)
{
	struct fixture *f = *state;
	const struct notification_filter all = {.kinds = NOTIFY_ALL};
	struct notification_request r;
	int64_t requests, notifications;
	int64_t unread;

	whisper(f, bob, "@alice one", (struct post_id){0});
	whisper(f, bob, "@alice two", (struct post_id){0});
	assert_int_equal(notification_requests_count(f->db, alice, &requests, &notifications), OK);
	assert_true(requests == 1 && notifications == 2);
	assert_int_equal(waiting(f, &r), 1);
	assert_int_equal(notification_request_dismiss(f->core, bob, r.id), ERR_NOT_FOUND);
	assert_int_equal(notification_request_dismiss(f->core, alice, r.id), OK);
	assert_int_equal(waiting(f, &r), 0);
	assert_int_equal(notification_request_accept(f->core, alice, r.id), ERR_NOT_FOUND);

	whisper(f, bob, "@alice three", (struct post_id){0});
	assert_int_equal(waiting(f, &r), 1);
	assert_int_equal(notifications_unread(f->core, f->db, &f->arena, alice, &all, 0, 10, &unread), OK);
	assert_int_equal(unread, 0);
	fixture_forget(f);
	assert_int_equal(notification_request_accept(f->core, alice, r.id), OK);
	assert_int_equal(fixture_events(f, EVENT_NOTIFICATIONS_MERGED), 1);
	assert_int_equal(fixture_events(f, EVENT_CONVERSATION), 1);
	assert_int_equal(waiting(f, &r), 0);
	whisper(f, bob, "@alice four", (struct post_id){0});
	assert_int_equal(notifications_unread(f->core, f->db, &f->arena, alice, &all, 0, 10, &unread), OK);
	assert_int_equal(unread, 2);
}

static void groups_end_after_some_hours(void **state)
{
	struct fixture *f = *state;
	const struct notification_filter all = {.kinds = NOTIFY_ALL, .grouped = NOTIFY_GROUPED};
	struct account_id dave = fixture_account(f, "dave");
	struct notification_group groups[4];
	int64_t on;
	size_t n;

	follow(f, bob, alice);
	follow(f, carol, alice);
	assert_int_equal(
		notification_groups_page(f->core, f->db, alice, &all, &(struct page){.limit = 4}, groups, &n, &on), OK);
	assert_true(n == 1 && groups[0].count == 2 && account_eq(groups[0].sample[0], carol));
	change(f, &test_group_age, alice, id_at(clock_now() - NOTIFICATION_GROUP_MS - 1000), 2);
	follow(f, dave, alice);
	assert_int_equal(
		notification_groups_page(f->core, f->db, alice, &all, &(struct page){.limit = 4}, groups, &n, &on), OK);
	assert_true(n == 2 && groups[0].count == 1 && groups[1].count == 2);
	/* A page of one ends above the group; the next one has it whole. */
	assert_int_equal(
		notification_groups_page(f->core, f->db, alice, &all, &(struct page){.limit = 1}, groups, &n, &on), OK);
	assert_true(n == 1 && on == groups[0].newest.id && groups[0].page_min_id == on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(of_people_not_followed, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(of_people_who_do_not_follow, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(of_new_accounts, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(of_bots_and_limited_accounts, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(private_mentions_wait_unless_they_answer, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(requests_are_accepted_or_dismissed, posts_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(groups_end_after_some_hours, posts_setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
