/*
 * withholding.h - that nobody is delivered to before their keys are committed to in the ledger, nor by keys that the ledger
 * does not know. core->withholding holds what is wrong between both.
 */
#ifndef METER_WITHHOLDING_H
#define METER_WITHHOLDING_H

#include "ledger/ledger.h"
#include "meter/withhold_keys.h"

/* What the ledger says of a key. */
struct withhold_committed {
	uint64_t index;
	int64_t licensee, number, from_id;
	uint32_t ppm;
	struct digest commitment;
	bool lost; /* it was given up later */
};
/* All commitments of the records that are here, in the order of their indexes. free() *ret. */
enum err withhold_committed(struct ledger *l, struct withhold_committed **ret, size_t *ret_n, struct problem *problem);

/* What does not fit between ledger and database. */
enum withhold_fault {
	WITHHOLD_FITS,
	WITHHOLD_MISSING,	  /* the database has no such key: it is older than the ledger */
	WITHHOLD_DIFFERENT,	  /* it has another one under that name */
	WITHHOLD_UNKNOWN_LICENSEE /* nor such a licensee: nobody can be delivered to by mistake */
};
enum withhold_fault withhold_compare(const struct withhold_committed *c, const struct withhold_generation *keys,
				     size_t n, bool licensee_exists);

/*
 * At boot, with a ledger. What the ledger does not have, because it was begun anew, is committed to again. Licensees whose keys
 * do not fit are refused from now on, with words in the log; everybody is, when it is the key of everybody.
 */
enum err withholding_open(struct core *c, struct problem *problem);
void withholding_close(struct core *c);

/*
 * The keys to deliver by; what was not committed to yet is, durably, before this returns: once for each key, and never while a
 * server runs that made its licensees itself for more than a second. ERR_UNAVAILABLE with words.
 */
enum err withholding_ready(struct core *c, struct db *db, int64_t licensee, struct withhold_set **ret,
			   struct problem *problem);

#endif
