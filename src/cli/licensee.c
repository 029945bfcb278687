/*
 * licensee.c - `kicau licensee …`: who takes data.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/limits.h"
#include "cli/licensees.h"
#include "meter/answers.h"
#include "meter/currency.h"
#include "meter/plan_store.h"
#include "meter/withhold_keys.h"

#define AT_ONCE 200

bool licensees_open(struct cli *cli)
{
	if (!cli_open(cli, true))
		return false;
	enum err err = currency_hold(cli->core, &cli->problem);
	if (err == OK)
		err = plans_install(cli->core);
	if (err == OK)
		return true;
	cli_fail_err(cli, err, "look at the licensees");
	return false;
}

bool licensees_find(struct cli *cli, const char *name, int64_t *ret)
{
	enum err err = licensee_find(store_db(cli->store), view_of(name), ret, &cli->problem);

	if (err == OK)
		return true;
	if (err == ERR_NOT_FOUND)
		cli_fail(cli, "%s; `kicau licensee list` shows them", cli->problem.text);
	else
		cli_fail_err(cli, err, "find the licensee");
	return false;
}

bool licensees_find_party(struct cli *cli, const char *name, int64_t *ret)
{
	if (strcmp(name, "everybody") != 0)
		return licensees_find(cli, name, ret);
	*ret = WITHHOLD_EVERYBODY;
	return true;
}

bool licensees_open_of(struct cli *cli, int64_t *ret)
{
	const char *name = option_text(&cli->options, "licensee");

	*ret = 0;
	return licensees_open(cli) && (!name || licensees_find(cli, name, ret));
}

void json_line_begin(struct json_line *line)
{
	buf_init(&line->out, LIMIT_MIB);
	line->j = jw_to(&line->out);
}

void json_line_end(struct json_line *line)
{
	printf("%.*s\n", VIEW_ARG(buf_view(&line->out)));
	buf_release(&line->out);
}

const char *moment(int64_t ms, char ret[])
{
	if (!ms)
		return "-";
	clock_iso(ms, ret);
	return ret;
}

static void print_json(const struct licensee *l)
{
	struct json_line line;

	json_line_begin(&line);
	licensee_answer(l, &line.j);
	json_line_end(&line);
}

static const char *state_of(const struct licensee *l)
{
	if (l->suspended_ms)
		return "suspended";
	return l->waits ? "waits" : "active";
}

static void print_row(const struct licensee *l)
{
	char since[CLOCK_ISO_LEN + 1];

	printf("%-20" PRId64 " %-16s %-10s %5" PRId64 "  %-24s %.*s\n", l->id, l->plan.name, state_of(l), l->keys,
	       moment(l->plan_since_ms, since), VIEW_ARG(l->name));
}

static int run_list(struct cli *cli)
{
	bool json = option_given(&cli->options, "json");
	struct licensee list[AT_ONCE];
	int64_t before = 0;
	size_t n;

	if (!licensees_open(cli))
		return EXIT_FAILED;
	if (!json)
		printf("%-20s %-16s %-10s %5s  %-24s %s\n", "ID", "PLAN", "STATE", "KEYS", "SINCE", "NAME");
	do {
		arena_reset(&cli->arena);
		enum err err = licensees_load(store_db(cli->store), &cli->arena, before, AT_ONCE, list, &n);
		if (err != OK)
			return cli_fail_err(cli, err, "list the licensees");
		for (size_t i = 0; i < n; i++) {
			if (json)
				print_json(&list[i]);
			else
				print_row(&list[i]);
			before = list[i].id;
		}
	} while (n == AT_ONCE);
	return EXIT_DONE;
}

static int show(struct cli *cli, int64_t id)
{
	char created[CLOCK_ISO_LEN + 1], since[CLOCK_ISO_LEN + 1], suspended[CLOCK_ISO_LEN + 1];
	struct licensee l;
	enum err err = licensee_load(store_db(cli->store), &cli->arena, id, &l);

	if (err != OK)
		return cli_fail_err(cli, err, "show the licensee");
	if (option_given(&cli->options, "json")) {
		print_json(&l);
		return EXIT_DONE;
	}
	printf("%.*s (%" PRId64 ")\n", VIEW_ARG(l.name), l.id);
	printf("  %-12s %.*s\n", "email", VIEW_ARG(l.email.len ? l.email : V("-")));
	printf("  %-12s %s, version %d, since %s\n", "plan", l.plan.name, l.plan.version,
	       moment(l.plan_since_ms, since));
	printf("  %-12s %" PRId64 " of %d\n", "keys", l.keys, l.plan.keys);
	printf("  %-12s %s\n", "created", moment(l.created_ms, created));
	if (l.waits)
		printf("  %-12s %s\n", "waits", "`kicau licensee approve` lets it in");
	if (l.suspended_ms)
		printf("  %-12s %s\n", "suspended", moment(l.suspended_ms, suspended));
	return EXIT_DONE;
}

static int run_show(struct cli *cli)
{
	int64_t id;

	if (!licensees_open(cli) || !licensees_find(cli, cli->options.operands[0], &id))
		return EXIT_FAILED;
	return show(cli, id);
}

static int run_create(struct cli *cli)
{
	const char *plan = option_text(&cli->options, "plan");
	struct new_licensee new = {
		.name = view_of(cli->options.operands[0]),
		.email = view_of(option_text(&cli->options, "email")),
		.plan = view_of(plan),
		.unapproved = option_given(&cli->options, "unapproved"),
	};
	int64_t id;

	if (!plan)
		return cli_misused(cli, "--plan is missing; `kicau plan list` shows them");
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = licensee_create(cli->core, BY_COMMAND_LINE, &new, &id, &cli->problem);
	return err == OK ? show(cli, id) : cli_fail_err(cli, err, "make the licensee");
}

static int run_set_plan(struct cli *cli)
{
	int64_t id;

	if (!licensees_open(cli) || !licensees_find(cli, cli->options.operands[0], &id))
		return EXIT_FAILED;
	enum err err =
		licensee_set_plan(cli->core, BY_COMMAND_LINE, id, view_of(cli->options.operands[1]), &cli->problem);
	return err == OK ? show(cli, id) : cli_fail_err(cli, err, "set the plan");
}

static int change(struct cli *cli, bool suspended)
{
	int64_t id;

	if (!licensees_open(cli) || !licensees_find(cli, cli->options.operands[0], &id))
		return EXIT_FAILED;
	enum err err = licensee_suspend(cli->core, BY_COMMAND_LINE, id, suspended);
	return err == OK ? show(cli, id) : cli_fail_err(cli, err, "change the licensee");
}

static int run_approve(struct cli *cli)
{
	int64_t id;

	if (!licensees_open(cli) || !licensees_find(cli, cli->options.operands[0], &id))
		return EXIT_FAILED;
	enum err err = licensee_approve(cli->core, BY_COMMAND_LINE, id);
	return err == OK ? show(cli, id) : cli_fail_err(cli, err, "approve the licensee");
}

static int run_suspend(struct cli *cli)
{
	return change(cli, true);
}

static int run_restore(struct cli *cli)
{
	return change(cli, false);
}

#define JSON {"json", NULL, "one JSON object a line"}

const struct command command_licensee[] = {
	{"licensee list", "", OPTIONS(JSON), run_list, "List who takes data, with the plan of each", NULL},
	{"licensee show", "NAME", OPTIONS(JSON), run_show, "Show a licensee", "NAME may be its id as well."},
	{"licensee create", "NAME",
	 OPTIONS({"plan", "PLAN", "what it pays, and for what"}, {"email", "ADDRESS", "where invoices go"},
		 {"unapproved", NULL, "where the plan is by approval: its keys do not work before `kicau licensee approve`"}, JSON), run_create,
	 "Let somebody take data", "Gives no key yet: `kicau key create` does."},
	{"licensee approve", "NAME", OPTIONS(JSON), run_approve, "Let in a licensee that waits", "Its keys work within a second."},
	{"licensee set-plan", "NAME PLAN", OPTIONS(JSON), run_set_plan, "Give a licensee another plan, from now on", NULL},
	{"licensee suspend", "NAME", OPTIONS(JSON), run_suspend, "Refuse a licensee's keys, within a second", NULL},
	{"licensee restore", "NAME", OPTIONS(JSON), run_restore, "End a suspension", NULL},
	COMMANDS_END,
};
