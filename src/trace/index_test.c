/* The index gives back what was put in, and takes no file that is not whole. */
#include "base/base.h"
#include "trace/trace_test.h"

#include "trace/grams.h"
#include "trace/surprise.h"

#define MANY 5000

static void holds(void **state)
{
	static const struct test_post posts[] = {
		{10, "the first of three posts here", NULL},
		{20, NULL, NULL},
		{30, "another one that was edited later", "another one, and now it is edited"}};
	static const int64_t delivered[] = {30, 25, 7, 25, 10, 40};
	struct test_posts t = {.v = posts, .n = 3, .delivered = delivered, .n_delivered = ARRAY_LEN(delivered)};
	uint32_t post, same[INDEX_SAME_MAX];

	(void)state;
	test_posts_open(&t);
	assert_int_equal(index_posts(t.index), 6);
	assert_int_equal(index_stats(t.index).gone, 3);
	for (size_t i = 0; i < ARRAY_LEN(delivered); i++) {
		assert_true(index_find_id(t.index, delivered[i], &post));
		assert_int_equal(index_id(t.index, post), delivered[i]);
		assert_int_equal(index_flags(t.index, post) == INDEX_GONE, delivered[i] != 10 && delivered[i] != 30);
	}
	assert_true(index_find_id(t.index, 20, &post));
	assert_int_equal(index_flags(t.index, post), INDEX_BOOST);
	assert_false(index_find_id(t.index, 11, &post));
	assert_false(index_find_id(t.index, 0, &post));
	/* Both texts of the edited one; a text that is nobody's is not there. */
	uint64_t salt = index_salt(t.index);
	assert_int_equal(index_look_up(t.index, gram_whole(V("anotheronethatwaseditedlater"), salt), same), 1);
	assert_int_equal(same[0], 2);
	assert_int_equal(index_look_up(t.index, gram_whole(V("anotheroneandnowitisedited"), salt), same), 1);
	assert_int_equal(index_look_up(t.index, gram_whole(V("nobodys"), salt), same), 0);
	test_posts_close(&t);
}

static void same_text(void **state)
{
	static struct test_post posts[MANY];
	struct test_posts t = {.v = posts, .n = MANY};
	uint32_t same[INDEX_SAME_MAX], post;
	static char texts[MANY][32];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof(texts[i]), "number %zu of very many", i);
		posts[i] =
			(struct test_post){(int64_t)(3 * i + 1), i % 2 ? texts[i] : "good morning to everybody", NULL};
	}
	test_posts_open(&t);
	uint64_t salt = index_salt(t.index);
	assert_int_equal(index_look_up(t.index, gram_whole(V("goodmorningtoeverybody"), salt), same), INDEX_SAME_MAX);
	assert_int_equal(index_look_up(t.index, gram_whole(V("number4321ofverymany"), salt), same), 1);
	assert_int_equal(same[0], 4321);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_true(index_find_id(t.index, posts[i].id, &post));
		assert_int_equal(post, i);
	}
	/* Common shingles take no room for each post that has them. */
	assert_true(index_stats(t.index).bytes - SURPRISE_BYTES < (uint64_t)64 * MANY);
	test_posts_close(&t);
}

static void wrong_files(void **state)
{
	static const struct test_post posts[] = {{10, "the first of three posts here", NULL}};
	struct test_posts t = {.v = posts, .n = 1};
	struct problem problem = {0};
	struct trace_index *x;
	static char bytes[SURPRISE_BYTES + 8192];

	(void)state;
	test_posts_open(&t);
	FILE *f = fopen(t.path, "r+");
	size_t n = fread(bytes, 1, sizeof(bytes), f);
	assert_int_equal(n, index_stats(t.index).bytes);
	fputc('x', f);
	fflush(f);
	assert_int_equal(index_open(t.path, &x, &problem), ERR_CORRUPT); /* longer */
	assert_int_equal(ftruncate(fileno(f), (off_t)n - 1), 0);
	assert_int_equal(index_open(t.path, &x, &problem), ERR_CORRUPT);
	assert_int_equal(ftruncate(fileno(f), 10), 0);
	assert_int_equal(index_open(t.path, &x, &problem), ERR_CORRUPT);
	rewind(f);
	fwrite(bytes, 1, n, f);
	for (size_t i = 0; i < 64; i++) {
		rewind(f);
		fwrite(bytes, 1, 64, f);
		fseek(f, (long)i, SEEK_SET);
		fputc(bytes[i] ^ 1, f);
		fflush(f);
		assert_int_equal(index_open(t.path, &x, &problem), ERR_CORRUPT);
	}
	fclose(f);
	assert_int_equal(index_open("/nonexistent", &x, &problem), ERR_NOT_FOUND);
	test_posts_close(&t);
}

static void builder(void **state)
{
	struct problem problem = {0};
	struct index_builder *b;
	uint32_t post;

	(void)state;
	assert_int_equal(secret_init(), OK);
	assert_int_equal(index_build("/nonexistent/dir/index", 1, &b, &problem), ERR_UNAVAILABLE);
	assert_int_equal(index_build("/tmp/kicau-trace-builder", 1, &b, &problem), OK);
	assert_int_equal(index_build_post(b, 5, 0, &post), OK);
	assert_int_equal(index_build_post(b, 5, 0, &post), ERR_INVALID);
	assert_int_equal(index_build_post(b, 4, 0, &post), ERR_INVALID);
	assert_int_equal(index_build_post(b, 6, 0, &post), OK);
	assert_int_equal(post, 1);
	index_build_free(b); /* without an end: there is no file */
	assert_int_not_equal(access("/tmp/kicau-trace-builder", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds),
		cmocka_unit_test(same_text),
		cmocka_unit_test(wrong_files),
		cmocka_unit_test(builder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
