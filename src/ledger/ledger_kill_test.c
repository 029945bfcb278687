/*
 * ledger_kill_test.c - a process that appends is killed again and again, at any moment: nothing it was told is durable is
 * missing. And one whose files may not grow: appends fail, and work again when they may.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "ledger/verify.h"

#define ROUNDS 200
#define SECONDS_MAX 20
#define LIFE_MS_MAX 60

static char dir[64];
static int told; /* the child's end of the pipe */

static struct ledger *open_it(void)
{
	struct problem problem = {0};
	struct ledger_config config = {
		.dir = dir, .origin = "example.org/ledger", .segment_bytes = 100000, .checkpoint_ms = 5};
	struct ledger *l = NULL;

	if (ledger_open(&config, &l, &problem) != OK)
		fprintf(stderr, "%s\n", problem.text);
	return l;
}

static void tell(void *arg MAYBE_UNUSED, const struct ledger_done *done)
{
	if (done->err == OK && write(told, &done->index, sizeof(done->index)) < 0)
		_exit(1);
}

/* What a record says follows from its index, because nobody else appends. */
static struct ledger_record record_of(uint64_t index, struct ledger_item items[20])
{
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .time_ms = 1000 + (int64_t)index,
				  .licensee = 1 + (int64_t)(index % 7),
				  .cost_micro = (int64_t)index,
				  .items = items,
				  .n_items = 1 + index % 20};

	for (size_t i = 0; i < r.n_items; i++)
		items[i] = (struct ledger_item){.id = (int64_t)(index + i * 3 + 1), .charged = true};
	return r;
}

static void child(void)
{
	struct ledger_item items[20];
	struct ledger *l = open_it();

	if (!l)
		_exit(1);
	for (uint64_t i = ledger_size(l);; i++) {
		struct ledger_record r = record_of(i, items);
		while (ledger_append(l, &r, tell, NULL) == ERR_BUSY)
			usleep(100);
		if (i % 64 == 0)
			usleep(200);
	}
}

/* The last index it told, or what it was before. */
static uint64_t live_and_die(uint64_t acknowledged)
{
	uint64_t index;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(ends[0]);
		told = ends[1];
		child();
	}
	close(ends[1]);
	pid_t killer = fork();
	if (!killer) {
		usleep((useconds_t)(rand_u64() % (LIFE_MS_MAX * 1000)));
		kill(pid, SIGKILL);
		_exit(0);
	}
	while (read(ends[0], &index, sizeof(index)) == sizeof(index))
		acknowledged = index + 1;
	close(ends[0]);
	waitpid(killer, NULL, 0);
	waitpid(pid, NULL, 0);
	return acknowledged;
}

static enum err check_one(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct ledger_item items[20];
	struct ledger_record should = record_of(index, items);

	assert_int_equal(r->cost_micro, should.cost_micro);
	assert_int_equal(r->n_items, should.n_items);
	for (size_t i = 0; i < r->n_items; i++)
		assert_int_equal(r->items[i].id, should.items[i].id);
	++*(uint64_t *)arg;
	return OK;
}

static void no_finding(void *arg MAYBE_UNUSED, const struct ledger_finding *f)
{
	fail_msg("%s: byte %" PRIu64 ": %s", f->file, f->offset, f->what);
}

static void killed(void **state MAYBE_UNUSED)
{
	int64_t began = clock_mono_ns();
	uint64_t acknowledged = 0, seen, rounds = 0;
	struct ledger_verified sums;
	struct problem problem = {0};

	for (; rounds < ROUNDS && clock_mono_ns() - began < SECONDS_MAX * INT64_C(1000000000); rounds++) {
		acknowledged = live_and_die(acknowledged);
		struct ledger *l;
		if (ledger_open_read(dir, NULL, &l, &problem) != OK) {
			assert_int_equal(acknowledged, 0);
			continue;
		}
		assert_true(ledger_size(l) >= acknowledged);
		seen = acknowledged > 3000 ? acknowledged - 3000 : 0;
		assert_int_equal(ledger_each(l, seen, check_one, &seen), OK);
		assert_int_equal(seen, ledger_size(l));
		ledger_close(l);
	}
	assert_true(acknowledged > 0 && rounds > 3);
	struct ledger *l = open_it();
	assert_non_null(l);
	seen = 0;
	assert_int_equal(ledger_each(l, 0, check_one, &seen), OK);
	ledger_close(l);
	assert_int_equal(ledger_verify(dir, NULL, no_finding, NULL, &sums, &problem), OK);
	printf("# %" PRIu64 " times, %" PRIu64 " records\n", rounds, seen);
}

/* ---- a full disk ---- */

static enum err fill(struct ledger *l, uint64_t *appended)
{
	struct ledger_item items[20];
	enum err err = OK;

	for (uint64_t i = 0; i < 100000 && err == OK; i++) {
		struct ledger_record r = record_of(*appended, items);
		uint64_t index = 0;
		err = ledger_append_wait(l, &r, &index);
		if (err == OK)
			assert_int_equal(index, (*appended)++);
	}
	return err;
}

static void no_room(void **state MAYBE_UNUSED)
{
	struct rlimit before, small;
	uint64_t appended = 0, seen = 0;
	struct ledger *l = open_it();

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	for (rlim_t limit = 10000; limit < 80000; limit += 30000) {
		small = (struct rlimit){limit + 7, before.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		assert_int_equal(fill(l, &appended), ERR_NO_SPACE);
		assert_int_equal(fill(l, &appended), ERR_NO_SPACE);
		assert_int_equal(ledger_size(l), appended);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	struct ledger_item items[20];
	struct ledger_record r = record_of(appended, items);
	assert_int_equal(ledger_append_wait(l, &r, NULL), OK);
	ledger_close(l);
	l = open_it();
	assert_int_equal(ledger_each(l, 0, check_one, &seen), OK);
	assert_int_equal(seen, appended + 1);
	ledger_close(l);
}

static int make_dir(void **state MAYBE_UNUSED)
{
	snprintf(dir, sizeof(dir), "/tmp/kicau-kill-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state MAYBE_UNUSED)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command); /* NOLINT(cert-env33-c) */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(no_room, make_dir, remove_dir),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
