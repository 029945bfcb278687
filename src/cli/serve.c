/*
 * serve.c - `kicau serve`.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <unistd.h>

#include "base/log.h"
#include "server/boot.h"

static int run_serve(struct cli *cli)
{
	if (!cli_config(cli))
		return EXIT_FAILED;
	log_setup(STDERR_FILENO, (enum log_level)cli->config.v.log_level, (enum log_format)cli->config.v.log_format);
	const char *stray = config_stray_variable();
	if (stray)
		log_warn("a variable of the environment is no setting", F_STR("variable", view_of(stray)));
	if (boot_serve(&cli->config, &cli->problem) != OK)
		return cli_fail_err(cli, ERR_INTERNAL, "serve");
	return EXIT_DONE;
}

const struct command command_serve[] = {
	{"serve", "", OPTIONS({"listen", "ADDR:PORT", "where to serve HTTP (default: 127.0.0.1:8080)"}), run_serve,
	 "Serve the network",
	 "Makes the data directory and the database when they are missing. SIGTERM and SIGINT finish what is under way "
	 "and end it."},
	COMMANDS_END,
};
