/*
 * meter.h - how much a licensee may still read, what it costs, and that it is paid exactly once. docs/design/data.md
 * says how a delivery goes: choose, reserve, record, send, settle.
 *
 * All of it is in memory: sums of what was settled are written to the database every second, and what the ledger holds
 * behind them is counted again at the next start. Any thread may call.
 */
#ifndef METER_METER_H
#define METER_METER_H

#include "ledger/ledger.h"
#include "meter/licensees.h"

/* Where posts went out; ledger_record.endpoint. Stored numbers: append only. */
enum data_endpoint {
	DATA_LOOKUP = 1,
	DATA_USERS,
	DATA_TIMELINE,
	DATA_MENTIONS,
	DATA_FOLLOWS,
	DATA_SEARCH,
	DATA_STREAM_FILTERED,
	DATA_STREAM_SAMPLE,
	DATA_STREAM_FIREHOSE,
	DATA_EXPORT,
	DATA_CARRIED, /* paid here: another answer brought them as repeats of one that then broke off */
};

struct meter;

/*
 * Counts again what the ledger holds behind the sums of the database, and what was charged today. The database must be
 * reachable.
 */
enum err meter_open(struct core *c, struct ledger *ledger, struct meter **ret, struct problem *problem);
void meter_close(struct meter *m); /* settles and writes what waits; NULL-safe. The ledger is closed after it. */

struct meter_ask {
	const struct licence *licence;
	enum data_endpoint endpoint;
	enum ledger_kind kind;	   /* LEDGER_POSTS or LEDGER_USERS */
	struct ledger_item *items; /* each id once; `charged` is set; their order is kept */
	size_t n;		   /* 1 … LEDGER_ITEMS_MAX */
	bool cut;		   /* as many as cap and balance allow, from the front; otherwise all or none */
	struct view request;	   /* the caller's own name for the call (Kicau-Request-Id), empty without one */
};

/* Why a call would cost money that is not there. Posts or micro-units, as `what` says. */
struct meter_refusal {
	const char *what;	       /* "posts", "balance" */
	int64_t limit, used, reset_ms; /* reset_ms 0: not by waiting */
};

struct meter_cost {
	int64_t micro;	       /* of this delivery */
	uint32_t charged;      /* items that are paid, or included in the plan */
	uint32_t repeated;     /* items that are free: charged before on this day, or under this request's name */
	int64_t balance_micro; /* afterwards */
	int64_t month_left;    /* included post reads afterwards, or what a bound leaves; -1: the plan has neither */
};

struct delivery;

/*
 * Reserves and records. Nothing of it may be sent before delivery_when_durable() has said OK. *ret owes meter_settle(),
 * also when it is never sent. ERR_PAYMENT: cap or balance, *why says which, the problem in words. ERR_UNAVAILABLE,
 * ERR_BUSY, ERR_NO_SPACE: it cannot be recorded. m is NULL while there is no ledger: ERR_NO_SPACE.
 */
enum err meter_deliver(struct meter *m, struct db *db, const struct meter_ask *ask, struct delivery **ret,
		       size_t *granted, struct meter_refusal *why, struct problem *problem);
const struct meter_cost *delivery_cost(const struct delivery *d);
/* fn is called once, maybe before this returns, maybe on the ledger's thread: then it must be short. */
void delivery_when_durable(struct delivery *d, void (*fn)(void *arg, enum err err), void *arg);
/* Once durable: the text of Kicau-Receipt, and the record's index. */
const char *delivery_receipt(const struct delivery *d);
uint64_t delivery_index(const struct delivery *d);
/* All of it was handed over; or not, and it is free. Ends the delivery. */
void meter_settle(struct delivery *d, bool whole);

/* What n reads of things never read before would cost now, with spent_micro of the balance gone. Reserves nothing. */
enum err meter_quote(struct meter *m, struct db *db, const struct licence *l, enum ledger_kind kind, size_t n,
		     int64_t spent_micro, struct meter_cost *ret, struct meter_refusal *why, struct problem *problem);
/*
 * What meter_deliver() would say of these items now, with spent_micro of the balance gone. Nothing is reserved or recorded.
 * Where it would be cut, *granted is less than n, *why and problem say why, and it is OK.
 */
enum err meter_foresee(struct meter *m, struct db *db, const struct meter_ask *ask, int64_t spent_micro,
		       size_t *granted, struct meter_cost *ret, struct meter_refusal *why, struct problem *problem);

/* Up to which index of the ledger the sums in the database are counted: a ledger with fewer records is not theirs. */
enum err meter_counted(struct db *db, uint64_t *ret);
/* Settles and writes the sums now: before an invoice is made, and in tests. */
enum err meter_flush(struct meter *m);
/* Nothing of the days up to this one (since 1970, included) is under way or waits to be written. */
bool meter_day_is_over(struct meter *m, int32_t day);
/* A payment or a credit was booked: the balance is read again before the next delivery. */
void meter_balance_changed(struct meter *m, int64_t licensee);

#endif
