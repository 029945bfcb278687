/*
 * listener_test.c - the ring from both sides, and what becomes of a reader who is too slow.
 */
#include "base/base.h"
#include "stream/listener.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

static size_t wakes, releases;

static void on_wake(struct listener *l)
{
	(void)l;
	wakes++;
}

static void on_release(struct listener *l)
{
	releases++;
	free(l);
}

static const struct listener_ops ops = {on_wake, on_release};

static struct listener *new_listener(void)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	wakes = releases = 0;
	listener_init(l, &ops, TRANSPORT_WS, &(struct auth_info){0});
	return l;
}

static void end_of(struct listener *l)
{
	listener_gone(l);
	listener_unref(l);
	assert_int_equal(releases, 1);
}

static bool push_text(struct listener *l, const char *text)
{
	struct frame *f = frame_raw(view_of(text));
	bool ok = listener_push(l, f);
	frame_unref(f);
	return ok;
}

static void frames_come_in_order(void **state)
{
	struct listener *l = new_listener();
	struct frame *f[4];
	enum end end;
	(void)state;
	assert_true(push_text(l, "a"));
	assert_true(push_text(l, "b"));
	assert_true(push_text(l, "c"));
	assert_int_equal(wakes, 1); /* it has not slept since */
	assert_int_equal(listener_peek(l, f, 2, &end), 2);
	assert_int_equal(listener_peek(l, f, 4, &end), 3);
	assert_int_equal(end, END_NOT);
	assert_int_equal(f[0]->bytes[0], 'a');
	assert_int_equal(f[2]->bytes[0], 'c');
	listener_pop(l, 2);
	assert_int_equal(listener_peek(l, f, 4, &end), 1);
	assert_int_equal(f[0]->bytes[0], 'c');
	listener_pop(l, 1);
	listener_trim(l);
	assert_null(l->ring);
	push_text(l, "d");
	assert_int_equal(wakes, 2);
	end_of(l);
}

static void the_ring_goes_round(void **state)
{
	struct listener *l = new_listener();
	struct frame *f[1];
	enum end end;
	(void)state;
	for (int i = 0; i < 3 * LIMIT_STREAM_RING; i++) {
		char text[2] = {(char)('a' + i % 26), 0};
		assert_true(push_text(l, text));
		if (i < 100)
			continue;
		assert_int_equal(listener_peek(l, f, 1, &end), 1);
		assert_int_equal(f[0]->bytes[0], 'a' + (i - 100) % 26);
		listener_pop(l, 1);
	}
	end_of(l);
}

static void a_slow_reader_ends(void **state)
{
	struct listener *l = new_listener();
	struct frame *shared = frame_raw(V("x")), *f[LIMIT_STREAM_RING + 1];
	enum end end;
	(void)state;
	for (int i = 0; i < LIMIT_STREAM_RING; i++)
		assert_true(listener_push(l, shared));
	assert_int_equal(atomic_load(&shared->refs), LIMIT_STREAM_RING + 1);
	assert_false(listener_push(l, shared));
	assert_false(listener_push(l, shared));
	assert_int_equal(wakes, 2); /* the first frame, and the end */
	assert_int_equal(listener_peek(l, f, ARRAY_LEN(f), &end), LIMIT_STREAM_RING);
	assert_int_equal(end, END_SLOW);

	listener_finish(l, 1, frame_close_ws(end_code(end), view_of(end_words(end))));
	assert_int_equal(listener_peek(l, f, ARRAY_LEN(f), &end), 2);
	assert_ptr_equal(f[0], shared);
	assert_memory_equal(f[1]->bytes + 2, "\x03\xf5", 2); /* 1013 */
	assert_int_equal(atomic_load(&shared->refs), 2);
	assert_false(listener_push(l, shared));
	end_of(l);
	assert_int_equal(atomic_load(&shared->refs), 1);
	frame_unref(shared);
}

static void the_first_reason_stays(void **state)
{
	struct listener *l = new_listener();
	struct frame *f[1];
	enum end end;
	(void)state;
	listener_end(l, END_REVOKED);
	listener_end(l, END_SERVER);
	assert_false(push_text(l, "late"));
	assert_int_equal(listener_peek(l, f, 1, &end), 0);
	assert_int_equal(end, END_REVOKED);
	assert_int_equal(wakes, 1);
	end_of(l);
}

static void who_is_gone_is_not_woken(void **state)
{
	struct listener *l = new_listener();
	(void)state;
	push_text(l, "a");
	listener_ref(l);
	listener_gone(l);
	assert_false(push_text(l, "b"));
	listener_end(l, END_SERVER);
	assert_int_equal(wakes, 1);
	listener_unref(l);
	assert_int_equal(releases, 0);
	listener_unref(l);
	assert_int_equal(releases, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_in_order), cmocka_unit_test(the_ring_goes_round),
		cmocka_unit_test(a_slow_reader_ends),	cmocka_unit_test(the_first_reason_stays),
		cmocka_unit_test(who_is_gone_is_not_woken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
