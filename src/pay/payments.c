/*
 * payments.c - see payments.h.
 */
#include "base/base.h"

#include "pay/payments.h"

#include "base/clock.h"
#include "meter/day_book.h"
#include "meter/meter.h"
#include "moderation/audit.h"

SQL(payment_licensee, "SELECT id FROM licensees WHERE id = $1");

static enum err check(const struct new_payment *new, struct problem *problem)
{
	if (new->micro <= 0 || new->micro > MONEY_MAX)
		return fail(problem, ERR_UNPROCESSABLE, "an amount is above 0, and not that large");
	if (!new->reference.len || new->reference.len > PAYMENT_REFERENCE_MAX || !utf8_valid(new->reference))
		return fail(problem, ERR_UNPROCESSABLE, "a payment has a reference, of at most %d bytes",
			    PAYMENT_REFERENCE_MAX);
	if (new->memo.len > ENTRY_MEMO_MAX || !utf8_valid(new->memo))
		return fail(problem, ERR_UNPROCESSABLE, "the note is longer than %d bytes", ENTRY_MEMO_MAX);
	return OK;
}

enum err payment_book_tx(struct db *tx, const struct new_payment *new, struct problem *problem)
{
	char reference[ENTRY_REFERENCE_MAX + 1];
	int64_t id, micro = new->kind == ENTRY_REFUND ? -new->micro : new->micro;
	int32_t booked;

	TRY(check(new, problem));
	if (db_int(tx, &payment_licensee, BINDS(B_INT(new->licensee)), &id) == ERR_NOT_FOUND)
		return fail(problem, ERR_NOT_FOUND, "there is no such licensee");
	TRY(journal_hold(tx, new->licensee, &booked));
	int len = snprintf(reference, sizeof(reference), "%s:%.*s", new->provider, VIEW_ARG(new->reference));
	const struct new_entry e = {
		.kind = new->kind,
		.licensee = new->licensee,
		.day = day_for_movement(booked, clock_now()),
		.reference = view_make(reference, (size_t)len),
		.memo = new->memo,
		.lines = {{BOOK_LICENSEE, micro}, {new->book, -micro}},
	};
	enum err err = journal_book(tx, &e, &id);
	if (err == ERR_CONFLICT)
		return fail(problem, err, "%.*s is booked already", VIEW_ARG(new->reference));
	return err;
}

struct booking {
	const struct new_payment *new;
	struct problem *problem;
};

static enum err book(struct db *tx, void *arg)
{
	const struct booking *b = arg;

	TRY(payment_book_tx(tx, b->new, b->problem));
	return audit_add(tx, b->new->by, "create", entry_kind_name(b->new->kind), b->new->licensee, b->new->reference);
}

void payment_booked(struct core *c, int64_t licensee)
{
	if (c->meter)
		meter_balance_changed(c->meter, licensee);
}

enum err payment_book(struct core *c, const struct new_payment *new, struct problem *problem)
{
	struct booking b = {new, problem};

	TRY(store_write(c->store, book, &b));
	payment_booked(c, new->licensee);
	return OK;
}
