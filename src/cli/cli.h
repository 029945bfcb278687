/*
 * cli.h - a command is one row of data and one function. The row says how it is written and explained; `kicau help`,
 * the manual page and the parser all read it.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "cli/options.h"
#include "core/core.h"
#include "jobs/relay.h"
#include "server/config.h"

/* Documented in `kicau help`. */
enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2, EXIT_ATTENTION = 3 };

struct cli;

struct command {
	const char *name;     /* one or two words: "account create" */
	const char *operands; /* "NAME"; "" without. As many must be given; or more when it ends with … */
	const struct option_row *options;
	int (*run)(struct cli *cli); /* an exit_code */
	const char *summary;	     /* one line */
	const char *details;	     /* NULL, or paragraphs for --help */
};
#define COMMANDS_END {0}

/* What a running command holds; commands.c makes and releases it. */
struct cli {
	const struct command *command;
	struct options options;
	struct arena arena;
	struct problem problem;
	struct config config; /* after cli_config */
	bool has_config;
	struct store *store; /* after cli_open */
	struct core *core;
	struct relay *relay;
};

extern const struct command *const command_groups[]; /* ended by NULL; each ended by COMMANDS_END */
int commands_main(int argc, char **argv);

/* Each of these says what is wrong on stderr and returns false; the command then returns EXIT_FAILED. */
bool cli_config(struct cli *cli);
bool cli_open(struct cli *cli, bool must_exist); /* store and core; must_exist: never make a new database */

/* "kicau: …" on stderr; returns EXIT_FAILED, so that it can stand behind return. */
int cli_fail(struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same for an error of the layers below with the words in cli->problem. doing: "make the account". */
int cli_fail_err(struct cli *cli, enum err err, const char *doing);
/* Misuse of this command: what is wrong, and how it is written. Returns EXIT_MISUSED. */
int cli_misused(struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The account an operand or option names. False after saying so. */
bool cli_account(struct cli *cli, const char *name, struct account_id *ret);
/* One line of standard input, at most max bytes, without its end. False after saying so. */
bool cli_read_line(struct cli *cli, size_t max, const char *what, struct view *ret);
/* Asks on the terminal; true for "yes". Without a terminal it is false. */
bool cli_confirm(const char *question);

#endif
