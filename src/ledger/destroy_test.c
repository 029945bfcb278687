/*
 * destroy_test.c - salts of old files are destroyed: deliveries cannot be opened any more, terms can; the tree, proofs and who
 * received what stay; and everything verifies, in an archive too.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <unistd.h>

#include "ledger/archive.h"
#include "ledger/destroy.h"
#include "ledger/file.h"
#include "ledger/proof.h"
#include "ledger/segments.h"
#include "ledger/verify.h"

#define RECORDS 60
#define TERMS_EVERY 7
#define OLD_MS 30000 /* records before this are old */

static char dir[64], away[96];

static int make_dir(void **state MAYBE_UNUSED)
{
	snprintf(dir, sizeof(dir), "/tmp/kicau-destroy-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(away, sizeof(away), "%s.away", dir);
	return 0;
}

static int remove_dir(void **state MAYBE_UNUSED)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s %s", dir, away);
	return system(command); /* NOLINT(cert-env33-c) */
}

static struct ledger *open_it(const char *archive)
{
	struct ledger_config config = {.dir = dir,
				       .origin = "example.org/ledger",
				       .archive = archive,
				       .segment_bytes = 300,
				       .checkpoint_ms = 1};
	struct problem problem = {0};
	struct ledger *l = NULL;

	if (ledger_open(&config, &l, &problem) != OK)
		fail_msg("%s", problem.text);
	return l;
}

static bool is_terms(uint64_t i)
{
	return i % TERMS_EVERY == 0;
}

static void append(struct ledger *l, uint64_t i)
{
	struct ledger_item item = {.id = (int64_t)(i + 1) << 16};
	struct ledger_record r = {.kind = is_terms(i) ? LEDGER_TERMS : LEDGER_POSTS,
				  .time_ms = (int64_t)i * 1000,
				  .licensee = 3,
				  .items = &item,
				  .n_items = is_terms(i) ? 0 : 1,
				  .data = is_terms(i) ? V("{}") : V("")};

	assert_int_equal(ledger_append_wait(l, &r, NULL), OK);
}

static void fill(void)
{
	struct ledger *l = open_it(NULL);
	size_t n = 2;

	for (uint64_t i = 0; i < RECORDS; i++)
		append(l, i);
	while (n) { /* the packer is a thread */
		segment_unref(segments_unpacked(ledger_segments(l), &n));
		usleep(1000);
	}
	ledger_close(l);
}

static void no_finding(void *arg MAYBE_UNUSED, const struct ledger_finding *f)
{
	fail_msg("%s: record %" PRIu64 ": %s", f->file, f->index, f->what);
}

static void count_finding(void *arg, const struct ledger_finding *f MAYBE_UNUSED)
{
	++*(size_t *)arg;
}

static uint64_t unsalted(const char *archive)
{
	struct ledger_verified sums;
	struct problem problem = {0};

	assert_int_equal(ledger_verify(dir, archive, no_finding, NULL, &sums, &problem), OK);
	assert_true(sums.records >= RECORDS);
	return sums.unsalted;
}

/* Each record below `until` opens when it is terms, all behind it do; all are proven in the published tree. */
static void check_openings(const char *archive, uint64_t until)
{
	struct published *p = xcalloc(1, sizeof(*p));
	struct problem problem = {0};
	struct merkle_proof proof;
	struct ledger *l;
	struct arena a;

	arena_init(&a, (size_t)1 << 22);
	assert_int_equal(ledger_open_read(dir, archive, &l, &problem), OK);
	assert_int_equal(published_read(dir, &a, p), OK);
	for (uint64_t i = 0; i < RECORDS; i++) {
		struct ledger_receiver *who;
		struct opening o;
		size_t n;
		enum err expected = i < until && !is_terms(i) ? ERR_GONE : OK;

		assert_int_equal(opening_read(l, &a, i, &o), expected);
		if (expected == OK)
			assert_int_equal(inclusion_prove(p, i, p->head.size, &o, &proof), OK);
		assert_int_equal(ledger_who(l, &a, (int64_t)(i + 1) << 16, 9, &who, &n), OK);
		assert_int_equal(n, is_terms(i) ? 0 : 1);
	}
	ledger_close(l);
	arena_release(&a);
	free(p);
}

static struct ledger_salts destroy_old(const char *archive)
{
	struct ledger_salts what;
	struct problem problem = {0};

	assert_int_equal(ledger_salts_before(dir, archive, OLD_MS, &what, &problem), OK);
	assert_true(what.files > 0 && what.until <= OLD_MS / 1000);
	assert_int_equal(what.records + what.kept, what.until - what.first);
	if (ledger_salts_destroy(dir, archive, &what, &problem) != OK)
		fail_msg("%s", problem.text);
	return what;
}

static bool has_salts(const char *folder, uint64_t first)
{
	char path[FILE_PATH_MAX];

	assert_int_equal(segment_file(folder, first, SALT_SUFFIX, path), OK);
	return access(path, F_OK) == 0;
}

/* Goes on, and its tree is the same: an old checkpoint would still fit. */
static void go_on(const char *archive)
{
	struct ledger *l = open_it(archive);

	append(l, RECORDS + 1);
	ledger_close(l);
}

static void where_they_are(void **state MAYBE_UNUSED)
{
	struct ledger_salts again;
	struct problem problem = {0};

	fill();
	assert_int_equal(unsalted(NULL), 0);
	check_openings(NULL, 0);
	struct ledger_salts what = destroy_old(NULL);
	assert_false(has_salts(dir, 0));
	assert_true(has_salts(dir, what.until));
	assert_int_equal(unsalted(NULL), what.records);
	check_openings(NULL, what.until);
	go_on(NULL);
	assert_int_equal(unsalted(NULL), what.records);
	assert_int_equal(ledger_salts_before(dir, NULL, OLD_MS, &again, &problem), OK);
	assert_int_equal(again.files, 0);
}

static void in_an_archive(void **state MAYBE_UNUSED)
{
	struct ledger_archived moved;
	struct problem problem = {0};

	fill();
	assert_int_equal(ledger_archive(dir, away, OLD_MS / 2, &moved, &problem), OK);
	assert_true(moved.files > 0);
	struct ledger_salts what = destroy_old(away);
	assert_true(what.until > moved.records);
	assert_false(has_salts(away, 0));
	assert_int_equal(unsalted(away), what.records);
	check_openings(away, what.until);
	/* What is kept moves with its file. */
	assert_int_equal(ledger_archive(dir, away, OLD_MS, &moved, &problem), OK);
	check_openings(away, what.until);
	go_on(away);
}

static void not_while_it_is_written(void **state MAYBE_UNUSED)
{
	struct ledger_salts what;
	struct problem problem = {0};

	fill();
	struct ledger *l = open_it(NULL);

	assert_int_equal(ledger_salts_before(dir, NULL, OLD_MS, &what, &problem), ERR_CONFLICT);
	ledger_close(l);
}

/* A salt that was kept, and changed, is found. */
static void changed(void **state MAYBE_UNUSED)
{
	struct ledger_verified sums;
	struct problem problem = {0};
	struct kept_list kept = {0};
	char path[FILE_PATH_MAX];

	fill();
	destroy_old(NULL);
	assert_int_equal(segment_file(dir, 0, KEPT_SUFFIX, path), OK);
	assert_int_equal(kept_read(path, &kept), OK);
	kept.v[0].salt[3] ^= 1;
	assert_int_equal(kept_write(path, &kept), OK);
	VEC_FREE(&kept);
	size_t n = 0;

	assert_int_equal(ledger_verify(dir, NULL, count_finding, &n, &sums, &problem), ERR_CORRUPT);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(where_they_are, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(in_an_archive, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(not_while_it_is_written, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(changed, make_dir, remove_dir),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
