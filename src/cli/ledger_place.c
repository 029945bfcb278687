/*
 * ledger_place.c - see ledger_place.h.
 */
#include "base/base.h"
#include "cli/ledger_place.h"

bool ledger_place_find(struct cli *cli, const char *dir, const char *archive, struct ledger_place *ret)
{
	if (!dir && !cli->has_config && !cli_config(cli))
		return false;
	int n = dir ? snprintf(ret->dir, sizeof(ret->dir), "%s", dir)
		    : snprintf(ret->dir, sizeof(ret->dir), "%s/ledger", cli->config.v.data_dir);

	ret->archive = archive;
	if (!dir && !archive && cli->config.v.ledger_archive[0])
		ret->archive = cli->config.v.ledger_archive;
	if (n < FILE_PATH_MAX)
		return true;
	cli_fail(cli, "the path of the ledger is too long");
	return false;
}
