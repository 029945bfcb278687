/*
 * statements.h - what is fixed beforehand stands in the ledger before it is used: commitments to keys, what was revealed,
 * the question and thresholds of a trace (docs/ledger.md, "Statements"). One process writes the ledger, and others (the
 * command line) have something to say, so statements wait in the database until the writer fetches them, within a second.
 */
#ifndef METER_STATEMENTS_H
#define METER_STATEMENTS_H

#include "core/core.h"
#include "ledger/ledger.h"

/* Inside a store_write. text: one JSON object, at most LEDGER_DATA_MAX. licensee 0: of none. */
enum err statement_add(struct db *tx, int64_t licensee, struct view text, int64_t *ret_id);
/* A store_write of its own. */
enum err statement_make(struct store *s, int64_t licensee, struct view text, int64_t *ret_id);
/* Its index in the ledger; -1: it waits. ERR_NOT_FOUND. */
enum err statement_index(struct db *db, int64_t id, int64_t *ret_index);

/*
 * Appends all that wait, durably, and notes their indexes. One caller at a time does it, the others wait. A crash in between
 * leaves a statement twice in the ledger, which says nothing else than once.
 */
enum err statements_send(struct store *s, struct ledger *l);

#endif
