/*
 * commands.c - all command tables, and the way from argv to one of their rows.
 */
#include "base/base.h"
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>

#include "base/limits.h"
#include "base/secret.h"
#include "cli/groups.h"
#include "cli/help.h"

const struct command *const command_groups[] = {
	command_serve,	 command_init,	 command_account, command_moderation, command_token,  command_announce, command_document, command_emoji,    command_invite, command_plan, command_licensee, command_key,
	command_media,	 command_routes, command_config,  command_doctor, command_backup,   command_restore,  command_transfer,
	command_invoice, command_payment, command_books, command_ledger, command_ledger_prove, command_ledger_salts, command_trace_leak, command_trace_sample, command_trace_model, command_withhold, command_help,	 NULL,
};

static const struct option_row common[] = {
	{"data", "DIR", "data directory (default: data, or KICAU_DATA_DIR)"},
	{"config", "FILE", "settings file (default: DIR/kicau.conf)"},
	{"help", NULL, "explain this command"},
	{0},
};

/* How many words of argv[1…] name this command: 0 when they do not. */
static int words_named(const struct command *c, int argc, char *const *argv)
{
	struct view rest = view_of(c->name), word;
	int n = 0;

	while (view_split(&rest, ' ', &word)) {
		if (n + 1 >= argc || !view_is(word, argv[n + 1]))
			return 0;
		n++;
	}
	return n;
}

/* The command whose name takes most words, or NULL. */
static const struct command *find_command(int argc, char *const *argv, int *ret_words)
{
	const struct command *best = NULL;

	*ret_words = 0;
	for (const struct command *const *g = command_groups; *g; g++) {
		for (const struct command *c = *g; c->name; c++) {
			int n = words_named(c, argc, argv);
			if (n > *ret_words) {
				*ret_words = n;
				best = c;
			}
		}
	}
	return best;
}

static size_t count_words(const char *s)
{
	struct view rest = view_of(s), word;
	size_t n = 0;

	while (view_split(&rest, ' ', &word))
		n += word.len > 0;
	return n;
}

static bool operands_fit(const struct command *c, size_t n)
{
	size_t wanted = count_words(c->operands);

	return view_ends(view_of(c->operands), V("…")) ? n >= wanted : n == wanted;
}

static void release(struct cli *cli)
{
	core_close(cli->core);
	relay_free(cli->relay);
	if (cli->store)
		store_thread_done(cli->store);
	store_close(cli->store);
	if (cli->has_config)
		config_release(&cli->config);
	arena_release(&cli->arena);
}

static int run(struct cli *cli)
{
	int code = cli->command->run(cli);

	if (cli->relay) {
		enum err err = relay_flush(cli->relay);
		if (err != OK)
			code = cli_fail(cli, "done, but a running server could not be told (%s): restart it",
					err_name(err));
	}
	/* Whoever reads only the beginning, as head(1), has what they want. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE)
		code = cli_fail(cli, "standard output cannot be written");
	return code;
}

static int start(const struct command *command, int argc, char *const *argv)
{
	struct cli cli = {.command = command};
	int code;

	arena_init(&cli.arena, 64 * LIMIT_MIB);
	enum err err = options_parse(&cli.options, command->options, common, argc, argv, &cli.problem);
	if (err == OK && option_given(&cli.options, "help")) {
		help_command(stdout, command, common);
		code = EXIT_DONE;
	} else if (err != OK) {
		code = cli_misused(&cli, "%s", cli.problem.text);
	} else if (!operands_fit(command, cli.options.n_operands)) {
		code = cli_misused(&cli, "`kicau %s` takes %s%s", command->name,
				   *command->operands ? "exactly: " : "no arguments", command->operands);
	} else {
		code = run(&cli);
	}
	release(&cli);
	return code;
}

int commands_main(int argc, char **argv)
{
	int words = 1;
	bool asks_version = argc == 2 && strcmp(argv[1], "--version") == 0;
	bool asks_help = argc == 2 && strcmp(argv[1], "--help") == 0;
	char *word[] = {argv[0], asks_version ? "version" : asks_help ? "help" : argc > 1 ? argv[1] : "help", NULL};
	const struct command *command =
		asks_version || asks_help ? find_command(2, word, &words) : find_command(argc, argv, &words);

	signal(SIGPIPE, SIG_IGN);
	if (secret_init() != OK) {
		fputs("kicau: no source of randomness; is /dev/urandom there?\n", stderr);
		return EXIT_FAILED;
	}
	if (command)
		return start(command, asks_version || asks_help ? 0 : argc - 1 - words, argv + 1 + words);
	help_unknown(stderr, argc, argv);
	return EXIT_MISUSED;
}
