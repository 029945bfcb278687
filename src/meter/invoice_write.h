/*
 * invoice_write.h - the documents of invoices and credit notes, from the books and the usage (private to meter/).
 */
#ifndef METER_INVOICE_WRITE_H
#define METER_INVOICE_WRITE_H

#include "base/buf.h"
#include "meter/invoices.h"

#define INVOICE_DOCUMENT_MAX ((size_t)1 << 20) /* bytes */

struct invoice_draft {
	struct core *core;
	struct arena *arena;
	enum invoice_kind kind;
	int64_t licensee, number, now;
	int32_t month;
	bool empty;	     /* out: nothing to be told */
	int64_t total_micro; /* out; of credit notes: in */
	int64_t refers;	     /* of credit notes */
	struct view reason;  /* of credit notes */
	struct problem *problem;
};

/* Reads usage, entries and terms. ERR_CORRUPT with words: they do not agree, and no invoice is made. */
enum err invoice_write(struct db *tx, struct invoice_draft *d, struct buf *out);
enum err credit_note_write(struct db *tx, struct invoice_draft *d, struct buf *out);

#endif
