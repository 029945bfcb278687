/*
 * init.c - `kicau init`: everything a first start needs. Safe to run again.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <arpa/inet.h>
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

/*
 * What a network that only this machine reaches begins with: whoever opens it in a browser finds all of it there.
 * Offered is not agreed to (docs/licences.md). Anywhere else strangers come by, and what is not set stays closed.
 */
static const struct {
	const char *key, *value, *why;
} at_home[] = {
	{"registrations", "open", "anybody may make an account"},
	{"data_uses", "search,research,commercial,training",
	 "everybody is offered each use; no post goes out before its author says yes"},
};

/* The address without its port; V6 without its brackets. */
static struct view host_of(struct view address)
{
	if (view_starts(address, V("[")))
		return view_sub(address, 1, view_find(address, 0, ']') - 1);
	return view_sub(address, 0, view_find(address, 0, ':'));
}

static bool is_loopback(struct view address)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "::1"};
	struct view host = host_of(address);

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (view_eq_nocase(host, view_of(names[i])))
			return true;
	return false;
}

/* By its name, and by where it listens: a server at 0.0.0.0 without a name is called localhost, too. */
static bool serves_at_home(const struct config *c)
{
	return is_loopback(view_of(boot_domain(c))) && is_loopback(view_of(c->v.listen));
}

static void write_row(struct buf *out, const struct config_row *row, bool home)
{
	buf_printf(out, "\n# %s\n", row->doc);
	for (size_t i = 0; home && i < ARRAY_LEN(at_home); i++)
		if (strcmp(row->key, at_home[i].key) == 0) {
			buf_printf(out,
				   "# Since only this machine reaches this server, %s. Put a # in front before others "
				   "do.\n%s = %s\n",
				   at_home[i].why, row->key, at_home[i].value);
			return;
		}
	buf_printf(out, "#%s = %s\n", row->key, row->fallback);
}

/* A settings file in which everything stands, switched off, but for what at_home has. */
static void write_conf(struct buf *out, bool home)
{
	buf_add_str(out, "# Settings of kicau: take away the # in front of what you change, and start it again.\n"
			 "# `kicau config list` shows what holds and where it comes from.\n");
	for (const struct config_row *row = config_table; row->key; row++)
		if (row->at != offsetof(struct config_values, data_dir))
			write_row(out, row, home);
}

static void say_made(const char *name, bool home)
{
	printf("made %s\n", name);
	if (!home)
		return;
	printf("as only this machine reaches the server, these are set in it; change them before others do:\n");
	for (size_t i = 0; i < ARRAY_LEN(at_home); i++)
		printf("  %s = %s (%s)\n", at_home[i].key, at_home[i].value, at_home[i].why);
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
	write_conf(&text, serves_at_home(&cli->config));
	bool written = write(fd, text.p, text.len) == (ssize_t)text.len;
	written &= close(fd) == 0;
	buf_release(&text);
	if (written)
		say_made(name.p, serves_at_home(&cli->config));
	else
		cli_fail(cli, "%s cannot be written: %s", name.p, strerror(errno));
	return written;
}

/* A number is no place for mail (RFC 5321 would have it in brackets, which accounts do not). */
static bool is_number(const char *host)
{
	struct in6_addr ignored;

	return inet_pton(AF_INET, host, &ignored) == 1 || inet_pton(AF_INET6, host, &ignored) == 1;
}

static struct view usual_email(struct cli *cli, const char *name)
{
	const char *host = arena_cstr(&cli->arena, host_of(view_of(boot_domain(&cli->config))));

	return arena_printf(&cli->arena, "%s@%s", name, is_number(host) ? "localhost" : host);
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
	 "Prints the owner's password, once. Run again, it makes only what is missing.\n"
	 "The settings that it writes are those of a server for strangers: closed. When both base_url and listen are\n"
	 "localhost, 127.0.0.1 or [::1], anybody may sign up, and posts are offered as data for all uses, to which their\n"
	 "authors agree or not."},
	COMMANDS_END,
};
