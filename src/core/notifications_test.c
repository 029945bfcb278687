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
		return notification_remove(tx, &t->events, t->to, t->kind, t->from, t->post);
	return notification_add(tx, &t->events, t->to, t->kind, t->from, t->post, 0);
}

static size_t tell(struct fixture *f, struct account_id to, enum notification_kind kind, struct account_id from,
		   int64_t post)
{
	struct telling t = {.to = to, .from = from, .kind = kind, .post = {post}};
	assert_int_equal(store_write(f->store, tell_tx, &t), OK);
	size_t n = t.events.n;
	events_announce_all(f->core->events, &t.events);
	return n;
}

static size_t listed(struct fixture *f, struct account_id to, struct notification_filter filter,
		     struct notification ret[40])
{
	size_t n = 0;
	assert_int_equal(
		notifications_page(f->core, f->db, to, &filter, &(struct page){.limit = 40}, ret, &n, &(int64_t){0}),
		OK);
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
	events_announce_all(f->core->events, &back.events);
	assert_int_equal(listed(f, alice, all, list), 3);
	int64_t unread = 0;
	assert_int_equal(notifications_unread(f->core, f->db, &f->arena, alice, &all, 0, 100, &unread), OK);
	assert_int_equal(unread, 3);
	assert_int_equal(notifications_unread(f->core, f->db, &f->arena, alice, &all, list[1].id, 100, &unread), OK);
	assert_int_equal(unread, 1);
	assert_int_equal(notifications_unread(f->core, f->db, &f->arena, alice, &all, 0, 2, &unread), OK);
	assert_int_equal(unread, 2);
	assert_int_equal(notification_dismiss(f->core, bob, list[0].id), ERR_NOT_FOUND);
	assert_int_equal(notification_dismiss(f->core, alice, list[0].id), OK);
	assert_int_equal(notifications_clear_all(f->core, f->db, alice), OK);
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

/* The whole list in pages of three; ids newest first. pages: how many it took. */
static size_t walk(struct fixture *f, struct account_id to, struct notification_filter filter, bool up, int64_t *ret,
		   int *ret_pages)
{
	struct page page = {.limit = 3, .min_id = up ? 1 : 0};
	struct notification part[3];
	int64_t on;
	size_t n = 0, got;

	for (*ret_pages = 1;; ++*ret_pages) {
		assert_int_equal(notifications_page(f->core, f->db, to, &filter, &page, part, &got, &on), OK);
		if (up)
			memmove(ret + got, ret, n * sizeof(*ret));
		for (size_t i = 0; i < got; i++)
			ret[(up ? 0 : n) + i] = part[i].id;
		n += got;
		if (!on)
			return n;
		*(up ? &page.min_id : &page.max_id) = on;
	}
}

/* Whatever is asked for, pages hold what a look at each notification would find, and nothing twice. */
static void pages_hold_what_fits(void **state)
{
	struct fixture *f = *state;
	const struct account_id to = fixture_account(f, "reader"), dull = fixture_account(f, "dull"),
				from[] = {alice, bob, carol, dull};
	const struct page whole = {.limit = 200};
	struct notification all[200];
	struct notification_filter filter = {.kinds = NOTIFY_ALL};
	int64_t found[200], on;
	size_t n_all;
	int pages;

	for (uint32_t i = 0, r = 1; i < 120; i++, r = r * 1103515245 + 12345)
		tell(f, to, (enum notification_kind)((r >> 16) % NOTIFY_UPDATE), from[(r >> 20) % 4], 0);
	assert_int_equal(notifications_page(f->core, f->db, to, &filter, &whole, all, &n_all, &on), OK);
	assert_true(n_all == 120 && on == 0);
	assert_int_equal(graph_mute(f->core, to, dull, true, 0), OK);
	for (unsigned round = 0; round < 60; round++) {
		size_t n = 0, got;

		filter = (struct notification_filter){.kinds = round % 3 ? round * 37 % NOTIFY_ALL : NOTIFY_ALL,
						      .from = round % 4 ? (struct account_id){0} : from[round / 4 % 4]};
		got = walk(f, to, filter, round % 2, found, &pages);
		for (size_t i = 0; i < n_all; i++) {
			if (account_eq(all[i].from, dull) || !(filter.kinds & 1u << all[i].kind) ||
			    (filter.from.v && !account_eq(filter.from, all[i].from)))
				continue;
			assert_true(n < got && found[n] == all[i].id);
			n++;
		}
		assert_int_equal(n, got);
	}
}

SQL(test_many, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
	       " INSERT INTO notifications (account_id, id, kind, from_id, created_at)"
	       " SELECT $1, CAST($2 AS BIGINT) + i, 5, CAST($3 AS BIGINT), 1 FROM n");
SQL(test_notified, "SELECT COUNT(*) FROM notifications WHERE account_id = $1");
static enum err tell_many(struct db *tx, void *arg)
{
	const struct telling *t = arg;

	return db_exec(tx, &test_many, BINDS(B_INT(t->to.v), B_INT(id_next()), B_INT(t->from.v)), NULL);
}

/* Under thousands of favourites, all by one person. */
static void what_is_rare_is_found(void **state)
{
	struct fixture *f = *state;
	const struct account_id star = fixture_account(f, "star"), fan = fixture_account(f, "fan");
	struct telling many = {.to = star, .from = fan};
	int64_t found[2], left;
	int pages;

	assert_int_equal(tell(f, star, NOTIFY_MENTION, fan, 0), 1);
	assert_int_equal(tell(f, star, NOTIFY_FOLLOW, bob, 0), 1);
	assert_int_equal(store_write(f->store, tell_many, &many), OK);
	for (int up = 0; up <= 1; up++) {
		struct notification_filter rare = {.kinds = 1u << NOTIFY_MENTION | 1u << NOTIFY_FOLLOW},
					   anything = {.kinds = NOTIFY_ALL};

		assert_int_equal(walk(f, star, rare, up, found, &pages), 2);
		assert_int_equal(pages, 1);
		rare.from = bob;
		assert_int_equal(walk(f, star, rare, up, found, &pages), 1);
		assert_int_equal(pages, 1);
		rare.from = fan;
		assert_int_equal(walk(f, star, rare, up, found, &pages), 1);
		assert_int_equal(pages, 3);
		assert_int_equal(graph_mute(f->core, star, fan, true, 0), OK);
		assert_int_equal(walk(f, star, anything, up, found, &pages), 1);
		assert_int_equal(pages, 3);
		assert_int_equal(graph_unmute(f->core, star, fan), OK);
	}
	assert_int_equal(notifications_clear_all(f->core, f->db, star), OK);
	assert_int_equal(db_int(f->db, &test_notified, BINDS(B_INT(star.v)), &left), OK);
	assert_int_equal(left, 0);
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
	assert_int_equal(marker_get(f->core, f->db, alice, MARKER_HOME, &m), ERR_NOT_FOUND);
	assert_int_equal(markers_set(f->core, alice, (int64_t[]){5, 0}), OK);
	assert_int_equal(marker_get(f->core, f->db, alice, MARKER_HOME, &m), OK);
	assert_true(m.last_read_id == 5 && m.version == 1);
	assert_int_equal(marker_get(f->core, f->db, alice, MARKER_NOTIFICATIONS, &m), ERR_NOT_FOUND);
	assert_int_equal(markers_set(f->core, alice, (int64_t[]){7, 8}), OK);
	assert_int_equal(marker_get(f->core, f->db, alice, MARKER_HOME, &m), OK);
	assert_true(m.last_read_id == 7 && m.version == 2);
	assert_string_equal(marker_name(MARKER_NOTIFICATIONS), "notifications");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_and_takes_back),
		cmocka_unit_test(blocked_and_muted_people_are_not_heard),
		cmocka_unit_test(pages_hold_what_fits),
		cmocka_unit_test(what_is_rare_is_found),
		cmocka_unit_test(names_are_mastodons),
		cmocka_unit_test(markers_count_their_versions),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
