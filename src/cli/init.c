/*
 * init.c - `kicau init`: everything a first start needs. Safe to run again.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/password.h"
#include "cli/terminal.h"
#include "core/accounts.h"
#include "server/boot.h"
#include "server/settings.h"

SQL(owner_any, "SELECT account_id FROM users WHERE role = 'owner' LIMIT 1");

/* A settings file in which everything stands, switched off. */
static void write_conf(struct buf *out)
{
	buf_add_str(out, "# Settings of kicau: take away the # in front of what you change, and start it again.\n"
			 "# `kicau config list` shows what holds and where it comes from.\n");
	for (const struct config_row *row = config_table; row->key; row++)
		if (row->at != offsetof(struct config_values, data_dir))
			buf_printf(out, "\n# %s\n#%s = %s\n", row->doc, row->key, row->fallback);
}

static bool make_conf(struct cli *cli)
{
	struct view name = arena_printf(&cli->arena, "%s/kicau.conf", cli->config.v.data_dir);
	struct buf text;
	int fd = open(name.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0) {
		cli_fail(cli, "%s cannot be made: %s", name.p, strerror(errno));
		return false;
	}
	buf_init(&text, LIMIT_MIB);
	write_conf(&text);
	bool written = write(fd, text.p, text.len) == (ssize_t)text.len;
	written &= close(fd) == 0;
	buf_release(&text);
	if (written)
		printf("made %s\n", name.p);
	else
		cli_fail(cli, "%s cannot be written: %s", name.p, strerror(errno));
	return written;
}

static struct view usual_email(struct cli *cli, const char *name)
{
	struct view domain = view_of(boot_domain(&cli->config));

	return arena_printf(&cli->arena, "%s@%.*s", name, VIEW_ARG(view_sub(domain, 0, view_find(domain, 0, ':'))));
}

static int make_owner(struct cli *cli)
{
	const char *name = option_text(&cli->options, "owner"), *email = option_text(&cli->options, "email");
	struct field_errors errors = {0};
	struct account_id id;
	struct new_account na = {.role = ROLE_OWNER, .reserved_ok = true, .approved = true, .confirmed = true};

	na.username = view_of(name ? name : "owner");
	na.email = email ? view_of(email) : usual_email(cli, na.username.p);
	na.password = password_make(&cli->arena);
	enum err err = account_create(cli->core, &cli->arena, &na, &id, &errors);
	if (err == ERR_UNPROCESSABLE)
		return cli_fail(cli, "%.*s", VIEW_ARG(field_errors_text(&errors, &cli->arena)));
	if (err != OK)
		return cli_fail_err(cli, err, "make the owner's account");
	fputs("made account ", stdout);
	terminal_print(stdout, TONE_STRONG, na.username.p, 0);
	fputs(", the owner, with the password ", stdout);
	terminal_print(stdout, TONE_STRONG, na.password.p, 0);
	printf(" (shown only now; log in with %.*s)\n", VIEW_ARG(na.email));
	return EXIT_DONE;
}

static int run_init(struct cli *cli)
{
	int64_t owner;

	if (!cli_open(cli, false) || !make_conf(cli))
		return EXIT_FAILED;
	enum err err = setting_put(cli->store, SETTING_BASE_URL, view_of(cli->config.v.base_url));
	if (err == OK)
		err = db_int(store_db(cli->store), &owner_any, NO_BINDS, &owner);
	if (err == ERR_NOT_FOUND)
		return make_owner(cli);
	if (err != OK)
		return cli_fail_err(cli, err, "look for the owner's account");
	printf("%s is ready\n", cli->config.v.data_dir);
	return EXIT_DONE;
}

const struct command command_init[] = {
	{"init", "",
	 OPTIONS({"owner", "NAME", "name of the owner's account (default: owner)"},
		 {"email", "ADDRESS", "its mail address (default: NAME@HOST)"},
		 {"listen", "ADDR:PORT", "where it will be served, when base_url is not set"}),
	 run_init, "Make the data directory, the database and the owner's account",
	 "Prints the owner's password, once. Run again, it makes only what is missing."},
	COMMANDS_END,
};
