/*
 * invoice_letter.c - see invoice_letter.h. A licensee has no language of its own: the server's first is used.
 */
#include "base/base.h"

#include "meter/invoice_letter.h"

#include "base/limits.h"
#include "mail/letter_words.h"
#include "meter/amount.h"
#include "meter/calendar.h"
#include "meter/invoice_page.h"

#define FILE_MAX (8 * LIMIT_MIB)

SQL(invoice_address, "SELECT email FROM licensees WHERE id = $1");
SQL(invoice_addressee, "SELECT l.name, i.kind, i.number FROM invoices i JOIN licensees l ON l.id = i.licensee_id"
		       " WHERE i.id = $1");

enum err invoice_mail(struct core *c, struct db *tx, int64_t invoice, int64_t licensee)
{
	struct view languages = view_of(c->config.languages), language = V("");
	struct view address = V("");
	struct arena a;
	struct rows r;

	(void)view_split(&languages, ',', &language);
	arena_init(&a, LIMIT_MIB);
	db_query(tx, &r, &invoice_address, BINDS(B_INT(licensee)));
	if (rows_next(&r))
		address = row_copy(&r, 0, &a);
	enum err err = rows_end(&r);
	if (err == OK && address.len)
		err = mail_add_about(c, tx, MAIL_INVOICE, address, view_trim(language), invoice);
	arena_release(&a);
	return err;
}

static enum err find(struct db *db, struct arena *a, int64_t id, struct view *ret_name, struct invoice *ret)
{
	enum invoice_kind kind = 0;
	int64_t number = 0;
	struct rows r;

	db_query(db, &r, &invoice_addressee, BINDS(B_INT(id)));
	if (rows_next(&r)) {
		*ret_name = row_copy(&r, 0, a);
		kind = (enum invoice_kind)row_int(&r, 1);
		number = row_int(&r, 2);
	}
	TRY(rows_end(&r));
	return number ? invoice_load(db, a, kind, number, ret) : ERR_GONE;
}

static const struct words {
	struct view subject, lead;
} words[] = {
	[INVOICE] = {N_("Invoice %s of %s"), N_("attached is invoice %s for the month %s. It comes to %s %s. What was "
						"paid and what is due stands on it.")},
	[CREDIT_NOTE] = {N_("Credit note %s of %s"),
			 N_("attached is credit note %s about an invoice of the month %s. It gives back %s %s.")},
};

static enum err compose(struct core *c, struct arena *a, const struct invoice *i, struct view to, enum tongue t,
			struct letter *ret)
{
	char number[INVOICE_NAME_MAX], month[MONTH_LEN + 1], total[AMOUNT_MAX];

	invoice_name(i->kind, i->number, number);
	month_text(i->month, month);
	amount_said(t, i->total_micro, total);
	const struct letter_words w = {
		.tongue = t,
		.subject = SAY_WITH(t, a, words[i->kind].subject, view_of(number), view_of(c->config.title)),
		.hello = SAY_WITH(t, a, N_("Hello %s,"), to),
		.lead = SAY_WITH(t, a, words[i->kind].lead, view_of(number), view_of(month), view_of(total),
				 view_of(c->config.currency)),
		.ending = say(t, N_("The same document is in the API of this server, under /2/invoices.")),
	};
	TRY(letter_compose(c, &w, ret));
	ret->file_name = arena_printf(a, "%s.pdf", number);
	ret->file_type = "application/pdf";
	return OK;
}

enum err invoice_letter(struct core *c, struct db *db, struct arena *a, const struct mail *m, struct letter *ret,
			struct problem *problem)
{
	enum tongue t = tongue_of(m->locale);
	struct view name = V("");
	struct invoice i;

	TRY(find(db, a, m->about, &name, &i));
	TRY(compose(c, a, &i, name, t, ret));
	buf_init(&ret->file, FILE_MAX);
	const struct invoice_drawing d = {.arena = a, .form = INVOICE_PDF, .tongue = t, .document = i.document};
	enum err err = invoice_draw(&d, &ret->file, problem);
	if (err != OK)
		letter_release(ret);
	return err;
}
