/*
 * invoice_letter.h - invoices and credit notes by mail, with the PDF: who pays them has an address, and mostly no key.
 */
#ifndef METER_INVOICE_LETTER_H
#define METER_INVOICE_LETTER_H

#include "mail/letter.h"
#include "meter/invoices.h"

/* In the transaction that makes it. A licensee without an address, a server without mail: nothing. */
enum err invoice_mail(struct core *c, struct db *tx, int64_t invoice, int64_t licensee);

/* For the table of letter writers: MAIL_INVOICE. */
enum err invoice_letter(struct core *c, struct db *db, struct arena *a, const struct mail *m, struct letter *ret,
			struct problem *problem);

#endif
