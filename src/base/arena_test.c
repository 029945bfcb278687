/*
 * arena_test.c
 */
#include "base/base.h"
#include "base/arena.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"

/* Runs fn in a child; true when it ended by abort(). */
static bool aborts(void (*fn)(void))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		fclose(stderr);
		fn();
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void gives_zeroed_aligned_memory(void **state MAYBE_UNUSED)
{
	struct arena a;
	arena_init(&a, 8 * LIMIT_MIB);
	for (size_t round = 0; round < 3; round++) {
		for (size_t size = 0; size < 3000; size += 7) {
			unsigned char *p = arena_alloc(&a, size);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xff, size);
		}
		arena_reset(&a);
		assert_int_equal(a.used, 0);
		assert_non_null(a.head);
	}
	arena_release(&a);
	assert_null(a.head);
	assert_int_equal(*(char *)arena_alloc(&a, 1), 0);
	arena_release(&a);
	arena_release(NULL);
}

static void takes_large_and_small_in_turn(void **state MAYBE_UNUSED)
{
	struct arena a;
	arena_init(&a, 64 * LIMIT_MIB);
	char *small[20];
	for (size_t i = 0; i < ARRAY_LEN(small); i++) {
		small[i] = arena_cstr(&a, V("small"));
		memset(arena_alloc(&a, LIMIT_MIB + i), 0xff, LIMIT_MIB + i);
	}
	for (size_t i = 0; i < ARRAY_LEN(small); i++)
		assert_string_equal(small[i], "small");
	arena_reset(&a);
	arena_alloc(&a, LIMIT_MIB);
	arena_release(&a);
}

static void copies(void **state MAYBE_UNUSED)
{
	struct arena a;
	arena_init(&a, LIMIT_KIB);
	char text[] = "a\0b";
	struct view v = arena_view(&a, view_make(text, 3));
	text[0] = 'x';
	assert_int_equal(v.len, 3);
	assert_memory_equal(v.p, "a\0b", 4);
	assert_string_equal(arena_cstr(&a, view_make(NULL, 0)), "");
	assert_true(view_is(arena_printf(&a, "%s %d", "n", 7), "n 7"));
	int64_t *array = ARENA_ARRAY(&a, 3, int64_t);
	assert_int_equal(array[2], 0);
	arena_release(&a);
}

static void pass_cap(void)
{
	struct arena a;
	arena_init(&a, 100);
	arena_alloc(&a, 60);
	arena_alloc(&a, 60);
}

static void overflow_array(void)
{
	struct arena a;
	arena_init(&a, SIZE_MAX);
	arena_array(&a, SIZE_MAX / 2, 3);
}

static void refuses_what_is_our_mistake(void **state MAYBE_UNUSED)
{
	struct arena a;
	arena_init(&a, 100);
	arena_alloc(&a, 100);
	arena_release(&a);
	assert_true(aborts(pass_cap));
	assert_true(aborts(overflow_array));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(takes_large_and_small_in_turn),
		cmocka_unit_test(copies),
		cmocka_unit_test(refuses_what_is_our_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
