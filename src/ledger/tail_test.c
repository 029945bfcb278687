/*
 * tail_test.c - the open segment after every crash: cut anywhere, its whole records are there and it goes on; damage in
 * what was durable is found and named; a write that fails is forgotten, and the next one works.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "ledger/file.h"
#include "ledger/tail.h"

#define RECORDS 12
#define GROUP 3 /* records of a commit */
#define SEGMENT 100000

static char dir[64], path[128];
static size_t ends[RECORDS + 1]; /* offsets behind each record */
static struct buf image;

static struct view record(uint64_t i)
{
	static unsigned char bytes[RECORD_MAX];
	struct ledger_item items[5];
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .time_ms = 1000 + (int64_t)i,
				  .licensee = 3,
				  .items = items,
				  .n_items = 1 + i % 5};

	for (size_t k = 0; k < r.n_items; k++)
		items[k] = (struct ledger_item){.id = (int64_t)(i * 1000 + k + 1), .charged = true};
	return view_make((const char *)bytes, record_encode(&r, record_flags(&r, false), bytes));
}

static void add_group(struct tail *t, uint64_t from, size_t n)
{
	for (uint64_t i = from; i < from + n; i++)
		assert_true(tail_add(t, record(i)));
}

static int setup(void **state MAYBE_UNUSED)
{
	struct tail *t = NULL;

	snprintf(dir, sizeof(dir), "/tmp/kicau-tail-XXXXXX");
	if (!mkdtemp(dir) || tail_create(dir, 0, SEGMENT, &t, NULL) != OK)
		return -1;
	snprintf(path, sizeof(path), "%s", t->path);
	ends[0] = t->len;
	for (uint64_t i = 0; i < RECORDS; i++) {
		add_group(t, i, 1);
		ends[i + 1] = t->len;
		if (i % GROUP == GROUP - 1)
			assert_int_equal(tail_commit(t), OK);
	}
	tail_free(t);
	buf_init(&image, 1 << 20);
	return file_read(path, &image) == OK ? 0 : -1;
}

static int teardown(void **state MAYBE_UNUSED)
{
	buf_release(&image);
	unlink(path);
	return rmdir(dir);
}

static void put_image(const char *bytes, size_t n)
{
	assert_int_equal(file_replace(path, view_make(bytes, n), 0600, FILE_FAST), OK);
}

static size_t whole(size_t len)
{
	size_t n = 0;

	while (n < RECORDS && ends[n + 1] <= len)
		n++;
	return n;
}

static void assert_holds(const struct tail *t, size_t n)
{
	assert_int_equal(tail_count(t), n);
	for (uint32_t i = 0; i < n; i++)
		assert_true(view_eq(tail_record(t, i), record(i)));
}

static void cut_anywhere(void **state MAYBE_UNUSED)
{
	for (size_t len = 0; len <= image.len; len++) {
		struct tail_damage damage;
		struct tail *t;

		put_image(image.p, len);
		enum err err = tail_load(path, 0, SEGMENT, true, &t, &damage, NULL);
		if (len < TAIL_HEAD_LEN) {
			assert_int_equal(err, ERR_CORRUPT);
			continue;
		}
		assert_int_equal(err, OK);
		size_t n = whole(len);
		assert_holds(t, n);
		assert_int_equal(damage.cut, len - ends[n]);
		add_group(t, n, 2);
		assert_int_equal(tail_commit(t), OK);
		tail_free(t);
		assert_int_equal(tail_load(path, 0, SEGMENT, false, &t, &damage, NULL), OK);
		assert_int_equal(damage.cut, 0);
		assert_holds(t, n + 2);
		tail_free(t);
	}
}

/* What a crash can leave of the last commit: pages of it in any order. In what was durable before, it is damage. */
static void flip_anywhere(void **state MAYBE_UNUSED)
{
	char *bytes = xmalloc(image.len);
	size_t last = ends[RECORDS - GROUP];

	for (size_t at = 0; at < image.len; at++) {
		struct tail_damage damage;
		struct tail *t;

		memcpy(bytes, image.p, image.len);
		bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
		put_image(bytes, image.len);
		enum err err = tail_load(path, 0, SEGMENT, false, &t, &damage, NULL);
		size_t before = whole(at);
		if (at < last) {
			assert_int_equal(err, ERR_CORRUPT);
			assert_int_equal(damage.offset, at < ends[0] ? 0 : ends[before]);
			assert_int_equal(damage.index, before);
			continue;
		}
		assert_int_equal(err, OK);
		assert_holds(t, before);
		assert_int_equal(damage.cut, image.len - ends[before]);
		tail_free(t);
	}
	free(bytes);
}

static void failed_write(void **state MAYBE_UNUSED)
{
	struct tail *t;

	put_image(image.p, image.len);
	assert_int_equal(tail_load(path, 0, SEGMENT, true, &t, NULL, NULL), OK);
	int good = t->fd, bad = open(path, O_RDONLY | O_CLOEXEC);
	add_group(t, RECORDS, 4);
	t->fd = bad;
	assert_int_equal(tail_commit(t), ERR_UNAVAILABLE);
	assert_int_equal(tail_count(t), RECORDS);
	assert_true(t->torn);
	add_group(t, RECORDS, 1);
	assert_int_equal(tail_commit(t), ERR_UNAVAILABLE);
	t->fd = good;
	close(bad);
	/* Half of it had reached the file. */
	assert_int_equal(pwrite(good, "half", 4, (off_t)t->durable), 4);
	add_group(t, RECORDS, 2);
	assert_int_equal(tail_commit(t), OK);
	assert_holds(t, RECORDS + 2);
	tail_free(t);
	assert_int_equal(tail_load(path, 0, SEGMENT, false, &t, NULL, NULL), OK);
	assert_holds(t, RECORDS + 2);
	tail_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(flip_anywhere),
		cmocka_unit_test(failed_write),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
