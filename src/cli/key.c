/*
 * key.c - `kicau key …`: keys with which licensees take data.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "cli/licensees.h"
#include "meter/answers.h"
#include "meter/licensee_store.h"

#define AT_ONCE 200
#define HOUR_MS ((int64_t)3600 * 1000)
#define DURATION_MAX_DAYS 36500

/* "90m", "24h", "30d". */
static bool parse_duration(struct view v, int64_t *ret_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'m', 60000}, {'h', HOUR_MS}, {'d', 24 * HOUR_MS}};
	int64_t n;

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (!v.len || v.p[v.len - 1] != units[i].unit)
			continue;
		if (!parse_i64(view_sub(v, 0, v.len - 1), 0, DURATION_MAX_DAYS * 24 * HOUR_MS / units[i].ms, &n))
			return false;
		*ret_ms = n * units[i].ms;
		return true;
	}
	return false;
}

/* Without the option *ret stays. False after saying so. */
static bool read_duration(struct cli *cli, const char *option, int64_t *ret)
{
	const char *text = option_text(&cli->options, option);

	if (!text || parse_duration(view_of(text), ret))
		return true;
	cli_misused(cli, "--%s takes a time such as 90m, 24h or 30d, not \"%.40s\"", option, text);
	return false;
}

static bool read_id(struct cli *cli, int64_t *ret)
{
	const char *text = cli->options.operands[0];

	if (parse_i64(view_of(text), 1, INT64_MAX, ret))
		return true;
	cli_misused(cli, "\"%.20s\" is not the number of a key; `kicau key list` shows them", text);
	return false;
}

/* Who names a plan expects it: a key of another one would cost something else. False after saying so. */
static bool has_plan(struct cli *cli, int64_t licensee, const char *name, const char *plan)
{
	struct plan has;
	enum err err = licensee_plan(store_db(cli->store), licensee, &has);

	if (err != OK)
		cli_fail_err(cli, err, "look at the licensee's plan");
	else if (strcmp(has.name, plan) != 0)
		cli_fail(cli, "%s has the plan %s, not %s; `kicau licensee set-plan` gives it another", name, has.name,
			 plan);
	return err == OK && strcmp(has.name, plan) == 0;
}

/* The licensee; made when it is missing and a plan is named. False after saying so. */
static bool obtain_licensee(struct cli *cli, const char *name, const char *plan, int64_t *ret)
{
	struct new_licensee new = {.name = view_of(name), .plan = view_of(plan)};
	enum err err = licensee_find(store_db(cli->store), new.name, ret, NULL);

	if (err == OK)
		return !plan || has_plan(cli, *ret, name, plan);
	if (err != ERR_NOT_FOUND || !plan)
		return licensees_find(cli, name, ret);
	err = licensee_create(cli->core, BY_COMMAND_LINE, &new, ret, &cli->problem);
	if (err == OK)
		fprintf(stderr, "made licensee %s with the plan %s\n", name, plan);
	else
		cli_fail_err(cli, err, "make the licensee");
	return err == OK;
}

/* The key alone on standard output, so that a script can take it. */
static int show_once(int64_t id, const char *token)
{
	fprintf(stderr, "key %" PRId64 ", shown only now:\n", id);
	puts(token);
	return EXIT_DONE;
}

static int run_create(struct cli *cli)
{
	const char *name = option_text(&cli->options, "licensee");
	struct new_key new = {
		.project = view_of(option_text(&cli->options, "project")),
		.app = view_of(option_text(&cli->options, "app")),
	};
	char token[KEY_TOKEN_LEN + 1];
	int64_t id, lives = 0;

	if (!name)
		return cli_misused(cli, "--licensee is missing: whose key it is");
	if (!read_duration(cli, "expires", &lives))
		return EXIT_MISUSED;
	if (!licensees_open(cli) || !obtain_licensee(cli, name, option_text(&cli->options, "plan"), &new.licensee))
		return EXIT_FAILED;
	new.expires_ms = lives ? clock_now() + lives : 0;
	enum err err = key_create(cli->core, BY_COMMAND_LINE, &new, token, &id, &cli->problem);
	return err == OK ? show_once(id, token) : cli_fail_err(cli, err, "make the key");
}

static int run_rotate(struct cli *cli)
{
	char token[KEY_TOKEN_LEN + 1];
	int64_t old, id, overlap = 0;

	if (!read_id(cli, &old) || !read_duration(cli, "overlap", &overlap))
		return EXIT_MISUSED;
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = key_rotate(cli->core, BY_COMMAND_LINE, old, overlap, token, &id, &cli->problem);
	return err == OK ? show_once(id, token) : cli_fail_err(cli, err, "rotate the key");
}

static int run_revoke(struct cli *cli)
{
	int64_t id;

	if (!read_id(cli, &id))
		return EXIT_MISUSED;
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = key_revoke(cli->core, BY_COMMAND_LINE, id);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no key %" PRId64 "; `kicau key list` shows them", id);
	if (err != OK)
		return cli_fail_err(cli, err, "revoke the key");
	puts("revoked");
	return EXIT_DONE;
}

static void print_key(const struct data_key *k, int64_t now, bool json)
{
	char used[CLOCK_ISO_LEN + 1], expires[CLOCK_ISO_LEN + 1];
	struct json_line line;

	if (json) {
		json_line_begin(&line);
		key_answer(k, V(""), now, &line.j);
		json_line_end(&line);
		return;
	}
	printf("%-20" PRId64 " …%.*s %-8s %-24s %-24s %.*s/%.*s/%.*s\n", k->id, VIEW_ARG(k->hint), key_state(k, now),
	       moment(k->last_used_ms, used), moment(k->expires_ms, expires), VIEW_ARG(k->licensee_name),
	       VIEW_ARG(k->project_name), VIEW_ARG(k->app_name));
}

static int run_list(struct cli *cli)
{
	bool json = option_given(&cli->options, "json");
	int64_t licensee, before = 0, now = clock_now();
	struct data_key list[AT_ONCE];
	size_t n;

	if (!licensees_open_of(cli, &licensee))
		return EXIT_FAILED;
	if (!json)
		printf("%-20s %-5s %-8s %-24s %-24s %s\n", "ID", "ENDS", "STATE", "LAST USED", "EXPIRES",
		       "LICENSEE/PROJECT/APP");
	do {
		arena_reset(&cli->arena);
		enum err err = keys_load(store_db(cli->store), &cli->arena, licensee, before, AT_ONCE, list, &n);
		if (err != OK)
			return cli_fail_err(cli, err, "list the keys");
		for (size_t i = 0; i < n; i++)
			print_key(&list[i], now, json);
		before = n ? list[n - 1].id : 0;
	} while (n == AT_ONCE);
	return EXIT_DONE;
}

const struct command command_key[] = {
	{"key create", "",
	 OPTIONS({"licensee", "NAME", "whose key it is"}, {"plan", "PLAN", "which it has; makes the licensee, with this plan, when it is missing"},
		 {"project", "NAME", "of the licensee; made when it is missing (default: \"default\")"},
		 {"app", "NAME", "of the project; made when it is missing (default: \"default\")"},
		 {"expires", "TIME", "it ends after 90m, 24h, 30d (default: never)"}),
	 run_create, "Make a key for the data API and print it",
	 "Only the key is printed on standard output, once; the database keeps a digest of it."},
	{"key list", "", OPTIONS({"licensee", "NAME", "only this one's"}, {"json", NULL, "one JSON object a line"}), run_list,
	 "List the keys, newest first", NULL},
	{"key rotate", "ID", OPTIONS({"overlap", "TIME", "the old key holds on for 90m, 24h, 7d (default: it ends now)"}), run_rotate,
	 "Put a new key in the place of one, and print it", "The new key is of the same app, and expires when the old one would have."},
	{"key revoke", "ID", NULL, run_revoke, "Make a key worthless, within a second", NULL},
	COMMANDS_END,
};
