/*
 * process_test.c - programs that end, die, hang, talk too much, and leave others behind.
 */
#include "base/base.h"
#include "media/process.h"

#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

#define ANSWER 64

struct outcome {
	enum process_end end;
	char text[ANSWER + 1];
	size_t len;
	int status;
};

static struct outcome run_argv(char *const argv[], int timeout_ms)
{
	const struct process p = {.argv = argv, .own_group = true, .timeout_ms = timeout_ms};
	struct outcome o = {0};

	o.end = process_run(&p, o.text, ANSWER, &o.len, &o.status);
	return o;
}

static struct outcome run(const char *script, int timeout_ms)
{
	char *const argv[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)script, NULL};

	return run_argv(argv, timeout_ms);
}

static void answers(void **state MAYBE_UNUSED)
{
	struct outcome o = run("printf 'one '; printf two; exit 3", 5000);

	assert_int_equal(o.end, PROCESS_DONE);
	assert_int_equal(o.status, 3);
	assert_string_equal(o.text, "one two");
	o = run("exec >&-; sleep 0.2; exit 1", 5000);
	assert_int_equal(o.end, PROCESS_DONE);
	assert_int_equal(o.status, 1);
	assert_int_equal(o.len, 0);
	o = run("cat; echo error >&2; echo $LC_ALL", 5000);
	assert_string_equal(o.text, "C\n");
}

static void deaths(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *script;
		enum process_end end;
		int status;
	} cases[] = {
		{"kill -SEGV $$", PROCESS_KILLED, SIGSEGV},	   {"kill -ABRT $$", PROCESS_KILLED, SIGABRT},
		{"kill -KILL $$", PROCESS_TOOK_TOO_MUCH, SIGKILL}, {"kill -XCPU $$", PROCESS_TOOK_TOO_MUCH, SIGXCPU},
		{"kill -XFSZ $$", PROCESS_TOOK_TOO_MUCH, SIGXFSZ},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outcome o = run(cases[i].script, 5000);

		assert_int_equal(o.end, cases[i].end);
		assert_int_equal(o.status, cases[i].status);
	}
}

static void hangs(void **state MAYBE_UNUSED)
{
	static const char *const scripts[] = {"sleep 60", "exec >&-; sleep 60",
					      "trap '' TERM INT; while :; do :; done"};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		int64_t began = clock_mono_ns();

		assert_int_equal(run(scripts[i], 300).end, PROCESS_TOOK_TOO_MUCH);
		assert_true(clock_mono_ns() - began < INT64_C(5000000000));
	}
}

static void talks(void **state MAYBE_UNUSED)
{
	assert_int_equal(run("yes", 5000).end, PROCESS_BROKEN);
	/* One byte less than there is room for is the most that is taken. */
	assert_int_equal(run("printf %063d 1", 5000).end, PROCESS_DONE);
	assert_int_equal(run("printf %064d 1", 5000).end, PROCESS_BROKEN);
}

/* What a program started goes with it, whether it ended well or was ended. */
static void leaves_nobody(void **state MAYBE_UNUSED)
{
	static const char *const scripts[] = {"sleep 60 & echo $!", "sleep 60 & echo $!; wait"};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		struct outcome o = run(scripts[i], 1000);
		int64_t pid = 0, until = clock_mono_ns() + INT64_C(3000000000);
		char path[64], name[256] = "";

		if (!o.len) /* it was ended: what it said is not told */
			continue;
		assert_true(parse_i64(view_trim(view_make(o.text, o.len)), 2, INT32_MAX, &pid));
		do {
			snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
			FILE *f = fopen(path, "re");
			if (!f)
				break;
			if (!fgets(name, sizeof(name), f))
				name[0] = 0;
			fclose(f);
		} while (!strstr(name, " Z ") && clock_mono_ns() < until);
		assert_true(clock_mono_ns() < until);
	}
}

static void is_not_there(void **state MAYBE_UNUSED)
{
	char *const argv[] = {(char[]){"kicau-no-such-program"}, NULL};
	char path[4096];

	assert_int_equal(run_argv(argv, 1000).end, PROCESS_NOT_STARTED);
	assert_false(process_beside("kicau-no-such-program", path, sizeof(path)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers), cmocka_unit_test(deaths),	    cmocka_unit_test(hangs),
		cmocka_unit_test(talks),   cmocka_unit_test(leaves_nobody), cmocka_unit_test(is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
