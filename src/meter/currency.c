/*
 * currency.c - see currency.h.
 */
#include "base/base.h"

#include "meter/currency.h"

#define SETTING V("currency")

SQL(currency_select, "SELECT value FROM settings WHERE key = $1");
SQL(currency_set, "INSERT INTO settings (key, value) VALUES ($1, $2)"
		  " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
SQL(currency_booked, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM book_entries LIMIT 1) AS entries");
SQL(currency_owed, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM usage_days WHERE cost_micro > 0 LIMIT 1) AS days");

struct holding {
	struct view now;
	char before[8]; /* empty: none was ever held */
	bool in_use;
};

static enum err look(struct db *db, struct holding *h)
{
	int64_t entries, days;
	struct rows r;

	h->before[0] = '\0';
	db_query(db, &r, &currency_select, BINDS(B_TEXT(SETTING)));
	if (rows_next(&r))
		snprintf(h->before, sizeof(h->before), "%.*s", VIEW_ARG(row_text(&r, 0)));
	TRY(rows_end(&r));
	TRY(db_int(db, &currency_booked, NO_BINDS, &entries));
	TRY(db_int(db, &currency_owed, NO_BINDS, &days));
	h->in_use = entries || days;
	return OK;
}

static bool may_change(const struct holding *h)
{
	return !h->before[0] || !h->in_use;
}

static enum err change(struct db *tx, void *arg)
{
	struct holding *h = arg;

	TRY(look(tx, h));
	return may_change(h) ? db_exec(tx, &currency_set, BINDS(B_TEXT(SETTING), B_TEXT(h->now)), NULL) : OK;
}

enum err currency_hold(struct core *c, struct problem *problem)
{
	struct holding h = {.now = view_of(c->config.currency)};

	TRY(look(store_db(c->store), &h));
	if (view_is(h.now, h.before))
		return OK;
	if (may_change(&h))
		TRY(store_write(c->store, change, &h));
	if (may_change(&h))
		return OK;
	return fail(problem, ERR_CONFLICT,
		    "currency says %.*s, but what is booked is in %s, and nothing converts it: set currency = %s again",
		    VIEW_ARG(h.now), h.before, h.before);
}
