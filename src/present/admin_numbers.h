/*
 * admin_numbers.h - numbers for moderators (docs: entities/Admin_Measure, Admin_Dimension, Admin_Cohort).
 */
#ifndef PRESENT_ADMIN_NUMBERS_H
#define PRESENT_ADMIN_NUMBERS_H

#include "base/json.h"
#include "moderation/dimensions.h"
#include "moderation/measures.h"
#include "moderation/retention.h"

void present_measure(enum measure_key key, const struct period *p, const struct measure *m, struct jw *j);
void present_dimension(enum dimension_key key, const struct dimension_item *items, size_t n, struct jw *j);
void present_cohort(const struct retention_steps *steps, enum retention_frequency frequency, size_t i,
		    const struct cohort *c, struct jw *j);

#endif
