/*
 * pool.h - a bounded queue in front of some threads, of which there are as many as were ever needed at once. Full is an answer (ERR_BUSY), never growth.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/base.h"

struct pool;

/* threads: at most. name: at most 15 bytes, for the threads. on_exit (may be NULL) runs on each thread before it ends. */
struct pool *pool_start(const char *name, size_t threads, size_t queue_max, void (*on_exit)(void *), void *on_exit_arg);
enum err pool_submit(struct pool *p, void (*fn)(void *), void *arg); /* ERR_BUSY when full or stopping */
size_t pool_waiting(struct pool *p);
void pool_stop(struct pool *p); /* runs what is queued, joins, frees; NULL-safe */

#endif
