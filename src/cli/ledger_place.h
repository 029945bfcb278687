/*
 * ledger_place.h - where a command finds the ledger: its directory, and the one that old segments were moved to.
 */
#ifndef CLI_LEDGER_PLACE_H
#define CLI_LEDGER_PLACE_H

#include "cli/cli.h"
#include "ledger/file.h"

struct ledger_place {
	char dir[FILE_PATH_MAX];
	const char *archive; /* NULL: none */
};
/*
 * dir, archive: what the command line says, or NULL. Without a directory it is the configuration's, with its setting
 * ledger_archive. False after saying what is wrong.
 */
bool ledger_place_find(struct cli *cli, const char *dir, const char *archive, struct ledger_place *ret);

#endif
