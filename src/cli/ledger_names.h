/*
 * ledger_names.h - names for what the ledger knows by number: licensees, and versions of plans.
 */
#ifndef CLI_LEDGER_NAMES_H
#define CLI_LEDGER_NAMES_H

#include "base/map.h"
#include "cli/cli.h"

#define LEDGER_NAME_MAX 160

struct ledger_names {
	struct db *db; /* NULL: numbers are all there is to say */
	struct map licensees, plans;
};

/*
 * Of the network in the data directory. A ledger that lies by itself (`alone`), or beside a database that cannot be opened, is told of by
 * numbers; the latter is said on standard error.
 */
void ledger_names_open(struct ledger_names *names, struct cli *cli, bool alone);
void ledger_names_close(struct ledger_names *names);

/* "Acme", and "research 3": plan and version. The number where there is no such row. Good until the names are closed. */
const char *ledger_name_licensee(struct ledger_names *names, int64_t id);
const char *ledger_name_plan(struct ledger_names *names, int64_t terms);

#endif
