/*
 * invoices.c - a licensee's invoices, where it can pay, and what payment providers tell.
 */
#include "base/base.h"

#include "dataapi/groups.h"

#include "base/clock.h"
#include "gate/call.h"
#include "meter/amount.h"
#include "meter/calendar.h"
#include "meter/invoice_page.h"
#include "meter/invoices.h"
#include "pay/provider.h"

#define PAGE_INVOICES 100

static void write_invoice(struct jw *j, const struct invoice *i)
{
	char name[INVOICE_NAME_MAX], month[MONTH_LEN + 1];

	invoice_name(i->kind, i->number, name);
	month_text(i->month, month);
	jw_object(j);
	jw_kv_cstr(j, "number", name);
	jw_kv_cstr(j, "kind", i->kind == INVOICE ? "invoice" : "credit_note");
	jw_kv_cstr(j, "month", month);
	jw_kv_int(j, "total_micro", i->total_micro);
	jw_kv_time(j, "created_at", i->created_ms);
	jw_object_end(j);
}

static enum err show_all(struct call *c)
{
	struct invoice *list = ARENA_ARRAY(c->arena, PAGE_INVOICES, struct invoice);
	size_t max = (size_t)arg_int(c, "max_results"), n;

	TRY(invoices_load(c->db, c->arena, c->licence->licensee, arg_id(c, "pagination_token"), max, list, &n));
	jw_object(&c->json);
	jw_kv_cstr(&c->json, "currency", c->core->config.currency);
	jw_key(&c->json, "data");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		write_invoice(&c->json, &list[i]);
	jw_array_end(&c->json);
	jw_key(&c->json, "meta");
	jw_object(&c->json);
	jw_kv_int(&c->json, "result_count", (int64_t)n);
	if (n == max)
		jw_kv_id(&c->json, "next_token", list[n - 1].id);
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

static enum err draw(struct call *c, const struct invoice *i, enum invoice_form form)
{
	const struct invoice_drawing d = {
		.arena = c->arena,
		.form = form,
		.tongue = tongue_accepted(http_header(c->x, "Accept-Language")),
		.document = i->document,
		.style = arena_printf(c->arena, "%s/assets/invoice.css", c->core->config.base_url),
	};

	call_header(c, "Content-Type", view_of(invoice_form_type(form)));
	call_header(c, "Content-Security-Policy", V("default-src 'none'; style-src 'self'"));
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Vary", V("Accept, Accept-Language"));
	call_header(c, "X-Content-Type-Options", V("nosniff"));
	return invoice_draw(&d, &c->out, &c->problem);
}

/* Somebody else's number is as if it were nobody's. */
static enum err show(struct call *c)
{
	struct view number = arg_str(c, "number");
	enum invoice_form form = invoice_form_of(&number, http_header(c->x, "Accept"));
	enum invoice_kind kind;
	struct invoice i;
	int64_t n;

	if (!invoice_name_parse(number, &kind, &n))
		return ERR_NOT_FOUND;
	TRY(invoice_load(c->db, c->arena, kind, n, &i));
	if (i.licensee != c->licence->licensee)
		return ERR_NOT_FOUND;
	return draw(c, &i, form);
}

static enum err answer_url(struct call *c, struct view url)
{
	jw_object(&c->json);
	jw_kv_str(&c->json, "url", url);
	jw_object_end(&c->json);
	return OK;
}

static enum err pay(struct call *c)
{
	struct view url;
	int64_t micro;

	if (!amount_parse(arg_str(c, "amount"), MONEY_MAX, &micro))
		return call_fail(c, ERR_UNPROCESSABLE, "amount is written as 12 or 12.50");
	TRY(checkout_start(c->core, c->arena, c->licence->licensee, micro, &url, &c->problem));
	return answer_url(c, url);
}

static enum err portal(struct call *c)
{
	const struct pay_provider *p = pay_active(c->core);
	struct view url;

	if (!p->portal)
		return call_fail(c, ERR_NOT_FOUND, "payments are taken by hand here");
	TRY(p->portal(c->core, c->arena, c->licence->licensee, &url, &c->problem));
	return answer_url(c, url);
}

static enum err stripe(struct call *c)
{
	const struct pay_message m = {
		.body = c->x->body, .signature = http_header(c->x, "Stripe-Signature"), .now = clock_now()};

	TRY(pay_stripe.webhook(c->core, c->arena, &m, &c->problem));
	jw_object(&c->json);
	jw_object_end(&c->json);
	return OK;
}

#define ROW .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT, .meter = METER_FREE

const struct endpoint data_invoices[] = {
	{ROW, .method = HTTP_GET, .path = "/2/invoices", .handle = show_all, .run = RUN_INLINE, .reply = "Invoices",
	 .params = PARAMS({.name = "max_results", .type = PARAM_INT, .clamp = true, .min = 1, .max = PAGE_INVOICES, .fallback = 20, .doc = "How many."},
			  {.name = "pagination_token", .type = PARAM_ID, .doc = "next_token of the page before."}),
	 .doc = "One's invoices and credit notes, newest first."},
	{ROW, .method = HTTP_GET, .path = "/2/invoices/:number", .handle = show, .run = RUN_WORKER, .kind = REPLY_OTHER,
	 .type = "application/json,text/html,application/pdf", .reply = "InvoiceDocument",
	 .params = PARAMS({.name = "number", .required = true, .max = 40, .doc = "I000042, or with .json, .html or .pdf behind it."}),
	 .doc = "An invoice or credit note, as JSON, as a page to print or as PDF: by the ending, or by Accept."},
	{ROW, .method = HTTP_POST, .path = "/2/credits", .handle = pay, .run = RUN_WORKER, .body = BODY_FIELDS, .reply = "Link",
	 .params = PARAMS({.name = "amount", .required = true, .max = 30, .doc = "In the server's currency: 12 or 12.50."}),
	 .doc = "Where to pay an amount, which is then one's balance. 404: payments are taken by hand."},
	{ROW, .method = HTTP_GET, .path = "/2/credits/portal", .handle = portal, .run = RUN_WORKER, .reply = "Link",
	 .doc = "Where the payment provider shows what was paid."},
	{.method = HTTP_POST, .path = "/webhooks/stripe", .handle = stripe, .auth = AUTH_NONE, .rate = RATE_NONE, .meter = METER_FREE,
	 .run = RUN_WORKER, .body = BODY_RAW, .reply = "{}", .doc = "What Stripe tells of payments, signed by it."},
	ENDPOINTS_END,
};
