/*
 * announce.c - `kicau announce …`: words to everybody on the server.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "core/announcements.h"

/* False after saying so. */
static bool read_time(struct cli *cli, const char *option, int64_t *ret)
{
	const char *text = option_text(&cli->options, option);

	if (!text || clock_parse_iso(view_of(text), ret))
		return true;
	cli_misused(cli, "--%s takes a time such as 2026-12-31T18:00:00Z, not \"%.60s\"", option, text);
	return false;
}

static int run_add(struct cli *cli)
{
	struct announcement new = {.text = view_of(cli->options.operands[0]),
				   .all_day = option_given(&cli->options, "all-day")};
	int64_t id;

	if (!read_time(cli, "starts", &new.starts_at) || !read_time(cli, "ends", &new.ends_at))
		return EXIT_MISUSED;
	if (!utf8_valid(new.text))
		return cli_misused(cli, "the text is not UTF-8");
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = announcement_create(cli->core, &new, &id, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "announce it");
	printf("%" PRId64 "\n", id);
	return EXIT_DONE;
}

static int run_list(struct cli *cli)
{
	struct announcement list[LIMIT_ANNOUNCEMENTS];
	size_t n = 0;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = announcements_load(store_db(cli->store), &cli->arena, (struct account_id){0}, true, list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "list the announcements");
	printf("%-20s %-24s %-24s %s\n", "ID", "SINCE", "UNTIL", "TEXT");
	for (size_t i = 0; i < n; i++) {
		char since[CLOCK_ISO_LEN + 1], until[CLOCK_ISO_LEN + 1] = "-";

		clock_iso(list[i].published_at, since);
		if (list[i].ends_at)
			clock_iso(list[i].ends_at, until);
		printf("%-20" PRId64 " %-24s %-24s %.*s\n", list[i].id, since, until, VIEW_ARG(list[i].text));
	}
	return EXIT_DONE;
}

static int run_remove(struct cli *cli)
{
	int64_t id;

	if (!parse_i64(view_of(cli->options.operands[0]), 1, INT64_MAX, &id))
		return cli_misused(cli, "\"%.40s\" is no id; `kicau announce list` shows them",
				   cli->options.operands[0]);
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = announcement_delete(cli->core, id);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no announcement %" PRId64 "; `kicau announce list` shows them", id);
	if (err != OK)
		return cli_fail_err(cli, err, "remove the announcement");
	printf("%" PRId64 " is gone\n", id);
	return EXIT_DONE;
}

const struct command command_announce[] = {
	{"announce add", "TEXT",
	 OPTIONS({"starts", "TIME", "when what is announced begins"}, {"ends", "TIME", "when it ends; it is not shown afterwards"},
		 {"all-day", NULL, "only the days of these times matter"}),
	 run_add, "Say something to everybody on the server, and print its id", NULL},
	{"announce list", "", NULL, run_list, "List the announcements that have not ended", NULL},
	{"announce remove", "ID", NULL, run_remove, "Take an announcement back", NULL},
	COMMANDS_END,
};
