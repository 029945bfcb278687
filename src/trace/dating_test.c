/* A leak with its counters names the licensee and the minute its copies were delivered. */
#include "base/base.h"
#include "trace/dating.h"

#include <ftw.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sodium.h>
#include <sys/stat.h>

#define POSTS 300
#define LICENSEES 5
#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define BEGIN_MS INT64_C(1790000000000)
#define LEAKED 3 /* the licensee, */
#define LEAK_DAY 4

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Likes grow with time, each post at its own pace; so do followers. */
static struct fingerprint_of counters_at(int64_t post, int64_t ms)
{
	int64_t minutes = (ms - BEGIN_MS) / MINUTE_MS;

	return (struct fingerprint_of){.post = post,
				       .likes = minutes * post / 500,
				       .replies = minutes / 700,
				       .boosts = minutes * (post % 3) / 300,
				       .followers = 50 * (post % 20) + minutes / 40};
}

struct world {
	struct ledger *ledger;
	struct fingerprint_salt salt;
};

static void deliver(struct world *w, int64_t licensee, int64_t ms, int64_t first, size_t n)
{
	struct ledger_item items[POSTS];
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .time_ms = ms,
				  .licensee = licensee,
				  .key = licensee,
				  .items = items,
				  .n_items = n};

	for (size_t i = 0; i < n; i++) {
		struct fingerprint_of of = counters_at(first + (int64_t)i, ms);
		items[i] =
			(struct ledger_item){.id = of.post, .fingerprint = fingerprint(&w->salt, &of), .charged = true};
	}
	assert_int_equal(ledger_append_wait(w->ledger, &r, NULL), OK);
}

static int64_t time_of(int64_t licensee, int day, size_t batch)
{
	return BEGIN_MS + day * DAY_MS + licensee * 47 * MINUTE_MS + (int64_t)batch * 3 * MINUTE_MS;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void dated(void **state)
{
	char dir[] = "/tmp/kicau-dating-XXXXXX";
	struct problem problem = {0};
	static struct trace_match matches[POSTS];
	static int64_t errors[POSTS];
	struct world w = {0};
	struct dating d;

	(void)state;
	assert_int_equal(secret_init(), OK);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(ledger_open(&(struct ledger_config){.dir = dir, .origin = "test/ledger", .fingerprints = true},
				     &w.ledger, &problem),
			 OK);
	memset(w.salt.bytes, 7, sizeof(w.salt.bytes));
	for (int day = 0; day < 8; day++)
		for (int64_t licensee = 1; licensee <= LICENSEES; licensee++)
			for (size_t batch = 0; batch < 6; batch++)
				deliver(&w, licensee, time_of(licensee, day, batch), 1 + (int64_t)batch * 50, 50);
	for (size_t i = 0; i < POSTS; i++) {
		struct fingerprint_of of = counters_at((int64_t)i + 1, time_of(LEAKED, LEAK_DAY, i / 50));
		matches[i] = (struct trace_match){.post = of.post, .row = i + 1, .how = MATCH_TEXT};
		matches[i].counters =
			(struct match_counters){31, {of.likes, of.replies, of.boosts, of.quotes, of.followers}};
	}
	matches[0].counters.given = 15; /* one that cannot be compared */
	assert_int_equal(dating_of(matches, POSTS, w.ledger, &w.salt, &d), OK);
	assert_int_equal(d.with_counters, POSTS);
	assert_int_equal(d.complete, POSTS - 1);
	assert_int_equal(d.looked_at, POSTS - 1);
	assert_int_equal(d.dated, POSTS - 1);
	assert_true(d.kept && d.compared >= 40 * (POSTS - 1) && d.by_chance < 1);
	assert_int_equal(d.licensees[0].licensee, LEAKED);
	assert_true(d.licensees[0].rows >= POSTS * 9 / 10);
	for (size_t i = 0; i < d.looked_at; i++) {
		int64_t off = d.rows[i].time_ms - time_of(LEAKED, LEAK_DAY, (size_t)(d.rows[i].post - 1) / 50);
		errors[i] = off < 0 ? -off : off;
	}
	qsort(errors, d.looked_at, sizeof(*errors), compare);
	size_t middle = d.looked_at / 2;
	print_message("median error of the dated delivery: %.1f minutes\n", (double)errors[middle] / (double)MINUTE_MS);
	assert_true(errors[middle] <= 10 * MINUTE_MS);
	dating_release(&d);
	/* Counters of nobody's copy fit as often as chance has it. */
	for (size_t i = 0; i < POSTS; i++)
		matches[i].counters = (struct match_counters){31, {100000 + (int64_t)i, 1, 2, 3, 4}};
	assert_int_equal(dating_of(matches, POSTS, w.ledger, &w.salt, &d), OK);
	assert_true(d.dated <= 5);
	dating_release(&d);
	ledger_close(w.ledger);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(dated)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
