/*
 * received.h - what the ledger says that licensees received, for many posts at once: one walk over all its records.
 */
#ifndef TRACE_RECEIVED_H
#define TRACE_RECEIVED_H

#include "base/base.h"
#include "base/map.h"
#include "ledger/ledger.h"

/* One licensee's posts, or those that went to anybody. */
struct received {
	struct map whole;      /* post → record + 1 of its first delivery that was handed over whole */
	struct idset recorded; /* posts whose answers arrived or not; those of whole too */
	uint64_t records;      /* of deliveries to it */
};
/* licensee: RECEIVED_BY_ANYBODY for all of them. Errors are the ledger's. Release it in any case. */
#define RECEIVED_BY_ANYBODY INT64_C(0)
enum err received_read(struct ledger *l, int64_t licensee, struct received *ret);
void received_release(struct received *r);

/*
 * Which of these posts (ascending) each licensee received, whether the answer arrived or not: bit x % 64 of word x / 64. Licensees that received
 * none are left as they are. bits[i] is of licensees[i].
 */
enum err received_bits(struct ledger *l, const int64_t *posts, size_t n, const int64_t *licensees, size_t n_licensees,
		       uint64_t *const *bits);

#endif
