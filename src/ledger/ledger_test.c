/*
 * ledger_test.c - a ledger against a plain list of what was appended: read back, who, what, in order, by time, opened
 * again, packed in many small segments.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "ledger/ledger.h"
#include "ledger/record.h"

#define POSTS 3000

static char dir[64];
static struct arena arena;

static struct VEC(struct ledger_record) model;

static uint64_t below(uint64_t n)
{
	return rand_u64() % n;
}

static int make_dir(void **state MAYBE_UNUSED)
{
	snprintf(dir, sizeof(dir), "/tmp/kicau-ledger-XXXXXX");
	arena_init(&arena, (size_t)1 << 30);
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state MAYBE_UNUSED)
{
	char command[128];

	for (size_t i = 0; i < model.n; i++)
		free(model.v[i].items);
	VEC_FREE(&model);
	arena_release(&arena);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command); /* NOLINT(cert-env33-c) */
}

static struct ledger *open_it(bool fingerprints)
{
	struct problem problem = {0};
	struct ledger *l = NULL;
	struct ledger_config config = {.dir = dir,
				       .origin = "example.org/ledger",
				       .fingerprints = fingerprints,
				       .segment_bytes = 20000,
				       .checkpoint_ms = 50};

	if (ledger_open(&config, &l, &problem) != OK)
		fail_msg("%s", problem.text);
	return l;
}

static int64_t post(uint64_t i)
{
	return (int64_t)(1700000000000 + i * 37) << 16 | (int64_t)(i % 3);
}

/* A record of one of the kinds that deliveries make; items in no order. */
static struct ledger_record random_record(void)
{
	size_t n = below(3) ? below(120) + 1 : 1, shape = below(3);
	struct ledger_item *items = xcalloc(n, sizeof(*items));
	uint64_t from = below(POSTS - 200), step = 1 + below(1 + (POSTS - from) / n / 2);

	for (size_t i = 0; i < n; i++)
		items[i] = (struct ledger_item){.id = post(shape ? from + (n - 1 - i) * step : from + n - i),
						.version = below(20) ? 0 : 1 + (uint32_t)below(5),
						.fingerprint = (uint16_t)rand_u64(),
						.charged = below(4) > 0};
	return (struct ledger_record){.kind = below(8) ? LEDGER_POSTS : LEDGER_SETTLED,
				      .endpoint = (uint8_t)(1 + below(3)),
				      .time_ms = 1700000000000 + (int64_t)(model.n * 10 + below(30)),
				      .licensee = 1 + (int64_t)below(4),
				      .key = 5,
				      .terms = 6,
				      .cost_micro = (int64_t)below(2) * 12345,
				      .request = below(3) ? 0 : rand_u64(),
				      .items = items,
				      .n_items = n,
				      .data = below(50) ? V("") : V("words")};
}

static void append_some(struct ledger *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ledger_record r = random_record();
		uint64_t index = 0;
		enum err err;

		if (i + 1 < n && below(10))
			do
				err = ledger_append(l, &r, NULL, NULL);
			while (err == ERR_BUSY);
		else
			err = ledger_append_wait(l, &r, &index);
		assert_int_equal(err, OK);
		if (index)
			assert_int_equal(index, model.n);
		if (model.n && r.time_ms < model.v[model.n - 1].time_ms)
			r.time_ms = model.v[model.n - 1].time_ms;
		VEC_PUSH(&model, r);
	}
	assert_int_equal(ledger_size(l), model.n);
}

static void assert_same(const struct ledger_record *a, const struct ledger_record *b, bool fingerprints)
{
	unsigned char x[RECORD_MAX], y[RECORD_MAX];
	size_t n = record_encode(a, record_flags(a, fingerprints), x);

	assert_int_equal(n, record_encode(b, record_flags(b, fingerprints), y));
	assert_memory_equal(x, y, n);
}

static void check_reads(struct ledger *l, bool fingerprints)
{
	struct ledger_record r;

	for (size_t k = 0; k < 300; k++) {
		uint64_t i = below(model.n);
		assert_int_equal(ledger_read(l, &arena, i, &r), OK);
		assert_same(&model.v[i], &r, fingerprints);
	}
	assert_int_equal(ledger_read(l, &arena, model.n, &r), ERR_NOT_FOUND);
}

struct walk {
	uint64_t next;
	bool fingerprints;
};

static enum err check_next(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct walk *w = arg;

	assert_int_equal(index, w->next++);
	assert_same(&model.v[index], r, w->fingerprints);
	return OK;
}

static void check_each(struct ledger *l, bool fingerprints)
{
	struct walk w = {.next = below(model.n), .fingerprints = fingerprints};

	assert_int_equal(ledger_each(l, w.next, check_next, &w), OK);
	assert_int_equal(w.next, model.n);
}

static void check_who(struct ledger *l, bool fingerprints)
{
	for (size_t k = 0; k < 200; k++) {
		struct ledger_receiver *all;
		int64_t id = post(below(POSTS + 50));
		size_t n, at = 0;

		assert_int_equal(ledger_who(l, &arena, id, 100000, &all, &n), OK);
		for (size_t i = 0; i < model.n; i++)
			for (size_t m = 0; m < model.v[i].n_items && model.v[i].kind == LEDGER_POSTS; m++) {
				const struct ledger_item *item = &model.v[i].items[m];
				if (item->id != id)
					continue;
				assert_true(at < n);
				assert_int_equal(all[at].index, i);
				assert_int_equal(all[at].licensee, model.v[i].licensee);
				assert_int_equal(all[at].time_ms, model.v[i].time_ms);
				assert_int_equal(all[at].item.version, item->version);
				assert_int_equal(all[at].item.charged, item->charged);
				assert_int_equal(all[at].item.fingerprint, fingerprints ? item->fingerprint : 0);
				at++;
			}
		assert_int_equal(at, n);
		for (int64_t licensee = 1; licensee <= 5; licensee++) {
			bool expected = false, received;

			for (size_t i = 0; i < n; i++)
				expected |= all[i].licensee == licensee;
			assert_int_equal(ledger_received(l, licensee, id, &received), OK);
			assert_int_equal(received, expected);
		}
		assert_int_equal(ledger_who(l, &arena, id, 2, &all, &n), OK);
		assert_int_equal(n, at < 2 ? at : 2);
	}
}

struct asked {
	int64_t licensee, from, to;
	uint64_t next;
	size_t seen;
};

static void skip_others(struct asked *a)
{
	while (a->next < model.n && (model.v[a->next].licensee != a->licensee || model.v[a->next].time_ms < a->from ||
				     model.v[a->next].time_ms >= a->to))
		a->next++;
}

static enum err check_what_next(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct asked *a = arg;

	skip_others(a);
	assert_int_equal(index, a->next++);
	assert_int_equal(r->licensee, a->licensee);
	a->seen++;
	return OK;
}

static void check_what(struct ledger *l)
{
	for (size_t k = 0; k < 20; k++) {
		struct asked a = {.licensee = 1 + (int64_t)below(5), .from = model.v[below(model.n)].time_ms};

		a.to = k ? a.from + (int64_t)below(20000) : INT64_MAX;
		assert_int_equal(ledger_what(l, a.licensee, a.from, a.to, check_what_next, &a), OK);
		skip_others(&a);
		assert_int_equal(a.next, model.n);
	}
}

static void check_at(struct ledger *l)
{
	for (size_t k = 0; k < 100; k++) {
		int64_t ms = model.v[below(model.n)].time_ms - (int64_t)below(2);
		uint64_t first = 0;

		while (first < model.n && model.v[first].time_ms < ms)
			first++;
		assert_int_equal(ledger_at(l, ms), first);
	}
	assert_int_equal(ledger_at(l, INT64_MAX), model.n);
}

static void check_all(struct ledger *l, bool fingerprints)
{
	check_reads(l, fingerprints);
	check_each(l, fingerprints);
	check_who(l, fingerprints);
	check_what(l);
	check_at(l);
	arena_reset(&arena);
}

static void like_a_list(bool fingerprints)
{
	struct ledger *l = open_it(fingerprints), *reader;
	struct problem problem = {0};

	for (int i = 0; i < 3; i++) {
		append_some(l, 700);
		check_all(l, fingerprints);
		assert_int_equal(ledger_open_read(dir, NULL, &reader, &problem), OK);
		check_all(reader, fingerprints);
		ledger_close(reader);
		ledger_close(l);
		l = open_it(fingerprints);
		assert_int_equal(ledger_size(l), model.n);
		check_all(l, fingerprints);
	}
	ledger_close(l);
}

static void without_fingerprints(void **state MAYBE_UNUSED)
{
	like_a_list(false);
}
static void with_fingerprints(void **state MAYBE_UNUSED)
{
	like_a_list(true);
}

/* Thousands of deliveries to another do not hide the one that is asked for. */
static void behind_many_others(void **state MAYBE_UNUSED)
{
	struct ledger *l = open_it(false);
	struct ledger_item item = {.id = post(1)};
	struct ledger_record r = {.kind = LEDGER_POSTS, .licensee = 1, .items = &item, .n_items = 1};
	bool received = true;

	for (int i = 0; i < 5000; i++)
		while (ledger_append(l, &r, NULL, NULL) == ERR_BUSY)
			continue;
	assert_int_equal(ledger_received(l, 2, item.id, &received), OK);
	assert_false(received);
	r.licensee = 2;
	assert_int_equal(ledger_append_wait(l, &r, NULL), OK);
	assert_int_equal(ledger_received(l, 2, item.id, &received), OK);
	assert_true(received);
	ledger_close(l);
}

static void one_writer(void **state MAYBE_UNUSED)
{
	struct ledger *l = open_it(false), *other = NULL;
	struct problem problem = {0};
	struct ledger_config config = {.dir = dir, .origin = "example.org/ledger"};

	assert_int_equal(ledger_open(&config, &other, &problem), ERR_CONFLICT);
	ledger_close(l);
	ledger_close(open_it(false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_fingerprints, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(with_fingerprints, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(behind_many_others, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(one_writer, make_dir, remove_dir),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
