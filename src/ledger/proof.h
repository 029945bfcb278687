/*
 * proof.h - what a ledger's files show to strangers: the newest signed checkpoint, and records opened with their proof of
 * inclusion in its tree (docs/ledger.md, "Proof files"). Only reads, so it works beside a server that runs.
 */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "base/arena.h"
#include "base/base.h"
#include "base/json.h"
#include "ledger/checkpoint.h"
#include "ledger/file.h"
#include "ledger/ledger.h"
#include "ledger/tiles.h"

/* What is published: who checks it needs no more. */
struct published {
	char dir[FILE_PATH_MAX];
	struct view key_text; /* the verifier key, without a newline */
	struct note_key key;
	struct view note; /* the newest checkpoint, signed */
	struct checkpoint head;
	struct tile_reader *tiles;
};
/* Texts are the arena's. ERR_NOT_FOUND: no ledger there; ERR_FORBIDDEN: the checkpoint is not signed by the key beside it. */
enum err published_read(const char *dir, struct arena *a, struct published *ret);
/* The root of the tree of so many records, from the tiles. */
enum err published_root(struct published *p, uint64_t size, struct digest *ret);

/* A record, and what opens its entry; in the arena. */
struct opening {
	unsigned char salt[RECEIPT_SALT_LEN];
	struct view bytes; /* canonical */
	struct digest entry;
	struct ledger_record record;
};
/* ERR_NOT_FOUND; ERR_GONE when its salt was destroyed; ERR_CORRUPT. */
enum err opening_read(struct ledger *l, struct arena *a, uint64_t index, struct opening *ret);

/* ERR_CORRUPT: the record does not stand in the published tree. */
enum err inclusion_prove(struct published *p, uint64_t index, uint64_t size, const struct opening *o,
			 struct merkle_proof *ret);
/* The proof file, one JSON object. checkpoint: whether it has the signed note in it (size is then the head's). */
void inclusion_write(struct jw *j, const struct published *p, uint64_t index, uint64_t size, bool checkpoint,
		     const struct opening *o, const struct merkle_proof *proof);

/* Members and values as proof files have them. key NULL: a value alone. */
void jw_kv_base64(struct jw *j, const char *key, const void *p, size_t n);
void jw_kv_proof(struct jw *j, const struct merkle_proof *proof);
void jw_record(struct jw *j, const struct ledger_record *r);

#endif
