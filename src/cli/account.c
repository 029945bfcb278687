/*
 * account.c - `kicau account …`: people of this server.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/json.h"
#include "base/limits.h"
#include "cli/password.h"
#include "cli/terminal.h"
#include "core/account_delete.h"
#include "core/accounts.h"
#include "core/second_factor.h"
#include "media/pictures.h"

SQL(account_rows, "SELECT a.id, a.username, u.email, u.role, u.disabled, u.approved, u.confirmed_at, a.suspended_at, "
		  "u.created_at, u.last_active_at FROM users u JOIN accounts a ON a.id = u.account_id ORDER BY a.id");

#define ROLES "owner, admin, moderator or user"

static int report_fields(struct cli *cli, enum err err, const struct field_errors *errors, const char *doing)
{
	if (err == ERR_UNPROCESSABLE)
		return cli_fail(cli, "%.*s", VIEW_ARG(field_errors_text(errors, &cli->arena)));
	return cli_fail_err(cli, err, doing);
}

static void say_password(struct view password)
{
	fputs("password: ", stdout);
	terminal_print(stdout, TONE_STRONG, password.p, 0);
	puts(" (shown only now)");
}

static int run_create(struct cli *cli)
{
	const char *email = option_text(&cli->options, "email"), *role = option_text(&cli->options, "role");
	struct new_account na = {.role = ROLE_USER, .reserved_ok = true, .approved = true, .confirmed = true};
	struct field_errors errors = {0};
	struct account_id id;
	bool made;

	if (!email)
		return cli_misused(cli, "--email is missing: the address %s logs in with", cli->options.operands[0]);
	if (role && !role_parse(view_of(role), &na.role))
		return cli_misused(cli, "--role %s is none of " ROLES, role);
	if (!password_obtain(cli, &na.password, &made) || !cli_open(cli, true))
		return EXIT_FAILED;
	na.username = view_of(cli->options.operands[0]);
	na.email = view_of(email);
	enum err err = account_create(cli->core, &cli->arena, &na, &id, &errors);
	if (err != OK)
		return report_fields(cli, err, &errors, "make the account");
	printf("made account %s (%" PRId64 ")\n", na.username.p, id.v);
	if (made)
		say_password(na.password);
	return EXIT_DONE;
}

/* What keeps somebody from logging in, first of all. */
static const char *state_of(const struct rows *r)
{
	if (!row_is_null(r, 7))
		return "suspended";
	if (row_int(r, 4))
		return "disabled";
	if (row_is_null(r, 6))
		return "unconfirmed";
	return row_int(r, 5) ? "active" : "waiting";
}

static void list_json(struct rows *r)
{
	struct buf out;
	struct jw j = jw_to(&out);

	while (rows_next(r)) {
		buf_init(&out, LIMIT_MIB);
		jw_object(&j);
		jw_kv_id(&j, "id", row_int(r, 0));
		jw_kv_str(&j, "name", row_text(r, 1));
		jw_kv_str(&j, "email", row_text(r, 2));
		jw_kv_str(&j, "role", row_text(r, 3));
		jw_kv_cstr(&j, "state", state_of(r));
		jw_kv_time(&j, "created_at", row_int(r, 8));
		jw_kv_time(&j, "last_active_at", row_int(r, 9));
		jw_object_end(&j);
		printf("%.*s\n", VIEW_ARG(buf_view(&out)));
		buf_release(&out);
		j = jw_to(&out);
	}
}

static void list_text(struct rows *r)
{
	printf("%-30s %-10s %-12s %s\n", "NAME", "ROLE", "STATE", "EMAIL");
	while (rows_next(r))
		printf("%-30.*s %-10.*s %-12s %.*s\n", VIEW_ARG(row_text(r, 1)), VIEW_ARG(row_text(r, 3)), state_of(r),
		       VIEW_ARG(row_text(r, 2)));
}

static int run_list(struct cli *cli)
{
	struct rows r;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	db_query(store_db(cli->store), &r, &account_rows, NO_BINDS);
	if (option_given(&cli->options, "json"))
		list_json(&r);
	else
		list_text(&r);
	enum err err = rows_end(&r);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "list the accounts");
}

/* Opens, and finds the account of the first operand. */
static bool open_account(struct cli *cli, struct account_id *ret)
{
	return cli_open(cli, true) && cli_account(cli, cli->options.operands[0], ret);
}

static int run_set_password(struct cli *cli)
{
	struct account_id id;
	struct view password;
	bool made;

	if (!password_obtain(cli, &password, &made) || !open_account(cli, &id))
		return EXIT_FAILED;
	enum err err = account_set_password(cli->core, id, password, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "set the password");
	puts("password set; all devices are logged out");
	if (option_given(&cli->options, "without-second-step")) {
		err = second_factor_disable(cli->core, id);
		if (err != OK)
			return cli_fail_err(cli, err, "switch the second step off");
		puts("the second step of logging in is switched off");
	}
	if (made)
		say_password(password);
	return EXIT_DONE;
}

static int run_set_role(struct cli *cli)
{
	struct account_id id;
	enum role role;

	if (!role_parse(view_of(cli->options.operands[1]), &role))
		return cli_misused(cli, "%s is none of " ROLES, cli->options.operands[1]);
	if (!open_account(cli, &id))
		return EXIT_FAILED;
	enum err err = account_set_role(cli->core, id, role);
	if (err != OK)
		return cli_fail_err(cli, err, "set the role");
	printf("%s is now %s\n", cli->options.operands[0], role_name(role));
	return EXIT_DONE;
}

/* The serving process is told at every step: the account is gone for it now, not when all is done. */
static enum err delete_account(struct cli *cli, const struct account *account)
{
	struct db *db = store_db(cli->store);
	struct progress progress;
	uint64_t total = 0;
	bool more = true;

	TRY(account_delete_begin(cli->core, db, account->id));
	TRY(relay_flush(cli->relay));
	media_drop_pictures(cli->core, account);
	progress_start(&progress, "deleting");
	enum err err = OK;
	while (more && err == OK) {
		size_t gone = 0;

		err = account_delete_some(cli->core, db, account->id, &gone, &more);
		if (err == OK)
			err = relay_flush(cli->relay);
		total += gone;
		progress_at(&progress, total, 0, "things gone");
	}
	progress_end(&progress);
	return err;
}

static int run_delete(struct cli *cli)
{
	const char *name = cli->options.operands[0];
	struct account account;
	struct account_id id;

	if (!open_account(cli, &id))
		return EXIT_FAILED;
	enum err err = account_load(store_db(cli->store), &cli->arena, id, &account);
	if (err == OK && !account_is_local(&account))
		return cli_fail(cli, "%s is not an account of this server", name);
	if (err == OK && !option_given(&cli->options, "yes") &&
	    !cli_confirm("Delete the account with everything it posted?"))
		return cli_fail(cli, "%s is not deleted: say --yes, or answer y", name);
	if (err == OK)
		err = delete_account(cli, &account);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "%s is deleted already", name);
	if (err != OK)
		return cli_fail_err(cli, err, "delete the account");
	printf("%s is deleted\n", name);
	return EXIT_DONE;
}

const struct command command_account[] = {
	{"account create", "NAME",
	 OPTIONS({"email", "ADDRESS", "mail address to log in with"}, {"role", "ROLE", ROLES " (default: user)"},
		 {"password-stdin", NULL, "read the password from standard input (without: one is made and printed)"}),
	 run_create, "Make an account", NULL},
	{"account list", "", OPTIONS({"json", NULL, "one JSON object a line"}), run_list, "List the accounts of this server",
	 NULL},
	{"account set-password", "NAME",
	 OPTIONS({"password-stdin", NULL, "read the password from standard input (without: one is made and printed)"},
		 {"without-second-step", NULL, "and switch the second step of logging in off: telephone and codes are lost"}),
	 run_set_password, "Set a new password and log out all devices", NULL},
	{"account set-role", "NAME ROLE", NULL, run_set_role, "Make somebody " ROLES, NULL},
	{"account delete", "NAME", OPTIONS({"yes", NULL, "do not ask"}), run_delete,
	 "Delete an account with everything it posted", "It cannot be undone, and its name is not given away again. Interrupted, it is finished by the server."},
	COMMANDS_END,
};
