/*
 * ack_store.h - what licensees say they have done of what compliance.h tells them. Acknowledged is what is named one by
 * one, and everything up to a mark.
 */
#ifndef LICENSED_ACK_STORE_H
#define LICENSED_ACK_STORE_H

#include "core/compliance.h"

#define ACK_DUE_MS INT64_C(86400000) /* after which what is not acknowledged shows */

/* In a store_write. Named one by one; ones that do not exist are left out. *ret_n: how many are acknowledged by it. */
enum err ack_add(struct db *tx, int64_t licensee, const int64_t *seqs, size_t n, int64_t now_ms, int64_t *ret_n);
/* Everything up to seq, included. */
enum err ack_up_to(struct db *tx, int64_t licensee, int64_t seq, int64_t now_ms);

/* Events of before `before_ms` that a licensee has not acknowledged, oldest first, behind a place, in the arena. */
enum err ack_missing(struct db *db, struct arena *a, int64_t licensee, int64_t before_ms, int64_t after, size_t max,
		     struct compliance_event **ret, size_t *ret_n);
/* Whether a licensee has acknowledged one, and when; *ret_at 0: not. */
enum err ack_find(struct db *db, int64_t licensee, int64_t seq, int64_t *ret_at);
/* What an account has taken back, newest first: posts deleted, uses withdrawn. */
enum err ack_taken_back(struct db *db, struct arena *a, struct account_id account, int64_t before, size_t max,
			struct compliance_event **ret, size_t *ret_n);

#endif
