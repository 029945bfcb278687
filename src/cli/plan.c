/*
 * plan.c - `kicau plan …`: what licensees of the data API pay, and for what.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/limits.h"
#include "cli/licensees.h"
#include "meter/answers.h"
#include "meter/plan_fields.h"
#include "meter/plan_page.h"
#include "meter/plan_store.h"

/* How a field is called in `plan set`: money in whole units. */
static const char *word_of(const struct plan_field *f)
{
	return f->in_units ? f->in_units : f->name;
}

static void print_json(const struct plan *p)
{
	struct json_line line;

	json_line_begin(&line);
	plan_answer(p, &line.j);
	json_line_end(&line);
}

static void print_text(struct cli *cli, const struct plan *p)
{
	printf("%s, version %d\n", p->name, p->version);
	for (const struct plan_field *f = plan_fields; f->name; f++)
		printf("  %-16s %-12.*s %s\n", word_of(f), VIEW_ARG(plan_field_show(p, f, &cli->arena)), f->doc);
}

static void print_row(const struct plan *p)
{
	char month[MONEY_LEN], post[MONEY_LEN];

	money_print(p->month_micro, month);
	money_print(p->post_micro, post);
	printf("%-20s %7d %10s %12" PRId64 " %10s  %s%s\n", p->name, p->version, month, p->included,
	       p->hard_stop ? "stop" : post, p->prepaid ? "prepaid " : "", p->approval ? "approval" : "");
}

static int print_page(struct cli *cli)
{
	struct buf out;

	buf_init(&out, LIMIT_MIB);
	plans_markdown(&cli->arena, &out);
	fputs(buf_view(&out).p, stdout);
	buf_release(&out);
	return EXIT_DONE;
}

static int run_list(struct cli *cli)
{
	bool json = option_given(&cli->options, "json");
	struct plan *list;
	size_t n;

	if (option_given(&cli->options, "markdown"))
		return print_page(cli);
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = plans_load(store_db(cli->store), &cli->arena, &list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "list the plans");
	if (!json)
		printf("%-20s %7s %10s %12s %10s\n", "NAME", "VERSION", "MONTH", "INCLUDED", "POST");
	for (size_t i = 0; i < n; i++) {
		if (json)
			print_json(&list[i]);
		else
			print_row(&list[i]);
	}
	return EXIT_DONE;
}

static int run_show(struct cli *cli)
{
	struct view name = view_of(cli->options.operands[0]);
	const char *version = option_text(&cli->options, "version");
	struct plan p;
	int64_t number = 0;

	if (version && !parse_i64(view_of(version), 1, INT32_MAX, &number))
		return cli_misused(cli, "--version takes a number from 1 on, not \"%.40s\"", version);
	if (!licensees_open(cli))
		return EXIT_FAILED;
	struct db *db = store_db(cli->store);
	enum err err = number ? plan_find_version(db, name, (int)number, &p, &cli->problem)
			      : plan_find(db, name, &p, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "show the plan");
	if (option_given(&cli->options, "json"))
		print_json(&p);
	else
		print_text(cli, &p);
	return EXIT_DONE;
}

static int run_set(struct cli *cli)
{
	const struct options *o = &cli->options;
	struct plan p, saved;

	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = plan_begin(store_db(cli->store), view_of(o->operands[0]), &p, &cli->problem);
	for (size_t i = 1; i < o->n_operands && err == OK; i++)
		err = plan_assign(&p, view_of(o->operands[i]), &cli->problem);
	if (err == OK)
		err = plan_save(cli->core, BY_COMMAND_LINE, &p, &saved, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "set the plan");
	if (option_given(o, "json"))
		print_json(&saved);
	else
		printf(saved.id == p.id ? "%s says that already: version %d\n" : "%s is now version %d\n", saved.name,
		       saved.version);
	return EXIT_DONE;
}

#define JSON {"json", NULL, "one JSON object a line"}

const struct command command_plan[] = {
	{"plan list", "", OPTIONS(JSON, {"markdown", NULL, "as docs/plans.md"}), run_list, "List the plans of the data API", NULL},
	{"plan show", "NAME", OPTIONS(JSON, {"version", "NUMBER", "that one, not the newest"}), run_show,
	 "Show a plan with all its fields", NULL},
	{"plan set", "NAME FIELD=VALUE…", OPTIONS(JSON), run_set, "Change a plan, or make one",
	 "Makes the plan's next version, which its licensees have from now on; versions before stay as they were.\n"
	 "Fields that are not named stay too. Prices are in units of the currency: month=100 post=0.005. docs/plans.md\n"
	 "explains the fields, `kicau plan show` lists them."},
	COMMANDS_END,
};
