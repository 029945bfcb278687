/*
 * graph_test.c - follows, requests, blocks and mutes, with their counts, notifications and events.
 */
#include "base/base.h"

#include "core/account_marks.h"
#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/account_delete.h"
#include "core/graph.h"
#include "core/lists.h"
#include "core/notifications.h"

static const struct follow_options plain;
static unsigned serial;

static struct account_id somebody(struct fixture *f)
{
	char name[16];
	snprintf(name, sizeof(name), "person%u", ++serial);
	return fixture_account(f, name);
}

static struct account loaded(struct fixture *f, struct account_id id)
{
	struct account a;
	assert_int_equal(account_load(f->db, &f->arena, id, &a), OK);
	return a;
}

static void counts_are(struct fixture *f, struct account_id id, int64_t following, int64_t followers)
{
	struct account a = loaded(f, id);
	assert_int_equal(a.following, following);
	assert_int_equal(a.followers, followers);
}

static struct relationship between(struct fixture *f, struct account_id who, struct account_id other)
{
	struct relationship r;
	assert_int_equal(graph_relationships(f->db, &f->arena, who, &other, 1, &r), OK);
	return r;
}

static size_t told(struct fixture *f, struct account_id to, enum notification_kind kind)
{
	struct notification list[40];
	size_t n = 0;
	struct page page = {.limit = ARRAY_LEN(list)};
	struct notification_filter filter = {.kinds = 1u << kind};
	assert_int_equal(notifications_page(f->core, f->db, to, &filter, &page, list, &n, &(int64_t){0}), OK);
	return n;
}

static void follow(struct fixture *f, struct account_id a, struct account_id b)
{
	assert_int_equal(graph_follow(f->core, a, b, &plain, NULL), OK);
}

static void lock(struct fixture *f, struct account_id id, bool on)
{
	struct profile_change ch = {.has_locked = true, .locked = on};
	assert_int_equal(account_update(f->core, f->db, &f->arena, id, &ch, NULL), OK);
}

static void follows_and_unfollows(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f);
	fixture_forget(f);
	follow(f, a, b);
	assert_int_equal(fixture_events(f, EVENT_GRAPH_CHANGED), 1);
	assert_int_equal(fixture_events(f, EVENT_NOTIFICATION), 1);
	follow(f, a, b); /* again changes nothing */
	counts_are(f, a, 1, 0);
	counts_are(f, b, 0, 1);
	assert_int_equal(told(f, b, NOTIFY_FOLLOW), 1);
	struct relationship r = between(f, a, b);
	assert_true(r.following && r.showing_boosts && !r.notifying && !r.followed_by && !r.requested);
	assert_true(between(f, b, a).followed_by);

	struct follow_options o = {
		.has_boosts = true, .has_notify = true, .notify = true, .has_languages = true, .languages = V("en,id")};
	assert_int_equal(graph_follow(f->core, a, b, &o, NULL), OK);
	r = between(f, a, b);
	assert_true(r.following && !r.showing_boosts && r.notifying && view_is(r.languages, "en,id"));

	assert_int_equal(graph_unfollow(f->core, a, b), OK);
	assert_int_equal(graph_unfollow(f->core, a, b), OK);
	counts_are(f, a, 0, 0);
	counts_are(f, b, 0, 0);
	assert_int_equal(told(f, b, NOTIFY_FOLLOW), 0);
	assert_false(between(f, a, b).following);
	follow(f, a, b);
	assert_int_equal(graph_remove_follower(f->core, b, a), OK);
	counts_are(f, b, 0, 0);
}

static void refuses_follows(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f);
	struct problem p = {0};
	assert_int_equal(graph_follow(f->core, a, a, &plain, &p), ERR_NOT_FOUND);
	assert_int_equal(graph_follow(f->core, a, (struct account_id){77}, &plain, &p), ERR_NOT_FOUND);
	assert_int_equal(graph_block(f->core, b, a), OK);
	assert_int_equal(graph_follow(f->core, a, b, &plain, &p), ERR_FORBIDDEN);
	assert_string_equal(p.text, "This action is not allowed");
	assert_int_equal(graph_follow(f->core, b, a, &plain, &p), ERR_FORBIDDEN);
	assert_int_equal(graph_unblock(f->core, b, a), OK);
	assert_int_equal(account_mark(f->core, b, MARK_SUSPENDED, true), OK);
	assert_int_equal(graph_follow(f->core, a, b, &plain, &p), ERR_NOT_FOUND);
}

static void asks_locked_accounts(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f), c = somebody(f), d = somebody(f);
	struct user u;
	lock(f, b, true);
	follow(f, a, b);
	follow(f, c, b);
	follow(f, d, b);
	counts_are(f, b, 0, 0);
	assert_true(between(f, a, b).requested && !between(f, a, b).following);
	assert_true(between(f, b, a).requested_by);
	assert_int_equal(told(f, b, NOTIFY_FOLLOW_REQUEST), 3);
	assert_int_equal(user_load(f->db, &f->arena, b, &u), OK);
	assert_int_equal(u.follow_requests, 3);

	assert_int_equal(graph_authorize(f->core, b, a), OK);
	assert_int_equal(graph_authorize(f->core, b, a), ERR_NOT_FOUND);
	counts_are(f, b, 0, 1);
	counts_are(f, a, 1, 0);
	assert_int_equal(graph_reject(f->core, b, c), OK);
	assert_int_equal(graph_reject(f->core, b, c), ERR_NOT_FOUND);
	assert_false(between(f, c, b).requested);
	assert_int_equal(told(f, b, NOTIFY_FOLLOW_REQUEST), 1);
	lock(f, b, false); /* lets in who waits */
	counts_are(f, b, 0, 2);
	assert_true(between(f, d, b).following);
	assert_int_equal(told(f, b, NOTIFY_FOLLOW_REQUEST), 0);

	lock(f, c, true);
	follow(f, a, c);
	assert_int_equal(graph_unfollow(f->core, a, c), OK);
	assert_false(between(f, a, c).requested);
}

static void blocks_end_everything(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f), c = somebody(f);
	struct list list = {.title = V("friends")};
	struct graph_entry members[4];
	size_t n = 0;
	follow(f, a, b);
	follow(f, b, a);
	lock(f, c, true);
	follow(f, a, c);
	assert_int_equal(list_create(f->core, a, &list, NULL), OK);
	assert_int_equal(list_add(f->core, a, list.id, (struct account_id[]){b, c, a}, 3, NULL), OK);
	assert_int_equal(told(f, a, NOTIFY_FOLLOW), 1);

	assert_int_equal(graph_block(f->core, a, b), OK);
	counts_are(f, a, 0, 0);
	counts_are(f, b, 0, 0);
	struct relationship r = between(f, a, b);
	assert_true(r.blocking && !r.blocked_by && !r.following && !r.followed_by);
	assert_true(between(f, b, a).blocked_by);
	assert_int_equal(told(f, a, NOTIFY_FOLLOW), 0);
	assert_int_equal(list_members(f->db, list.id, &(struct page){.limit = 4}, members, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(graph_block(f->core, c, a), OK);
	assert_false(between(f, a, c).requested);
	assert_int_equal(graph_block(f->core, a, a), OK);
	assert_int_equal(graph_mute(f->core, a, a, true, 0), OK);
	assert_false(between(f, a, a).blocking || between(f, a, a).muting);
	assert_int_equal(graph_unblock(f->core, a, b), OK);
	assert_false(between(f, a, b).blocking);
	assert_false(between(f, b, a).blocked_by);
}

static void mutes_end_by_themselves(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f);
	follow(f, b, a);
	assert_int_equal(told(f, a, NOTIFY_FOLLOW), 1);
	assert_int_equal(graph_mute(f->core, a, b, true, 0), OK);
	struct relationship r = between(f, a, b);
	assert_true(r.muting && r.muting_notifications && r.muting_until == 0);
	assert_int_equal(told(f, a, NOTIFY_FOLLOW), 0); /* hidden, not forgotten */
	assert_int_equal(graph_mute(f->core, a, b, false, 60), OK);
	r = between(f, a, b);
	assert_true(r.muting && !r.muting_notifications && r.muting_until > clock_now());
	assert_int_equal(told(f, a, NOTIFY_FOLLOW), 1);
	fixture_forget(f);
	assert_int_equal(graph_expire_mutes(f->core, f->db, clock_now()), OK);
	assert_true(between(f, a, b).muting);
	assert_int_equal(graph_expire_mutes(f->core, f->db, r.muting_until), OK);
	assert_false(between(f, a, b).muting);
	assert_int_equal(fixture_events(f, EVENT_GRAPH_CHANGED), 1);
	assert_int_equal(graph_unmute(f->core, a, b), OK);
}

static void pages_go_both_ways(void **state)
{
	struct fixture *f = *state;
	struct account_id star = somebody(f), fans[5];
	struct graph_entry all[10], part[10];
	size_t n = 0;
	for (size_t i = 0; i < 5; i++) {
		fans[i] = somebody(f);
		follow(f, fans[i], star);
	}
	assert_int_equal(graph_page(f->db, GRAPH_FOLLOWERS, star, &(struct page){.limit = 10}, all, &n), OK);
	assert_int_equal(n, 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(account_eq(all[i].account, fans[4 - i]));
	struct page older = {.limit = 2, .max_id = all[1].cursor}, above = {.limit = 2, .min_id = all[4].cursor};
	assert_int_equal(graph_page(f->db, GRAPH_FOLLOWERS, star, &older, part, &n), OK);
	assert_true(n == 2 && account_eq(part[0].account, fans[2]) && account_eq(part[1].account, fans[1]));
	assert_int_equal(graph_page(f->db, GRAPH_FOLLOWERS, star, &above, part, &n), OK);
	assert_true(n == 2 && account_eq(part[0].account, fans[2]) && account_eq(part[1].account, fans[1]));
	struct page newer = {.limit = 2, .since_id = all[4].cursor};
	assert_int_equal(graph_page(f->db, GRAPH_FOLLOWERS, star, &newer, part, &n), OK);
	assert_true(n == 2 && account_eq(part[0].account, fans[4]));
}

static void notes_endorsements_and_friends_of_friends(void **state)
{
	struct fixture *f = *state;
	struct account_id a = somebody(f), b = somebody(f), c = somebody(f), ids[4];
	struct problem p = {0};
	size_t n = 0;
	assert_int_equal(graph_note(f->core, a, b, V("met at the fair"), &p), OK);
	assert_true(view_is(between(f, a, b).note, "met at the fair"));
	assert_int_equal(graph_note(f->core, a, b, V(""), &p), OK);
	assert_true(view_is(between(f, a, b).note, ""));
	assert_int_equal(graph_endorse(f->core, a, b, true, &p), ERR_UNPROCESSABLE);
	follow(f, a, b);
	assert_int_equal(graph_endorse(f->core, a, b, true, &p), OK);
	assert_true(between(f, a, b).endorsed);
	follow(f, b, c);
	assert_int_equal(graph_familiar(f->db, a, c, 4, ids, &n), OK);
	assert_true(n == 1 && account_eq(ids[0], b));
	assert_int_equal(graph_suggestions(f->db, a, 4, ids, &n), OK);
	assert_int_equal(n, 0); /* c has not asked to be found */
	struct profile_change ch = {.has_discoverable = true, .discoverable = true};
	assert_int_equal(account_update(f->core, f->db, &f->arena, c, &ch, NULL), OK);
	assert_int_equal(graph_suggestions(f->db, a, 4, ids, &n), OK);
	assert_true(n == 1 && account_eq(ids[0], c));
	assert_int_equal(graph_forget_suggestion(f->core, a, c), OK);
	assert_int_equal(graph_forget_suggestion(f->core, a, c), OK);
	assert_int_equal(graph_suggestions(f->db, a, 4, ids, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(graph_directory(f->db, true, true, 4, 0, ids, &n), OK);
	assert_true(n == 1 && account_eq(ids[0], c));
	assert_int_equal(graph_directory(f->db, false, false, 4, 0, ids, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(graph_unfollow(f->core, a, b), OK);
	assert_false(between(f, a, b).endorsed);
}

/* Followers one hides, or hides from somebody by a block, are not told as friends of theirs either. */
static void familiar_followers_respect_the_hidden(void **state)
{
	struct fixture *f = *state;
	struct account_id me = somebody(f), friend = somebody(f), star = somebody(f), ids[4];
	struct profile_change hide = {.has_hide_collections = true, .hide_collections = true},
			      show = {.has_hide_collections = true};
	size_t n = 0;
	follow(f, me, friend);
	follow(f, friend, star);
	assert_int_equal(graph_familiar(f->db, me, star, 4, ids, &n), OK);
	assert_true(n == 1 && account_eq(ids[0], friend));
	assert_int_equal(account_update(f->core, f->db, &f->arena, star, &hide, NULL), OK);
	assert_int_equal(graph_familiar(f->db, me, star, 4, ids, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(account_update(f->core, f->db, &f->arena, star, &show, NULL), OK);
	assert_int_equal(graph_block(f->core, star, me), OK);
	assert_int_equal(graph_familiar(f->db, me, star, 4, ids, &n), OK);
	assert_int_equal(n, 0);
}

static void a_deleted_account_asks_nobody(void **state)
{
	struct fixture *f = *state;
	struct account_id locked = somebody(f), asking = somebody(f);
	struct graph_entry entries[2];
	size_t n = 0;
	lock(f, locked, true);
	follow(f, asking, locked);
	assert_int_equal(graph_page(f->db, GRAPH_REQUESTS, locked, &(struct page){.limit = 2}, entries, &n), OK);
	assert_int_equal(n, 1);
	bool more = true;
	size_t gone;
	assert_int_equal(account_delete_begin(f->core, f->db, asking), OK);
	while (more)
		assert_int_equal(account_delete_some(f->core, f->db, asking, &gone, &more), OK);
	assert_int_equal(graph_page(f->db, GRAPH_REQUESTS, locked, &(struct page){.limit = 2}, entries, &n), OK);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_and_unfollows),
		cmocka_unit_test(refuses_follows),
		cmocka_unit_test(asks_locked_accounts),
		cmocka_unit_test(blocks_end_everything),
		cmocka_unit_test(mutes_end_by_themselves),
		cmocka_unit_test(pages_go_both_ways),
		cmocka_unit_test(notes_endorsements_and_friends_of_friends),
		cmocka_unit_test(familiar_followers_respect_the_hidden),
		cmocka_unit_test(a_deleted_account_asks_nobody),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
