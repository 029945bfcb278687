/*
 * admin_money.c - invoices, payments and books of the data API, for operators; kicau's own. The same as `kicau invoice`,
 * `kicau payment` and `kicau books`.
 */
#include "base/base.h"

#include "api/groups.h"
#include "core/page.h"
#include "core/roles.h"
#include "gate/call.h"
#include "meter/amount.h"
#include "meter/books.h"
#include "meter/calendar.h"
#include "meter/invoice_page.h"
#include "meter/invoices.h"
#include "pay/payments.h"

#define PAGE 200

static enum err read_amount(struct call *c, int64_t *ret)
{
	if (amount_parse(arg_str(c, "amount"), MONEY_MAX, ret))
		return OK;
	return call_fail(c, ERR_UNPROCESSABLE, "amount is written as 12 or 12.50");
}

/* --- invoices --- */

static void write_invoice(struct call *c, const struct invoice *i)
{
	char name[INVOICE_NAME_MAX], month[MONTH_LEN + 1];

	invoice_name(i->kind, i->number, name);
	month_text(i->month, month);
	jw_object(&c->json);
	jw_kv_id(&c->json, "id", i->id);
	jw_kv_cstr(&c->json, "number", name);
	jw_kv_cstr(&c->json, "kind", i->kind == INVOICE ? "invoice" : "credit_note");
	jw_kv_id(&c->json, "licensee_id", i->licensee);
	jw_kv_cstr(&c->json, "month", month);
	jw_kv_cstr(&c->json, "currency", c->core->config.currency);
	jw_kv_int(&c->json, "total_micro", i->total_micro);
	jw_kv_time(&c->json, "created_at", i->created_ms);
	jw_object_end(&c->json);
}

static enum err invoices(struct call *c)
{
	struct invoice *list = ARENA_ARRAY(c->arena, PAGE, struct invoice);
	size_t n, limit = (size_t)arg_int(c, "limit");

	TRY(invoices_load(c->db, c->arena, arg_id(c, "licensee_id"), arg_id(c, "max_id"), limit, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		write_invoice(c, &list[i]);
	jw_array_end(&c->json);
	return OK;
}

/* The document that the path names, and in which form it is wanted. */
static enum err find_invoice(struct call *c, struct invoice *ret, enum invoice_form *ret_form)
{
	struct view number = arg_str(c, "number");
	enum invoice_kind kind;
	int64_t n;

	*ret_form = invoice_form_of(&number, http_header(c->x, "Accept"));
	if (!invoice_name_parse(number, &kind, &n))
		return ERR_NOT_FOUND;
	return invoice_load(c->db, c->arena, kind, n, ret);
}

static enum err show_invoice(struct call *c)
{
	struct invoice_drawing d = {
		.arena = c->arena,
		.tongue = tongue_accepted(http_header(c->x, "Accept-Language")),
		.style = arena_printf(c->arena, "%s/assets/invoice.css", c->core->config.base_url),
	};
	struct invoice i;

	TRY(find_invoice(c, &i, &d.form));
	d.document = i.document;
	call_header(c, "Content-Type", view_of(invoice_form_type(d.form)));
	call_header(c, "Content-Security-Policy", V("default-src 'none'; style-src 'self'"));
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Vary", V("Accept, Accept-Language"));
	return invoice_draw(&d, &c->out, &c->problem);
}

static enum err credit(struct call *c)
{
	struct new_credit new = {.by = c->auth.account, .reason = arg_str(c, "reason")};
	enum invoice_form form;
	struct invoice i;
	int64_t number;

	TRY(read_amount(c, &new.micro));
	TRY(find_invoice(c, &i, &form));
	if (i.kind != INVOICE)
		return call_fail(c, ERR_UNPROCESSABLE, "that is a credit note itself");
	new.invoice = i.number;
	TRY(invoice_credit(c->core, c->arena, &new, &number, &c->problem));
	TRY(invoice_load(c->db, c->arena, CREDIT_NOTE, number, &i));
	write_invoice(c, &i);
	return OK;
}

/* --- payments and other entries --- */

static void write_entry(struct jw *j, const struct entry *e)
{
	char day[DAY_LEN + 1];

	day_text(e->day, day);
	jw_object(j);
	jw_kv_id(j, "id", e->id);
	jw_kv_cstr(j, "kind", entry_kind_name(e->kind));
	jw_kv_id(j, "licensee_id", e->licensee);
	jw_kv_cstr(j, "date", day);
	jw_kv_str(j, "reference", e->reference);
	jw_kv_str(j, "memo", e->memo);
	jw_key(j, "lines");
	jw_object(j);
	for (size_t i = 0; i < e->n_lines; i++)
		jw_kv_int(j, book_name(e->lines[i].book), e->lines[i].micro);
	jw_object_end(j);
	jw_kv_time(j, "created_at", e->created_ms);
	jw_object_end(j);
}

static enum err entries(struct call *c)
{
	struct entry *list = ARENA_ARRAY(c->arena, PAGE, struct entry);
	size_t n, limit = (size_t)arg_int(c, "limit");

	TRY(journal_load(c->db, c->arena, arg_id(c, "licensee_id"), (enum entry_kind)arg_int(c, "kind"),
			 arg_id(c, "max_id"), limit, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		write_entry(&c->json, &list[i]);
	jw_array_end(&c->json);
	return OK;
}

static enum err book(struct call *c)
{
	struct new_payment new = {
		.by = c->auth.account,
		.provider = "manual",
		.book = BOOK_MANUAL,
		.kind = arg_bool(c, "refund") ? ENTRY_REFUND : ENTRY_PAYMENT,
		.licensee = arg_id(c, "licensee_id"),
		.reference = arg_str(c, "reference"),
		.memo = arg_str(c, "note"),
	};
	int64_t balance;

	TRY(read_amount(c, &new.micro));
	TRY(payment_book(c->core, &new, &c->problem));
	TRY(journal_balance(c->db, new.licensee, &balance));
	jw_object(&c->json);
	jw_kv_id(&c->json, "licensee_id", new.licensee);
	jw_kv_cstr(&c->json, "currency", c->core->config.currency);
	jw_kv_int(&c->json, "balance_micro", balance);
	jw_object_end(&c->json);
	return OK;
}

/* --- the books --- */

/* What each adds up to, of a licensee or of all. */
static enum err books(struct call *c)
{
	int64_t micro;

	jw_object(&c->json);
	jw_kv_cstr(&c->json, "currency", c->core->config.currency);
	jw_key(&c->json, "books");
	jw_object(&c->json);
	for (enum book b = BOOK_LICENSEE; b < BOOKS_END; b++) {
		TRY(journal_sum(c->db, b, arg_id(c, "licensee_id"), &micro));
		jw_kv_int(&c->json, book_name(b), micro);
	}
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

static void tell(void *arg, const char *what, int64_t about)
{
	struct jw *j = arg;

	jw_object(j);
	jw_kv_cstr(j, "what", what);
	jw_kv_id(j, "about", about);
	jw_object_end(j);
}

static enum err verify(struct call *c)
{
	struct books_report report = {.say = tell, .arg = &c->json};

	jw_object(&c->json);
	jw_key(&c->json, "wrong");
	jw_array(&c->json);
	TRY(books_verify(c->core, &report));
	jw_array_end(&c->json);
	jw_kv_int(&c->json, "entries", report.entries);
	jw_kv_int(&c->json, "invoices", report.invoices);
	jw_object_end(&c->json);
	return OK;
}

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_DATA,           \
	.run = RUN_WORKER
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ
#define WRITE ROW, .method = HTTP_POST, .body = BODY_FIELDS, .scope = SCOPE_ADMIN_WRITE
#define NUMBER {.name = "number", .type = PARAM_STRING, .required = true, .max = 40, .doc = "I000042 or C000007."}
#define OF {.name = "licensee_id", .type = PARAM_ID, .doc = "Of this one alone."}
#define AMOUNT {.name = "amount", .type = PARAM_STRING, .required = true, .max = 30, .doc = "In the server's currency: 12 or 12.50."}
#define PAGED                                                                                                          \
	{.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this id."},                               \
	{                                                                                                              \
		.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = PAGE, .fallback = 100,             \
		.doc = "How many."                                                                                     \
	}
#define BASE "/api/v1/admin/kicau"

const struct endpoint api_admin_money[] = {
	{READ, .path = BASE "/invoices", .handle = invoices, .params = PARAMS(OF, PAGED), .reply = "[AdminInvoice]",
	 .doc = "Invoices and credit notes, newest first."},
	{READ, .path = BASE "/invoices/:number", .handle = show_invoice, .kind = REPLY_OTHER, .reply = "Invoice",
	 .params = PARAMS({.name = "number", .type = PARAM_STRING, .required = true, .max = 40, .doc = "I000042, or with .json, .html or .pdf behind it."}),
	 .doc = "An invoice or credit note, as JSON, as a page to print or as PDF: by the ending, or by Accept."},
	{WRITE, .path = BASE "/invoices/:number/credit", .handle = credit,
	 .params = PARAMS(NUMBER, AMOUNT, {.name = "reason", .type = PARAM_STRING, .required = true, .max = CREDIT_REASON_MAX, .doc = "What the licensee reads on it."}),
	 .reply = "AdminInvoice", .doc = "Give back some of an invoice. Answers the credit note."},
	{READ, .path = BASE "/entries", .handle = entries, .reply = "[AdminEntry]",
	 .params = PARAMS(OF, {.name = "kind", .type = PARAM_INT, .max = ENTRIES_END - 1, .doc = "1: days, 2: payments, 3: refunds, 4: credits. 0: all."}, PAGED),
	 .doc = "What was booked, newest first: days, payments, refunds, credits."},
	{WRITE, .path = BASE "/payments", .handle = book, .reply = "AdminBalance",
	 .params = PARAMS({.name = "licensee_id", .type = PARAM_ID, .required = true, .doc = "Whose money it is."}, AMOUNT,
			  {.name = "reference", .type = PARAM_STRING, .required = true, .max = PAYMENT_REFERENCE_MAX, .doc = "Of the bank's statement, or of yours: booked once."},
			  {.name = "note", .type = PARAM_STRING, .max = ENTRY_MEMO_MAX, .doc = "What else should be known."},
			  {.name = "refund", .type = PARAM_BOOL, .doc = "It went back to the licensee."}),
	 .doc = "Book money that came from a licensee, or went back. 409: this reference is booked."},
	{READ, .path = BASE "/books", .handle = books, .params = PARAMS(OF), .reply = "AdminBooks",
	 .doc = "What each book adds up to, in micro-units: of a licensee, or of all."},
	{READ, .path = BASE "/books/verify", .handle = verify, .reply = "AdminBooksCheck",
	 .doc = "Whether the books are right: every entry adds up to 0, days are as they were used, no number is missing."},
	ENDPOINTS_END};
