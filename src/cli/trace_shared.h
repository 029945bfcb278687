/*
 * trace_shared.h - what the commands of `kicau trace` share: the ledger, which must verify; what is fixed in it beforehand; keys that
 * are revealed.
 */
#ifndef CLI_TRACE_SHARED_H
#define CLI_TRACE_SHARED_H

#include "cli/licensees.h"
#include "ledger/ledger.h"
#include "licensed/withhold.h"
#include "trace/dossier.h"

/* The directory of the ledger, of the configuration. */
bool trace_ledger_dir(struct cli *cli, char ret[FILE_PATH_MAX]);
/*
 * Checks every byte of the ledger: one that does not verify stops a trace. Then opens it for reading. False after saying what is
 * wrong. The server may run meanwhile.
 */
bool trace_ledger_check(struct cli *cli);
struct ledger *trace_ledger_open(struct cli *cli);

/* Puts a statement into the ledger, through the server, or alone when none runs. False after saying so. */
bool trace_fix(struct cli *cli, struct view text, int64_t *ret_index);
/* Waits until the published tree has this record (a checkpoint is due every ten seconds). */
bool trace_wait_published(struct cli *cli, uint64_t index);

/*
 * For a court: reveals the keys of a licensee, or of everybody, that decided on posts up to `last`. A key that still decides on new posts is replaced
 * first, and can be revealed ten minutes later: then it says so, and returns EXIT_ATTENTION. EXIT_DONE: all are revealed.
 */
int trace_reveal(struct cli *cli, int64_t licensee, int64_t last);

#endif
