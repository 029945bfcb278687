/*
 * checkpoint.h - the text of a tree head (C2SP tlog-checkpoint): origin, size, root, perhaps lines of extension.
 */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "base/base.h"
#include "base/buf.h"
#include "base/secret.h"
#include "ledger/note.h"

struct checkpoint {
	struct view origin;
	uint64_t size;
	struct digest root;
	struct view extension; /* lines with their newlines; empty without */
};

void checkpoint_write(const struct checkpoint *c, struct buf *out);
/* Points into text. ERR_INVALID. */
enum err checkpoint_parse(struct view text, struct checkpoint *ret);
/* A note that holds a checkpoint of this key's log, signed by it. Points into v. ERR_INVALID, ERR_TOO_LARGE,
 * ERR_FORBIDDEN (another log's, or not signed by this key). */
enum err checkpoint_open(struct view v, const struct note_key *key, struct checkpoint *ret);

#endif
