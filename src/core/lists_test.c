/*
 * lists_test.c
 */
#include "base/base.h"

#include "core/core_fixture.h"
#include "core/lists.h"

static void makes_changes_and_deletes(void **state)
{
	struct fixture *f = *state;
	struct account_id a = fixture_account(f, "owner"), b = fixture_account(f, "stranger");
	struct list list = {.title = V("one"), .replies = REPLIES_LIST}, got;
	struct problem p = {0};
	struct list blank = {.title = V("  ")};
	assert_int_equal(list_create(f->core, a, &blank, &p), ERR_UNPROCESSABLE);
	assert_string_equal(p.text, "Validation failed: Title can't be blank");
	assert_int_equal(list_create(f->core, a, &list, &p), OK);
	assert_int_equal(list_load(f->db, &f->arena, b, list.id, &got), ERR_NOT_FOUND);
	assert_int_equal(list_update(f->core, b, &list, &p), ERR_NOT_FOUND);
	assert_int_equal(list_delete(f->core, b, list.id), ERR_NOT_FOUND);
	list.title = V("two");
	list.replies = REPLIES_NONE;
	list.exclusive = true;
	assert_int_equal(list_update(f->core, a, &list, &p), OK);
	assert_int_equal(list_load(f->db, &f->arena, a, list.id, &got), OK);
	assert_true(view_is(got.title, "two") && got.replies == REPLIES_NONE && got.exclusive);
	assert_int_equal(list_delete(f->core, a, list.id), OK);
	assert_int_equal(list_load(f->db, &f->arena, a, list.id, &got), ERR_NOT_FOUND);
}

static void members_are_followed_or_oneself(void **state)
{
	struct fixture *f = *state;
	struct account_id a = fixture_account(f, "keeper"), b = fixture_account(f, "friend"),
			  c = fixture_account(f, "other");
	struct list list = {.title = V("friends")}, some[LIMIT_LISTS];
	struct graph_entry members[4];
	struct problem p = {0};
	size_t n = 0;
	assert_int_equal(graph_follow(f->core, a, b, &(struct follow_options){0}, NULL), OK);
	assert_int_equal(list_create(f->core, a, &list, &p), OK);
	assert_int_equal(list_add(f->core, a, list.id, (struct account_id[]){b, c}, 2, &p), ERR_NOT_FOUND);
	assert_int_equal(list_members(f->db, list.id, &(struct page){.limit = 4}, members, &n), OK);
	assert_int_equal(n, 0); /* all or none */
	assert_int_equal(list_add(f->core, c, list.id, &c, 1, &p), ERR_NOT_FOUND);
	fixture_forget(f);
	assert_int_equal(list_add(f->core, a, list.id, (struct account_id[]){b, a}, 2, &p), OK);
	assert_true(f->seen.n == 2 && account_eq(f->seen.v[0].target, b) && account_eq(f->seen.v[1].target, a));
	fixture_forget(f);
	assert_int_equal(list_update(f->core, a, &list, &p), OK); /* whoever is no member has nothing to do with it */
	assert_int_equal(fixture_events(f, EVENT_LIST_CHANGED), 2);
	assert_true(f->seen.v[0].target.v && f->seen.v[1].target.v);
	assert_int_equal(list_add(f->core, a, list.id, &b, 1, &p), ERR_UNPROCESSABLE);
	assert_string_equal(p.text, "Validation failed: Account has already been taken");
	assert_int_equal(lists_load(f->db, &f->arena, a, b, some, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(lists_load(f->db, &f->arena, a, c, some, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(list_remove(f->core, a, list.id, (struct account_id[]){a, c}, 2), OK);
	assert_int_equal(graph_unfollow(f->core, a, b), OK); /* leaves the list */
	assert_int_equal(list_members(f->db, list.id, &(struct page){.limit = 4}, members, &n), OK);
	assert_int_equal(n, 0);
}

static void there_is_a_maximum(void **state)
{
	struct fixture *f = *state;
	struct account_id a = fixture_account(f, "collector");
	struct list list = {.title = V("x")}, some[LIMIT_LISTS];
	struct problem p = {0};
	size_t n = 0;
	for (size_t i = 0; i < LIMIT_LISTS; i++)
		assert_int_equal(list_create(f->core, a, &list, &p), OK);
	assert_int_equal(list_create(f->core, a, &list, &p), ERR_UNPROCESSABLE);
	assert_int_equal(lists_load(f->db, &f->arena, a, (struct account_id){0}, some, &n), OK);
	assert_int_equal(n, LIMIT_LISTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_changes_and_deletes),
		cmocka_unit_test(members_are_followed_or_oneself),
		cmocka_unit_test(there_is_a_maximum),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
