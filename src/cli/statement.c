/*
 * statement.c - see statement.h.
 */
#include "base/base.h"
#include "cli/statement.h"

#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "ledger/ledger.h"
#include "meter/statements.h"
#include "server/boot.h"

#define STEP_NS (100 * 1000000L)
#define STEPS 200

static enum err open_ledger(struct cli *cli, struct ledger **ret)
{
	char dir[4096], key[4200], origin[512];
	struct ledger_config config = {.dir = dir,
				       .origin = origin,
				       .fingerprints = cli->config.v.ledger_fingerprints,
				       .segment_bytes = cli->config.v.ledger_segment_kib * (int64_t)LIMIT_KIB};

	snprintf(dir, sizeof(dir), "%s/ledger", cli->config.v.data_dir);
	snprintf(key, sizeof(key), "%s/key", dir);
	snprintf(origin, sizeof(origin), "%s/.well-known/kicau-ledger", boot_domain(&cli->config));
	/* The server makes it. */
	if (access(key, F_OK) != 0)
		return ERR_NOT_FOUND;
	return ledger_open(&config, ret, &cli->problem);
}

/* Without a server this process writes the ledger itself. */
static enum err send_alone(struct cli *cli)
{
	struct ledger *l;

	TRY(open_ledger(cli, &l));
	enum err err = statements_send(cli->store, l);
	ledger_close(l);
	return err;
}

bool cli_statement_wait(struct cli *cli, int64_t id, uint64_t *ret_index)
{
	int64_t index = -1;
	enum err err = OK;

	for (int step = 0; step < STEPS && err == OK && index < 0; step++) {
		err = statement_index(store_db(cli->store), id, &index);
		if (err == OK && index < 0) {
			err = send_alone(cli);
			nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
		}
		/* The server has it open, and sends. */
		err = err == ERR_CONFLICT ? OK : err;
	}
	if (err == OK && index >= 0) {
		*ret_index = (uint64_t)index;
		return true;
	}
	if (err == ERR_NOT_FOUND)
		cli_fail(cli, "there is no ledger yet: it is written there when the server starts");
	else if (err == OK)
		cli_fail(cli, "the server has not written it to the ledger within %d seconds; it will when it can",
			 STEPS / 10);
	else
		cli_fail_err(cli, err, "write to the ledger");
	return false;
}

bool cli_statement(struct cli *cli, int64_t licensee, struct view text, uint64_t *ret_index)
{
	int64_t id;
	enum err err = statement_make(cli->store, licensee, text, &id);

	if (err == OK)
		return cli_statement_wait(cli, id, ret_index);
	cli_fail_err(cli, err, "make the statement");
	return false;
}
