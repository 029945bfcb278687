/*
 * tiles_test.c - names of tiles, the tree of every size from files, what is pruned, damage.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <unistd.h>

#include "ledger/tiles.h"
#include "ledger/tiles_private.h"

#define MANY 70000 /* the example of tlog-tiles */

static char dir[] = "/tmp/kicau-tiles-XXXXXX";

static int remove_one(const char *path, const struct stat *st MAYBE_UNUSED, int type MAYBE_UNUSED,
		      struct FTW *f MAYBE_UNUSED)
{
	return remove(path);
}

static void empty_dir(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/tile", dir);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct digest entry(uint64_t i)
{
	return digest_sha256(view_make((const char *)&i, sizeof(i)));
}

static void grow(struct tiles *t, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		struct digest e = entry(i);
		assert_int_equal(tiles_append(t, &e, 1), OK);
	}
}

static struct digest root_of(const struct tiles *t)
{
	struct merkle_edge e;

	tiles_edge(t, &e);
	return merkle_edge_root(&e);
}

static void names(void **state MAYBE_UNUSED)
{
	static const struct {
		struct tile_id id;
		const char *path;
	} good[] = {
		{{0, 0, 256}, "0/000"},
		{{0, 1234067, 256}, "0/x001/x234/067"},
		{{7, 999, 1}, "7/999.p/1"},
		{{2, 1000, 255}, "2/x001/000.p/255"},
		{{TILE_ENTRIES, 5, 256}, "entries/005"},
		{{TILE_ENTRIES, 123456789012, 16}, "entries/x123/x456/x789/012.p/16"},
	};
	static const char *const bad[] = {
		"", "0", "0/", "0/0", "0/00", "0/0000", "0/x000", "0/x000/000", "0/001/000", "0/x001/x000", "00/000", "8/000", "64/000",
		"-1/000", "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.q/1", "0/000.p/1/", "0/000/", "/0/000",
		"0//000", "0/../key", "0/..", "entries", "entries/x", "data/000", "0/000.p/1.p/1", "0/x999/x999/x999/x999/x999/x999/x999/999",
		"0/+01", "0/ 01", "0/000%2e",
	};
	struct tile_id t;
	char path[TILE_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		tile_path(&good[i].id, path);
		assert_string_equal(path, good[i].path);
		assert_true(tile_parse(view_of(path), &t));
		assert_memory_equal(&t, &good[i].id, sizeof(t));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(tile_parse(view_of(bad[i]), &t));
}

/* Each flush waits for the disk: small sizes, those around full tiles, and some. */
static bool looked_at(uint64_t n)
{
	return n <= 20 || (n < 1100 && (n + 2) % TILE_WIDTH < 5) || n % 9973 == 0 || n == 65536 || n == MANY;
}

/* The tree of many sizes from its files alone, also after opening it again. */
static void many_sizes(void **state MAYBE_UNUSED)
{
	static struct tile_reader r;
	struct tiles *t;
	struct merkle_edge e = {0}, read;

	empty_dir();
	assert_int_equal(tiles_open(dir, 0, &t), OK);
	for (uint64_t n = 1; n <= MANY; n++) {
		struct digest one = entry(n - 1), leaf = merkle_leaf(&one);
		merkle_append(&e, &leaf);
		assert_int_equal(tiles_append(t, &one, 1), OK);
		if (!looked_at(n))
			continue;
		struct digest wanted = merkle_edge_root(&e), found = root_of(t);
		assert_true(digest_eq(&wanted, &found));
		assert_int_equal(tiles_flush(t), OK);
		tiles_prune(t);
		tile_reader_init(&r, dir, n);
		struct merkle_source s = tile_source(&r);
		assert_int_equal(merkle_edge_read(&s, n, &read), OK);
		found = merkle_edge_root(&read);
		assert_true(digest_eq(&wanted, &found));
		if (n % 3)
			continue;
		tiles_free(t);
		assert_int_equal(tiles_open(dir, n, &t), OK);
		found = root_of(t);
		assert_true(digest_eq(&wanted, &found));
	}
	tiles_free(t);
}

static bool there(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/tile/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* What many_sizes() left: the files that tlog-tiles names for 70 000, and no other partial ones. */
static void pruned(void **state MAYBE_UNUSED)
{
	static const char *const yes[] = {
		"0/000", "0/272", "0/273.p/112", "1/000", "1/001.p/17", "2/000.p/1", "entries/000", "entries/272", "entries/273.p/112",
	};
	static const char *const no[] = {
		"0/000.p", "0/272.p", "1/000.p", "entries/000.p", "entries/272.p", "2/000", "3", "0/273", "2/000.p/2", "0/273.p/112.new",
	};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		assert_true(there(yes[i]));
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		assert_false(there(no[i]));
}

/* Partial tiles that are gone are the beginning of those that replaced them. */
static void narrower(void **state MAYBE_UNUSED)
{
	unsigned char a[TILE_BYTES_MAX], b[TILE_BYTES_MAX];
	size_t n, m;

	assert_int_equal(tile_read(dir, &(struct tile_id){0, 273, 112}, a, &n), OK);
	assert_int_equal(n, 112 * DIGEST_LEN);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 273, 7}, b, &m), OK);
	assert_int_equal(m, 7 * DIGEST_LEN);
	assert_memory_equal(a, b, m);
	assert_int_equal(tile_read(dir, &(struct tile_id){TILE_ENTRIES, 3, 200}, b, &m), OK);
	assert_int_equal(m, 200 * TILE_ENTRY_LEN);
	assert_int_equal(b[0], 0);
	assert_int_equal(b[1], DIGEST_LEN);
	struct digest e = entry(3 * TILE_WIDTH);
	assert_memory_equal(b + 2, e.b, DIGEST_LEN);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 273, 113}, b, &m), ERR_NOT_FOUND);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 273, 256}, b, &m), ERR_NOT_FOUND);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 274, 1}, b, &m), ERR_NOT_FOUND);
}

static void proofs(void **state MAYBE_UNUSED)
{
	static struct tile_reader r;
	struct merkle_proof p;
	struct merkle_edge edge;

	tile_reader_init(&r, dir, MANY);
	struct merkle_source s = tile_source(&r);
	assert_int_equal(merkle_edge_read(&s, MANY, &edge), OK);
	struct digest root = merkle_edge_root(&edge);
	for (uint64_t i = 0; i < MANY; i += i < 600 ? 1 : 331) {
		struct digest e = entry(i), leaf = merkle_leaf(&e);
		assert_int_equal(merkle_inclusion(&s, i, MANY, &p), OK);
		assert_true(merkle_included(&leaf, i, MANY, &p, &root));
		assert_int_equal(merkle_consistency(&s, i, MANY, &p), OK);
		assert_int_equal(merkle_edge_read(&s, i, &edge), OK);
		struct digest old = merkle_edge_root(&edge);
		assert_true(merkle_consistent(i, &old, MANY, &root, &p));
	}
	tile_reader_init(&r, dir, MANY + 1); /* more than there is */
	assert_int_equal(merkle_inclusion(&s, 0, MANY + 1, &p), ERR_NOT_FOUND);
}

static void damage(const char *name, long at, int byte)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tile/%s", dir, name);
	f = fopen(path, "r+");
	assert_non_null(f);
	fseek(f, at, SEEK_SET);
	fputc(byte, f);
	fclose(f);
}

static void damaged(void **state MAYBE_UNUSED)
{
	struct tiles *t;
	unsigned char bytes[TILE_BYTES_MAX];
	char path[128];
	size_t n;

	empty_dir();
	assert_int_equal(tiles_open(dir, 1, &t), ERR_NOT_FOUND);
	assert_int_equal(tiles_open(dir, 0, &t), OK);
	grow(t, 0, 300);
	assert_int_equal(tiles_flush(t), OK);
	tiles_free(t);
	damage("entries/001.p/44", 2, 0);
	assert_int_equal(tiles_open(dir, 300, &t), ERR_CORRUPT);
	snprintf(path, sizeof(path), "%s/tile/0/001.p/44", dir);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(tiles_open(dir, 300, &t), ERR_CORRUPT);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 1, 44}, bytes, &n), ERR_CORRUPT);
	snprintf(path, sizeof(path), "%s/tile/0/000", dir);
	assert_int_equal(truncate(path, TILE_BYTES_MAX + 1), 0);
	assert_int_equal(tile_read(dir, &(struct tile_id){0, 0, 256}, bytes, &n), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),  cmocka_unit_test(many_sizes), cmocka_unit_test(pruned),
		cmocka_unit_test(narrower), cmocka_unit_test(proofs),	cmocka_unit_test(damaged),
	};

	if (secret_init() != OK || !mkdtemp(dir))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	empty_dir();
	rmdir(dir);
	return failed;
}
