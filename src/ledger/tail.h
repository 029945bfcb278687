/*
 * tail.h - the open segment: a file that grows by whole commits, and the same bytes in memory, where they are read.
 * docs/ledger.md "The open file" has the format:
 *
 *   "kicautl1" ‖ first index (8) ‖ check (8), then a frame for each record:
 *   length (4) ‖ where its commit began (4) ‖ index (8) ‖ canonical bytes ‖ check (8)
 *
 * All numbers are little-endian. A check is SipHash-2-4 with a key of zeros over all of the frame before it: it finds
 * damage; changes are found by the tree. What stands before the beginning of a commit was durable when that was written: so
 * a bad frame before it is damage, and a bad one in the last commit is what a crash left.
 *
 * One thread adds and commits; any number reads what was committed, without a lock. Its index is made by who asks: far more is
 * delivered than is ever asked for.
 */
#ifndef LEDGER_TAIL_H
#define LEDGER_TAIL_H

#include "base/base.h"
#include "ledger/record.h"
#include "ledger/tail_index.h"

#include <pthread.h>
#include <stdatomic.h>

#define TAIL_HEAD_LEN 24
#define FRAME_HEAD_LEN 16
#define FRAME_CHECK_LEN 8
#define FRAME_LEN(n) (FRAME_HEAD_LEN + (n) + FRAME_CHECK_LEN)
#define TAIL_SEGMENT_MAX ((size_t)1 << 30)
#define TAIL_SUFFIX ".log"

struct tail {
	char *path;
	int fd;
	uint64_t first;
	size_t segment;	      /* bytes after which it is full */
	unsigned char *bytes; /* as in the file; room for `capacity` */
	size_t capacity;
	uint32_t *offsets; /* of frames, all that were added */
	size_t n_added, n_max;
	size_t len, durable;	    /* bytes: added, and committed */
	bool torn;		    /* a failed commit could not be cut back yet */
	int64_t last_ms;	    /* time of the last record that was there when it was opened, 0 without one */
	_Atomic uint32_t n;	    /* committed records */
	pthread_mutex_t index_lock; /* of what follows */
	struct tail_index *index;
	uint32_t n_indexed;	   /* records */
	struct ledger_item *items; /* room for those of one */
};

/* A new file for records from first on, durable on return. segment: bytes after which tail_full() is true. */
enum err tail_create(const char *dir, uint64_t first, size_t segment, struct tail **ret, struct problem *problem);

/* What is wrong with a file: where, and at which record. */
struct tail_damage {
	size_t offset;
	uint64_t index;
	size_t cut; /* bytes at the end that a crash left; not damage */
};
/* Reads one. repair: cuts what a crash left, and goes on behind it; without it the file is only read. ERR_CORRUPT with
 * *damage (may be NULL), ERR_NOT_FOUND, ERR_UNAVAILABLE. */
enum err tail_load(const char *path, uint64_t first, size_t segment, bool repair, struct tail **ret,
		   struct tail_damage *damage, struct problem *problem);
void tail_free(struct tail *t); /* closes; NULL-safe */

/* The record is not durable before tail_commit(); a failed one forgets what was added. False: no room. */
bool tail_add(struct tail *t, struct view canonical);
enum err tail_commit(struct tail *t);
bool tail_full(const struct tail *t);
static inline uint32_t tail_count(const struct tail *t)
{
	return atomic_load_explicit(&t->n, memory_order_acquire);
}
/* The canonical bytes of committed record first + i. */
struct view tail_record(const struct tail *t, uint32_t i);
/* The next committed records [*from, *ret_end) at or after *from that may hold the post; false when none may. */
bool tail_next(struct tail *t, int64_t post, uint32_t *from, uint32_t *ret_end);

#endif
