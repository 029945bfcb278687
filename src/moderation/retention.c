/*
 * retention.c - see retention.h.
 */
#include "base/base.h"

#include "moderation/retention.h"

#include "base/clock.h"

SQL(cohort_people, "SELECT COUNT(*) FROM users WHERE account_id >= $1 AND account_id < $2");
SQL(cohort_days, "SELECT account_id, day FROM active_days WHERE account_id >= $1 AND account_id < $2"
		 " AND day >= $3 AND day < $4 ORDER BY account_id, day");

/* The first day of the month of ms, or of the next one. */
static int64_t month(int64_t ms, bool next)
{
	struct clock_date d = clock_split(ms), first = {.year = d.year, .month = d.month, .day = 1};

	if (next) {
		first.year += d.month == 12;
		first.month = d.month % 12 + 1;
	}
	return clock_join(&first);
}

enum err retention_steps(const struct period *p, enum retention_frequency frequency, struct retention_steps *ret,
			 struct problem *problem)
{
	bool months = frequency == RETENTION_MONTH;
	int64_t at = months ? month(p->from, false) : p->from;
	size_t n = 0;

	while (at < p->to) {
		if (n == RETENTION_STEPS_MAX)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: The period must not be longer than %d days by day",
				    RETENTION_STEPS_MAX);
		ret->at[n++] = at;
		at = months ? month(at, true) : at + CLOCK_DAY_MS;
	}
	ret->at[n] = at;
	ret->n = n;
	return OK;
}

enum err cohort_read(struct db *db, const struct retention_steps *steps, size_t i, struct cohort *ret)
{
	int64_t from = id_at(steps->at[i]), to = id_at(steps->at[i + 1]), last = 0;
	size_t k = i, counted = SIZE_MAX;
	struct rows r;

	*ret = (struct cohort){0};
	TRY(db_int(db, &cohort_people, BINDS(B_INT(from), B_INT(to)), &ret->people));
	db_query(db, &r, &cohort_days, BINDS(B_INT(from), B_INT(to), B_INT(steps->at[i]), B_INT(steps->at[steps->n])));
	while (rows_next(&r)) {
		if (row_int(&r, 0) != last) {
			last = row_int(&r, 0);
			k = i;
			counted = SIZE_MAX;
		}
		while (row_int(&r, 1) >= steps->at[k + 1])
			k++;
		if (counted != k) /* once, however many days of the step */
			ret->here[k]++;
		counted = k;
	}
	return rows_end(&r);
}
