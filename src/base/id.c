/*
 * id.c - the generator: one atomic word. It follows the wall clock and steps by one when the clock stands still or
 * goes back; more than 65536 ids in a millisecond borrow from the next.
 */
#include "base/base.h"
#include "base/id.h"

#include "base/clock.h"

#include <stdatomic.h>

#define SEQUENCE_BITS 16
#define MS_MAX (INT64_MAX >> SEQUENCE_BITS)
/* An id from beyond the year 6400 is damage, not time; following it would leave no room to count on. */
#define SEEN_MAX (INT64_MAX - (INT64_C(1) << 40))

static _Atomic int64_t last;

int64_t id_at(int64_t ms)
{
	return (ms < 0 ? 0 : ms > MS_MAX ? MS_MAX : ms) << SEQUENCE_BITS;
}

int64_t id_time(int64_t id)
{
	return id >> SEQUENCE_BITS;
}

int64_t id_next(void)
{
	int64_t now = id_at(clock_now());
	int64_t before = atomic_load_explicit(&last, memory_order_relaxed), next;
	do {
		next = before < now ? now : before + 1;
	} while (!atomic_compare_exchange_weak_explicit(&last, &before, next, memory_order_relaxed,
							memory_order_relaxed));
	return next;
}

void id_seen(int64_t id)
{
	if (id > SEEN_MAX)
		return;
	int64_t before = atomic_load_explicit(&last, memory_order_relaxed);
	while (before < id &&
	       !atomic_compare_exchange_weak_explicit(&last, &before, id, memory_order_relaxed, memory_order_relaxed))
		;
}
