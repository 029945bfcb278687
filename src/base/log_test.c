/*
 * log_test.c - lines through a pipe, read back.
 */
#include "base/base.h"
#include "base/log.h"

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <limits.h>
#include <unistd.h>

static int ends[2];

static int setup(void **state MAYBE_UNUSED)
{
	return pipe(ends);
}

static int teardown(void **state MAYBE_UNUSED)
{
	log_setup(STDERR_FILENO, LOG_LEVEL_INFO, LOG_AUTO);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static size_t line(char *ret, size_t size)
{
	ssize_t n = read(ends[0], ret, size - 1);
	assert_true(n > 0);
	ret[n] = '\0';
	assert_int_equal(ret[n - 1], '\n');
	return (size_t)n;
}

static void writes_text(void **state MAYBE_UNUSED)
{
	char text[PIPE_BUF + 1];
	log_setup(ends[1], LOG_LEVEL_INFO, LOG_TEXT);
	log_debug("not this");
	log_info("started", F_STR("listen", V("127.0.0.1:8080")), F_INT("threads", 2));
	line(text, sizeof(text));
	assert_int_equal(text[2], ':');
	assert_string_equal(text + 8, " info  started listen=127.0.0.1:8080 threads=2\n");
	log_error("odd", F_STR("a", V("x y\n\x1b[0m\xff\xc2\x9b")), F_STR("b", V("")));
	line(text, sizeof(text));
	assert_string_equal(text + 8, " error odd a=\"x y\\x0a\\x1b[0m\\xff\\xc2\\x9b\" b=\"\"\n");
}

static void writes_json(void **state MAYBE_UNUSED)
{
	char text[PIPE_BUF + 1];
	log_setup(ends[1], LOG_LEVEL_DEBUG, LOG_AUTO); /* a pipe is no terminal */
	log_debug("hello", F_STR("q", V("\"\n")), F_INT("n", -1));
	size_t n = line(text, sizeof(text));
	json_t *j = json_loadb(text, n, 0, NULL);
	assert_non_null(j);
	assert_string_equal(json_string_value(json_object_get(j, "level")), "debug");
	assert_string_equal(json_string_value(json_object_get(j, "message")), "hello");
	assert_string_equal(json_string_value(json_object_get(j, "q")), "\"\n");
	assert_int_equal(json_integer_value(json_object_get(j, "n")), -1);
	assert_int_equal(json_string_length(json_object_get(j, "time")), 24);
	json_decref(j);
}

static void cuts_long_lines(void **state MAYBE_UNUSED)
{
	static char big[2 * PIPE_BUF];
	char text[2 * PIPE_BUF];
	memset(big, 1, sizeof(big));
	big[sizeof(big) - 1] = '\0';
	for (size_t size = PIPE_BUF - 200; size < sizeof(big); size += 97) {
		log_setup(ends[1], LOG_LEVEL_INFO, LOG_JSON);
		log_info(big, F_INT("n", 1), F_STR("big", view_make(big, size)), F_INT("lost", 1));
		size_t n = line(text, sizeof(text));
		assert_true(n <= PIPE_BUF);
		json_t *j = json_loadb(text, n, 0, NULL);
		assert_non_null(j);
		assert_true(json_is_true(json_object_get(j, "cut")));
		assert_null(json_object_get(j, "lost"));
		json_decref(j);

		log_setup(ends[1], LOG_LEVEL_INFO, LOG_TEXT);
		log_info("m", F_STR("big", view_make(big, size)), F_INT("lost", 1));
		n = line(text, sizeof(text));
		assert_string_equal(text + n - 10, " cut=true\n");
	}
}

static void knows_its_levels(void **state MAYBE_UNUSED)
{
	enum log_level level = LOG_LEVEL_DEBUG;
	assert_true(log_level_parse(V("error"), &level) && level == LOG_LEVEL_ERROR);
	assert_false(log_level_parse(V("loud"), &level));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(writes_text), T(writes_json), T(cuts_long_lines), T(knows_its_levels)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
