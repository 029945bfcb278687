/*
 * statement.h - the ledger's statements (meter/statements.h) from the command line, which may run beside a server that has
 * the ledger open, or without one.
 */
#ifndef CLI_STATEMENT_H
#define CLI_STATEMENT_H

#include "cli/cli.h"

/* Waits until a statement that was made stands in the ledger. False after saying so; it is kept, and goes there later. */
bool cli_statement_wait(struct cli *cli, int64_t id, uint64_t *ret_index);
/* Makes it and waits. Licensee 0: of none; a licensee may read what is about it. text: one JSON object. */
bool cli_statement(struct cli *cli, int64_t licensee, struct view text, uint64_t *ret_index);

#endif
