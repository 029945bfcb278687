/*
 * notification_window_test.c - what is read from memory is what the database says, after whatever happened, and while
 * it happens. A page that begins at the largest id there may be is read past the windows: it is what others must equal.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/core_fixture.h"
#include "core/graph.h"
#include "core/notification_groups.h"
#include "core/notification_requests.h"
#include "core/notification_window.h"

#define PEOPLE 5
#define STEPS 400
#define PAGE 80
#define WRITERS 3
#define ROUNDS 60

static struct account_id reader, people[PEOPLE];

static uint32_t dice(uint32_t *state, uint32_t sides)
{
	*state = *state * 1103515245 + 12345;
	return (*state >> 16) % sides;
}

/* --- what happens --- */

struct telling {
	struct account_id from;
	enum notification_kind kind;
	struct post_id post;
	bool take_back;
	struct event_list events;
};

static enum err tell_tx(struct db *tx, void *arg)
{
	struct telling *t = arg;

	t->events.n = 0;
	return t->take_back ? notification_remove(tx, &t->events, reader, t->kind, t->from, t->post)
			    : notification_add(tx, &t->events, reader, t->kind, t->from, t->post, 0);
}

static void tell(struct fixture *f, struct account_id from, enum notification_kind kind, int64_t post, bool take_back)
{
	struct telling t = {.from = from, .kind = kind, .post = {post}, .take_back = take_back};

	assert_int_equal(store_write(f->store, tell_tx, &t), OK);
	events_announce_all(f->core->events, &t.events);
}

SQL(test_suspend, "UPDATE accounts SET suspended_at = CASE WHEN suspended_at IS NULL THEN 1 END WHERE id = $1");

static enum err suspend_tx(struct db *tx, void *arg)
{
	const struct account_id *who = arg;

	return db_exec(tx, &test_suspend, BINDS(B_INT(who->v)), NULL);
}

static void newest(struct fixture *f, struct notification *ret)
{
	const struct notification_filter all = {.kinds = NOTIFY_ALL, .with_filtered = true};
	int64_t on;
	size_t n = 0;

	*ret = (struct notification){0};
	assert_int_equal(notifications_page(f->core, f->db, reader, &all, &(struct page){.limit = 1}, ret, &n, &on),
			 OK);
}

static void do_tell(struct fixture *f, struct account_id who, uint32_t r)
{
	static const enum notification_kind kinds[] = {NOTIFY_MENTION, NOTIFY_FAVOURITE, NOTIFY_REBLOG, NOTIFY_FOLLOW};
	enum notification_kind kind = kinds[r % ARRAY_LEN(kinds)];

	tell(f, who, kind, kind == NOTIFY_FOLLOW ? 0 : 1 + r / 4 % 6, r / 32 % 4 == 0);
}

static void do_dismiss(struct fixture *f, struct account_id who, uint32_t r)
{
	struct notification n;

	(void)who;
	newest(f, &n);
	if (!n.id)
		return;
	if (r % 2 && n.group)
		assert_int_equal(notification_group_dismiss(f->core, reader, &(struct notification_key){n.group, true}),
				 OK);
	else
		assert_int_equal(notification_dismiss(f->core, reader, n.id), OK);
}

static void do_mute(struct fixture *f, struct account_id who, uint32_t r)
{
	assert_int_equal(r % 3 ? graph_mute(f->core, reader, who, r % 3 == 1, 0) : graph_unmute(f->core, reader, who),
			 OK);
}

static void do_block(struct fixture *f, struct account_id who, uint32_t r)
{
	struct account_id one = r % 2 ? who : reader, other = r % 2 ? reader : who;

	assert_int_equal(graph_block(f->core, one, other), OK);
	if (r % 8)
		assert_int_equal(graph_unblock(f->core, one, other), OK);
}

static void do_suspend(struct fixture *f, struct account_id who, uint32_t r)
{
	(void)r;
	assert_int_equal(store_write(f->store, suspend_tx, &who), OK);
	events_announce(f->core->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = who, .other_id = 1});
}

static void do_policy(struct fixture *f, struct account_id who, uint32_t r)
{
	struct notification_policy p = {0};

	(void)who;
	p.rules[RULE_NOT_FOLLOWING] = r % 2 ? VERDICT_FILTER : VERDICT_ACCEPT;
	assert_int_equal(notification_policy_save(f->core, reader, &p), OK);
}

static void do_decide(struct fixture *f, struct account_id who, uint32_t r)
{
	struct notification_request one;
	size_t n = 0;

	(void)who;
	assert_int_equal(notification_requests_page(f->db, reader, &(struct page){.limit = 1}, &one, &n), OK);
	if (n)
		assert_int_equal(r % 2 ? notification_request_accept(f->core, reader, one.id)
				       : notification_request_dismiss(f->core, reader, one.id),
				 OK);
}

static void do_clear(struct fixture *f, struct account_id who, uint32_t r)
{
	(void)who;
	if (r % 4 == 0)
		assert_int_equal(notifications_clear_all(f->core, f->db, reader), OK);
}

/* --- what is read --- */

static void compare_lists(struct fixture *f, const struct notification_filter *filter, struct page page)
{
	struct page past = page;
	struct notification from_memory[PAGE], from_database[PAGE];
	size_t n, m;
	int64_t on;

	past.max_id = INT64_MAX;
	assert_int_equal(notifications_page(f->core, f->db, reader, filter, &page, from_memory, &n, &on), OK);
	assert_int_equal(notifications_page(f->core, f->db, reader, filter, &past, from_database, &m, &on), OK);
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(from_memory[i].id, from_database[i].id);
		assert_int_equal(from_memory[i].filtered, from_database[i].filtered);
	}
}

static void compare_groups(struct fixture *f, const struct notification_filter *filter, struct page page)
{
	struct page past = page;
	struct notification_group from_memory[PAGE], from_database[PAGE];
	size_t n, m;
	int64_t on;

	past.max_id = INT64_MAX;
	assert_int_equal(notification_groups_page(f->core, f->db, reader, filter, &page, from_memory, &n, &on), OK);
	assert_int_equal(notification_groups_page(f->core, f->db, reader, filter, &past, from_database, &m, &on), OK);
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		const struct notification_group *a = &from_memory[i], *b = &from_database[i];

		assert_true(a->id == b->id && a->newest.id == b->newest.id && a->page_min_id == b->page_min_id);
		assert_int_equal(a->count, b->count);
		assert_int_equal(a->n_sample, b->n_sample);
		for (size_t k = 0; k < a->n_sample; k++)
			assert_true(account_eq(a->sample[k], b->sample[k]));
	}
}

static void compare(struct fixture *f, uint32_t *state)
{
	static const unsigned kinds[] = {NOTIFY_ALL, 1u << NOTIFY_MENTION, NOTIFY_GROUPED};
	struct notification_filter filter = {.kinds = kinds[dice(state, 3)],
					     .grouped = dice(state, 2) ? NOTIFY_GROUPED : 1u << NOTIFY_FAVOURITE,
					     .from = dice(state, 4) ? (struct account_id){0}
								    : people[dice(state, PEOPLE)],
					     .with_filtered = dice(state, 2)};
	struct page page = {.limit = 1 + dice(state, PAGE)};
	struct notification n;

	newest(f, &n);
	if (dice(state, 2))
		*(dice(state, 2) ? &page.min_id : &page.since_id) = n.id > 50 ? n.id - (int64_t)dice(state, 50) : 1;
	compare_groups(f, &filter, page);
	filter.grouped = 0;
	compare_lists(f, &filter, page);
}

/* --- tests --- */

static int setup(void **state)
{
	static const char *const names[PEOPLE] = {"ani", "budi", "citra", "dewi", "eka"};

	fixture_setup(state);
	reader = fixture_account(*state, "reader");
	for (size_t i = 0; i < PEOPLE; i++)
		people[i] = fixture_account(*state, names[i]);
	return 0;
}

static void memory_says_what_the_database_says(void **state)
{
	static void (*const things[])(struct fixture * f, struct account_id who, uint32_t r) = {
		do_tell, do_tell,  do_tell,    do_tell,	  do_tell,   do_dismiss,
		do_mute, do_block, do_suspend, do_policy, do_decide, do_clear,
	};
	struct fixture *f = *state;
	uint32_t r = 7;

	for (int i = 0; i < NOTIFICATION_WINDOW + 50; i++)
		tell(f, people[dice(&r, PEOPLE)], NOTIFY_FAVOURITE, 1 + dice(&r, 90), false);
	for (int i = 0; i < STEPS; i++) {
		things[dice(&r, i < STEPS / 2 ? ARRAY_LEN(things) - 1 : ARRAY_LEN(things))](f, people[dice(&r, PEOPLE)],
											    dice(&r, 1 << 16));
		compare(f, &r);
	}
}

static void a_mute_that_ends_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct notification_window *w;

	tell(f, people[0], NOTIFY_MENTION, 1, false);
	assert_int_equal(graph_mute(f->core, reader, people[0], true, 1), OK);
	assert_int_equal(notification_window_get(f->core, f->db, reader, &w), OK);
	assert_true(w->n == 0 && w->good_until > 0);
	notification_window_put(w);
	while (clock_now() <= w->good_until)
		usleep(20000);
	assert_int_equal(notification_window_get(f->core, f->db, reader, &w), OK);
	assert_true(w->n == 1 && w->good_until == 0);
	notification_window_put(w);
}

/* Each sees at once what it did itself, while others read and make new windows all the time. */
struct worker {
	struct fixture *f;
	size_t nth;
	pthread_t thread;
	unsigned wrong;
};

static _Atomic bool over;

static bool reads(struct fixture *f, struct account_id from)
{
	const struct notification_filter filter = {.kinds = NOTIFY_ALL, .from = from};
	struct notification n;
	int64_t on;
	size_t found = 0;

	enum err err = notifications_page(f->core, store_db(f->store), reader, &filter, &(struct page){.limit = 1}, &n,
					  &found, &on);
	return !err && found;
}

static void *write_some(void *arg)
{
	struct worker *w = arg;

	for (int64_t i = 0; i < ROUNDS; i++) {
		for (int back = 0; back <= 1; back++) {
			struct telling t = {
				.from = people[w->nth], .kind = NOTIFY_MENTION, .post = {1}, .take_back = back};

			w->wrong += store_write(w->f->store, tell_tx, &t) != OK;
			events_announce_all(w->f->core->events, &t.events);
			w->wrong += reads(w->f, people[w->nth]) == back;
		}
	}
	store_thread_done(w->f->store);
	return NULL;
}

static void *read_on(void *arg)
{
	struct worker *w = arg;

	while (!over)
		(void)reads(w->f, people[0]);
	store_thread_done(w->f->store);
	return NULL;
}

static void nothing_old_is_kept_beside_changes(void **state)
{
	struct worker workers[WRITERS + 2];

	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		workers[i] = (struct worker){.f = *state, .nth = i};
		assert_int_equal(
			pthread_create(&workers[i].thread, NULL, i < WRITERS ? write_some : read_on, &workers[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		over = i >= WRITERS;
		pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_says_what_the_database_says, setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_mute_that_ends_is_noticed, setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(nothing_old_is_kept_beside_changes, setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
