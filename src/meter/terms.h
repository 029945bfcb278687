/*
 * terms.h - what a licensee has agreed to stands in the ledger before anything is delivered under it: a LEDGER_TERMS
 * record with the SHA-256 of the plan's text, and how many of a million posts are withheld. Written once for each plan a
 * licensee comes under and each rate that holds for it, and again after a start of the server.
 */
#ifndef METER_TERMS_H
#define METER_TERMS_H

#include "meter/licensees.h"

struct terms;
struct terms *terms_new(struct core *c);
void terms_free(struct terms *t); /* NULL-safe */

/*
 * Queues the record unless it was queued before: what is appended behind it comes after it. When it cannot be written (a
 * full disk) it is queued again with the next call. Does nothing without a ledger. ERR_BUSY, ERR_UNAVAILABLE: it could not
 * be queued, and the licence may not be used.
 */
enum err terms_record(struct terms *t, struct db *db, const struct licence *l);

#endif
