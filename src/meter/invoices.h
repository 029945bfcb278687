/*
 * invoices.h - what a licensee is told of a month: made once, when all its days are booked, and never changed. What was
 * wrong is set right by a credit note, which names the invoice. Both are numbered without gaps: the number is taken in
 * the transaction that makes the document.
 *
 * The document is JSON and says all there is (invoice_write.c); HTML and PDF are drawn from it.
 */
#ifndef METER_INVOICES_H
#define METER_INVOICES_H

#include "core/core.h"

enum invoice_kind { INVOICE = 1, CREDIT_NOTE }; /* stored */

#define PDF_PROGRAM "kicau-pdf" /* beside this one; draws them as PDF */
#define CREDIT_REASON_MAX 300 /* bytes */

struct invoice {
	int64_t id, number, licensee, refers, total_micro, created_ms;
	enum invoice_kind kind;
	int32_t month;
	struct view document; /* JSON; of lists: empty */
};

/* "I000042", "C000007": how documents are called by people and in addresses. */
#define INVOICE_NAME_MAX 24
void invoice_name(enum invoice_kind kind, int64_t number, char ret[INVOICE_NAME_MAX]);
bool invoice_name_parse(struct view v, enum invoice_kind *ret_kind, int64_t *ret_number);

/* ERR_NOT_FOUND. */
enum err invoice_load(struct db *db, struct arena *a, enum invoice_kind kind, int64_t number, struct invoice *ret);
/* Newest first, older than `before` (0: from the newest); of one licensee (0: of all). */
enum err invoices_load(struct db *db, struct arena *a, int64_t licensee, int64_t before, size_t max,
		       struct invoice *ret, size_t *ret_n);

/*
 * The invoices of all months up to this one, of licensees whose days are booked so far. *ret_made: how many. A licensee
 * with nothing to be told of a month has none for it.
 */
enum err invoices_make(struct core *c, struct db *db, struct arena *a, int32_t month, int64_t *ret_made,
		       struct problem *problem);
/* A periodic task: those up to last month. */
enum err invoices_due(struct core *c, struct db *db, struct arena *a, int64_t now);

struct new_credit {
	struct account_id by; /* 0: the command line */
	int64_t invoice;      /* its number */
	int64_t micro;	      /* above 0; all credits of an invoice are not more than its total */
	struct view reason;
};
/* Books it and makes its credit note; that stands in the record of what moderators do. ERR_NOT_FOUND, ERR_UNPROCESSABLE with words. */
enum err invoice_credit(struct core *c, struct arena *a, const struct new_credit *new, int64_t *ret_number,
			struct problem *problem);

#endif
