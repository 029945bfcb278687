/*
 * export_sieve.h - what lies in a file of an export, judged once more at the moment it goes out: lines in which something
 * may not go out any more are left out of a file that takes its place.
 */
#ifndef DATAAPI_EXPORT_SIEVE_H
#define DATAAPI_EXPORT_SIEVE_H

#include "dataapi/export_file.h"
#include "dataapi/job_store.h"

/*
 * By what a file made or looked through now is judged: the newest event of compliance, and the uses that count. A file
 * for which it is still the same word need not be looked through. Empty: an event is under way, so it has to be.
 */
#define EXPORT_JUDGED_MAX 80
enum err export_judgement(struct core *c, struct db *db, const struct licence *l, char ret[EXPORT_JUDGED_MAX]);

/*
 * Looks through a packed file of lines; those that may go out as a whole are written to `to`, when that is not NULL.
 * Numbers and first_id and last_id of *ret are of what is left; left_out counts on from what it was. ERR_CORRUPT.
 */
enum err export_sieve(struct core *c, struct db *db, const struct licence *l, const char *path, struct export_file *to,
		      struct data_job_file *ret);

#endif
