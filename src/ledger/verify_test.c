/*
 * verify_test.c - any one byte of any file changed, any file missing, cut, swapped or there twice: verifying finds it, and names
 * the place.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "ledger/archive.h"
#include "ledger/file.h"
#include "ledger/verify.h"

#define RECORDS 24

static char dir[64];
static struct VEC(char *) files;

static void append(struct ledger *l, uint64_t i)
{
	struct ledger_item items[6];
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .endpoint = 1,
				  .time_ms = 1000000 + (int64_t)i * 1000,
				  .licensee = 3,
				  .key = 4,
				  .terms = 5,
				  .items = items,
				  .n_items = 1 + i % 6};

	for (size_t k = 0; k < r.n_items; k++)
		items[k] = (struct ledger_item){.id = (int64_t)(i + k * 7 + 1) << 16, .charged = k % 3 > 0};
	assert_int_equal(ledger_append_wait(l, &r, NULL), OK);
}

static int note_file(const char *path, const struct stat *st, int kind, struct FTW *where MAYBE_UNUSED)
{
	/* The signing key is a secret, not evidence: other letters for the same key are as good. */
	if (kind == FTW_F && st->st_size > 0 && !view_ends(view_of(path), V("/key")))
		VEC_PUSH(&files, xstrdup(path));
	return 0;
}

static int make(void **state MAYBE_UNUSED)
{
	struct problem problem = {0};
	struct ledger *l;

	snprintf(dir, sizeof(dir), "/tmp/kicau-verify-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	struct ledger_config config = {
		.dir = dir, .origin = "example.org/ledger", .segment_bytes = 500, .checkpoint_ms = 1};
	for (uint64_t i = 0; i < RECORDS; i++) {
		assert_int_equal(ledger_open(&config, &l, &problem), OK);
		append(l, i);
		while (i + 1 < RECORDS && i % 8)
			append(l, ++i);
		usleep(100000); /* the packer has its time */
		ledger_close(l);
	}
	return nftw(dir, note_file, 16, FTW_PHYS);
}

static void forget_files(void)
{
	for (size_t i = 0; i < files.n; i++)
		free(files.v[i]);
	files.n = 0;
}

static int drop(void **state MAYBE_UNUSED)
{
	char command[96];

	forget_files();
	VEC_FREE(&files);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command); /* NOLINT(cert-env33-c) */
}

struct seen {
	size_t n;
	bool named; /* the file that was changed */
	const char *file;
};

static void see(void *arg, const struct ledger_finding *f)
{
	struct seen *s = arg;

	s->n++;
	s->named |= strcmp(f->file, s->file) == 0;
}

static enum err verify(struct seen *s)
{
	struct ledger_verified sums;
	struct problem problem = {0};

	return ledger_verify(dir, NULL, see, s, &sums, &problem);
}

static void assert_good(void)
{
	struct seen s = {.file = ""};

	assert_int_equal(verify(&s), OK);
	assert_int_equal(s.n, 0);
}

static bool holds_records(const char *path)
{
	struct view v = view_of(path);

	return view_ends(v, V(".seg")) || view_ends(v, V(".log"));
}

static void put(const char *path, struct view v)
{
	assert_int_equal(file_replace(path, v, 0600, FILE_FAST), OK);
}

static void get(const char *path, struct buf *b)
{
	buf_init(b, 1 << 20);
	assert_int_equal(file_read(path, b), OK);
}

/* The last commit of the open file looks like one that was not finished: then the tree says what is missing. */
static void every_byte(void **state MAYBE_UNUSED)
{
	size_t unnamed = 0, n = 0;

	assert_good();
	for (size_t i = 0; i < files.n; i++) {
		struct buf b;

		get(files.v[i], &b);
		for (size_t at = 0; at < b.len; at++) {
			struct seen s = {.file = files.v[i]};

			b.p[at] = (char)(b.p[at] ^ 1 << at % 8);
			put(files.v[i], buf_view(&b));
			if (verify(&s) == OK)
				fail_msg("%s: byte %zu was changed, and nobody saw it", files.v[i], at);
			n += holds_records(files.v[i]);
			unnamed += holds_records(files.v[i]) && !s.named;
			b.p[at] = (char)(b.p[at] ^ 1 << at % 8);
		}
		put(files.v[i], buf_view(&b));
		buf_release(&b);
	}
	assert_good();
	/* Only of the last commit. */
	assert_true(n > 700 && unnamed < 100);
}

static void missing_and_cut(void **state MAYBE_UNUSED)
{
	for (size_t i = 0; i < files.n; i++) {
		struct seen s = {.file = files.v[i]};
		struct buf b;

		get(files.v[i], &b);
		unlink(files.v[i]);
		/* Without its salts a segment cannot be opened, but is no other. */
		if (view_ends(view_of(files.v[i]), V(".salt")) && !view_ends(view_of(files.v[i]), V("22.salt")))
			assert_int_equal(verify(&s), OK);
		else
			assert_int_not_equal(verify(&s), OK);
		for (size_t len = 0; len < b.len; len += 1 + len / 8) {
			put(files.v[i], view_make(b.p, len));
			assert_int_not_equal(verify(&s), OK);
		}
		put(files.v[i], buf_view(&b));
		buf_release(&b);
	}
	assert_good();
}

static void swapped_and_doubled(void **state MAYBE_UNUSED)
{
	for (size_t i = 0; i < files.n; i++)
		for (size_t k = 0; k < files.n; k++) {
			struct seen s = {.file = files.v[i]};
			struct buf a, b;

			if (i == k || !holds_records(files.v[i]) || !holds_records(files.v[k]))
				continue;
			get(files.v[i], &a);
			get(files.v[k], &b);
			put(files.v[i], buf_view(&b));
			assert_int_equal(verify(&s), ERR_CORRUPT);
			put(files.v[k], buf_view(&a));
			assert_int_equal(verify(&s), ERR_CORRUPT);
			assert_true(s.named);
			put(files.v[i], buf_view(&a));
			put(files.v[k], buf_view(&b));
			buf_release(&a);
			buf_release(&b);
		}
	assert_good();
}

static bool finds(const char *archive, const char *path)
{
	struct seen s = {.file = path};
	struct ledger_verified sums;
	struct problem problem = {0};

	return ledger_verify(dir, archive, see, &s, &sums, &problem) != OK && s.named;
}

/* What was moved elsewhere is read to the last byte too. */
static void change_archived(const char *archive)
{
	size_t n = 0;

	forget_files(); /* those of before are where they were, or have gone there */
	assert_int_equal(nftw(archive, note_file, 16, FTW_PHYS), 0);
	for (size_t i = 0; i < files.n; i++) {
		struct buf b;

		if (!holds_records(files.v[i]))
			continue;
		get(files.v[i], &b);
		for (size_t at = 0; at < b.len; at++, n++) {
			b.p[at] = (char)(b.p[at] ^ 1 << at % 8);
			put(files.v[i], buf_view(&b));
			if (!finds(archive, files.v[i]))
				fail_msg("%s: byte %zu was changed, and nobody saw it", files.v[i], at);
			b.p[at] = (char)(b.p[at] ^ 1 << at % 8);
		}
		put(files.v[i], view_make(b.p, b.len - 1));
		assert_true(finds(archive, files.v[i]));
		put(files.v[i], buf_view(&b));
		buf_release(&b);
	}
	assert_true(n > 300);
}

static void archived(void **state MAYBE_UNUSED)
{
	struct problem problem = {0};
	struct ledger_archived moved;
	struct ledger_verified sums;
	struct seen s = {.file = ""};
	struct ledger *l;
	struct arena a;
	struct ledger_record r;
	char to[96];

	snprintf(to, sizeof(to), "%s/old", dir);
	assert_int_equal(ledger_archive(dir, to, 1011500, &moved, &problem), OK);
	assert_true(moved.files > 0 && moved.records > 0);
	assert_int_equal(ledger_verify(dir, to, see, &s, &sums, &problem), OK);
	assert_int_equal(sums.records, RECORDS);
	change_archived(to);
	assert_int_equal(ledger_verify(dir, to, see, &s, &sums, &problem), OK);
	assert_int_equal(ledger_open_read(dir, to, &l, &problem), OK);
	arena_init(&a, 1 << 20);
	assert_int_equal(ledger_read(l, &a, 0, &r), OK);
	assert_int_equal(ledger_first(l), 0);
	ledger_close(l);
	struct ledger_config config = {.dir = dir, .origin = "example.org/ledger", .segment_bytes = 500};
	assert_int_equal(ledger_open(&config, &l, &problem), OK);
	assert_int_equal(ledger_first(l), moved.records);
	assert_int_equal(ledger_read(l, &a, 0, &r), ERR_NOT_FOUND);
	append(l, RECORDS);
	ledger_close(l);
	arena_release(&a);
	assert_int_equal(ledger_verify(dir, to, see, &s, &sums, &problem), OK);
	assert_int_equal(sums.records, RECORDS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte),
		cmocka_unit_test(missing_and_cut),
		cmocka_unit_test(swapped_and_doubled),
		cmocka_unit_test(archived),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, make, drop);
}
