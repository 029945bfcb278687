/*
 * meter_private.h - what the files of the meter share. One lock guards all of it (struct meter.lock): a delivery holds it
 * for microseconds, and under it the ledger gets records in the order of their times.
 *
 *   standing.c   what one licensee has used and may still use
 *   deliver.c    reserve and record
 *   settle.c     what was handed over is charged, what broke off is given back
 *   sums.c       what was charged, by day, on its way to the database
 *   recover.c    at the start: what the ledger holds behind the sums
 */
#ifndef METER_METER_PRIVATE_H
#define METER_METER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "meter/charged.h"
#include "meter/meter.h"

#define DAY_MS INT64_C(86400000)

struct standing {
	int64_t licensee;
	int32_t day, month;	     /* days and months since 1970 of its last delivery */
	struct charged posts, users; /* of this day */
	int64_t month_posts;	     /* charged in this month, with what is under way */
	int64_t balance_read_ns;     /* monotonic; 0: it is not known */
	int64_t balance_micro;	     /* with what is under way */
	int64_t unwritten_micro;     /* under way, or charged but not yet in the database */
};

enum delivery_state { DELIVERY_PENDING, DELIVERY_AWAITED, DELIVERY_DURABLE };

struct delivery {
	struct delivery *prev, *next; /* of the open ones, under lock */
	struct delivery *next_ended;  /* under ended_lock */
	struct meter *meter;
	atomic_int state; /* enum delivery_state */
	void (*fn)(void *arg, enum err err);
	void *arg;
	enum err err; /* of the ledger */
	uint64_t index;
	char *receipt;
	bool whole;
	atomic_bool ended; /* meter_settle() was called */
	struct plan plan;
	int64_t licensee, app, key, time_ms;
	enum data_endpoint endpoint;
	enum ledger_kind kind;
	uint64_t request;
	uint32_t extra; /* charged beyond what the plan includes */
	struct meter_cost cost;
	size_t n;	  /* delivered */
	size_t n_charged; /* of these, which are all that matters later: */
	struct ledger_item items[];
};

/* What was charged, since the last time it was written. */
struct sum {
	int64_t licensee, app, terms;
	int32_t day;
	int64_t posts_included, posts_extra, posts_repeated, users_extra, users_repeated, broken, micro;
};
struct named_request {
	int64_t licensee;
	uint64_t request, index;
};
struct sums {
	struct sum *rows;
	size_t n, room;
	struct named_request *requests;
	size_t n_requests, requests_room;
	uint64_t counted; /* all settlements of the ledger before this index are in it, or in the database */
};

struct meter {
	struct core *core;
	struct ledger *ledger;
	pthread_mutex_t lock;
	struct map standings;
	struct delivery *open;
	int64_t last_ms;	   /* the time of the last record */
	struct ledger_item *items; /* of the record that is made now: LEDGER_ITEMS_MAX */
	struct sums sums;

	pthread_mutex_t writing; /* held while sums are written, and while a balance is read; before lock */

	atomic_int unrecorded; /* deliveries that the ledger has not answered yet: it touches them until then */
	atomic_int batches;    /* settlements that the ledger has not answered yet */
	pthread_mutex_t ended_lock;
	pthread_cond_t wake;
	struct delivery *ended;
	bool stopping;
	pthread_t ticker;
};

int32_t month_of(int64_t ms);	/* months since 1970, UTC */
int64_t month_ends(int64_t ms); /* the first moment of the next one */
static inline int32_t day_of(int64_t ms)
{
	return (int32_t)(ms / DAY_MS);
}

/* standing.c; all under lock but the first. */
/* ERR_BUSY: sums are just being written, and the caller does not `wait`. */
enum err standing_read_balance(struct meter *m, struct db *db, int64_t licensee, bool wait);
struct standing *standing_of(struct meter *m, int64_t licensee,
			     int64_t now_ms); /* made when missing, turned to the day */
struct charged *standing_set(struct standing *s, enum ledger_kind kind);
/* How many of n things that were never read the plan and the balance allow, and what they cost. */
size_t standing_price(const struct standing *s, const struct plan *p, enum ledger_kind kind, size_t n,
		      int64_t *ret_micro, uint32_t *ret_extra, struct meter_refusal *why);
void standing_take(struct standing *s, enum ledger_kind kind, uint32_t posts, int64_t micro);
void standing_give_back(struct standing *s, const struct delivery *d);
void standing_cost(const struct standing *s, const struct plan *p, struct meter_cost *ret);

/* deliver.c */
struct delivery *delivery_new(struct meter *m, const struct meter_ask *ask, size_t n);
void delivery_free(struct delivery *d);
/* What it cost, and what it has taken of the charged, is nobody's any more: it is free. */
void delivery_forgo(struct delivery *d);
/* Takes what it costs, and appends it with its items; under lock. On an error everything is as before. */
enum err delivery_record(struct delivery *d, const struct ledger_item *items, struct standing *s);

/* settle.c */
void settle_ended(struct meter *m); /* what has ended since, into the ledger */
bool settle_waits(struct meter *m); /* something has not got there yet */

/* sums.c; under lock but sums_write */
void sums_add(struct sums *s, const struct sum *what);
void sums_add_request(struct sums *s, struct named_request r);
void sums_release(struct sums *s);
enum err sums_write(struct meter *m);

/* recover.c */
enum err recover(struct meter *m, struct problem *problem);
struct sum sum_of(const struct delivery *d);

#endif
