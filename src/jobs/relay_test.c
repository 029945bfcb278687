/*
 * relay_test.c - what one process announces reaches another over the database.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "jobs/jobs.h"
#include "jobs/relay.h"

static void events_survive_being_written(void **state)
{
	struct fixture *f = *state;
	const struct event events[] = {
		{.kind = EVENT_TOKEN_REVOKED, .account = {7}, .other_id = INT64_MAX},
		{.kind = EVENT_POST_DELETED, .account = {1}, .post = {2}, .boost_of = {3}, .visibility = 2, .local = true},
		{.kind = EVENT_GRAPH_CHANGED, .account = {4}, .target = {5}, .change = GRAPH_BLOCK, .silent = true},
		{.kind = EVENT_ACCOUNT_POSTED, .account = {6}, .post = {8}, .other_id = 9, .at = 1000},
	};
	struct event *back;
	struct buf out;
	size_t n;

	buf_init(&out, LIMIT_MIB);
	relay_write(&out, events, ARRAY_LEN(events));
	assert_int_equal(relay_read(&f->arena, buf_view(&out), &back, &n), OK);
	assert_int_equal(n, ARRAY_LEN(events));
	assert_int_equal(back[0].other_id, INT64_MAX);
	assert_int_equal(back[1].boost_of.v, 3);
	assert_int_equal(back[1].visibility, 2);
	assert_true(back[1].local);
	assert_int_equal(back[2].change, GRAPH_BLOCK);
	assert_true(back[2].silent);
	assert_int_equal(back[3].at, 1000);
	buf_release(&out);
}

static void every_kind_has_a_name(void **state)
{
	struct fixture *f = *state;

	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		struct event ev = {.kind = (enum event_kind)kind}, *back;
		struct buf out;
		size_t n;

		buf_init(&out, LIMIT_MIB);
		relay_write(&out, &ev, 1);
		assert_int_equal(relay_read(&f->arena, buf_view(&out), &back, &n), OK);
		assert_int_equal(n, 1);
		assert_int_equal(back[0].kind, kind);
		buf_release(&out);
	}
}

static void nonsense_is_refused(void **state)
{
	static const char *const payloads[] = {"", "{}", "[", "7", "[{\"kind\":\"x\"},[],{\"kind\":3}]"};
	struct fixture *f = *state;
	struct event *back;
	size_t n = 9;

	for (size_t i = 0; i + 1 < ARRAY_LEN(payloads); i++)
		assert_int_equal(relay_read(&f->arena, view_of(payloads[i]), &back, &n), ERR_CORRUPT);
	assert_int_equal(n, 9);
	assert_int_equal(relay_read(&f->arena, view_of(payloads[4]), &back, &n), OK);
	assert_int_equal(n, 0);
}

SQL(test_relay_jobs, "SELECT payload FROM jobs WHERE kind = 'announce'");

static void what_is_announced_becomes_a_job(void **state)
{
	struct fixture *f = *state;
	struct relay *relay = relay_open(f->core);
	struct rows r;

	events_announce(f->core->events, &(struct event){.kind = EVENT_EMOJI_CHANGED});
	assert_int_equal(relay_flush(relay), OK);
	assert_int_equal(relay_flush(relay), OK);
	db_query(f->db, &r, &test_relay_jobs, NO_BINDS);
	assert_true(rows_next(&r));
	struct view payload = row_copy(&r, 0, &f->arena);
	assert_false(rows_next(&r));
	assert_int_equal(rows_end(&r), OK);

	fixture_forget(f);
	assert_int_equal(relay_run(f->core, f->db, &f->arena, payload, NULL), OK);
	assert_int_equal(fixture_events(f, EVENT_EMOJI_CHANGED), 1);
	core_close(f->core); /* the relay listens until then */
	f->core = NULL;
	relay_free(relay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_survive_being_written),
		cmocka_unit_test(every_kind_has_a_name),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(what_is_announced_becomes_a_job),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
