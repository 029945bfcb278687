/*
 * wait.h - waiting for a condition with a limit that does not move when somebody sets the wall clock.
 */
#ifndef BASE_WAIT_H
#define BASE_WAIT_H

#include <pthread.h>

#include "base/base.h"

/* pthread_cond_wait() for at most so many milliseconds; it may end sooner. The condition has the usual attributes. */
void wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms);

#endif
