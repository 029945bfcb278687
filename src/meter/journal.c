/*
 * journal.c - entries and lines are inserted here and nowhere else; nothing updates or deletes them.
 */
#include "base/base.h"

#include "meter/journal.h"

#include "base/clock.h"
#include "base/id.h"

SQL(entry_insert, "INSERT INTO book_entries (id, kind, licensee_id, day, reference, terms, memo, created_at)"
		  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (reference) DO NOTHING");
SQL(entry_line_insert, "INSERT INTO book_lines (entry_id, book, licensee_id, amount_micro) VALUES ($1, $2, $3, $4)");
#define ENTRY "SELECT id, kind, licensee_id, day, reference, terms, memo, created_at FROM book_entries "
SQL(entry_by_reference, ENTRY "WHERE reference = $1");
#define OLDER "AND id < $1 AND ($2 = 0 OR kind = $2) ORDER BY id DESC LIMIT $3"
SQL(entries_newest, ENTRY "WHERE 1 = 1 " OLDER);
SQL(entries_of_licensee, ENTRY "WHERE licensee_id = $4 " OLDER);
SQL(entry_lines, "SELECT book, amount_micro FROM book_lines WHERE entry_id = $1 ORDER BY book");
SQL(journal_left, "SELECT CAST("
		  "(SELECT COALESCE(SUM(amount_micro), 0) FROM book_lines WHERE licensee_id = $1 AND book = $2) - "
		  "(SELECT COALESCE(SUM(cost_micro), 0) FROM usage_days WHERE licensee_id = $1 AND day > "
		  "COALESCE((SELECT day FROM licensee_books WHERE licensee_id = $1), -1)) AS BIGINT)");
SQL(journal_left_at, "SELECT CAST(COALESCE(SUM(l.amount_micro), 0) AS BIGINT) FROM book_entries e "
		     "JOIN book_lines l ON l.entry_id = e.id AND l.book = $2 "
		     "WHERE e.licensee_id = $1 AND e.day <= $3");
SQL(journal_day, "SELECT day FROM licensee_books WHERE licensee_id = $1");
SQL(journal_day_begin, "INSERT INTO licensee_books (licensee_id, day) VALUES ($1, $2) ON CONFLICT DO NOTHING");
/* Writes the row though nothing changes: on PostgreSQL, others that book for this licensee wait. */
SQL(journal_day_set, "UPDATE licensee_books SET day = CASE WHEN day < $2 THEN $2 ELSE day END WHERE licensee_id = $1");
SQL(journal_book_sum, "SELECT CAST(COALESCE(SUM(amount_micro), 0) AS BIGINT) FROM book_lines"
		      " WHERE book = $1 AND (CAST($2 AS BIGINT) = 0 OR licensee_id = $2)");

static const char *const book_names[BOOKS_END] = {
	[BOOK_LICENSEE] = "licensee", [BOOK_MANUAL] = "manual", [BOOK_STRIPE] = "stripe",
	[BOOK_FEES] = "fees",	      [BOOK_READS] = "reads",	[BOOK_CREDIT_NOTES] = "credit notes",
};
static const char *const kind_names[ENTRIES_END] = {
	[ENTRY_DAY] = "day",
	[ENTRY_PAYMENT] = "payment",
	[ENTRY_REFUND] = "refund",
	[ENTRY_CREDIT] = "credit",
};

const char *book_name(enum book b)
{
	return b > 0 && b < BOOKS_END ? book_names[b] : "?";
}

const char *entry_kind_name(enum entry_kind k)
{
	return k > 0 && k < ENTRIES_END ? kind_names[k] : "?";
}

/* --- booking --- */

static void check(const struct new_entry *e)
{
	int64_t sum = 0;

	for (size_t i = 0; i < ENTRY_LINES_MAX; i++)
		if (__builtin_add_overflow(sum, e->lines[i].micro, &sum))
			BUG("lines of an entry overflow");
	if (sum != 0)
		BUG("an entry adds up to %" PRId64, sum);
	if (!e->reference.len || e->reference.len > ENTRY_REFERENCE_MAX || e->memo.len > ENTRY_MEMO_MAX)
		BUG("an entry without reference, or with too long a text");
}

enum err journal_book(struct db *tx, const struct new_entry *e, int64_t *ret_id)
{
	int64_t id = id_next(), made;

	check(e);
	TRY(db_exec(tx, &entry_insert,
		    BINDS(B_INT(id), B_INT(e->kind), B_INT(e->licensee), B_INT(e->day), B_TEXT(e->reference),
			  B_INT(e->terms), B_TEXT(e->memo), B_INT(clock_now())),
		    &made));
	if (!made)
		return ERR_CONFLICT;
	for (size_t i = 0; i < ENTRY_LINES_MAX; i++)
		if (e->lines[i].micro)
			TRY(db_exec(
				tx, &entry_line_insert,
				BINDS(B_INT(id), B_INT(e->lines[i].book), B_INT(e->licensee), B_INT(e->lines[i].micro)),
				NULL));
	*ret_id = id;
	return OK;
}

/* --- reading --- */

static void read_row(const struct rows *r, struct arena *a, struct entry *ret)
{
	*ret = (struct entry){.id = row_int(r, 0),
			      .kind = (enum entry_kind)row_int(r, 1),
			      .licensee = row_int(r, 2),
			      .day = (int32_t)row_int(r, 3),
			      .reference = row_copy(r, 4, a),
			      .terms = row_int(r, 5),
			      .memo = row_copy(r, 6, a),
			      .created_ms = row_int(r, 7)};
}

static enum err read_lines(struct db *db, struct entry *e)
{
	struct rows r;

	db_query(db, &r, &entry_lines, BINDS(B_INT(e->id)));
	while (e->n_lines < ENTRY_LINES_MAX && rows_next(&r))
		e->lines[e->n_lines++] = (struct entry_line){(enum book)row_int(&r, 0), row_int(&r, 1)};
	return rows_end(&r);
}

enum err journal_find(struct db *db, struct arena *a, struct view reference, struct entry *ret)
{
	bool found = false;
	struct rows r;

	db_query(db, &r, &entry_by_reference, BINDS(B_TEXT(reference)));
	if (rows_next(&r)) {
		read_row(&r, a, ret);
		found = true;
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err journal_load(struct db *db, struct arena *a, int64_t licensee, enum entry_kind kind, int64_t before,
		      size_t max, struct entry *ret, size_t *ret_n)
{
	const struct bind binds[] = {B_INT(before ? before : INT64_MAX), B_INT(kind), B_INT(max), B_INT(licensee)};
	size_t n = 0;
	struct rows r;

	db_query(db, &r, licensee ? &entries_of_licensee : &entries_newest, binds, licensee ? 4 : 3);
	while (n < max && rows_next(&r))
		read_row(&r, a, &ret[n++]);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++)
		TRY(read_lines(db, &ret[i]));
	*ret_n = n;
	return OK;
}

enum err journal_balance(struct db *db, int64_t licensee, int64_t *ret_micro)
{
	return db_int(db, &journal_left, BINDS(B_INT(licensee), B_INT(BOOK_LICENSEE)), ret_micro);
}

enum err journal_balance_at(struct db *db, int64_t licensee, int32_t day, int64_t *ret_micro)
{
	return db_int(db, &journal_left_at, BINDS(B_INT(licensee), B_INT(BOOK_LICENSEE), B_INT(day)), ret_micro);
}

enum err journal_booked_day(struct db *db, int64_t licensee, int32_t *ret)
{
	int64_t day = -1;
	enum err err = db_int(db, &journal_day, BINDS(B_INT(licensee)), &day);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*ret = (int32_t)day;
	return OK;
}

enum err journal_hold(struct db *tx, int64_t licensee, int32_t *ret)
{
	TRY(db_exec(tx, &journal_day_begin, BINDS(B_INT(licensee), B_INT(-1)), NULL));
	TRY(db_exec(tx, &journal_day_set, BINDS(B_INT(licensee), B_INT(-1)), NULL));
	return journal_booked_day(tx, licensee, ret);
}

enum err journal_close_day(struct db *tx, int64_t licensee, int32_t day)
{
	return db_exec(tx, &journal_day_set, BINDS(B_INT(licensee), B_INT(day)), NULL);
}

enum err journal_sum(struct db *db, enum book book, int64_t licensee, int64_t *ret_micro)
{
	return db_int(db, &journal_book_sum, BINDS(B_INT(book), B_INT(licensee)), ret_micro);
}
