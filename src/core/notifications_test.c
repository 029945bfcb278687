/*
 * notifications_test.c - who is told, who is not, and reading.
 */
#include "base/base.h"

#include "core/core_fixture.h"
#include "core/graph.h"
#include "core/markers.h"
#include "core/notifications.h"

static struct account_id alice, bob, carol;

struct telling {
	struct account_id to, from;
	enum notification_kind kind;
	struct post_id post;
	struct event_list events;
	bool take_back;
};

static enum err tell_tx(struct db *tx, void *arg)
{
	struct telling *t = arg;
	t->events.n = 0;
	if (t->take_back)
		return notification_remove(tx, t->to, t->kind, t->from, t->post);
	return notification_add(tx, &t->events, t->to, t->kind, t->from, t->post, 0);
}

static size_t tell(struct fixture *f, struct account_id to, enum notification_kind kind, struct account_id from,
		   int64_t post)
{
	struct telling t = {.to = to, .from = from, .kind = kind, .post = {post}};
	assert_int_equal(store_write(f->store, tell_tx, &t), OK);
	size_t n = t.events.n;
	event_list_drop(&t.events);
	return n;
}

static size_t listed(struct fixture *f, struct account_id to, struct notification_filter filter,
		     struct notification ret[40])
{
	size_t n = 0;
	assert_int_equal(notifications_page(f->db, to, &filter, &(struct page){.limit = 40}, ret, &n), OK);
	return n;
}

static int setup(void **state)
{
	fixture_setup(state);
	alice = fixture_account(*state, "alice");
	bob = fixture_account(*state, "bob");
	carol = fixture_account(*state, "carol");
	return 0;
}

static void tells_and_takes_back(void **state)
{
	struct fixture *f = *state;
	struct notification list[40], one;
	struct notification_filter all = {.kinds = NOTIFY_ALL};
	assert_int_equal(tell(f, alice, NOTIFY_FAVOURITE, bob, 11), 1);
	assert_int_equal(tell(f, alice, NOTIFY_REBLOG, bob, 11), 1);
	assert_int_equal(tell(f, alice, NOTIFY_FAVOURITE, carol, 12), 1);
	assert_int_equal(tell(f, alice, NOTIFY_FAVOURITE, alice, 11), 0);
	assert_int_equal(tell(f, alice, NOTIFY_POLL, alice, 13), 1);
	assert_int_equal(listed(f, alice, all, list), 4);
	assert_true(list[0].kind == NOTIFY_POLL && list[3].kind == NOTIFY_FAVOURITE && list[3].post.v == 11);
	assert_int_equal(listed(f, alice, (struct notification_filter){.kinds = 1u << NOTIFY_FAVOURITE}, list), 2);
	assert_int_equal(listed(f, alice, (struct notification_filter){.kinds = NOTIFY_ALL, .from = bob}, list), 2);
	assert_int_equal(notification_load(f->db, alice, list[0].id, &one), OK);
	assert_int_equal(notification_load(f->db, bob, list[0].id, &one), ERR_NOT_FOUND);

	struct telling back = {.to = alice, .from = bob, .kind = NOTIFY_FAVOURITE, .post = {11}, .take_back = true};
	assert_int_equal(store_write(f->store, tell_tx, &back), OK);
	assert_int_equal(listed(f, alice, all, list), 3);
	int64_t unread = 0;
	assert_int_equal(notifications_unread(f->db, alice, &all, 0, 100, &unread), OK);
	assert_int_equal(unread, 3);
	assert_int_equal(notifications_unread(f->db, alice, &all, list[1].id, 100, &unread), OK);
	assert_int_equal(unread, 1);
	assert_int_equal(notifications_unread(f->db, alice, &all, 0, 2, &unread), OK);
	assert_int_equal(unread, 2);
	assert_int_equal(notification_dismiss(f->core, bob, list[0].id), ERR_NOT_FOUND);
	assert_int_equal(notification_dismiss(f->core, alice, list[0].id), OK);
	assert_int_equal(notifications_clear_all(f->core, alice), OK);
	assert_int_equal(listed(f, alice, all, list), 0);
}

static void blocked_and_muted_people_are_not_heard(void **state)
{
	struct fixture *f = *state;
	struct notification list[40];
	struct notification_filter all = {.kinds = NOTIFY_ALL};
	assert_int_equal(tell(f, alice, NOTIFY_MENTION, bob, 21), 1);
	assert_int_equal(graph_mute(f->core, alice, bob, true, 0), OK);
	assert_int_equal(tell(f, alice, NOTIFY_MENTION, bob, 22), 0);
	assert_int_equal(listed(f, alice, all, list), 0);
	assert_int_equal(graph_mute(f->core, alice, bob, false, 0), OK);
	assert_int_equal(tell(f, alice, NOTIFY_MENTION, bob, 23), 1);
	assert_int_equal(listed(f, alice, all, list), 2);
	assert_int_equal(graph_unmute(f->core, alice, bob), OK);
	assert_int_equal(graph_block(f->core, bob, alice), OK);
	assert_int_equal(tell(f, alice, NOTIFY_MENTION, bob, 24), 0);
	assert_int_equal(tell(f, bob, NOTIFY_MENTION, alice, 25), 0);
	assert_int_equal(listed(f, alice, all, list), 0);
}

static void names_are_mastodons(void **state)
{
	(void)state;
	enum notification_kind k;
	for (int i = 0; i < NOTIFY_KINDS; i++) {
		assert_true(notification_parse(view_of(notification_name((enum notification_kind)i)), &k));
		assert_int_equal(k, i);
	}
	assert_false(notification_parse(V("nonsense"), &k));
}

static void markers_count_their_versions(void **state)
{
	struct fixture *f = *state;
	struct marker m;
	assert_int_equal(marker_get(f->db, alice, MARKER_HOME, &m), ERR_NOT_FOUND);
	assert_int_equal(markers_set(f->core, alice, (int64_t[]){5, 0}), OK);
	assert_int_equal(marker_get(f->db, alice, MARKER_HOME, &m), OK);
	assert_true(m.last_read_id == 5 && m.version == 1);
	assert_int_equal(marker_get(f->db, alice, MARKER_NOTIFICATIONS, &m), ERR_NOT_FOUND);
	assert_int_equal(markers_set(f->core, alice, (int64_t[]){7, 8}), OK);
	assert_int_equal(marker_get(f->db, alice, MARKER_HOME, &m), OK);
	assert_true(m.last_read_id == 7 && m.version == 2);
	assert_string_equal(marker_name(MARKER_NOTIFICATIONS), "notifications");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_and_takes_back),
		cmocka_unit_test(blocked_and_muted_people_are_not_heard),
		cmocka_unit_test(names_are_mastodons),
		cmocka_unit_test(markers_count_their_versions),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
