/*
 * wait.c - see wait.h.
 */
#include "base/base.h"
#include "base/wait.h"

#include "base/clock.h"

#define SECOND_NS INT64_C(1000000000)

void wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms)
{
	int64_t end = clock_mono_ns() + ms * 1000000;
	struct timespec until = {.tv_sec = end / SECOND_NS, .tv_nsec = end % SECOND_NS};

	pthread_cond_clockwait(cond, lock, CLOCK_MONOTONIC, &until);
}
