/*
 * retention.h - of those who signed up in each day or month of a period, how many were here in it and in each that came
 * after (docs: methods/admin/retention, entities/Admin_Cohort).
 */
#ifndef MODERATION_RETENTION_H
#define MODERATION_RETENTION_H

#include "core/core.h"
#include "moderation/period.h"

#define RETENTION_STEPS_MAX 93 /* three months by day */

enum retention_frequency { RETENTION_DAY, RETENTION_MONTH };

/* Where the days or months of a period begin: n of them, and the end of the last. */
struct retention_steps {
	size_t n;
	int64_t at[RETENTION_STEPS_MAX + 1]; /* ms */
};
/* ERR_UNPROCESSABLE with words: they are too many. */
enum err retention_steps(const struct period *p, enum retention_frequency frequency, struct retention_steps *ret,
			 struct problem *problem);

/* Of those who signed up in step i: here[k] of them were here in step k, for k from i. */
struct cohort {
	int64_t people;
	int64_t here[RETENTION_STEPS_MAX];
};
enum err cohort_read(struct db *db, const struct retention_steps *steps, size_t i, struct cohort *ret);

#endif
