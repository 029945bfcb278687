/*
 * invoices.c - /admin/invoices and /admin/entries: what licensees were told of, and what was booked.
 */
#include "base/base.h"

#include "core/roles.h"
#include "meter/calendar.h"
#include "meter/invoice_page.h"
#include "meter/invoices.h"
#include "meter/journal.h"
#include "meter/licensee_store.h"
#include "staff/cell.h"
#include "staff/facts.h"
#include "staff/money.h"
#include "staff/pages.h"
#include "staff/staff.h"

enum { INVOICES, DOCUMENT, CREDIT, ENTRIES };

static const struct view kind_words[] = {[INVOICE] = N_("Invoice"), [CREDIT_NOTE] = N_("Credit note")};
static const char *const entry_kinds[] = {"day", "payment", "refund", "credit", NULL};
static const struct view entry_words[] = {N_("Day"), N_("Payment"), N_("Refund"), N_("Credit note")};

/* By its name, leading to its page; a licensee that is gone: its number. */
static struct cell licensee_cell(struct call *c, int64_t id)
{
	struct licensee l;

	if (licensee_load(c->db, c->arena, id, &l) != OK)
		return TEXT_CELL(arena_printf(c->arena, "%" PRId64, id));
	return (struct cell){.text = l.name, .path = arena_printf(c->arena, "/admin/licensees/%" PRId64, id)};
}

/* ---- invoices ---- */

static const struct column invoice_columns[] = {
	{"number", N_("Number"), CELL_TEXT}, {"kind", N_("Kind"), CELL_WORDS},	 {"licensee", N_("Licensee"), CELL_TEXT},
	{"month", N_("Month"), CELL_TEXT},   {"total", N_("Total"), CELL_MONEY}, {"created_at", N_("Written"), CELL_TIME},
	{0},
};

static enum err load_invoices(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct invoice *list = ARENA_ARRAY(c->arena, page->limit, struct invoice);
	size_t n = 0;

	TRY(invoices_load(c->db, c->arena, arg_id(c, "licensee_id"), page->max_id, page->limit, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);
		char name[INVOICE_NAME_MAX], month[MONTH_LEN + 1];

		invoice_name(list[i].kind, list[i].number, name);
		month_text(list[i].month, month);
		row->key = arena_view(c->arena, view_of(name));
		row->cells[0] = (struct cell){.text = row->key,
					      .path = arena_printf(c->arena, "/admin/invoices/%s.html", name)};
		row->cells[1] = TEXT_CELL(kind_words[list[i].kind]);
		row->cells[2] = licensee_cell(c, list[i].licensee);
		row->cells[3] = TEXT_CELL(arena_view(c->arena, view_of(month)));
		row->cells[4] = NUMBER_CELL(list[i].total_micro);
		row->cells[5] = NUMBER_CELL(list[i].created_ms);
	}
	return OK;
}

/* The document that the path names, and in which form it is wanted. */
static enum err find_invoice(struct call *c, struct invoice *ret, enum invoice_form *ret_form)
{
	struct view number = view_trim(arg_str(c, "number"));
	enum invoice_kind kind;
	int64_t n;

	*ret_form = invoice_form_of(&number, http_header(c->x, "Accept"));
	if (!invoice_name_parse(number, &kind, &n))
		return ERR_NOT_FOUND;
	return invoice_load(c->db, c->arena, kind, n, ret);
}

static enum err show_document(struct call *c)
{
	struct invoice_drawing d = {.arena = c->arena, .tongue = page_tongue(c), .style = page_asset("invoice.css")};
	struct invoice i;

	TRY(find_invoice(c, &i, &d.form));
	d.document = i.document;
	TRY(invoice_draw(&d, &c->out, &c->problem));
	call_header(c, "Content-Type", view_of(invoice_form_type(d.form)));
	call_header(c, "Content-Security-Policy", V("default-src 'none'; style-src 'self'; frame-ancestors 'none'"));
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Vary", V("Accept, Accept-Language, Cookie"));
	return OK;
}

static enum err credit(struct call *c)
{
	struct new_credit new = {.by = c->auth.account, .reason = arg_str(c, "reason")};
	enum invoice_form form;
	struct invoice i;
	int64_t number;

	TRY(money_read(c, &new.micro));
	enum err err = find_invoice(c, &i, &form);
	if (err == ERR_NOT_FOUND)
		return call_fail(c, err, "there is no such invoice");
	TRY(err);
	if (i.kind != INVOICE)
		return call_fail(c, ERR_UNPROCESSABLE, "that is a credit note itself");
	new.invoice = i.number;
	return invoice_credit(c->core, c->arena, &new, &number, &c->problem);
}

/* ---- entries ---- */

static const struct column entry_columns[] = {
	{"day", N_("Day"), CELL_DAY},	      {"kind", N_("Kind"), CELL_WORDS},
	{"licensee", N_("Licensee"), CELL_TEXT}, {"amount", N_("For the licensee"), CELL_MONEY},
	{"reference", N_("Reference"), CELL_TEXT}, {"memo", N_("Note"), CELL_TEXT},
	{"created_at", N_("Booked"), CELL_TIME}, {0},
};

static int64_t for_licensee(const struct entry *e)
{
	for (size_t i = 0; i < e->n_lines; i++)
		if (e->lines[i].book == BOOK_LICENSEE)
			return e->lines[i].micro;
	return 0;
}

static enum err load_entries(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct entry *list = ARENA_ARRAY(c->arena, page->limit, struct entry);
	enum entry_kind kind = arg_given(c, "kind") ? (enum entry_kind)(arg_choice(c, "kind") + ENTRY_DAY) : 0;
	size_t n = 0;

	TRY(journal_load(c->db, c->arena, arg_id(c, "licensee_id"), kind, page->max_id, page->limit, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct cell *cells = table_add(rows, list[i].id)->cells;

		cells[0] = NUMBER_CELL(list[i].day);
		cells[1] = TEXT_CELL(entry_words[list[i].kind - ENTRY_DAY]);
		cells[2] = licensee_cell(c, list[i].licensee);
		cells[3] = NUMBER_CELL(for_licensee(&list[i]));
		cells[4] = TEXT_CELL(list[i].reference);
		cells[5] = TEXT_CELL(list[i].memo);
		cells[6] = NUMBER_CELL(list[i].created_ms);
	}
	return OK;
}

/* What each book adds up to, of a licensee or of all. */
static enum err draw_books(struct call *c, struct html *h)
{
	static const struct view book_words[] = {
		[BOOK_LICENSEE] = N_("What licensees have left"), [BOOK_MANUAL] = N_("Came by hand"),
		[BOOK_STRIPE] = N_("Came through Stripe"),	   [BOOK_FEES] = N_("Earned by monthly fees"),
		[BOOK_READS] = N_("Earned by reads"),		   [BOOK_CREDIT_NOTES] = N_("Given back")};
	int64_t micro;

	facts_begin(h);
	for (enum book b = BOOK_LICENSEE; b < BOOKS_END; b++) {
		TRY(journal_sum(c->db, b, arg_id(c, "licensee_id"), &micro));
		fact_draw(c, h, book_words[b], CELL_MONEY, &NUMBER_CELL(micro));
	}
	facts_end(h);
	return OK;
}

static const struct staff_field credit_fields[] = {
	{.name = "number", .words = N_("Number of the invoice"), .hint = N_("Such as I000042.")},
	{.name = "amount", .words = N_("Amount"), .hint = N_("In the server's currency: 12 or 12.50.")},
	{.name = "reason", .words = N_("Why"), .hint = N_("The licensee reads it.")},
	{0},
};
static const struct staff_field entry_filters[] = {
	{.name = "kind", .words = N_("Kind"), .choices = entry_words},
	{.name = "licensee_id", .words = N_("Number of the licensee")},
	{0},
};
static const struct staff_field invoice_filters[] = {
	{.name = "licensee_id", .words = N_("Number of the licensee")},
	{0},
};

#define MAY PERMISSION_MANAGE_DATA
#define NUMBER {.name = "number", .required = true, .max = 40, .doc = "I000042 or C000007; for pages also with .html, .pdf or .json behind it."}
#define OF {.name = "licensee_id", .type = PARAM_ID, .doc = "Of this licensee."}

const struct endpoint staff_invoices[] = {
	[INVOICES] = {STAFF_GET("/admin/invoices", MAY), .params = PARAMS(OF, TABLE_PARAMS), .doc = "Invoices and credit notes."},
	[DOCUMENT] = {.method = HTTP_GET, .path = "/admin/invoices/:number", .handle = show_document, .auth = AUTH_SESSION,
		      .permissions = MAY, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Invoice",
		      .params = PARAMS(NUMBER), .doc = "An invoice or credit note, as a page to print, as PDF or JSON."},
	[CREDIT] = {STAFF_POST("/admin/invoices", MAY),
		    .params = PARAMS(NUMBER, MONEY_PARAM, {.name = "reason", .required = true, .max = CREDIT_REASON_MAX, .doc = "What the licensee reads on it."}, STAFF_BACK),
		    .doc = "Gives back some of an invoice, by a credit note."},
	[ENTRIES] = {STAFF_GET("/admin/entries", MAY),
		     .params = PARAMS(OF, {.name = "kind", .type = PARAM_CHOICE, .choices = entry_kinds, .doc = "Of this kind."}, TABLE_PARAMS),
		     .doc = "What was booked, and what the books add up to."},
	ENDPOINTS_END,
};

static const struct staff_act acts[] = {
	{.row = &staff_invoices[CREDIT],
	 .run = credit,
	 .words = N_("Give it back"),
	 .title = N_("A credit note"),
	 .place = ACT_BELOW,
	 .fields = credit_fields},
	{0},
};

static const struct table invoices = {.columns = invoice_columns, .filters = invoice_filters, .load = load_invoices};
static const struct table entries = {.columns = entry_columns, .filters = entry_filters, .load = load_entries};

const struct staff_page page_invoices = {.row = &staff_invoices[INVOICES],
					 .title = N_("Invoices"),
					 .section = SECTION_DATA,
					 .table = &invoices,
					 .acts = acts};
const struct staff_page page_entries = {.row = &staff_invoices[ENTRIES],
					.title = N_("Books"),
					.section = SECTION_DATA,
					.table = &entries,
					.draw = draw_books};
