/*
 * provider.c - the providers there are, and orders on their way to one.
 */
#include "base/base.h"

#include "pay/provider.h"

#include "base/clock.h"
#include "base/id.h"
#include "meter/amount.h"

SQL(checkout_insert, "INSERT INTO checkouts (id, licensee_id, provider, amount_micro, currency, created_at)"
		     " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(checkout_licensee, "SELECT name FROM licensees WHERE id = $1");

static bool always(const struct core *c)
{
	(void)c;
	return true;
}

/* An operator looks at the bank's statement, and books: `kicau payment book`. */
const struct pay_provider pay_manual = {.name = "manual", .book = BOOK_MANUAL, .ready = always};

const struct pay_provider *pay_active(const struct core *c)
{
	return pay_stripe.ready(c) ? &pay_stripe : &pay_manual;
}

struct noting {
	const struct checkout *order;
	const char *provider, *currency;
};

static enum err note(struct db *tx, void *arg)
{
	const struct noting *n = arg;

	return db_exec(tx, &checkout_insert,
		       BINDS(B_INT(n->order->id), B_INT(n->order->licensee), B_TEXT(view_of(n->provider)),
			     B_INT(n->order->micro), B_TEXT(view_of(n->currency)), B_INT(clock_now())),
		       NULL);
}

static enum err licensee_name(struct db *db, struct arena *a, int64_t licensee, struct view *ret)
{
	struct view name = {0};
	struct rows r;

	db_query(db, &r, &checkout_licensee, BINDS(B_INT(licensee)));
	if (rows_next(&r))
		name = row_copy(&r, 0, a);
	TRY(rows_end(&r));
	*ret = name;
	return name.len ? OK : ERR_NOT_FOUND;
}

enum err checkout_start(struct core *c, struct arena *a, int64_t licensee, int64_t micro, struct view *ret_url,
			struct problem *problem)
{
	const struct pay_provider *p = pay_active(c);
	struct checkout order = {.id = id_next(), .licensee = licensee, .micro = micro};
	struct noting n = {&order, p->name, c->config.currency};
	int64_t minor;

	if (!p->checkout)
		return fail(problem, ERR_NOT_FOUND, "payments are taken by hand here: ask the operator, %s",
			    *c->config.contact_email ? c->config.contact_email : c->config.base_url);
	if (micro < CHECKOUT_MIN_MICRO || micro > MONEY_MAX ||
	    !amount_to_minor(micro, currency_digits(view_of(c->config.currency)), &minor))
		return fail(problem, ERR_UNPROCESSABLE, "an amount is at least 1 %s, in whole cents or their like",
			    c->config.currency);
	TRY(licensee_name(store_db(c->store), a, licensee, &order.name));
	TRY(store_write(c->store, note, &n));
	return p->checkout(c, a, &order, ret_url, problem);
}
