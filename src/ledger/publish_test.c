/*
 * publish_test.c - checkpoints over records that grow, tiles that are damaged or behind, records that were changed.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/checkpoint.h"
#include "ledger/publish.h"
#include "ledger/tiles.h"

static char dir[] = "/tmp/kicau-publish-XXXXXX";
static struct note_signer signer;

/* Records that are nothing but their entries. */
struct records {
	pthread_mutex_t lock;
	uint64_t size;
	uint64_t changed; /* this one is another than it was */
};
static struct records records = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = UINT64_MAX};

static uint64_t size_of(void *arg)
{
	struct records *r = arg;

	pthread_mutex_lock(&r->lock);
	uint64_t size = r->size;
	pthread_mutex_unlock(&r->lock);
	return size;
}

static void set_size(uint64_t size)
{
	pthread_mutex_lock(&records.lock);
	records.size = size;
	pthread_mutex_unlock(&records.lock);
}

static struct digest entry(uint64_t i)
{
	i ^= i == records.changed ? 0x5555 : 0;
	return digest_sha256(view_make((const char *)&i, sizeof(i)));
}

static enum err entries_of(void *arg, uint64_t from, size_t n, struct digest *ret)
{
	assert_true(n <= 4096 && from + n <= size_of(arg));
	for (size_t i = 0; i < n; i++)
		ret[i] = entry(from + i);
	return OK;
}

static const struct publish_source source = {size_of, entries_of, &records};

static int remove_one(const char *path, const struct stat *st MAYBE_UNUSED, int type MAYBE_UNUSED,
		      struct FTW *f MAYBE_UNUSED)
{
	return strcmp(path, dir) == 0 ? 0 : remove(path);
}

static int fresh(void **state MAYBE_UNUSED)
{
	struct problem p;

	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	set_size(0);
	records.changed = UINT64_MAX;
	return note_signer_open(dir, "example.org/log", true, &signer, &p) != OK;
}

static struct publisher *start(uint64_t size)
{
	struct publisher *p;
	struct merkle_edge edge, wanted = {0};
	struct problem problem;

	assert_int_equal(publisher_start(dir, &signer, 5, &source, &p, &edge, &problem), OK);
	assert_int_equal(edge.size, size);
	for (uint64_t i = 0; i < size; i++) {
		struct digest e = entry(i), leaf = merkle_leaf(&e);
		merkle_append(&wanted, &leaf);
	}
	struct digest a = merkle_edge_root(&edge), b = merkle_edge_root(&wanted);
	assert_true(digest_eq(&a, &b));
	return p;
}

/* The published checkpoint holds, and its tiles hash to it. Returns its size. */
static uint64_t check_published(void)
{
	static struct tile_reader r;
	struct checkpoint c;
	struct merkle_edge edge;
	struct note_key key;
	struct buf note;

	buf_init(&note, NOTE_MAX);
	assert_int_equal(publish_read_key(dir, &note), OK);
	assert_int_equal(note_key_parse(view_trim(buf_view(&note)), &key), OK);
	buf_clear(&note);
	assert_int_equal(publish_read_checkpoint(dir, &note), OK);
	assert_int_equal(checkpoint_open(buf_view(&note), &key, &c), OK);
	tile_reader_init(&r, dir, c.size);
	struct merkle_source s = tile_source(&r);
	assert_int_equal(merkle_edge_read(&s, c.size, &edge), OK);
	struct digest root = merkle_edge_root(&edge);
	assert_true(digest_eq(&root, &c.root));
	uint64_t size = c.size;
	buf_release(&note);
	return size;
}

static void from_nothing(void **state MAYBE_UNUSED)
{
	struct buf note;
	struct publisher *p;

	buf_init(&note, NOTE_MAX);
	assert_int_equal(publish_read_checkpoint(dir, &note), ERR_NOT_FOUND);
	buf_release(&note);
	p = start(0);
	publisher_stop(p);
	assert_int_equal(check_published(), 0);
	publisher_stop(NULL);
}

static void grows(void **state MAYBE_UNUSED)
{
	struct publisher *p = start(0);
	int64_t until = clock_mono_ns() + 20 * (int64_t)1000000000;

	for (uint64_t size = 1; size < 3000; size += 97) {
		set_size(size);
		if (size % 2)
			check_published();
	}
	while (check_published() < 2911 && clock_mono_ns() < until)
		usleep(1000);
	assert_int_equal(check_published(), 2911);
	set_size(3000);
	publisher_stop(p);
	assert_int_equal(check_published(), 3000);
	set_size(3001);
	publisher_stop(start(3001));
	assert_int_equal(check_published(), 3001);
}

static void lose(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
}

static void damage(const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r+");
	assert_non_null(f);
	fputs("damaged", f);
	fclose(f);
}

/* Tiles are no more than a view of the records. */
static void rebuilds(void **state MAYBE_UNUSED)
{
	set_size(1000);
	publisher_stop(start(1000));
	lose("tile/0/003.p/232");
	publisher_stop(start(1000));
	damage("tile/1/000.p/3");
	lose("tile/0/000");
	publisher_stop(start(1000));
	damage("tile/entries/003.p/232");
	set_size(1100);
	publisher_stop(start(1100));
	assert_int_equal(check_published(), 1100);
	lose("key.public");
	lose("checkpoint");
	publisher_stop(start(1100));
	assert_int_equal(check_published(), 1100);
}

static void assert_checked(enum err wanted, const char *words)
{
	struct problem problem = {0};

	assert_int_equal(publish_check(dir, &signer.key, &source, &problem), wanted);
	if (words)
		assert_non_null(strstr(problem.text, words));
}

/* What publisher_start() does not look at, a check does. */
static void checks(void **state MAYBE_UNUSED)
{
	set_size(70000);
	publisher_stop(start(70000));
	set_size(70001);
	assert_checked(OK, NULL);
	damage("tile/0/017");
	assert_checked(ERR_CORRUPT, "tile/0/017 ");
	set_size(70000);
	lose("tile/0/273.p/112");
	publisher_stop(start(70000));
	assert_checked(OK, NULL);
	damage("tile/entries/273.p/112");
	assert_checked(ERR_CORRUPT, "tile/entries/273.p/112 ");
	publisher_stop(start(70000));
	records.changed = 69000;
	assert_checked(ERR_CORRUPT, "tile/entries/269 ");
	set_size(69999);
	assert_checked(ERR_CORRUPT, "70000 records");
}

static void assert_refused(enum err wanted)
{
	struct publisher *p;
	struct merkle_edge edge;
	struct problem problem = {0};

	assert_int_equal(publisher_start(dir, &signer, 5, &source, &p, &edge, &problem), wanted);
	assert_true(problem.text[0] != 0);
}

/* Nothing is signed that contradicts what was. */
static void refuses(void **state MAYBE_UNUSED)
{
	set_size(1000);
	publisher_stop(start(1000));
	set_size(999);
	assert_refused(ERR_CORRUPT);
	set_size(1000);
	records.changed = 500;
	damage("tile/1/000.p/3");
	assert_refused(ERR_CORRUPT);
	records.changed = UINT64_MAX;
	publisher_stop(start(1000));
	damage("checkpoint");
	assert_refused(ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(from_nothing, fresh),
		cmocka_unit_test_setup(grows, fresh),
		cmocka_unit_test_setup(rebuilds, fresh),
		cmocka_unit_test_setup(checks, fresh),
		cmocka_unit_test_setup(refuses, fresh),
	};

	if (secret_init() != OK || !mkdtemp(dir))
		return 1;
	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fresh(NULL);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(dir);
	return failed;
}
