/*
 * pool_test.c
 */
#include "base/base.h"
#include "base/pool.h"

#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

static atomic_int done, ended;
static sem_t started, gate;

static void count(void *arg MAYBE_UNUSED)
{
	atomic_fetch_add(&done, 1);
}

static void wait_at_gate(void *arg)
{
	sem_post(&started);
	sem_wait(&gate);
	count(arg);
}

static void on_exit_count(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
}

static void look_at_thread(void *arg)
{
	sigset_t blocked;
	pthread_getname_np(pthread_self(), arg, 16);
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	if (sigismember(&blocked, SIGTERM) && !sigismember(&blocked, SIGSEGV))
		count(NULL);
}

static int setup(void **state MAYBE_UNUSED)
{
	atomic_store(&done, 0);
	atomic_store(&ended, 0);
	return 0;
}

static void runs_everything_before_it_stops(void **state MAYBE_UNUSED)
{
	struct pool *p = pool_start("test", 4, 1000, on_exit_count, &ended);
	int accepted = 0;
	for (int i = 0; i < 1000; i++)
		accepted += pool_submit(p, count, NULL) == OK;
	pool_stop(p);
	assert_int_equal(accepted, 1000);
	assert_int_equal(atomic_load(&done), 1000);
	assert_in_range(atomic_load(&ended), 1, 4);
	pool_stop(NULL);
}

static void says_when_it_is_full(void **state MAYBE_UNUSED)
{
	sem_init(&started, 0, 0);
	sem_init(&gate, 0, 0);
	struct pool *p = pool_start("test", 1, 2, NULL, NULL);
	assert_int_equal(pool_submit(p, wait_at_gate, NULL), OK);
	sem_wait(&started);
	assert_int_equal(pool_waiting(p), 0);
	assert_int_equal(pool_submit(p, count, NULL), OK);
	assert_int_equal(pool_submit(p, count, NULL), OK);
	assert_int_equal(pool_submit(p, count, NULL), ERR_BUSY);
	assert_int_equal(pool_waiting(p), 2);
	sem_post(&gate);
	pool_stop(p);
	assert_int_equal(atomic_load(&done), 3);
	sem_destroy(&started);
	sem_destroy(&gate);
}

static void names_its_threads(void **state MAYBE_UNUSED)
{
	char name[16] = "";
	struct pool *p = pool_start("kicau-worker-long-name", 1, 1, NULL, NULL);
	assert_int_equal(pool_submit(p, look_at_thread, name), OK);
	pool_stop(p);
	assert_string_equal(name, "kicau-worker-lo");
	assert_int_equal(atomic_load(&done), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(runs_everything_before_it_stops, setup),
		cmocka_unit_test_setup(says_when_it_is_full, setup),
		cmocka_unit_test_setup(names_its_threads, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
