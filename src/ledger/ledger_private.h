/*
 * ledger_private.h - what a ledger is made of: ledger.c opens it and takes records, commit.c makes them durable, packer.c
 * packs full segments, query.c answers.
 */
#ifndef LEDGER_LEDGER_PRIVATE_H
#define LEDGER_LEDGER_PRIVATE_H

#include "base/vec.h"
#include "ledger/segments.h"
#include "ledger/ledger.h"
#include "ledger/publish.h"
#include "ledger/receipt.h"

/* Some four million post reads: what packing them takes in memory follows from that. */
#define SEGMENT_BYTES ((int64_t)16 << 20)
#define SEGMENT_BYTES_FINGERPRINTS ((int64_t)24 << 20)
#define CHECKPOINT_MS 10000
#define UNPACKED_MAX 4 /* full segments; then commits wait for the packer */

/* Records that wait for their commit. */
struct waiting {
	size_t at, len; /* in the queue's bytes */
	ledger_done_fn *done;
	void *arg;
};
struct queue {
	unsigned char *bytes; /* LEDGER_QUEUE_BYTES */
	size_t len;
	struct VEC(struct waiting) records;
};

/* A commit is not put off for more. */
static inline bool queue_is_enough(const struct queue *q)
{
	return q->records.n >= RECEIPT_BATCH_MAX || q->len >= LEDGER_QUEUE_BYTES / 4;
}

struct ledger {
	char *dir;
	bool fingerprints, reader; /* reader: ledger_open_read() made it */
	size_t segment_bytes;
	int lock_fd;
	struct segments segments;
	_Atomic uint64_t size;

	pthread_mutex_t lock; /* of the queue */
	pthread_cond_t more;
	bool stop;
	int64_t last_ms;
	struct queue *filling, *committing;
	pthread_t committer;

	/* the commit thread's */
	struct timespec committed; /* the end of the last commit, CLOCK_MONOTONIC */
	size_t company;		   /* how many records it held */
	size_t crowd;		   /* the most that lately came together; fades */
	struct segment *open;	   /* held */
	enum err written;	   /* how the last commit ended */
	struct note_signer signer;
	struct merkle_edge edge;
	struct receipt_batch *batch;
	unsigned char (*salts)[RECEIPT_SALT_LEN]; /* of the commit: RECEIPT_BATCH_MAX */
	struct digest *entries;
	struct publisher *publisher;

	pthread_mutex_t pack_lock;
	pthread_cond_t pack_more, pack_done;
	bool pack_stop;
	enum err pack_err; /* of the last attempt */
	pthread_t packer;
};

/* A new open segment behind all others. */
enum err ledger_extend(struct ledger *l, struct problem *problem);
void *commit_thread(void *ledger); /* ends when stop is set and the queue is empty */
void *pack_thread(void *ledger);
/* Waits while too many segments are unpacked. The packer's error when it cannot go on. */
enum err packer_wait(struct ledger *l);
void packer_wake(struct ledger *l);

#endif
