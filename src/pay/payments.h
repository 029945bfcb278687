/*
 * payments.h - money that comes from licensees and goes back to them, whoever carried it.
 */
#ifndef PAY_PAYMENTS_H
#define PAY_PAYMENTS_H

#include "core/core.h"
#include "meter/journal.h"

#define PAYMENT_REFERENCE_MAX 150 /* bytes */

struct new_payment {
	struct account_id by;	 /* whoever books it by hand; 0: the command line */
	const char *provider;	 /* "manual": before the reference, so that two providers' cannot meet */
	enum book book;		 /* where the money came from, and goes back to */
	enum entry_kind kind;	 /* ENTRY_PAYMENT, ENTRY_REFUND */
	int64_t licensee, micro; /* micro above 0 */
	struct view reference;	 /* the provider's, or an operator's: counts once */
	struct view memo;
};

/*
 * Books it. ERR_NOT_FOUND: no such licensee. ERR_UNPROCESSABLE: the amount, or the texts. ERR_CONFLICT: this reference
 * is booked already. All with words. It stands in the record of what moderators do.
 */
enum err payment_book(struct core *c, const struct new_payment *new, struct problem *problem);
/* The same inside a store_write, and in no such record; behind the commit the caller calls payment_booked(). */
enum err payment_book_tx(struct db *tx, const struct new_payment *new, struct problem *problem);
void payment_booked(struct core *c, int64_t licensee);

#endif
