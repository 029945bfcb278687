/*
 * invoices.c - see invoices.h.
 */
#include "base/base.h"

#include "meter/invoices.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "meter/calendar.h"
#include "meter/day_book.h"
#include "meter/invoice_letter.h"
#include "meter/invoice_write.h"
#include "meter/journal.h"
#include "meter/meter.h"
#include "moderation/audit.h"

#define LICENSEES_AT_ONCE 100

#define COLUMNS "SELECT id, kind, number, licensee_id, month, refers, total_micro, created_at"
SQL(invoice_one, COLUMNS ", document FROM invoices WHERE kind = $1 AND number = $2");
SQL(invoices_newest, COLUMNS " FROM invoices WHERE id < $1 ORDER BY id DESC LIMIT $2");
SQL(invoices_of_licensee, COLUMNS " FROM invoices WHERE licensee_id = $3 AND id < $1 ORDER BY id DESC LIMIT $2");
/* On PostgreSQL the next one waits here until this one is in, or gone with its number. */
SQL(invoice_next_number, "UPDATE invoice_numbers SET last = last + 1 WHERE kind = $1 RETURNING last");
SQL(invoice_insert, "INSERT INTO invoices (id, kind, number, licensee_id, month, refers, total_micro, document, "
		    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL(invoice_credited,
    "SELECT CAST(COALESCE(SUM(total_micro), 0) AS BIGINT) FROM invoices WHERE kind = 2 AND refers = $1");
SQL(invoices_behind, "SELECT licensee_id, invoiced FROM licensee_books WHERE licensee_id > $1 AND day >= $2"
		     " AND invoiced < $3 ORDER BY licensee_id LIMIT $4");
SQL(invoice_first_day, "SELECT MIN(d) FROM (SELECT MIN(day) AS d FROM usage_days WHERE licensee_id = $1"
		       " UNION ALL SELECT MIN(day) FROM book_entries WHERE licensee_id = $1) AS firsts");
SQL(invoiced_month, "SELECT invoiced FROM licensee_books WHERE licensee_id = $1");
SQL(invoiced_set, "UPDATE licensee_books SET invoiced = $2 WHERE licensee_id = $1 AND invoiced < $2");

/* --- names --- */

static const char letters[] = {[INVOICE] = 'I', [CREDIT_NOTE] = 'C'};

void invoice_name(enum invoice_kind kind, int64_t number, char ret[INVOICE_NAME_MAX])
{
	snprintf(ret, INVOICE_NAME_MAX, "%c%06" PRId64, letters[kind], number);
}

bool invoice_name_parse(struct view v, enum invoice_kind *ret_kind, int64_t *ret_number)
{
	char again[INVOICE_NAME_MAX];
	enum invoice_kind kind = v.len && v.p[0] == 'C' ? CREDIT_NOTE : INVOICE;
	uint64_t number;

	if (v.len < 2 || !parse_u64(view_sub(v, 1, v.len), INT64_MAX, &number) || !number)
		return false;
	invoice_name(kind, (int64_t)number, again);
	if (!view_is(v, again))
		return false;
	*ret_kind = kind;
	*ret_number = (int64_t)number;
	return true;
}

/* --- reading --- */

static struct invoice read_row(const struct rows *r)
{
	return (struct invoice){.id = row_int(r, 0),
				.kind = (enum invoice_kind)row_int(r, 1),
				.number = row_int(r, 2),
				.licensee = row_int(r, 3),
				.month = (int32_t)row_int(r, 4),
				.refers = row_int(r, 5),
				.total_micro = row_int(r, 6),
				.created_ms = row_int(r, 7)};
}

enum err invoice_load(struct db *db, struct arena *a, enum invoice_kind kind, int64_t number, struct invoice *ret)
{
	struct invoice found = {0};
	struct rows r;

	db_query(db, &r, &invoice_one, BINDS(B_INT(kind), B_INT(number)));
	if (rows_next(&r)) {
		found = read_row(&r);
		found.document = row_copy(&r, 8, a);
	}
	TRY(rows_end(&r));
	if (!found.id)
		return ERR_NOT_FOUND;
	*ret = found;
	return OK;
}

enum err invoices_load(struct db *db, struct arena *a, int64_t licensee, int64_t before, size_t max,
		       struct invoice *ret, size_t *ret_n)
{
	const struct bind binds[] = {B_INT(before ? before : INT64_MAX), B_INT(max), B_INT(licensee)};
	struct rows r;
	size_t n = 0;
	(void)a;

	db_query(db, &r, licensee ? &invoices_of_licensee : &invoices_newest, binds, licensee ? 3 : 2);
	while (n < max && rows_next(&r))
		ret[n++] = read_row(&r);
	*ret_n = n;
	return rows_end(&r);
}

/* --- making --- */

static enum err insert(struct db *tx, const struct invoice_draft *d, struct view document)
{
	int64_t id = id_next();

	TRY(db_exec(tx, &invoice_insert,
		    BINDS(B_INT(id), B_INT(d->kind), B_INT(d->number), B_INT(d->licensee), B_INT(d->month),
			  B_INT(d->refers), B_INT(d->total_micro), B_TEXT(document), B_INT(d->now)),
		    NULL));
	return invoice_mail(d->core, tx, id, d->licensee);
}

/* The number is known only behind what it costs to find that there is nothing to be told: so it is written twice. */
static enum err make_month(struct db *tx, struct invoice_draft *d)
{
	struct buf out;
	enum err err;

	d->number = 0;
	buf_init(&out, INVOICE_DOCUMENT_MAX);
	err = invoice_write(tx, d, &out);
	if (err == OK && !d->empty)
		err = db_int(tx, &invoice_next_number, BINDS(B_INT(INVOICE)), &d->number);
	if (err == OK && !d->empty) {
		buf_clear(&out);
		err = invoice_write(tx, d, &out);
	}
	if (err == OK && !d->empty)
		err = insert(tx, d, buf_view(&out));
	buf_release(&out);
	return err;
}

struct making {
	struct invoice_draft draft;
	int32_t upto; /* month */
	int64_t made;
	bool more;
};

static enum err next_month(struct db *tx, const struct making *m, int32_t booked, int32_t *ret)
{
	int64_t invoiced, first;

	TRY(db_int(tx, &invoiced_month, BINDS(B_INT(m->draft.licensee)), &invoiced));
	if (invoiced < 0) {
		TRY(db_int(tx, &invoice_first_day, BINDS(B_INT(m->draft.licensee)), &first));
		invoiced = month_of_day(first > 0 ? (int32_t)first : booked) - 1;
	}
	*ret = (int32_t)invoiced + 1;
	return OK;
}

/* One month a transaction. */
static enum err make_next(struct db *tx, void *arg)
{
	struct making *m = arg;
	struct invoice_draft *d = &m->draft;
	int32_t booked, month;

	m->more = false;
	d->empty = true;
	TRY(journal_hold(tx, d->licensee, &booked));
	TRY(next_month(tx, m, booked, &month));
	if (month > m->upto || booked < month_first_day(month + 1) - 1)
		return db_exec(tx, &invoiced_set, BINDS(B_INT(d->licensee), B_INT(month - 1)), NULL);
	d->month = month;
	TRY(make_month(tx, d));
	m->more = true;
	return db_exec(tx, &invoiced_set, BINDS(B_INT(d->licensee), B_INT(month)), NULL);
}

static enum err make_for(struct making *m, int64_t licensee)
{
	struct core *c = m->draft.core;

	m->draft.licensee = licensee;
	do {
		TRY(store_write(c->store, make_next, m));
		m->made += !m->draft.empty;
	} while (m->more);
	return OK;
}

static enum err behind(struct db *db, int64_t after, int32_t month, int64_t *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &invoices_behind,
		 BINDS(B_INT(after), B_INT(month_first_day(month + 1) - 1), B_INT(month), B_INT(LICENSEES_AT_ONCE)));
	while (n < LICENSEES_AT_ONCE && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

enum err invoices_make(struct core *c, struct db *db, struct arena *a, int32_t month, int64_t *ret_made,
		       struct problem *problem)
{
	struct making m = {.upto = month,
			   .draft = {.core = c, .arena = a, .kind = INVOICE, .now = clock_now(), .problem = problem}};
	int64_t list[LICENSEES_AT_ONCE], after = 0;
	enum err worst = OK;
	size_t n;

	if (month >= month_of_day(day_of(m.draft.now)))
		return fail(problem, ERR_UNPROCESSABLE, "that month is not over");
	do {
		TRY(behind(db, after, month, list, &n));
		for (size_t i = 0; i < n; i++) {
			enum err err = make_for(&m, list[i]);

			/* What is wrong with one licensee's month keeps nobody else's. */
			if (err == ERR_CORRUPT)
				worst = err;
			else
				TRY(err);
		}
		if (n)
			after = list[n - 1];
	} while (n == LICENSEES_AT_ONCE);
	*ret_made = m.made;
	return worst;
}

enum err invoices_due(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct problem problem = {0};
	int64_t made;
	enum err err = invoices_make(c, db, a, month_of_day(day_of(now)) - 1, &made, &problem);

	if (err == ERR_CORRUPT)
		log_error("an invoice is not made", F_STR("error", view_of(problem.text)));
	return err;
}

/* --- credit notes --- */

struct crediting {
	struct invoice_draft draft;
	const struct new_credit *new;
	const struct invoice *invoice;
};

static enum err check_credit(struct db *tx, const struct crediting *w)
{
	int64_t before;

	TRY(db_int(tx, &invoice_credited, BINDS(B_INT(w->new->invoice)), &before));
	if (w->new->micro > w->invoice->total_micro - before)
		return fail(w->draft.problem, ERR_UNPROCESSABLE,
			    "that is more than the invoice, less what was credited before");
	return OK;
}

static enum err book_credit(struct db *tx, struct crediting *w, int32_t booked)
{
	char reference[INVOICE_NAME_MAX + 8], name[INVOICE_NAME_MAX];
	int64_t id;

	invoice_name(CREDIT_NOTE, w->draft.number, name);
	int len = snprintf(reference, sizeof(reference), "credit:%s", name);
	const struct new_entry e = {
		.kind = ENTRY_CREDIT,
		.licensee = w->draft.licensee,
		.day = day_for_movement(booked, w->draft.now),
		.reference = view_make(reference, (size_t)len),
		.memo = w->new->reason,
		.lines = {{BOOK_LICENSEE, w->new->micro}, {BOOK_CREDIT_NOTES, -w->new->micro}},
	};
	return journal_book(tx, &e, &id);
}

static enum err credit(struct db *tx, void *arg)
{
	struct crediting *w = arg;
	char name[INVOICE_NAME_MAX];
	struct buf out;
	int32_t booked;

	TRY(journal_hold(tx, w->draft.licensee, &booked));
	/* Also makes two credits of one invoice wait for each other. */
	TRY(db_int(tx, &invoice_next_number, BINDS(B_INT(CREDIT_NOTE)), &w->draft.number));
	TRY(check_credit(tx, w));
	TRY(book_credit(tx, w, booked));
	buf_init(&out, INVOICE_DOCUMENT_MAX);
	enum err err = credit_note_write(tx, &w->draft, &out);
	if (err == OK)
		err = insert(tx, &w->draft, buf_view(&out));
	buf_release(&out);
	TRY(err);
	invoice_name(CREDIT_NOTE, w->draft.number, name);
	return audit_add(tx, w->new->by, "create", "credit_note", w->invoice->id, view_of(name));
}

enum err invoice_credit(struct core *c, struct arena *a, const struct new_credit *new, int64_t *ret_number,
			struct problem *problem)
{
	struct invoice invoice;

	if (new->micro <= 0 || new->micro > MONEY_MAX)
		return fail(problem, ERR_UNPROCESSABLE, "a credit is above 0");
	if (!view_trim(new->reason).len || new->reason.len > CREDIT_REASON_MAX || !utf8_valid(new->reason))
		return fail(problem, ERR_UNPROCESSABLE, "a credit has a reason, of at most %d bytes",
			    CREDIT_REASON_MAX);
	TRY(invoice_load(store_db(c->store), a, INVOICE, new->invoice, &invoice));
	struct crediting w = {.new = new,
			      .invoice = &invoice,
			      .draft = {.core = c,
					.arena = a,
					.kind = CREDIT_NOTE,
					.licensee = invoice.licensee,
					.month = invoice.month,
					.refers = new->invoice,
					.total_micro = new->micro,
					.reason = new->reason,
					.now = clock_now(),
					.problem = problem}};
	TRY(store_write(c->store, credit, &w));
	if (c->meter)
		meter_balance_changed(c->meter, invoice.licensee);
	*ret_number = w.draft.number;
	return OK;
}
