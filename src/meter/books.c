/*
 * books.c - see books.h. Each check is a query that finds what is wrong, and nothing in good books.
 */
#include "base/base.h"

#include "meter/books.h"

#include "meter/calendar.h"
#include "meter/invoices.h"
#include "meter/journal.h"
#include "meter/plan_store.h"
#include "text/tongue.h"

SQL(books_not_zero, "SELECT entry_id FROM book_lines GROUP BY entry_id HAVING SUM(amount_micro) <> 0");
SQL(books_no_lines,
    "SELECT e.id FROM book_entries e WHERE NOT EXISTS (SELECT 1 FROM book_lines l WHERE l.entry_id = e.id)");
SQL(books_no_entry, "SELECT l.entry_id FROM book_lines l LEFT JOIN book_entries e ON e.id = l.entry_id"
		    " WHERE e.id IS NULL OR e.licensee_id <> l.licensee_id OR l.amount_micro = 0");
SQL(books_day_twice, "SELECT MIN(id) FROM book_entries WHERE kind = 1 GROUP BY licensee_id, day HAVING COUNT(*) > 1");
SQL(books_day_ahead, "SELECT e.id FROM book_entries e LEFT JOIN licensee_books b ON b.licensee_id = e.licensee_id"
		     " WHERE e.kind = 1 AND (b.day IS NULL OR b.day < e.day)");
#define READS "SELECT COALESCE(SUM(l.amount_micro), 0) FROM book_entries e JOIN book_lines l ON l.entry_id = e.id"
SQL(books_usage_differs,
    "SELECT u.licensee_id FROM usage_days u JOIN licensee_books b ON b.licensee_id = u.licensee_id AND u.day <= b.day"
    " GROUP BY u.licensee_id, u.day HAVING SUM(u.cost_micro) <> (" READS
    " WHERE e.licensee_id = u.licensee_id AND e.kind = 1 AND e.day = u.day AND l.book = 5)");
SQL(books_usage_missing,
    "SELECT e.id FROM book_entries e JOIN book_lines l ON l.entry_id = e.id AND l.book = 5 WHERE e.kind = 1 AND NOT"
    " EXISTS (SELECT 1 FROM usage_days u WHERE u.licensee_id = e.licensee_id AND u.day = e.day)");
SQL(books_gap,
    "SELECT n.kind FROM invoice_numbers n LEFT JOIN invoices i ON i.kind = n.kind GROUP BY n.kind, n.last"
    " HAVING COUNT(i.id) <> n.last OR COALESCE(MAX(i.number), 0) <> n.last OR COALESCE(MIN(i.number), 1) <> 1");
SQL(books_no_credit, "SELECT i.number FROM invoices i LEFT JOIN invoices r ON r.kind = 1 AND r.number = i.refers"
		     " WHERE i.kind = 2 AND (r.id IS NULL OR r.licensee_id <> i.licensee_id)");
SQL(books_credits_differ,
    "SELECT i.licensee_id FROM invoices i WHERE i.kind = 2 GROUP BY i.licensee_id HAVING SUM(i.total_micro) <> (" READS
    " WHERE e.licensee_id = i.licensee_id AND e.kind = 4 AND l.book = 1)");
SQL(books_over_credited,
    "SELECT i.number FROM invoices i JOIN invoices c ON c.kind = 2 AND c.refers = i.number"
    " WHERE i.kind = 1 GROUP BY i.number, i.total_micro HAVING SUM(c.total_micro) > i.total_micro");

static const struct check {
	const struct sql *sql;
	struct view what; /* for pages, in the language of who reads them */
} checks[] = {
	{&books_not_zero, N_("the lines of an entry do not add up to 0")},
	{&books_no_lines, N_("an entry has no lines")},
	{&books_no_entry, N_("a line has no entry, or another licensee than it, or says 0")},
	{&books_day_twice, N_("a day of a licensee is booked twice")},
	{&books_day_ahead, N_("a day is booked that is not known as booked")},
	{&books_usage_differs, N_("the reads of a day of a licensee are booked otherwise than they were counted")},
	{&books_usage_missing, N_("reads are booked that were not counted")},
	{&books_gap, N_("the numbers of documents of a kind have a gap")},
	{&books_no_credit, N_("a credit note names no invoice of its licensee")},
	{&books_credits_differ, N_("the credit notes of a licensee are booked otherwise than they say")},
	{&books_over_credited, N_("more is credited of an invoice than it comes to")},
};

SQL(books_prices, "SELECT licensee_id, terms, CAST(SUM(posts_extra) AS BIGINT), CAST(SUM(users_extra) AS BIGINT),"
		  " CAST(SUM(cost_micro) AS BIGINT) FROM usage_days GROUP BY licensee_id, terms");
SQL(books_invoices, "SELECT number, licensee_id, month, total_micro FROM invoices WHERE kind = 1 ORDER BY number");
SQL(books_month, READS " WHERE e.licensee_id = $1 AND e.kind = 1 AND e.day >= $2 AND e.day < $3 AND l.book = 1");
SQL(books_entries, "SELECT COUNT(*) FROM book_entries");

static void wrong(struct books_report *r, struct view what, int64_t about)
{
	r->wrong++;
	r->say(r->arg, what.p, about);
}

static enum err run_check(struct db *db, const struct check *c, struct books_report *report)
{
	struct rows r;

	db_query(db, &r, c->sql, NO_BINDS);
	while (rows_next(&r))
		wrong(report, c->what, row_int(&r, 0));
	return rows_end(&r);
}

static enum err check_prices(struct db *db, struct books_report *report)
{
	struct plan plan = {0};
	enum err err = OK;
	struct rows r;

	db_query(db, &r, &books_prices, NO_BINDS);
	while (err == OK && rows_next(&r)) {
		err = plan_load(db, row_int(&r, 1), &plan, NULL);
		if (err == ERR_NOT_FOUND ||
		    (err == OK &&
		     row_int(&r, 2) * plan.post_micro + row_int(&r, 3) * plan.user_micro != row_int(&r, 4)))
			wrong(report, N_("reads of a licensee do not cost what its plan says"), row_int(&r, 0));
		if (err == ERR_NOT_FOUND)
			err = OK;
	}
	TRY(rows_end(&r));
	return err;
}

static enum err check_invoices(struct db *db, struct books_report *report)
{
	enum err err = OK;
	int64_t booked;
	struct rows r;

	db_query(db, &r, &books_invoices, NO_BINDS);
	while (err == OK && rows_next(&r)) {
		int32_t month = (int32_t)row_int(&r, 2);

		err = db_int(
			db, &books_month,
			BINDS(B_INT(row_int(&r, 1)), B_INT(month_first_day(month)), B_INT(month_first_day(month + 1))),
			&booked);
		if (err == OK && booked != -row_int(&r, 3))
			wrong(report, N_("an invoice comes to something else than what is booked"), row_int(&r, 0));
		report->invoices++;
	}
	TRY(rows_end(&r));
	return err;
}

static enum err verify(struct db *db, void *arg)
{
	struct books_report *report = arg;

	report->wrong = report->invoices = 0;
	TRY(db_int(db, &books_entries, NO_BINDS, &report->entries));
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		TRY(run_check(db, &checks[i], report));
	TRY(check_prices(db, report));
	return check_invoices(db, report);
}

enum err books_verify(struct core *c, struct books_report *report)
{
	return store_read(c->store, verify, report);
}
