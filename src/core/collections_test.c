/*
 * collections_test.c - who gets into a collection, stays there, and is told.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/collections.h"
#include "core/graph.h"
#include "core/notifications.h"

static void be_found(struct fixture *f, struct account_id who, bool discoverable)
{
	struct profile_change ch = {.has_discoverable = true, .discoverable = discoverable};
	struct problem p = {0};

	assert_int_equal(account_update(f->core, f->db, &f->arena, who, &ch, &p), OK);
}

static struct account_id person(struct fixture *f, const char *name)
{
	struct account_id who = fixture_account(f, name);

	be_found(f, who, true);
	return who;
}

static struct collection make(struct fixture *f, struct account_id owner, struct account_id member)
{
	struct collection col = {.owner = owner, .name = V("birds"), .tag = V("#Kicau"), .language = V("EN")};
	struct problem p = {0};

	assert_int_equal(collection_create(f->core, f->db, &f->arena, &col, &member, 1, &p), OK);
	return col;
}

static size_t told(struct fixture *f, struct account_id who, enum notification_kind kind)
{
	const struct notification_filter filter = {.kinds = 1u << kind};
	struct notification list[NOTIFICATIONS_PAGE];
	size_t n = 0;
	int64_t on;

	assert_int_equal(notifications_page(f->core, f->db, who, &filter, &(struct page){.limit = 10}, list, &n, &on),
			 OK);
	return n;
}

static void test_keeps_what_was_meant(void **state)
{
	struct fixture *f = *state;
	struct account_id a = person(f, "keeper"), b = person(f, "kept");
	struct collection col = make(f, a, b), got;
	struct problem p = {0};

	assert_true(view_is(col.tag, "Kicau") && view_is(col.language, "en"));
	assert_int_equal(collection_load(f->db, &f->arena, col.id, &got), OK);
	assert_true(account_eq(got.owner, a) && view_is(got.tag, "Kicau") && !got.discoverable);
	got.owner = b;
	assert_int_equal(collection_update(f->core, &f->arena, &got, &p), ERR_NOT_FOUND);
	assert_int_equal(collection_delete(f->core, b, col.id), ERR_NOT_FOUND);
	assert_int_equal(told(f, b, NOTIFY_ADDED_TO_COLLECTION), 1);
	assert_int_equal(collection_delete(f->core, a, col.id), OK);
	assert_int_equal(told(f, b, NOTIFY_ADDED_TO_COLLECTION), 0);
	assert_int_equal(collection_load(f->db, &f->arena, col.id, &got), ERR_NOT_FOUND);
}

static void test_nobody_gets_in_against_their_will(void **state)
{
	struct fixture *f = *state;
	struct account_id a = person(f, "maker"), b = person(f, "guest"), c = person(f, "hider");
	struct collection col = make(f, a, b);
	struct collection_item items[LIMIT_COLLECTION_ITEMS], item;
	struct problem p = {0};
	size_t n = 0;

	be_found(f, c, false);
	assert_int_equal(collection_add(f->core, f->db, &col, c, &item, &p), ERR_FORBIDDEN);
	be_found(f, c, true);
	assert_int_equal(collection_add(f->core, f->db, &col, c, &item, &p), OK);
	assert_int_equal(collection_leave(f->core, b, col.id, item.id), ERR_FORBIDDEN);
	assert_int_equal(collection_leave(f->core, c, col.id, item.id), OK);
	assert_int_equal(collection_remove(f->core, a, col.id, item.id), ERR_NOT_FOUND);
	assert_int_equal(collection_add(f->core, f->db, &col, c, &item, &p), ERR_UNPROCESSABLE);
	assert_int_equal(collection_items_load(f->db, col.id, items, &n), OK);
	assert_true(n == 1 && account_eq(items[0].account, b));
	assert_int_equal(collection_remove(f->core, c, col.id, items[0].id), ERR_NOT_FOUND);
	assert_int_equal(collection_remove(f->core, a, col.id, items[0].id), OK);
	assert_int_equal(told(f, b, NOTIFY_ADDED_TO_COLLECTION), 0);
	assert_int_equal(collection_add(f->core, f->db, &col, (struct account_id){col.id}, &item, &p), ERR_NOT_FOUND);
}

/* The one who blocks takes the other out, and is gone for good from what the other has. */
static void test_a_block_parts_them(void **state)
{
	struct fixture *f = *state;
	struct account_id a = person(f, "blocker"), b = person(f, "victim");
	struct collection of_a = make(f, a, b), of_b = make(f, b, a);
	struct collection_item item;
	struct problem p = {0};

	assert_int_equal(graph_block(f->core, a, b), OK);
	assert_int_equal(collection_add(f->core, f->db, &of_a, b, &item, &p), ERR_FORBIDDEN);
	assert_int_equal(collection_add(f->core, f->db, &of_b, a, &item, &p), ERR_FORBIDDEN);
	assert_int_equal(graph_unblock(f->core, a, b), OK);
	assert_int_equal(told(f, a, NOTIFY_ADDED_TO_COLLECTION) + told(f, b, NOTIFY_ADDED_TO_COLLECTION), 0);
	assert_int_equal(collection_add(f->core, f->db, &of_a, b, &item, &p), OK);
	assert_int_equal(collection_add(f->core, f->db, &of_b, a, &item, &p), ERR_UNPROCESSABLE);
}

static void test_only_new_words_are_told(void **state)
{
	struct fixture *f = *state;
	struct account_id a = person(f, "teller"), b = person(f, "told");
	struct collection col = make(f, a, b);
	struct problem p = {0};

	col.sensitive = true;
	assert_int_equal(collection_update(f->core, &f->arena, &col, &p), OK);
	assert_int_equal(told(f, b, NOTIFY_COLLECTION_UPDATE), 0);
	for (int i = 0; i < 3; i++) {
		col.name = arena_printf(&f->arena, "birds %d", i);
		assert_int_equal(collection_update(f->core, &f->arena, &col, &p), OK);
	}
	assert_int_equal(told(f, b, NOTIFY_COLLECTION_UPDATE), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_what_was_meant),
		cmocka_unit_test(test_nobody_gets_in_against_their_will),
		cmocka_unit_test(test_a_block_parts_them),
		cmocka_unit_test(test_only_new_words_are_told),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
