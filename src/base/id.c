/*
 * id.c - the generator: one atomic word. It follows the wall clock and steps by one when the clock stands still or
 * goes back; more than 65536 ids in a millisecond borrow from the next.
 */
#include "base/base.h"
#include "base/id.h"

#include "base/clock.h"
#include "base/secret.h"

#include <stdatomic.h>

#define SEQUENCE_BITS 16
#define MS_MAX (INT64_MAX >> SEQUENCE_BITS)
/* An id from beyond the year 6400 is damage, not time; following it would leave no room to count on. */
#define SEEN_MAX (INT64_MAX - (INT64_C(1) << 40))

static _Atomic int64_t last, apart;

int64_t id_at(int64_t ms)
{
	return (ms < 0 ? 0 : ms > MS_MAX ? MS_MAX : ms) << SEQUENCE_BITS;
}

int64_t id_time(int64_t id)
{
	return id >> SEQUENCE_BITS;
}

/* The first multiple of step that is larger than all before, and not of the past. */
static int64_t next_multiple(int64_t step)
{
	int64_t now = id_at(clock_now()) + atomic_load_explicit(&apart, memory_order_relaxed);
	int64_t before = atomic_load_explicit(&last, memory_order_relaxed), next;
	do {
		next = before < now ? now : before + 1;
		next += (step - next % step) % step;
	} while (!atomic_compare_exchange_weak_explicit(&last, &before, next, memory_order_relaxed,
							memory_order_relaxed));
	return next;
}

int64_t id_next(void)
{
	return next_multiple(1);
}

int64_t id_next_round(void)
{
	return next_multiple(100);
}

void id_stand_apart(void)
{
	atomic_store(&apart, 1 + (int64_t)(rand_u64() % ((1 << SEQUENCE_BITS) - 1)));
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
