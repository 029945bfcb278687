/*
 * record.h - the canonical bytes of a record: what is hashed, and what an opening hands out. docs/ledger.md "Records" has
 * the format. One record has one encoding; whatever else decodes to it is refused.
 */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include "base/base.h"
#include "base/secret.h"
#include "ledger/codec.h"
#include "ledger/ledger.h"

#define RECORD_VERSION 1
#define RECORD_SALT_KEY_LEN 32
/* Head; id, version, charge and fingerprint of each item; data. */
#define RECORD_MAX ((size_t)128 + LEDGER_ITEMS_MAX * (10 + 8 + 1 + 2) + LEDGER_DATA_MAX)

/* Bits of the record's flags. How items are charged takes two. */
enum record_flag {
	RECORD_REQUEST = 1,
	RECORD_DATA = 2,
	RECORD_VERSIONS = 4, /* one is not 0 */
	RECORD_FINGERPRINTS = 8,
	RECORD_CHARGED_ALL = 16,
	RECORD_CHARGED_RUNS = 32,
	RECORD_CHARGED_BITS = 48, /* where runs would be longer */
	RECORD_CHARGED = 48,
};

/* Sorts the items by id. ERR_INVALID for what no record may be: an id twice or not positive, too many items, … */
enum err record_check(struct ledger_record *r);
unsigned record_flags(const struct ledger_record *r, bool fingerprints);
/* The record has been checked. Returns the length. */
size_t record_encode(const struct ledger_record *r, unsigned flags, unsigned char ret[RECORD_MAX]);
/* Items go to the array; data points into v. ERR_CORRUPT unless v is what record_encode() writes. */
enum err record_decode(struct view v, struct ledger_item items[LEDGER_ITEMS_MAX], struct ledger_record *ret,
		       unsigned *ret_flags);
/* The record but for its columns: of its items the ids alone. ERR_CORRUPT, but it looks at less: for bytes that were made here. */
enum err record_skim(struct view v, struct ledger_item items[LEDGER_ITEMS_MAX], struct ledger_record *ret);
/* Whether a record that decodes holds this id, without decoding it all. */
bool record_has(struct view v, int64_t id);

/* Everything of the record behind its items' ids: the same bytes stand in packed segments. */
unsigned char *record_put_columns(unsigned char *p, const struct ledger_record *r, unsigned flags);
void record_get_columns(struct reader *in, struct ledger_record *r, unsigned flags);

/* The salt of a record: HMAC-SHA-256(key of its segment, index as 8 bytes, big-endian), cut to its length. */
void record_salt(const unsigned char key[RECORD_SALT_KEY_LEN], uint64_t index, unsigned char ret[RECEIPT_SALT_LEN]);
/* The commitment, which is the tree's entry: SHA-256("kicau ledger record v1\n" ‖ salt ‖ canonical bytes). */
struct digest record_entry(const unsigned char salt[RECEIPT_SALT_LEN], struct view canonical);

#endif
