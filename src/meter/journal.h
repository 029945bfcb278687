/*
 * journal.h - the books: every movement of money is one entry, the lines of which add up to 0. Nothing of it is ever
 * changed or deleted. Amounts are micro-units of the one configured currency; a credit is positive, a debit negative.
 */
#ifndef METER_JOURNAL_H
#define METER_JOURNAL_H

#include "store/store.h"

/* Stored numbers: append only. Names in journal.c. */
enum book {
	BOOK_LICENSEE = 1, /* of each licensee: what we owe them; below 0: what they owe us */
	BOOK_MANUAL,	   /* money that came to us otherwise, as an operator says; the more, the further below 0 */
	BOOK_STRIPE,	   /* money that came through Stripe; as above */
	BOOK_FEES,	   /* earned by monthly fees */
	BOOK_READS,	   /* earned by reads */
	BOOK_CREDIT_NOTES, /* given back by credit notes; below 0 */
	BOOKS_END
};

enum entry_kind {
	ENTRY_DAY = 1, /* a UTC day that is over: its share of the fee, and its reads */
	ENTRY_PAYMENT, /* money came */
	ENTRY_REFUND,  /* money went back, or a bank took it back */
	ENTRY_CREDIT,  /* a credit note */
	ENTRIES_END
};

#define ENTRY_LINES_MAX 4
#define ENTRY_REFERENCE_MAX 200		     /* bytes */
#define ENTRY_MEMO_MAX 500		     /* bytes */
#define MONEY_MAX INT64_C(1000000000000000) /* of one movement: a thousand million units */

struct entry_line {
	enum book book;
	int64_t micro; /* 0: no line */
};

struct new_entry {
	enum entry_kind kind;
	int64_t licensee;
	int32_t day;	       /* since 1970, UTC */
	struct view reference; /* unique among all entries */
	struct view memo;
	int64_t terms; /* of ENTRY_DAY */
	struct entry_line lines[ENTRY_LINES_MAX];
};

/*
 * Inside a store_write. Lines that do not add up to 0, or two of one book, are a BUG. ERR_CONFLICT: something has this
 * reference already. The caller tells the meter behind the commit (meter_balance_changed).
 */
enum err journal_book(struct db *tx, const struct new_entry *e, int64_t *ret_id);

struct entry {
	int64_t id, licensee, terms, created_ms;
	enum entry_kind kind;
	int32_t day;
	struct view reference, memo;
	struct entry_line lines[ENTRY_LINES_MAX];
	size_t n_lines;
};
/* By reference, without lines. ERR_NOT_FOUND. */
enum err journal_find(struct db *db, struct arena *a, struct view reference, struct entry *ret);
/* Newest first, older than `before` (0: from the newest); of one licensee or kind (0: all). */
enum err journal_load(struct db *db, struct arena *a, int64_t licensee, enum entry_kind kind, int64_t before,
		      size_t max, struct entry *ret, size_t *ret_n);

/* What a licensee has left: all that is booked, less the usage of days that are not booked yet. */
enum err journal_balance(struct db *db, int64_t licensee, int64_t *ret_micro);
/* What is booked for a licensee up to a day, included. */
enum err journal_balance_at(struct db *db, int64_t licensee, int32_t day, int64_t *ret_micro);
/* Days up to this one are booked, and will not change; -1: none. */
enum err journal_booked_day(struct db *db, int64_t licensee, int32_t *ret);
/* The same inside a store_write, and whoever else books for this licensee waits. */
enum err journal_hold(struct db *tx, int64_t licensee, int32_t *ret);
/* Inside a store_write, behind journal_hold(): the days up to this one are booked now. */
enum err journal_close_day(struct db *tx, int64_t licensee, int32_t day);
/* The sum of one book, of a licensee (0: of all). */
enum err journal_sum(struct db *db, enum book book, int64_t licensee, int64_t *ret_micro);

const char *book_name(enum book b);		/* "licensee" */
const char *entry_kind_name(enum entry_kind k); /* "payment" */

#endif
