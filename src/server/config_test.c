/*
 * config_test.c - precedence, complaints with their place and cure, and that passwords are not shown.
 */
#include "base/base.h"
#include "server/config.h"

#include <setjmp.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/log.h"

static char dir[] = "/tmp/kicau-config-XXXXXX", file[64];

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/kicau.conf", dir);
	for (const struct config_row *row = config_table; row->key; row++) {
		struct buf name;
		buf_init(&name, 128);
		config_env_name(row, &name);
		unsetenv(buf_view(&name).p);
		buf_release(&name);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

static void write_file(const char *text)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct config_flags flags(void)
{
	return (struct config_flags){.data_dir = dir};
}

static const struct config_row *row_of(const char *key)
{
	const struct config_row *row = config_table;

	while (row->key && strcmp(row->key, key) != 0)
		row++;
	assert_non_null(row->key);
	return row;
}

/* The complaint about a file with this text; "" when there is none. */
static const char *complaint(const char *text)
{
	static struct problem problem;
	struct config c;
	struct config_flags f = flags();

	problem.text[0] = 0;
	write_file(text);
	enum err err = config_load(&c, &f, &problem);
	assert_int_equal(err, problem.text[0] ? ERR_INVALID : OK);
	config_release(&c);
	return problem.text;
}

static void assert_complains(const char *text, const char *place, const char *cure)
{
	const char *words = complaint(text);

	if (!strstr(words, place) || !strstr(words, cure))
		fail_msg("about %s: \"%s\", without \"%s\" and \"%s\"", text, words, place, cure);
}

static void defaults_pass_their_own_checks(void **state)
{
	struct config c;
	struct config_flags f = {.data_dir = "/nonexistent"};

	(void)state;
	assert_int_equal(config_load(&c, &f, NULL), OK);
	assert_string_equal(c.v.listen, "127.0.0.1:8080");
	assert_string_equal(c.v.base_url, "http://localhost:8080");
	assert_string_equal(c.v.database, "sqlite");
	assert_int_equal(c.v.post_chars, 500);
	assert_true(c.v.rate_limits);
	assert_false(c.v.password_grant);
	assert_null(c.file);
	config_release(&c);
}

static void the_later_source_wins(void **state)
{
	struct config c;
	struct config_flags f = flags();
	struct buf out;

	(void)state;
	buf_init(&out, LIMIT_KIB);
	write_file("listen = 127.0.0.1:1\ntitle = from file ; a comment\n\n# another\npost_chars=600\n");
	assert_int_equal(setenv("KICAU_TITLE", "from environment", 1), 0);
	assert_int_equal(setenv("KICAU_LISTEN", "127.0.0.1:2", 1), 0);
	f.listen = "[::1]:3";
	assert_int_equal(config_load(&c, &f, NULL), OK);
	unsetenv("KICAU_TITLE");
	unsetenv("KICAU_LISTEN");
	assert_string_equal(c.v.listen, "[::1]:3");
	assert_string_equal(c.v.title, "from environment");
	assert_int_equal(c.v.post_chars, 600);
	assert_string_equal(c.v.base_url, "http://localhost:3");
	config_show_origin(&c, row_of("post_chars"), &out);
	assert_true(view_ends(buf_view(&out), V("kicau.conf:5")));
	buf_clear(&out);
	config_show_origin(&c, row_of("listen"), &out);
	assert_true(view_is(buf_view(&out), "--listen"));
	buf_release(&out);
	config_release(&c);
}

static void a_value_goes_on_in_an_indented_line(void **state)
{
	struct config c;
	struct config_flags f = flags();

	(void)state;
	write_file("description = one\n  two\n\tthree\ntitle = x\nlog_level = warn\n");
	assert_int_equal(config_load(&c, &f, NULL), OK);
	assert_string_equal(c.v.description, "one\ntwo\nthree");
	assert_int_equal(c.v.log_level, LOG_LEVEL_WARN);
	config_release(&c);
}

static void complaints_say_where_and_what_would_be_right(void **state)
{
	static const struct {
		const char *text, *place, *cure;
	} wrong[] = {
		{"title = a\npost_chars = 0\n", "kicau.conf:2: post_chars = 0", "from 1 to 65536, in characters"},
		{"post_chars = five\n", "kicau.conf:1: post_chars = five", "whole number"},
		{"registrations = yes\n", ":1: registrations", "closed, open"},
		{"rate_limits = maybe\n", ":1: rate_limits", "on or off"},
		{"\n\nlistn = x\n", ":3: listn", "kicau config list"},
		{"listen = 8080\n", ":1: listen = 8080", "ADDRESS:PORT"},
		{"base_url = https://example.org/\n", ":1: base_url", "no path"},
		{"base_url = example.org\n", ":1: base_url", "https://HOST"},
		{"database = mysql://x\n", ":1: database", "postgresql://"},
		{"[server]\nlisten = 127.0.0.1:1\n", ":2: [server]", "no sections"},
		{"title = a\ntitle = b\n", ":2: title", "line 1"},
		{"data_dir = /x\n", ":1: data_dir", "--data"},
		{"just words\n", ":1:", "key = value"},
		{"languages = english language\n", ":1: languages", "en,id"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_complains(wrong[i].text, wrong[i].place, wrong[i].cure);
}

static void a_line_too_long_is_not_cut(void **state)
{
	char text[600] = "description = ";

	(void)state;
	memset(text + strlen(text), 'x', 500);
	assert_complains(text, ":1:", "begins with a space");
}

static void a_named_file_must_exist(void **state)
{
	struct config c;
	struct config_flags f = {.file = "/nonexistent/kicau.conf"};
	struct problem problem = {0};

	(void)state;
	assert_int_equal(config_load(&c, &f, &problem), ERR_INVALID);
	assert_non_null(strstr(problem.text, "/nonexistent/kicau.conf"));
	config_release(&c);
}

static void passwords_are_not_shown(void **state)
{
	static const struct {
		const char *value, *shown;
	} urls[] = {
		{"sqlite", "sqlite"},
		{"sqlite:/srv/a.db", "sqlite:/srv/a.db"},
		{"postgresql://kicau:s3cret@db/kicau", "postgresql://kicau:***@db/kicau"},
		{"postgresql://kicau:s3c@ret/x@db/kicau", NULL},
		{"postgresql://kicau@db/kicau?password=s3cret", "postgresql://kicau@db/kicau?***"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct config c;
		struct config_flags f = {.data_dir = "/nonexistent"};
		struct buf out;

		buf_init(&out, LIMIT_KIB);
		setenv("KICAU_DATABASE", urls[i].value, 1);
		assert_int_equal(config_load(&c, &f, NULL), OK);
		config_show(&c, row_of("database"), &out);
		assert_null(strstr(out.p, "s3c"));
		if (urls[i].shown)
			assert_string_equal(out.p, urls[i].shown);
		buf_release(&out);
		config_release(&c);
	}
	setenv("KICAU_DATABASE", "mysql://kicau:s3cret@db/kicau", 1);
	struct problem problem = {0};
	struct config c;
	struct config_flags f = {.data_dir = "/nonexistent"};
	assert_int_equal(config_load(&c, &f, &problem), ERR_INVALID);
	assert_null(strstr(problem.text, "s3cret"));
	config_release(&c);
	unsetenv("KICAU_DATABASE");
}

static void stray_variables_are_named(void **state)
{
	(void)state;
	setenv("KICAU_TEST_ANYTHING", "1", 1);
	assert_null(config_stray_variable());
	setenv("KICAU_LISTN", "1", 1);
	assert_string_equal(config_stray_variable(), "LISTN=1");
	unsetenv("KICAU_LISTN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_pass_their_own_checks),
		cmocka_unit_test(the_later_source_wins),
		cmocka_unit_test(a_value_goes_on_in_an_indented_line),
		cmocka_unit_test(complaints_say_where_and_what_would_be_right),
		cmocka_unit_test(a_line_too_long_is_not_cut),
		cmocka_unit_test(a_named_file_must_exist),
		cmocka_unit_test(passwords_are_not_shown),
		cmocka_unit_test(stray_variables_are_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
