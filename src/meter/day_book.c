/*
 * day_book.c - see day_book.h. How far a licensee's days are booked is raised in the transaction that books them.
 */
#include "base/base.h"

#include "meter/day_book.h"

#include "meter/calendar.h"
#include "meter/journal.h"
#include "meter/meter.h"
#include "meter/plan_store.h"

#define LICENSEES_AT_ONCE 100
#define DAYS_AT_ONCE 62 /* of one transaction */

SQL(day_book_behind, "SELECT l.id FROM licensees l LEFT JOIN licensee_books b ON b.licensee_id = l.id"
		     " WHERE l.id > $1 AND (b.day IS NULL OR b.day < $2) ORDER BY l.id LIMIT $3");
SQL(day_book_first,
    "SELECT MIN(d) FROM (SELECT MIN(day) AS d FROM usage_days WHERE licensee_id = $1"
    " UNION ALL SELECT MIN(starts_at) / 86400000 FROM licensee_plans WHERE licensee_id = $1) AS firsts");
SQL(day_book_usage, "SELECT CAST(COALESCE(SUM(cost_micro), 0) AS BIGINT) FROM usage_days"
		    " WHERE licensee_id = $1 AND day = $2");
SQL(day_book_plan, "SELECT plan_id, waits FROM licensee_plans WHERE licensee_id = $1 AND starts_at < $2"
		   " ORDER BY starts_at DESC LIMIT 1");
SQL(day_book_suspended, "SELECT suspended_at FROM licensees WHERE id = $1");

struct booking {
	int64_t licensee, suspended_ms;
	int32_t upto; /* the last day that is over */
	struct plan plan;
	bool more;
};

int32_t day_for_movement(int32_t booked, int64_t now)
{
	int32_t today = day_of(now);

	return today > booked ? today : booked + 1;
}

/* The plan at the end of a day; *ret_plan 0: none yet. */
static enum err plan_of_day(struct db *tx, const struct booking *b, int32_t day, int64_t *ret_plan, bool *ret_waits)
{
	struct rows r;

	*ret_plan = 0;
	*ret_waits = false;
	db_query(tx, &r, &day_book_plan, BINDS(B_INT(b->licensee), B_INT(day_begin_ms(day + 1))));
	if (rows_next(&r)) {
		*ret_plan = row_int(&r, 0);
		*ret_waits = row_int(&r, 1) != 0;
	}
	return rows_end(&r);
}

/* 0: no plan yet, or one that is free, or suspended, or it waits for approval. */
static enum err fee_for(struct db *tx, struct booking *b, int32_t day, int64_t *ret)
{
	int32_t month = month_of_day(day);
	int64_t plan;
	bool waits;

	TRY(plan_of_day(tx, b, day, &plan, &waits));
	*ret = 0;
	if (!plan || (b->suspended_ms && b->suspended_ms <= day_begin_ms(day)))
		return OK;
	if (plan != b->plan.id)
		TRY(plan_load(tx, plan, &b->plan, NULL));
	if (!waits || !b->plan.approval)
		*ret = fee_of_day(b->plan.month_micro, day - month_first_day(month), month_days(month));
	return OK;
}

static enum err book_day(struct db *tx, struct booking *b, int32_t day)
{
	int64_t fee, reads, sum, id;
	char text[DAY_LEN + 1], reference[64];

	TRY(fee_for(tx, b, day, &fee));
	TRY(db_int(tx, &day_book_usage, BINDS(B_INT(b->licensee), B_INT(day)), &reads));
	if (__builtin_add_overflow(fee, reads, &sum))
		return ERR_CORRUPT;
	if (!fee && !reads)
		return OK;
	day_text(day, text);
	int len = snprintf(reference, sizeof(reference), "day:%" PRId64 ":%s", b->licensee, text);
	const struct new_entry e = {
		.kind = ENTRY_DAY,
		.licensee = b->licensee,
		.day = day,
		.reference = view_make(reference, (size_t)len),
		.terms = fee ? b->plan.id : 0,
		.lines = {{BOOK_LICENSEE, -sum}, {BOOK_FEES, fee}, {BOOK_READS, reads}},
	};
	return journal_book(tx, &e, &id);
}

/* NULL of MIN reads as 0: neither usage nor plan, so there is nothing to book. */
static enum err first_day(struct db *tx, const struct booking *b, int32_t *ret)
{
	int64_t first;

	TRY(db_int(tx, &day_book_first, BINDS(B_INT(b->licensee)), &first));
	*ret = first > 0 && first <= b->upto ? (int32_t)first : b->upto;
	return OK;
}

static enum err book_some(struct db *tx, void *arg)
{
	struct booking *b = arg;
	int32_t booked, day;

	b->plan.id = 0;
	TRY(db_int(tx, &day_book_suspended, BINDS(B_INT(b->licensee)), &b->suspended_ms));
	TRY(journal_hold(tx, b->licensee, &booked));
	day = booked + 1;
	if (booked < 0)
		TRY(first_day(tx, b, &day));
	int32_t last = b->upto < day + DAYS_AT_ONCE - 1 ? b->upto : day + DAYS_AT_ONCE - 1;
	for (; day <= last; day++)
		TRY(book_day(tx, b, day));
	b->more = last < b->upto;
	return last > booked ? journal_close_day(tx, b->licensee, last) : OK;
}

static enum err book_licensee(struct core *c, int64_t licensee, int32_t upto)
{
	struct booking b = {.licensee = licensee, .upto = upto, .more = true};

	while (b.more)
		TRY(store_write(c->store, book_some, &b));
	if (c->meter)
		meter_balance_changed(c->meter, licensee);
	return OK;
}

static enum err behind(struct db *db, int64_t after, int32_t upto, int64_t *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &day_book_behind, BINDS(B_INT(after), B_INT(upto), B_INT(LICENSEES_AT_ONCE)));
	while (n < LICENSEES_AT_ONCE && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

enum err days_book(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	int64_t list[LICENSEES_AT_ONCE], after = 0;
	int32_t upto = day_of(now) - 1;
	size_t n;
	(void)a;

	if (c->meter && !meter_day_is_over(c->meter, upto))
		return OK;
	do {
		TRY(behind(db, after, upto, list, &n));
		for (size_t i = 0; i < n; i++)
			TRY(book_licensee(c, list[i], upto));
		if (n)
			after = list[n - 1];
	} while (n == LICENSEES_AT_ONCE);
	return OK;
}
