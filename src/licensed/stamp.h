/*
 * stamp.h - numbers that tell two things this process made apart. Private to licensed/.
 */
#ifndef LICENSED_STAMP_H
#define LICENSED_STAMP_H

#include <stdatomic.h>
#include <stdint.h>

extern _Atomic uint64_t stamp_last;

static inline uint64_t stamp_next(void)
{
	return atomic_fetch_add_explicit(&stamp_last, 1, memory_order_relaxed) + 1;
}

#endif
