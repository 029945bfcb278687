/*
 * clock.c - preloaded into a server under test: its wall clock is the machine's plus what stands in the file
 * $TEST_CLOCK (eight bytes, milliseconds, little-endian), read anew each time. Other clocks are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile int64_t *offset_ms;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
	int fd = open(getenv("TEST_CLOCK"), O_RDONLY | O_CLOEXEC);

	real_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	offset_ms = mmap(NULL, sizeof(*offset_ms), PROT_READ, MAP_SHARED, fd, 0);
	if (offset_ms == MAP_FAILED)
		abort();
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (!real_gettime)
		begin();
	int rc = real_gettime(clock, ret);

	if (rc != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return rc;
	int64_t ns = ret->tv_sec * INT64_C(1000000000) + ret->tv_nsec + *offset_ms * 1000000;

	ret->tv_sec = ns / 1000000000;
	ret->tv_nsec = ns % 1000000000;
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now;
	(void)zone;

	clock_gettime(CLOCK_REALTIME, &now);
	*ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}
