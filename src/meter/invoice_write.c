/*
 * invoice_write.c - what a month comes to: fees by plan, reads by the terms they were delivered under, and what was
 * paid. Usage is read from where GET /2/usage/tweets reads it, so that each line can be worked out by who pays it; what
 * it adds up to must be what was booked.
 */
#include "base/base.h"

#include "meter/invoice_write.h"

#include "base/json.h"
#include "meter/calendar.h"
#include "meter/journal.h"
#include "meter/plan_store.h"

#define TERMS_MAX 64 /* versions of plans in one month */

SQL(invoice_licensee, "SELECT name, email FROM licensees WHERE id = $1");
SQL(invoice_fees,
    "SELECT e.terms, COUNT(*), CAST(SUM(l.amount_micro) AS BIGINT), MIN(e.day) AS first FROM book_entries e"
    " JOIN book_lines l ON l.entry_id = e.id AND l.book = $4 WHERE e.licensee_id = $1 AND e.kind = 1"
    " AND e.day >= $2 AND e.day < $3 GROUP BY e.terms ORDER BY first LIMIT 64");
SQL(invoice_usage, "SELECT terms, CAST(SUM(posts_included) AS BIGINT), CAST(SUM(posts_extra) AS BIGINT),"
		   " CAST(SUM(users_extra) AS BIGINT), CAST(SUM(posts_repeated + users_repeated) AS BIGINT),"
		   " CAST(SUM(cost_micro) AS BIGINT), MIN(day) AS first FROM usage_days"
		   " WHERE licensee_id = $1 AND day >= $2 AND day < $3 GROUP BY terms ORDER BY first LIMIT 64");
SQL(invoice_movements, "SELECT e.kind, e.day, e.reference, e.memo, l.amount_micro FROM book_entries e"
		       " JOIN book_lines l ON l.entry_id = e.id AND l.book = $4 WHERE e.licensee_id = $1 AND e.kind > 1"
		       " AND e.day >= $2 AND e.day < $3 ORDER BY e.id LIMIT 1000");
SQL(invoice_booked, "SELECT CAST(COALESCE(SUM(l.amount_micro), 0) AS BIGINT) FROM book_entries e"
		    " JOIN book_lines l ON l.entry_id = e.id AND l.book = $4 WHERE e.licensee_id = $1 AND e.kind = 1"
		    " AND e.day >= $2 AND e.day < $3");

struct fee {
	int64_t terms, days, micro;
};
struct usage {
	int64_t terms, included, extra, users, repeated, micro;
};

#define MONTH_BINDS(d)                                                                                                 \
	B_INT((d)->licensee), B_INT(month_first_day((d)->month)), B_INT(month_first_day((d)->month + 1))

/* --- reading --- */

static enum err read_fees(struct db *tx, const struct invoice_draft *d, struct fee *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(tx, &r, &invoice_fees, BINDS(MONTH_BINDS(d), B_INT(BOOK_FEES)));
	while (n < TERMS_MAX && rows_next(&r))
		ret[n++] = (struct fee){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2)};
	*ret_n = n;
	return rows_end(&r);
}

static enum err read_usage(struct db *tx, const struct invoice_draft *d, struct usage *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(tx, &r, &invoice_usage, BINDS(MONTH_BINDS(d)));
	while (n < TERMS_MAX && rows_next(&r))
		ret[n++] = (struct usage){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2),
					  row_int(&r, 3), row_int(&r, 4), row_int(&r, 5)};
	*ret_n = n;
	return rows_end(&r);
}

/* --- writing --- */

static void begin_line(struct jw *j, const char *type, const struct plan *p)
{
	jw_object(j);
	jw_kv_cstr(j, "type", type);
	jw_kv_cstr(j, "plan", p->name);
	jw_kv_int(j, "version", p->version);
}

static void end_line(struct jw *j, int64_t quantity, int64_t unit, int64_t amount)
{
	jw_kv_int(j, "quantity", quantity);
	jw_kv_int(j, "unit_micro", unit);
	jw_kv_int(j, "amount_micro", amount);
	jw_object_end(j);
}

static void write_fee(struct jw *j, const struct plan *p, const struct fee *f, int32_t days)
{
	begin_line(j, "fee", p);
	jw_kv_int(j, "of", days);
	end_line(j, f->days, p->month_micro, f->micro);
}

static void write_reads(struct jw *j, const char *type, const struct plan *p, int64_t n, int64_t price)
{
	if (n == 0)
		return;
	begin_line(j, type, p);
	end_line(j, n, price, n * price);
}

/* What the counts cost at the plan's prices is what was charged. */
static bool adds_up(const struct plan *p, const struct usage *u)
{
	int64_t posts, users, sum;

	return !__builtin_mul_overflow(u->extra, p->post_micro, &posts) &&
	       !__builtin_mul_overflow(u->users, p->user_micro, &users) &&
	       !__builtin_add_overflow(posts, users, &sum) && sum == u->micro;
}

static enum err write_usage(struct invoice_draft *d, struct jw *j, const struct plan *p, const struct usage *u)
{
	if (!adds_up(p, u))
		return fail(d->problem, ERR_CORRUPT,
			    "reads of licensee %" PRId64 " under %s version %d do not cost what "
			    "was charged for them",
			    d->licensee, p->name, p->version);
	write_reads(j, "posts_included", p, u->included, 0);
	write_reads(j, "posts", p, u->extra, p->post_micro);
	write_reads(j, "users", p, u->users, p->user_micro);
	write_reads(j, "repeated", p, u->repeated, 0);
	if (u->included || u->extra || u->users || u->repeated)
		d->empty = false;
	return OK;
}

static enum err write_lines(struct db *tx, struct invoice_draft *d, struct jw *j)
{
	struct fee fees[TERMS_MAX];
	struct usage usage[TERMS_MAX];
	struct plan plan;
	size_t n_fees, n_usage;

	TRY(read_fees(tx, d, fees, &n_fees));
	TRY(read_usage(tx, d, usage, &n_usage));
	jw_key(j, "lines");
	jw_array(j);
	for (size_t i = 0; i < n_fees; i++) {
		TRY(plan_load(tx, fees[i].terms, &plan, NULL));
		write_fee(j, &plan, &fees[i], month_days(d->month));
		d->total_micro += fees[i].micro;
		d->empty = false;
	}
	for (size_t i = 0; i < n_usage; i++) {
		TRY(plan_load(tx, usage[i].terms, &plan, NULL));
		TRY(write_usage(d, j, &plan, &usage[i]));
		d->total_micro += usage[i].micro;
	}
	jw_array_end(j);
	return OK;
}

static enum err write_movements(struct db *tx, struct invoice_draft *d, struct jw *j)
{
	char day[DAY_LEN + 1];
	struct rows r;

	jw_key(j, "movements");
	jw_array(j);
	db_query(tx, &r, &invoice_movements, BINDS(MONTH_BINDS(d), B_INT(BOOK_LICENSEE)));
	while (rows_next(&r)) {
		day_text((int32_t)row_int(&r, 1), day);
		jw_object(j);
		jw_kv_cstr(j, "type", entry_kind_name((enum entry_kind)row_int(&r, 0)));
		jw_kv_cstr(j, "date", day);
		jw_kv_str(j, "reference", row_text(&r, 2));
		jw_kv_str(j, "memo", row_text(&r, 3));
		jw_kv_int(j, "amount_micro", row_int(&r, 4));
		jw_object_end(j);
		d->empty = false;
	}
	jw_array_end(j);
	return rows_end(&r);
}

static enum err write_balance(struct db *tx, const struct invoice_draft *d, struct jw *j)
{
	int32_t first = month_first_day(d->month);
	int64_t before, after;

	TRY(journal_balance_at(tx, d->licensee, first - 1, &before));
	TRY(journal_balance_at(tx, d->licensee, first + month_days(d->month) - 1, &after));
	jw_kv_int(j, "balance_before_micro", before);
	jw_kv_int(j, "balance_after_micro", after);
	jw_kv_int(j, "due_micro", after < 0 ? -after : 0);
	return OK;
}

static enum err write_licensee(struct db *tx, const struct invoice_draft *d, struct jw *j)
{
	bool found = false;
	struct rows r;

	db_query(tx, &r, &invoice_licensee, BINDS(B_INT(d->licensee)));
	if (rows_next(&r)) {
		jw_key(j, "licensee");
		jw_object(j);
		jw_kv_id(j, "id", d->licensee);
		jw_kv_str(j, "name", row_text(&r, 0));
		jw_kv_str(j, "email", row_text(&r, 1));
		jw_object_end(j);
		found = true;
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err write_head(struct db *tx, const struct invoice_draft *d, struct jw *j)
{
	const struct core_config *config = &d->core->config;
	char name[INVOICE_NAME_MAX], month[MONTH_LEN + 1], date[DAY_LEN + 1];

	invoice_name(d->kind, d->number, name);
	month_text(d->month, month);
	day_text(day_of(d->now), date);
	jw_object(j);
	jw_kv_cstr(j, "kind", d->kind == INVOICE ? "invoice" : "credit_note");
	jw_kv_cstr(j, "number", name);
	jw_kv_cstr(j, "date", date);
	jw_kv_cstr(j, "month", month);
	jw_kv_cstr(j, "currency", config->currency);
	jw_kv_cstr(j, "seller", config->seller && *config->seller ? config->seller : config->title);
	return write_licensee(tx, d, j);
}

static enum err check_booked(struct db *tx, const struct invoice_draft *d)
{
	int64_t booked;

	TRY(db_int(tx, &invoice_booked, BINDS(MONTH_BINDS(d), B_INT(BOOK_LICENSEE)), &booked));
	if (booked != -d->total_micro)
		return fail(d->problem, ERR_CORRUPT,
			    "the month of licensee %" PRId64 " comes to %" PRId64 " micro-units, but %" PRId64
			    " are booked",
			    d->licensee, d->total_micro, -booked);
	return OK;
}

enum err invoice_write(struct db *tx, struct invoice_draft *d, struct buf *out)
{
	struct jw j = jw_to(out);

	d->total_micro = 0;
	d->empty = true;
	TRY(write_head(tx, d, &j));
	TRY(write_lines(tx, d, &j));
	TRY(check_booked(tx, d));
	jw_kv_int(&j, "total_micro", d->total_micro);
	TRY(write_movements(tx, d, &j));
	TRY(write_balance(tx, d, &j));
	jw_object_end(&j);
	return buf_err(out);
}

enum err credit_note_write(struct db *tx, struct invoice_draft *d, struct buf *out)
{
	char refers[INVOICE_NAME_MAX];
	struct jw j = jw_to(out);

	invoice_name(INVOICE, d->refers, refers);
	TRY(write_head(tx, d, &j));
	jw_kv_cstr(&j, "refers", refers);
	jw_kv_str(&j, "reason", d->reason);
	jw_kv_int(&j, "total_micro", d->total_micro);
	jw_object_end(&j);
	return buf_err(out);
}
