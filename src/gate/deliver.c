/*
 * deliver.c - an answer that a licensee pays for waits until the ledger holds it, says what it cost, and is settled when
 * it was handed over or broke off. docs/design/data.md, "A delivery".
 */
#include "base/base.h"
#include "gate/private.h"

enum err call_deliver(struct call *c, enum data_endpoint endpoint, enum ledger_kind kind, struct ledger_item *items,
		      size_t n, bool cut, size_t *granted)
{
	struct call_state *cs = state_of(c);
	struct meter_ask ask = {
		.licence = c->licence,
		.endpoint = endpoint,
		.kind = kind,
		.items = items,
		.n = n,
		.cut = cut,
		.request = http_header(c->x, "Kicau-Request-Id"),
	};

	if (cs->n_deliveries == DELIVERIES_MAX)
		BUG("%s delivers more than %d times", c->row->path, DELIVERIES_MAX);
	*granted = 0;
	if (n == 0)
		return OK;
	if (cs->quote)
		return quote_add(c, cs->quote, &ask, granted);
	TRY(meter_deliver(c->core->meter, c->db, &ask, &cs->deliveries[cs->n_deliveries], granted, &c->refusal,
			  &c->problem));
	cs->n_deliveries++;
	return OK;
}

static void settle(struct call_state *cs, bool whole)
{
	for (size_t i = 0; i < cs->n_deliveries; i++)
		meter_settle(cs->deliveries[i], whole);
	cs->n_deliveries = 0;
}

/* HEAD is answered without what it would have brought. */
static void answer_is_over(void *arg, bool whole)
{
	struct call_state *cs = arg;

	settle(cs, whole && cs->pub.x->method != HTTP_HEAD);
}

static void header_number(struct call_state *cs, const char *name, int64_t n)
{
	http_set_header(cs->pub.x, name, arena_printf(cs->pub.arena, "%" PRId64, n));
}

static void cost_headers(struct call_state *cs, const struct meter_cost *cost)
{
	header_number(cs, "Kicau-Cost", cost->micro);
	http_set_header(cs->pub.x, "Kicau-Billed",
			arena_printf(cs->pub.arena, "%u/%u", cost->charged, cost->charged + cost->repeated));
	header_number(cs, "Kicau-Balance", cost->balance_micro);
	if (cost->month_left >= 0)
		header_number(cs, "Kicau-Month-Remaining", cost->month_left);
}

static void delivery_headers(struct call_state *cs)
{
	struct meter_cost sum = {0};
	struct view receipts = V("");

	for (size_t i = 0; i < cs->n_deliveries; i++) {
		const struct meter_cost *cost = delivery_cost(cs->deliveries[i]);
		struct view receipt = view_of(delivery_receipt(cs->deliveries[i]));

		sum.micro += cost->micro;
		sum.charged += cost->charged;
		sum.repeated += cost->repeated;
		sum.balance_micro = cost->balance_micro;
		sum.month_left = cost->month_left;
		receipts = i == 0 ? receipt
				  : arena_printf(cs->pub.arena, "%.*s, %.*s", VIEW_ARG(receipts), VIEW_ARG(receipt));
	}
	cost_headers(cs, &sum);
	http_set_header(cs->pub.x, "Kicau-Receipt", receipts);
}

/* An answer to a licensee in which nothing is paid for says so, and how things stand. */
static void free_headers(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct meter_refusal why;
	struct problem problem = {0};
	struct meter_cost cost = {0};

	if (c->core->meter &&
	    meter_quote(c->core->meter, c->db, c->licence, LEDGER_POSTS, 0, 0, &cost, &why, &problem) == OK)
		cost_headers(cs, &cost);
}

static void durable(void *arg, enum err err)
{
	struct call_state *cs = arg;
	enum err first;

	if (err != OK)
		atomic_store(&cs->delivery_err, err);
	if (atomic_fetch_sub(&cs->undurable, 1) != 1)
		return;
	first = atomic_load(&cs->delivery_err);
	if (first == OK) {
		delivery_headers(cs);
		http_when_over(cs->pub.x, answer_is_over, cs);
	} else {
		settle(cs, false);
	}
	reply_send(cs, first);
}

bool deliver_wait(struct call_state *cs, enum err err)
{
	size_t n = cs->n_deliveries;

	if (err != OK || cs->pub.replied)
		settle(cs, false);
	else if (n == 0)
		free_headers(cs);
	if (cs->n_deliveries == 0)
		return false;
	if (cs->pub.row->run == RUN_INLINE)
		http_defer(cs->pub.x);
	atomic_store(&cs->undurable, (int)n);
	/* The last of these calls may end the call and free cs. */
	struct delivery *waiting[DELIVERIES_MAX];
	memcpy(waiting, cs->deliveries, sizeof(waiting));
	for (size_t i = 0; i < n; i++)
		delivery_when_durable(waiting[i], durable, cs);
	return true;
}
