/*
 * moderation.c - what moderators do, for whoever keeps the server: `kicau account suspend …`, `kicau moderation …`,
 * `kicau rule …`. In the record it stands as done by nobody.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "core/rules.h"
#include "moderation/actions.h"
#include "moderation/audit.h"

#define RECORD_SHOWN 200

static const struct account_id nobody;

/* Opens, and finds the account of the first operand. */
static bool open_account(struct cli *cli, struct account_id *ret)
{
	return cli_open(cli, true) && cli_account(cli, cli->options.operands[0], ret);
}

/* --- accounts --- */

/* What is said when it is done, and when it is undone. */
static const struct {
	const char *done, *undone;
} words[ACTIONS] = {
	[ACTION_NONE] = {"warned", ""},
	[ACTION_SENSITIVE] = {"shown with hidden media", "shown with media again"},
	[ACTION_DISABLE] = {"disabled and logged out everywhere", "enabled"},
	[ACTION_SILENCE] = {"limited: only followers come upon it", "not limited any more"},
	[ACTION_SUSPEND] = {"suspended: gone for everybody; nothing is deleted",
			    "back as it was, and has to log in anew"},
};

static int act(struct cli *cli, enum action action)
{
	const char *text = option_text(&cli->options, "text");
	struct deed deed = {.action = action, .text = view_of(text)};

	if (!utf8_valid(deed.text))
		return cli_misused(cli, "the text is not UTF-8");
	if (!open_account(cli, &deed.target))
		return EXIT_FAILED;
	enum err err = moderate(cli->core, &deed, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "do that to the account");
	printf("%s is %s\n", cli->options.operands[0], words[action].done);
	return EXIT_DONE;
}

static int undo(struct cli *cli, enum action action)
{
	struct account_id id;

	if (!open_account(cli, &id))
		return EXIT_FAILED;
	enum err err = moderate_undo(cli->core, nobody, id, action);
	if (err != OK)
		return cli_fail_err(cli, err, "undo that for the account");
	printf("%s is %s\n", cli->options.operands[0], words[action].undone);
	return EXIT_DONE;
}

static int run_warn(struct cli *cli) { return act(cli, ACTION_NONE); }
static int run_sensitive(struct cli *cli) { return act(cli, ACTION_SENSITIVE); }
static int run_unsensitive(struct cli *cli) { return undo(cli, ACTION_SENSITIVE); }
static int run_disable(struct cli *cli) { return act(cli, ACTION_DISABLE); }
static int run_enable(struct cli *cli) { return undo(cli, ACTION_DISABLE); }
static int run_silence(struct cli *cli) { return act(cli, ACTION_SILENCE); }
static int run_unsilence(struct cli *cli) { return undo(cli, ACTION_SILENCE); }
static int run_suspend(struct cli *cli) { return act(cli, ACTION_SUSPEND); }
static int run_unsuspend(struct cli *cli) { return undo(cli, ACTION_SUSPEND); }

static int run_approve(struct cli *cli)
{
	struct account_id id;

	if (!open_account(cli, &id))
		return EXIT_FAILED;
	enum err err = moderate_approve(cli->core, nobody, id);
	if (err == ERR_FORBIDDEN)
		return cli_fail(cli, "%s does not wait", cli->options.operands[0]);
	if (err != OK)
		return cli_fail_err(cli, err, "approve the account");
	printf("%s may log in now\n", cli->options.operands[0]);
	return EXIT_DONE;
}

/* --- the record and appeals --- */

static int run_log(struct cli *cli)
{
	const struct page newest = {.limit = RECORD_SHOWN};
	struct audit_entry list[RECORD_SHOWN];
	size_t n = 0;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = audit_page(store_db(cli->store), &cli->arena, &newest, list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "read the record");
	for (size_t i = 0; i < n; i++) {
		char when[CLOCK_ISO_LEN + 1];

		clock_iso(id_time(list[i].id), when);
		printf("%s %-20" PRId64 " %-16.*s %s %" PRId64 " %.*s\n", when, list[i].by.v, VIEW_ARG(list[i].action),
		       arena_cstr(&cli->arena, list[i].kind), list[i].target, VIEW_ARG(list[i].label));
	}
	return EXIT_DONE;
}

static int run_appeals(struct cli *cli)
{
	const struct page newest = {.limit = RECORD_SHOWN};
	struct appeal *list = ARENA_ARRAY(&cli->arena, RECORD_SHOWN, struct appeal);
	size_t n = 0;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = appeals_page(store_db(cli->store), &cli->arena, &newest, list, &n);
	for (size_t i = 0; i < n && err == OK; i++) {
		struct warning w;

		err = warning_load(store_db(cli->store), &cli->arena, list[i].warning.id, &w);
		if (err == OK)
			printf("%" PRId64 " account %" PRId64 ", %s: %.*s\n", w.id, w.account.v, action_names[w.action],
			       VIEW_ARG(list[i].text));
	}
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "list the appeals");
}

static bool read_id(struct cli *cli, int64_t *ret)
{
	if (parse_i64(view_of(cli->options.operands[0]), 1, INT64_MAX, ret))
		return true;
	cli_misused(cli, "\"%.40s\" is no id", cli->options.operands[0]);
	return false;
}

static int decide(struct cli *cli, bool granted)
{
	int64_t id;

	if (!read_id(cli, &id))
		return EXIT_MISUSED;
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = appeal_decide(cli->core, nobody, id, granted);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no appeal %" PRId64 "; `kicau moderation appeals` shows them", id);
	if (err == ERR_FORBIDDEN)
		return cli_fail(cli, "the appeal %" PRId64 " is decided already", id);
	if (err != OK)
		return cli_fail_err(cli, err, "decide on the appeal");
	puts(granted ? "granted, and undone" : "refused");
	return EXIT_DONE;
}

static int run_grant(struct cli *cli) { return decide(cli, true); }
static int run_refuse(struct cli *cli) { return decide(cli, false); }

/* --- rules --- */

static int run_rule_add(struct cli *cli)
{
	struct view text = view_of(cli->options.operands[0]), hint = view_of(option_text(&cli->options, "hint"));
	int64_t id;

	if (!utf8_valid(text) || !utf8_valid(hint))
		return cli_misused(cli, "the text is not UTF-8");
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = rule_create(cli->core, text, hint, &id, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "make the rule");
	printf("%" PRId64 "\n", id);
	return EXIT_DONE;
}

static int run_rule_list(struct cli *cli)
{
	struct rule list[LIMIT_RULES];
	size_t n = 0;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = rules_load(store_db(cli->store), &cli->arena, list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "list the rules");
	for (size_t i = 0; i < n; i++)
		printf("%" PRId64 " %.*s\n", list[i].id, VIEW_ARG(list[i].text));
	return EXIT_DONE;
}

static int run_rule_remove(struct cli *cli)
{
	int64_t id;

	if (!read_id(cli, &id))
		return EXIT_MISUSED;
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = rule_delete(cli->core, id);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no rule %" PRId64 "; `kicau rule list` shows them", id);
	if (err != OK)
		return cli_fail_err(cli, err, "remove the rule");
	printf("%" PRId64 " is gone\n", id);
	return EXIT_DONE;
}

#define TEXT OPTIONS({"text", "WORDS", "what they are told"})

const struct command command_moderation[] = {
	{"account approve", "NAME", NULL, run_approve, "Let somebody in who signed up and waits", NULL},
	{"account warn", "NAME", TEXT, run_warn, "Tell somebody that they did wrong", NULL},
	{"account disable", "NAME", TEXT, run_disable, "Keep somebody from logging in; what they wrote stays", NULL},
	{"account enable", "NAME", NULL, run_enable, "Let somebody log in again", NULL},
	{"account sensitive", "NAME", TEXT, run_sensitive, "Hide somebody's media until one asks for them", NULL},
	{"account unsensitive", "NAME", NULL, run_unsensitive, "Show somebody's media again", NULL},
	{"account silence", "NAME", TEXT, run_silence, "Limit somebody: only followers come upon them", NULL},
	{"account unsilence", "NAME", NULL, run_unsilence, "Let everybody come upon somebody again", NULL},
	{"account suspend", "NAME", TEXT, run_suspend, "Take somebody away from everybody",
	 "Nothing is deleted: `kicau account unsuspend` brings all of it back, but for the logins."},
	{"account unsuspend", "NAME", NULL, run_unsuspend, "Give a suspended account back as it was", NULL},
	{"moderation log", "", NULL, run_log, "List what moderators did lately", NULL},
	{"moderation appeals", "", NULL, run_appeals, "List the appeals that wait", NULL},
	{"moderation grant", "ID", NULL, run_grant, "Grant an appeal, and undo what it is against", NULL},
	{"moderation refuse", "ID", NULL, run_refuse, "Refuse an appeal", NULL},
	{"rule add", "TEXT", OPTIONS({"hint", "WORDS", "more about it"}), run_rule_add, "Make a rule of this server, and print its id", NULL},
	{"rule list", "", NULL, run_rule_list, "List the rules of this server", NULL},
	{"rule remove", "ID", NULL, run_rule_remove, "Take a rule back", NULL},
	COMMANDS_END,
};
