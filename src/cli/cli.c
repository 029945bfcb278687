/*
 * cli.c - what commands share: opening the network they work on, and saying what went wrong.
 */
#include "base/base.h"
#include "cli/cli.h"

#include <unistd.h>

#include "base/log.h"
#include "cli/terminal.h"
#include "core/accounts.h"
#include "server/boot.h"
#include "server/settings.h"

static void complain(const char *words)
{
	fputs("kicau: ", stderr);
	fputs(words, stderr);
	fputc('\n', stderr);
}

int cli_fail(struct cli *cli, const char *fmt, ...)
{
	char words[1024];
	va_list args;

	(void)cli;
	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	complain(words);
	return EXIT_FAILED;
}

int cli_fail_err(struct cli *cli, enum err err, const char *doing)
{
	return cli_fail(cli, "cannot %s: %s", doing, cli->problem.text[0] ? cli->problem.text : err_name(err));
}

int cli_misused(struct cli *cli, const char *fmt, ...)
{
	char words[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	complain(words);
	fprintf(stderr, "`kicau %s --help` shows how it is used.\n", cli->command->name);
	return EXIT_MISUSED;
}

bool cli_config(struct cli *cli)
{
	struct config_flags flags = {
		.file = option_text(&cli->options, "config"),
		.data_dir = option_text(&cli->options, "data"),
	};

	for (const struct option_row *row = cli->command->options; row && row->name; row++)
		if (strcmp(row->name, "listen") == 0)
			flags.listen = option_text(&cli->options, "listen");
	cli->has_config = true;
	if (config_load(&cli->config, &flags, &cli->problem) == OK)
		return true;
	complain(cli->problem.text);
	return false;
}

/* The address the server goes by, where neither file nor environment says so: what it was last started with. */
static void adopt_base_url(struct cli *cli)
{
	struct view url;

	for (const struct config_row *row = config_table; row->key; row++)
		if (strcmp(row->key, "base_url") == 0 &&
		    cli->config.origins[row - config_table].source != CONFIG_DEFAULT)
			return;
	if (setting_get(store_db(cli->store), &cli->arena, SETTING_BASE_URL, &url) == OK)
		cli->config.v.base_url = url.p;
}

bool cli_open(struct cli *cli, bool must_exist)
{
	enum err err = OK;

	if (!cli->has_config && !cli_config(cli))
		return false;
	log_setup(STDERR_FILENO, LOG_LEVEL_WARN, LOG_AUTO);
	if (must_exist && access(cli->config.v.data_dir, F_OK) != 0) {
		cli_fail(cli, "there is no data directory %s; name another with --data, or make it with `kicau init`",
			 cli->config.v.data_dir);
		return false;
	}
	id_stand_apart();
	err = boot_data_dir(&cli->config, &cli->problem);
	if (err == OK)
		err = boot_store(&cli->config, false, &cli->store, &cli->problem);
	if (err == OK) {
		adopt_base_url(cli);
		err = boot_core(&cli->config, cli->store, &cli->core, &cli->problem);
	}
	if (err != OK) {
		cli_fail_err(cli, err, "open the database");
		return false;
	}
	cli->relay = relay_open(cli->core);
	return true;
}

bool cli_account(struct cli *cli, const char *name, struct account_id *ret)
{
	enum err err = account_find_acct(cli->core, store_db(cli->store), view_of(name), ret);

	if (err == OK)
		return true;
	if (err == ERR_NOT_FOUND)
		cli_fail(cli, "there is no account %s; `kicau account list` shows them", name);
	else
		cli_fail_err(cli, err, "find the account");
	return false;
}

bool cli_read_line(struct cli *cli, size_t max, const char *what, struct view *ret)
{
	char *line = arena_alloc(&cli->arena, max + 2);
	size_t n = 0;
	int c;

	while ((c = getchar()) != EOF && c != '\n') {
		if (n == max) {
			cli_fail(cli, "the %s on standard input is longer than %zu bytes", what, max);
			return false;
		}
		line[n++] = (char)c;
	}
	if (n && line[n - 1] == '\r')
		n--;
	if (!n) {
		cli_fail(cli, "no %s on standard input", what);
		return false;
	}
	*ret = view_make(line, n);
	return true;
}

bool cli_confirm(const char *question)
{
	char answer[16];

	if (!isatty(STDIN_FILENO))
		return false;
	fprintf(stderr, "%s [y/N] ", question);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	struct view v = view_trim(view_of(answer));
	return view_eq_nocase(v, V("y")) || view_eq_nocase(v, V("yes"));
}
