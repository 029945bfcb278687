/*
 * stripe.c - payments through Stripe: its page to pay on, its page of what was paid, and its messages about both
 * (https://docs.stripe.com/api/checkout/sessions, /customer_portal/sessions, /events).
 *
 * Messages come in any order, late, and more than once. An event counts once by its id, a payment once by its payment
 * intent; refunds are told as sums, of which what is not booked yet is booked. The key goes to Stripe only, and into no
 * words.
 */
#include "base/base.h"

#include "pay/provider.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "meter/amount.h"
#include "net/net.h"
#include "pay/payments.h"
#include "pay/stripe_message.h"

#define CALL_MS (20 * 1000)
#define ANSWER_MAX (256 * 1024)
#define FORM_MAX (8 * 1024)

SQL(stripe_event_once, "INSERT INTO payment_events (provider, event, outcome, received_at)"
		       " VALUES ('stripe', $1, '', $2) ON CONFLICT DO NOTHING");
SQL(stripe_event_outcome, "UPDATE payment_events SET outcome = $2 WHERE provider = 'stripe' AND event = $1");
SQL(stripe_checkout, "SELECT licensee_id, amount_micro, currency FROM checkouts WHERE id = $1 AND provider = 'stripe'");
SQL(stripe_checkout_paid, "UPDATE checkouts SET paid_at = $2 WHERE id = $1 AND paid_at = 0");
SQL(stripe_payment_of, "SELECT licensee_id FROM book_entries WHERE reference = $1");
SQL(stripe_given_back,
    "SELECT CAST(COALESCE(SUM(-l.amount_micro), 0) AS BIGINT) FROM book_entries e JOIN book_lines l"
    " ON l.entry_id = e.id AND l.book = 1 WHERE e.kind = 3 AND e.reference >= $1 AND e.reference < $2");
SQL(stripe_customer_set, "INSERT INTO pay_customers (licensee_id, provider, customer) VALUES ($1, 'stripe', $2)"
			 " ON CONFLICT (licensee_id, provider) DO UPDATE SET customer = excluded.customer");
SQL(stripe_customer, "SELECT customer FROM pay_customers WHERE licensee_id = $1 AND provider = 'stripe'");

static bool ready(const struct core *c)
{
	return c->config.stripe_key && *c->config.stripe_key;
}

/* --- asking --- */

/* application/x-www-form-urlencoded; names are ours, and have their brackets as they are. */
static void form_add(struct buf *out, const char *name, struct view value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (out->len)
		buf_add_c(out, '&');
	buf_add_str(out, name);
	buf_add_c(out, '=');
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] && strchr(plain, value.p[i]))
			buf_add_c(out, value.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)value.p[i]);
}

static enum err read_url(struct arena *a, struct view body, struct view *ret)
{
	struct view url = {0};
	json_t *root = json_loadb(body.p, body.len, 0, NULL);
	const char *text = json_string_value(json_object_get(root, "url"));

	if (text)
		url = arena_view(a, view_of(text));
	json_decref(root);
	*ret = url;
	return view_starts(url, V("https://")) || view_starts(url, V("http://")) ? OK : ERR_UNAVAILABLE;
}

/* What Stripe refused is the operator's business: in the log, by its status alone. */
static enum err ask(struct core *c, struct arena *a, const char *path, const struct buf *form, struct view once,
		    struct view *ret_url, struct problem *problem)
{
	struct net_request rq = {
		.method = NET_POST,
		.url = arena_printf(a, "%s%s", c->config.stripe_api, path),
		.headers = {{"Authorization", arena_printf(a, "Bearer %s", c->config.stripe_key)},
			    {"Content-Type", V("application/x-www-form-urlencoded")},
			    {"Idempotency-Key", once}},
		.body = buf_view(form),
		.ms = CALL_MS,
		.max_bytes = ANSWER_MAX,
		.https_only = !net_is_open(c->net),
	};
	struct net_reply reply;

	TRY(buf_err(form));
	enum err err = net_wait(c->net, a, &rq, &reply);
	if (err == OK && reply.status == 200)
		err = read_url(a, reply.body, ret_url);
	else if (err == OK)
		err = ERR_UNAVAILABLE;
	if (err == OK)
		return OK;
	log_warn("Stripe did not make a page", F_STR("path", view_of(path)), F_INT("status", reply.status),
		 F_STR("error", view_of(reply.why ? reply.why : "")));
	return fail(problem, ERR_UNAVAILABLE, "the payment provider does not answer; try again later");
}

static enum err checkout(struct core *c, struct arena *a, const struct checkout *order, struct view *ret_url,
			 struct problem *problem)
{
	struct view id = arena_printf(a, "%" PRId64, order->id), home = view_of(c->config.base_url);
	struct buf form CLEANUP(buf_release);
	char currency[4] = "";
	int64_t minor;

	if (!amount_to_minor(order->micro, currency_digits(view_of(c->config.currency)), &minor))
		return ERR_UNPROCESSABLE;
	for (size_t i = 0; i < 3; i++)
		currency[i] = (char)(c->config.currency[i] | 0x20);
	buf_init(&form, FORM_MAX);
	form_add(&form, "mode", V("payment"));
	form_add(&form, "customer_creation", V("always"));
	form_add(&form, "client_reference_id", id);
	form_add(&form, "metadata[checkout]", id);
	form_add(&form, "payment_intent_data[metadata][checkout]", id);
	form_add(&form, "line_items[0][quantity]", V("1"));
	form_add(&form, "line_items[0][price_data][currency]", view_of(currency));
	form_add(&form, "line_items[0][price_data][unit_amount]", arena_printf(a, "%" PRId64, minor));
	form_add(&form, "line_items[0][price_data][product_data][name]",
		 arena_printf(a, "%s: %.*s", c->config.title, VIEW_ARG(order->name)));
	form_add(&form, "success_url", home);
	form_add(&form, "cancel_url", home);
	return ask(c, a, "/v1/checkout/sessions", &form, arena_printf(a, "kicau-checkout-%" PRId64, order->id), ret_url,
		   problem);
}

static enum err find_customer(struct db *db, struct arena *a, int64_t licensee, struct view *ret)
{
	struct view customer = {0};
	struct rows r;

	db_query(db, &r, &stripe_customer, BINDS(B_INT(licensee)));
	if (rows_next(&r))
		customer = row_copy(&r, 0, a);
	TRY(rows_end(&r));
	*ret = customer;
	return customer.len ? OK : ERR_NOT_FOUND;
}

static enum err portal(struct core *c, struct arena *a, int64_t licensee, struct view *ret_url, struct problem *problem)
{
	struct buf form CLEANUP(buf_release);
	struct view customer;

	buf_init(&form, FORM_MAX);
	if (find_customer(store_db(c->store), a, licensee, &customer) == ERR_NOT_FOUND)
		return fail(problem, ERR_NOT_FOUND, "nothing was paid through Stripe yet");
	form_add(&form, "customer", customer);
	form_add(&form, "return_url", view_of(c->config.base_url));
	return ask(c, a, "/v1/billing_portal/sessions", &form,
		   arena_printf(a, "kicau-portal-%" PRId64 "-%" PRId64, licensee, clock_now()), ret_url, problem);
}

/* --- being told --- */

struct telling {
	const struct stripe_event *e;
	struct core *core;
	struct arena *arena;
	int64_t licensee;    /* out: whose balance changed; 0: nobody's */
	const char *outcome; /* out */
};

struct order {
	int64_t licensee, micro;
	bool same_currency;
};

static enum err find_order(struct db *tx, const struct telling *t, struct order *ret)
{
	struct order found = {0};
	struct rows r;

	db_query(tx, &r, &stripe_checkout, BINDS(B_INT(t->e->checkout)));
	if (rows_next(&r))
		found = (struct order){row_int(&r, 0), row_int(&r, 1), view_eq_nocase(row_text(&r, 2), t->e->currency)};
	TRY(rows_end(&r));
	*ret = found;
	return found.licensee ? OK : ERR_NOT_FOUND;
}

static enum err book(struct db *tx, struct telling *t, enum entry_kind kind, int64_t micro, struct view reference)
{
	const struct new_payment new = {.provider = "stripe",
					.book = BOOK_STRIPE,
					.kind = kind,
					.licensee = t->licensee,
					.micro = micro,
					.reference = reference,
					.memo = t->e->type};
	char whole[ENTRY_REFERENCE_MAX + 1];
	int64_t before;
	int len = snprintf(whole, sizeof(whole), "stripe:%.*s", VIEW_ARG(reference));
	/* Asked before, as a failure would undo the event too. */
	enum err err = db_int(tx, &stripe_payment_of, BINDS(B_TEXT(view_make(whole, (size_t)len))), &before);

	if (err == OK)
		t->outcome = "known";
	if (err != ERR_NOT_FOUND)
		return err;
	t->outcome = "booked";
	return payment_book_tx(tx, &new, NULL);
}

static enum err to_micro(const struct telling *t, int64_t *ret)
{
	return amount_of_minor(t->e->amount, currency_digits(view_of(t->core->config.currency)), ret) ? OK
												      : ERR_INVALID;
}

/* A session is over. Some ways to pay take days: then it is not paid yet, and another event will say that it is. */
static enum err session_paid(struct db *tx, struct telling *t)
{
	const struct stripe_event *e = t->e;
	struct order order;
	int64_t micro;
	enum err err = find_order(tx, t, &order);

	t->outcome = "not ours";
	if (err == ERR_NOT_FOUND || !e->payment_intent.len)
		return OK;
	TRY(err);
	t->outcome = "not paid yet";
	if (!view_is(e->payment_status, "paid"))
		return OK;
	TRY(to_micro(t, &micro));
	t->outcome = "not what was asked for";
	if (!order.same_currency || micro != order.micro)
		return OK;
	t->licensee = order.licensee;
	TRY(db_exec(tx, &stripe_checkout_paid, BINDS(B_INT(e->checkout), B_INT(clock_now())), NULL));
	if (e->customer.len)
		TRY(db_exec(tx, &stripe_customer_set, BINDS(B_INT(order.licensee), B_TEXT(e->customer)), NULL));
	return book(tx, t, ENTRY_PAYMENT, micro, e->payment_intent);
}

/* Whose a charge or dispute is: by our own mark, or by the payment that is booked. */
static enum err find_payer(struct db *tx, struct telling *t)
{
	struct order order;
	enum err err = t->e->checkout ? find_order(tx, t, &order) : ERR_NOT_FOUND;

	if (err == OK) {
		t->licensee = order.licensee;
		return OK;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	struct view reference = arena_printf(t->arena, "stripe:%.*s", VIEW_ARG(t->e->payment_intent));
	return db_int(tx, &stripe_payment_of, BINDS(B_TEXT(reference)), &t->licensee);
}

/* The charge says how much of it was given back in all. */
static enum err charge_refunded(struct db *tx, struct telling *t)
{
	struct view pi = t->e->payment_intent;
	struct view from = arena_printf(t->arena, "stripe:%.*s:refund:", VIEW_ARG(pi));
	struct view to = arena_printf(t->arena, "stripe:%.*s:refund;", VIEW_ARG(pi));
	int64_t micro, before;
	enum err err = pi.len ? find_payer(tx, t) : ERR_NOT_FOUND;

	t->outcome = "not ours";
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	TRY(to_micro(t, &micro));
	int32_t booked;
	TRY(journal_hold(tx, t->licensee, &booked));
	TRY(db_int(tx, &stripe_given_back, BINDS(B_TEXT(from), B_TEXT(to)), &before));
	t->outcome = "known";
	if (micro <= before)
		return OK;
	return book(tx, t, ENTRY_REFUND, micro - before,
		    arena_printf(t->arena, "%.*s:refund:%" PRId64, VIEW_ARG(pi), t->e->amount));
}

/* A bank has taken the money back, or given it back again. The payment may not have been told yet: then later. */
static enum err dispute(struct db *tx, struct telling *t, enum entry_kind kind, const char *word)
{
	int64_t micro;

	t->outcome = "not ours";
	if (!t->e->payment_intent.len || !t->e->object.len)
		return OK;
	enum err err = find_payer(tx, t);
	if (err == ERR_NOT_FOUND)
		return ERR_UNAVAILABLE;
	TRY(err);
	TRY(to_micro(t, &micro));
	return book(tx, t, kind, micro, arena_printf(t->arena, "%.*s:%s", VIEW_ARG(t->e->object), word));
}

static enum err dispute_lost(struct db *tx, struct telling *t)
{
	return dispute(tx, t, ENTRY_REFUND, "withdrawn");
}

static enum err dispute_won(struct db *tx, struct telling *t)
{
	return dispute(tx, t, ENTRY_PAYMENT, "reinstated");
}

static const struct {
	const char *type;
	enum err (*take)(struct db *tx, struct telling *t);
} events[] = {
	{"checkout.session.completed", session_paid},
	{"checkout.session.async_payment_succeeded", session_paid},
	{"charge.refunded", charge_refunded},
	{"charge.dispute.funds_withdrawn", dispute_lost},
	{"charge.dispute.funds_reinstated", dispute_won},
};

static enum err take(struct db *tx, void *arg)
{
	struct telling *t = arg;
	int64_t first;

	t->licensee = 0;
	t->outcome = "known";
	TRY(db_exec(tx, &stripe_event_once, BINDS(B_TEXT(t->e->id), B_INT(clock_now())), &first));
	if (!first)
		return OK;
	t->outcome = "of no interest";
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (view_is(t->e->type, events[i].type))
			TRY(events[i].take(tx, t));
	return db_exec(tx, &stripe_event_outcome, BINDS(B_TEXT(t->e->id), B_TEXT(view_of(t->outcome))), NULL);
}

static enum err webhook(struct core *c, struct arena *a, const struct pay_message *m, struct problem *problem)
{
	struct view secret = view_of(c->config.stripe_webhook_secret);
	struct stripe_event e;

	if (!stripe_signed(m->signature, m->body, secret, m->now))
		return fail(problem, ERR_INVALID, "the signature is not Stripe's");
	if (stripe_event_read(a, m->body, &e) != OK)
		return fail(problem, ERR_INVALID, "that is no event");
	struct telling t = {.e = &e, .core = c, .arena = a};
	TRY(store_write(c->store, take, &t));
	log_info("an event of Stripe", F_STR("event", e.id), F_STR("type", e.type),
		 F_STR("outcome", view_of(t.outcome)));
	if (t.licensee)
		payment_booked(c, t.licensee);
	return OK;
}

const struct pay_provider pay_stripe = {
	.name = "stripe",
	.book = BOOK_STRIPE,
	.ready = ready,
	.checkout = checkout,
	.portal = portal,
	.webhook = webhook,
};
