/*
 * invite.c - `kicau invite …`: codes that let people in.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "core/invites.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* Without the option: *ret stays. False after saying so. */
static bool read_number(struct cli *cli, const char *option, int64_t max, int64_t *ret)
{
	const char *text = option_text(&cli->options, option);

	if (!text || parse_i64(view_of(text), 1, max, ret))
		return true;
	cli_misused(cli, "--%s takes a number from 1 to %" PRId64 ", not \"%.40s\"", option, max, text);
	return false;
}

static int run_create(struct cli *cli)
{
	struct invite new = {0};
	char code[INVITE_CODE_LEN + 1];
	int64_t days = 0;

	if (!read_number(cli, "uses", INVITE_USES_MAX, &new.max_uses) ||
	    !read_number(cli, "days", INVITE_DAYS_MAX, &days))
		return EXIT_MISUSED;
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	if (days)
		new.expires_at = clock_now() + days *DAY_MS;
	enum err err = invite_create(cli->core, &new, code, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "make the invitation");
	printf("%s/invite/%s\n", cli->config.v.base_url, code);
	return EXIT_DONE;
}

static int run_list(struct cli *cli)
{
	struct invite list[LIMIT_INVITES];
	size_t n = 0;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = invites_load(store_db(cli->store), &cli->arena, (struct account_id){0}, list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "list the invitations");
	printf("%-*s %8s %8s  %s\n", INVITE_CODE_LEN, "CODE", "USED", "OF", "UNTIL");
	for (size_t i = 0; i < n; i++) {
		char until[CLOCK_ISO_LEN + 1] = "-", most[24] = "-";

		if (list[i].expires_at)
			clock_iso(list[i].expires_at, until);
		if (list[i].max_uses)
			snprintf(most, sizeof(most), "%" PRId64, list[i].max_uses);
		printf("%-*.*s %8" PRId64 " %8s  %s\n", INVITE_CODE_LEN, VIEW_ARG(list[i].code), list[i].uses, most,
		       until);
	}
	return EXIT_DONE;
}

static int run_end(struct cli *cli)
{
	const char *code = cli->options.operands[0];

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = invite_end(cli->core, (struct account_id){0}, view_of(code));
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "no invitation %.60s holds; `kicau invite list` shows those that do", code);
	if (err != OK)
		return cli_fail_err(cli, err, "end the invitation");
	printf("%s is ended\n", code);
	return EXIT_DONE;
}

const struct command command_invite[] = {
	{"invite create", "",
	 OPTIONS({"uses", "NUMBER", "for so many accounts (default: any number)"},
		 {"days", "NUMBER", "for so many days (default: until it is ended)"}),
	 run_create, "Make an invitation, and print its address",
	 "Whoever opens the address can make an account, also where registrations are closed, and does not wait for a moderator."},
	{"invite list", "", NULL, run_list, "List the invitations that hold", NULL},
	{"invite end", "CODE", NULL, run_end, "End an invitation", NULL},
	COMMANDS_END,
};
