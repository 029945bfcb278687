/*
 * ledger.h - who received which post: records that are only ever appended, in files under one directory, each a leaf of
 * a Merkle tree (RFC 9162) whose signed heads are published. docs/ledger.md is the format, for strangers.
 *
 * A record is one delivery (an answer, or a batch of a stream) or one of the few facts deliveries are judged by. Its
 * place in the log is its index, from 0 without gaps. A record that was acknowledged survives kill -9 and power cuts.
 *
 * One process writes a ledger (a lock file sees to that); any number may read its files.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/secret.h"
#include "ledger/receipt.h"

/* Stored numbers: append only. */
enum ledger_kind {
	LEDGER_POSTS = 1,    /* posts went to a licensee */
	LEDGER_USERS = 2,    /* accounts did */
	LEDGER_SETTLED = 3,  /* items: indexes of records whose answers were handed over whole: they are charged */
	LEDGER_BROKEN = 4,   /* items: indexes of records whose answers broke off: they are not */
	LEDGER_TERMS = 5,    /* data: a licensee's plan began, or a plan's version, or a licence text, by its SHA-256 */
	LEDGER_ACK = 6,	     /* items: sequence numbers of compliance events that a licensee says are done */
	LEDGER_STATEMENT = 7 /* data: anything else that is fixed beforehand (commitments, thresholds) */
};

struct ledger_item {
	int64_t id;	      /* of the post, the account, the record, the event; > 0, each once in a record */
	uint32_t version;     /* of the post: 0, and one more for each edit */
	uint16_t fingerprint; /* salted digest of the counters it was sent with; kept when the ledger keeps them */
	bool charged;	      /* false: this licensee was charged for it on this day before, or it is free */
};

struct ledger_record {
	enum ledger_kind kind;
	uint8_t endpoint;	   /* enum of who writes (meter/meter.h); stored */
	int64_t time_ms;	   /* one reading of the clock: it decides the day that is charged */
	int64_t licensee, key;	   /* ids; 0 where none */
	int64_t terms;		   /* version of plan and licence it went out under */
	int64_t cost_micro;	   /* of all items together */
	uint64_t request;	   /* first 64 bits of SHA-256 of the caller's request id; 0 without one */
	struct ledger_item *items; /* append sorts them by id */
	size_t n_items;
	struct view data; /* kinds TERMS and STATEMENT; at most LEDGER_DATA_MAX */
};
#define LEDGER_ITEMS_MAX 4096
#define LEDGER_DATA_MAX 16384
#define LEDGER_QUEUE_BYTES ((size_t)8 << 20) /* of records that wait for their commit */

struct ledger_config {
	const char *dir;     /* made when missing */
	const char *origin;  /* first line of checkpoints: "example.org/.well-known/kicau-ledger" */
	const char *archive; /* NULL, or where `kicau ledger archive` moved old segments */
	bool fingerprints;   /* keep them: two bytes for each post */
	int64_t segment_bytes; /* the open file is packed at this size; 0: 16 MiB, 24 with fingerprints. It is in memory too */
	int64_t checkpoint_ms; /* at least this long between two published checkpoints; 0: 10 000 */
};

struct ledger;

/*
 * Opens for writing: repairs a tail that a crash left half-written (only what was never acknowledged is cut), makes the
 * Ed25519 signing key at the first start (dir/key, 0600). ERR_CORRUPT with the place when what was acknowledged does not
 * fit together, ERR_CONFLICT when another process writes.
 */
enum err ledger_open(const struct ledger_config *config, struct ledger **ret, struct problem *problem);
/*
 * Opens for reading alone, as it stands now: takes no lock, repairs nothing, starts no thread. What was committed later
 * is not seen. For the command line, beside a server that runs. ERR_NOT_FOUND when there is no ledger.
 */
enum err ledger_open_read(const char *dir, const char *archive, struct ledger **ret, struct problem *problem);
void ledger_close(struct ledger *l); /* NULL-safe; what was appended is committed first */

/*
 * What one append became, told after it is durable. receipt: the text of Kicau-Receipt, NUL-ended: index, the record's
 * commitment and its salt, signed together with the others of its commit (docs/ledger.md "Receipts").
 */
struct ledger_done {
	enum err err; /* ERR_NO_SPACE, ERR_UNAVAILABLE: it is not in the ledger, and nothing of it may go out */
	uint64_t index;
	const char *receipt; /* gone when the callback returns */
};
typedef void ledger_done_fn(void *arg, const struct ledger_done *done);

/*
 * Queues a record and returns; done is called once, from the ledger's thread, after the commit (fdatasync) of all that
 * gathered. Copies what it needs. done may be NULL: nobody waits (settlements). ERR_BUSY when the queue is full
 * (LEDGER_QUEUE_BYTES): done is not called then.
 */
enum err ledger_append(struct ledger *l, const struct ledger_record *r, ledger_done_fn *done, void *arg);
/* The same, and waits. *index may be NULL. */
enum err ledger_append_wait(struct ledger *l, const struct ledger_record *r, uint64_t *index);

uint64_t ledger_size(const struct ledger *l);  /* durable records */
uint64_t ledger_first(const struct ledger *l); /* the oldest that is here: those before it are archived elsewhere */

/* One record, with its items in the arena. ERR_NOT_FOUND behind the end; ERR_CORRUPT. */
enum err ledger_read(struct ledger *l, struct arena *a, uint64_t index, struct ledger_record *ret);

/*
 * What opens a record's commitment (ledger/record.h): its salt, and into out (maximum RECORD_MAX) the canonical bytes.
 * ERR_NOT_FOUND; ERR_GONE when the segment's salts were destroyed; ERR_CORRUPT.
 */
enum err ledger_opening(struct ledger *l, uint64_t index, unsigned char ret_salt[RECEIPT_SALT_LEN], struct buf *out);
/* Commitments of records [from, from + n). Errors as above. */
enum err ledger_entries(struct ledger *l, uint64_t from, size_t n, struct digest *ret);

/* From index on, in order, until fn returns something but OK (which comes back) or the end. The record is fn's only
 * while it runs. Used at boot to count again what was charged. */
typedef enum err ledger_each_fn(void *arg, uint64_t index, const struct ledger_record *r);
enum err ledger_each(struct ledger *l, uint64_t from, ledger_each_fn *fn, void *arg);
/* The same of one kind alone; packed segments without any are passed over. For what is rare: terms, statements. */
enum err ledger_each_kind(struct ledger *l, enum ledger_kind kind, ledger_each_fn *fn, void *arg);
/* The first record at or behind a time (times of records never go back: append sees to that). */
uint64_t ledger_at(struct ledger *l, int64_t time_ms);

/* Who received this post: one line for each delivery, oldest first. */
struct ledger_receiver {
	uint64_t index;
	int64_t time_ms, licensee, key, terms;
	struct ledger_item item;
	uint8_t endpoint;
};
enum err ledger_who(struct ledger *l, struct arena *a, int64_t post, size_t max, struct ledger_receiver **ret,
		    size_t *n_ret);
/* The same without a limit, one by one, until fn returns something but OK. Record and item are fn's only while it runs. */
typedef enum err ledger_who_fn(void *arg, uint64_t index, const struct ledger_record *r,
			       const struct ledger_item *item);
enum err ledger_each_who(struct ledger *l, int64_t post, ledger_who_fn *fn, void *arg);
/* Whether this licensee received this post, ever. */
enum err ledger_received(struct ledger *l, int64_t licensee, int64_t post, bool *ret);
/* What a licensee received from one time (included) to another (not). */
enum err ledger_what(struct ledger *l, int64_t licensee, int64_t from_ms, int64_t to_ms, ledger_each_fn *fn, void *arg);

#endif
