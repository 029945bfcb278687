/*
 * receipt.h - what a licensee gets with every answer (header Kicau-Receipt): a promise, signed, of where the record of
 * this delivery stands in the ledger. docs/ledger.md "Receipts" is the format.
 *
 * One signature serves a whole commit. It is over a checkpoint of the tree right behind the commit, with a line of
 * extension that names the commit's own records: so a receipt fixes its record, and all of the ledger before it. The
 * path leads from the record's entry to the root over the commit's entries.
 */
#ifndef LEDGER_RECEIPT_H
#define LEDGER_RECEIPT_H

#include "base/base.h"
#include "base/secret.h"
#include "ledger/merkle.h"
#include "ledger/note.h"

#define RECEIPT_SALT_LEN 16	 /* of a record's commitment */
#define RECEIPT_BATCH_MAX 4096	 /* records of one commit */
#define RECEIPT_PATH_MAX 12	 /* log2 of it */
#define RECEIPT_BYTES_MAX (169 + RECEIPT_PATH_MAX * DIGEST_LEN)
#define RECEIPT_TEXT_MAX BASE64URL_LEN(RECEIPT_BYTES_MAX) /* 738: fits any header */

/* ---- writing: the commit thread ---- */

/* A commit that has been signed; receipts of its records are taken from it. About 330 KiB: keep one. */
struct receipt_batch {
	uint64_t first;
	size_t n;
	int64_t time_ms;    /* of the commit */
	struct digest root; /* of the whole tree, first + n records */
	struct digest batch_root;
	unsigned char signature[NOTE_ED25519_LEN];
	struct digest entries[RECEIPT_BATCH_MAX];
	struct digest nodes[2 * RECEIPT_BATCH_MAX]; /* of the commit's own tree, level by level */
};
/*
 * Appends the entries to the edge (their index is edge->size on) and signs. 1 <= n <= RECEIPT_BATCH_MAX. Call it once
 * the records are durable and not before: what is signed is promised. About 2 µs for each entry and 30 µs for the signature.
 */
void receipt_sign(struct receipt_batch *b, const struct note_signer *s, struct merkle_edge *edge,
		  const struct digest *entries, size_t n, int64_t time_ms);
/* The text for record first + i. Returns its length; ret is NUL-ended. */
size_t receipt_write(const struct receipt_batch *b, size_t i, const unsigned char salt[RECEIPT_SALT_LEN],
		     char ret[RECEIPT_TEXT_MAX + 1]);

/* ---- reading ---- */

struct receipt {
	uint64_t index;	       /* of the record */
	uint64_t first, count; /* of the commit: records first … first + count - 1 */
	int64_t time_ms;
	struct digest root; /* of the tree of first + count records */
	struct digest entry;
	unsigned char salt[RECEIPT_SALT_LEN];
	struct merkle_proof path;
	unsigned char signature[NOTE_ED25519_LEN];
};
/* base64url without padding. ERR_INVALID. Says nothing of the signature. */
enum err receipt_parse(struct view text, struct receipt *ret);
/* ERR_FORBIDDEN: this key did not sign this. */
enum err receipt_verify(const struct receipt *r, const struct note_key *key);

#endif
