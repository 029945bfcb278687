/*
 * publish.h - makes checkpoints and tiles of what is durable, in a thread of its own: whoever commits never waits for
 * it. What is published can always be made again from the records, so nothing here is the only copy, except the key.
 *
 * Files under the ledger's directory: checkpoint (the newest, a signed note), key.public (its vkey), tile/…
 * (ledger/tiles.h). A checkpoint
 * appears only after all its tiles are durable.
 */
#ifndef LEDGER_PUBLISH_H
#define LEDGER_PUBLISH_H

#include "base/base.h"
#include "ledger/merkle.h"
#include "ledger/note.h"

/* What the records' files answer, from any thread while they grow. */
struct publish_source {
	uint64_t (*size)(void *arg); /* durable records */
	/* The entries (commitments) of records [from, from + n), all durable. n <= 4096. */
	enum err (*entries)(void *arg, uint64_t from, size_t n, struct digest *ret);
	void *arg;
};

struct publisher;
/*
 * First catches up: tiles behind the records are completed, damaged ones made anew (then all of them, about a second for each
 * million records). ERR_CORRUPT when the records do not give the root that was signed: then records were changed, and
 * nothing more is signed. ret_edge: the tree of all durable records, for receipt_sign(). There is a checkpoint then, also
 * of nothing. Then starts the thread, which publishes at most once in every_ms (0: 10 s), and only what is new. dir and signer live longer.
 */
enum err publisher_start(const char *dir, const struct note_signer *signer, int64_t every_ms,
			 const struct publish_source *source, struct publisher **ret, struct merkle_edge *ret_edge,
			 struct problem *problem);
/* Publishes what is new, and ends. After the last commit. NULL-safe. */
void publisher_stop(struct publisher *p);

/* ---- for any process that may read dir ---- */

/* The newest checkpoint as a signed note, and the key to check it with (a line of text). ERR_NOT_FOUND where there is
 * no ledger. */
enum err publish_read_checkpoint(const char *dir, struct buf *out);
enum err publish_read_key(const char *dir, struct buf *out);
/* Whether the records give the root of the newest checkpoint, and every file of tiles is what they give. ERR_CORRUPT
 * with what is wrong; ERR_FORBIDDEN when the checkpoint is not this key's. */
enum err publish_check(const char *dir, const struct note_key *key, const struct publish_source *source,
		       struct problem *problem);

#endif
