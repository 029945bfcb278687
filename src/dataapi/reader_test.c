/*
 * reader_test.c - what waits for a reader is bounded, and who is slow is not somebody for whom nothing was ready.
 * tests/data/slow-readers.test.mjs has the rest, over sockets.
 */
#include "base/base.h"
#include "dataapi/reader.h"

#include "base/clock.h"

#include <setjmp.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

static struct reader *make(void)
{
	static const struct licence licence = {.licensee = 1, .app = 2};

	return reader_new(NULL, NULL, &(struct stream_ask){.token = V("token"), .licence = &licence});
}

static bool push(struct reader *r)
{
	return reader_push(r, &(struct batch_out){.text = xstrdup("\r\n"), .len = 2});
}

static void discard(struct reader *r)
{
	for (unsigned i = 0; i < r->n; i++)
		batch_end(r->batches[i], false);
	reader_unref(r);
}

static void test_slow_since(void **state)
{
	struct reader *r = make();
	int64_t before = clock_mono_ns();

	(void)state;
	r->moved_ns = before - 60 * SECOND_NS; /* a minute in which there was nothing, or the ledger could not write */
	assert_int_equal(reader_stuck_since(r), 0);
	assert_int_equal(reader_quiet_since(r), before - 60 * SECOND_NS);
	assert_true(push(r));
	assert_true(reader_stuck_since(r) >= before);
	r->batches[0]->ready_ns = before - 50 * SECOND_NS;
	assert_int_equal(reader_stuck_since(r), before - 50 * SECOND_NS);
	r->moved_ns = before - 40 * SECOND_NS; /* it has taken some of it */
	assert_int_equal(reader_stuck_since(r), before - 40 * SECOND_NS);
	r->batches[0]->ready = false;
	assert_int_equal(reader_stuck_since(r), 0);
	discard(r);
}

static void test_bounded(void **state)
{
	struct reader *r = make();

	(void)state;
	for (int i = 0; i < READER_BATCHES; i++) {
		assert_true(reader_has_room(r));
		assert_true(push(r));
	}
	assert_false(reader_has_room(r));
	assert_false(push(r));
	discard(r);
}

static void test_closed_once(void **state)
{
	struct reader *r = make();

	(void)state;
	reader_close(r, V("first"), true);
	reader_close(r, V("second"), false);
	assert_string_equal(r->last, "first");
	assert_true(r->cut);
	assert_true(reader_has_left(r));
	assert_false(push(r));
	discard(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow_since),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_closed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
