/*
 * ledger.c - `kicau ledger status|who|what|verify|archive`: what the ledger holds. All but archive only read, beside a server that
 * runs.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/limits.h"
#include "cli/ledger_place.h"
#include "cli/ledger_print.h"
#include "cli/licensees.h"
#include "cli/terminal.h"
#include "ledger/archive.h"
#include "ledger/verify.h"

#define DIR_OPTION                                                                                                     \
	{                                                                                                              \
		"dir", "DIR", "the ledger (default: ledger in the data directory)"                                     \
	}
#define ARCHIVE_OPTION                                                                                                 \
	{                                                                                                              \
		"archive", "DIR", "where old segments were moved (default: the setting ledger_archive)"                \
	}
#define JSON_OPTION                                                                                                    \
	{                                                                                                              \
		"json", NULL, "one JSON object a line"                                                                 \
	}
#define WHO_MAX 100000

static bool find_place(struct cli *cli, struct ledger_place *ret)
{
	return ledger_place_find(cli, option_text(&cli->options, "dir"), option_text(&cli->options, "archive"), ret);
}

static struct ledger *open_ledger(struct cli *cli)
{
	struct ledger_place place;
	struct ledger *l;

	if (!find_place(cli, &place))
		return NULL;
	enum err err = ledger_open_read(place.dir, place.archive, &l, &cli->problem);
	if (err == OK)
		return l;
	if (err == ERR_NOT_FOUND)
		cli_fail(cli, "there is no ledger in %s: the server makes it when it starts", place.dir);
	else
		cli_fail_err(cli, err, "open the ledger");
	return NULL;
}

/* ---- status ---- */

static int run_status(struct cli *cli)
{
	struct ledger_place place;
	struct ledger_status s;

	if (!find_place(cli, &place))
		return EXIT_FAILED;
	enum err err = ledger_status(place.dir, place.archive, &s, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "look at the ledger");
	ledger_print_status(&s, option_given(&cli->options, "json"));
	return EXIT_DONE;
}

/* ---- who, what ---- */

static bool id_operand(struct cli *cli, const char *what, int64_t *ret)
{
	if (parse_i64(view_of(cli->options.operands[0]), 1, INT64_MAX, ret))
		return true;
	cli_misused(cli, "%s is a number, not \"%.40s\"", what, cli->options.operands[0]);
	return false;
}

/* Deliveries under names: of this network, unless the ledger is another one. */
static void open_names(struct cli *cli, struct ledger_names *ret)
{
	ledger_names_open(ret, cli, option_text(&cli->options, "dir") != NULL);
}

struct looking {
	const struct ledger_receiver *all;
	size_t n;
	struct idset *broken; /* indexes + 1: none is 0 */
};

static int by_index(const void *key, const void *receiver)
{
	uint64_t a = *(const uint64_t *)key, b = ((const struct ledger_receiver *)receiver)->index;

	return a < b ? -1 : a > b;
}

static enum err note_broken(void *arg, uint64_t index, const struct ledger_record *r)
{
	const struct looking *w = arg;

	(void)index;
	for (size_t i = 0; i < r->n_items; i++) {
		uint64_t of = (uint64_t)r->items[i].id;
		if (bsearch(&of, w->all, w->n, sizeof(w->all[0]), by_index))
			idset_add(w->broken, of + 1);
	}
	return OK;
}

static void print_who(struct cli *cli, const struct ledger_receiver *all, size_t n, const struct idset *broken)
{
	struct ledger_names names;

	open_names(cli, &names);
	ledger_print_receivers(all, n, broken, &names, option_given(&cli->options, "json"));
	ledger_names_close(&names);
}

static int run_who(struct cli *cli)
{
	struct ledger_receiver *all;
	struct idset broken;
	struct ledger *l;
	int64_t post;
	size_t n = 0;

	if (!id_operand(cli, "POST", &post))
		return EXIT_MISUSED;
	l = open_ledger(cli);
	if (!l)
		return EXIT_FAILED;
	idset_init(&broken);
	enum err err = ledger_who(l, &cli->arena, post, WHO_MAX, &all, &n);
	if (err == OK && n)
		err = ledger_each_kind(l, LEDGER_BROKEN, note_broken, &(struct looking){all, n, &broken});
	ledger_close(l);
	if (err == OK)
		print_who(cli, all, n, &broken);
	idset_release(&broken);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "read the ledger");
}

static bool time_option(struct cli *cli, const char *name, int64_t *ret)
{
	const char *text = option_text(&cli->options, name);

	if (!text || clock_parse_iso(view_of(text), ret))
		return true;
	cli_misused(cli, "--%s takes a date or a time as 2026-11-28T12:00:00Z, not \"%.40s\"", name, text);
	return false;
}

struct printing {
	struct ledger_names names;
	bool json;
};

static enum err print_record(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct printing *p = arg;

	ledger_print_record(index, r, &p->names, p->json);
	return OK;
}

/* By name or number; in a ledger that lies by itself, by number. False after saying so. */
static bool licensee_operand(struct cli *cli, int64_t *ret)
{
	const char *name = cli->options.operands[0];

	if (!option_text(&cli->options, "dir"))
		return (cli->store || cli_open(cli, true)) && licensees_find(cli, name, ret);
	return id_operand(cli, "with --dir, LICENSEE", ret);
}

static int run_what(struct cli *cli)
{
	struct printing p = {.json = option_given(&cli->options, "json")};
	int64_t licensee, from = 0, to = INT64_MAX;
	struct ledger *l;

	if (!time_option(cli, "from", &from) || !time_option(cli, "to", &to))
		return EXIT_MISUSED;
	if (!licensee_operand(cli, &licensee))
		return EXIT_FAILED;
	l = open_ledger(cli);
	if (!l)
		return EXIT_FAILED;
	open_names(cli, &p.names);
	if (!p.json)
		ledger_print_record_head();
	enum err err = ledger_what(l, licensee, from, to, print_record, &p);
	ledger_names_close(&p.names);
	ledger_close(l);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "read the ledger");
}

/* ---- verify, archive ---- */

static void print_finding(void *arg, const struct ledger_finding *f)
{
	ledger_print_finding(f, *(bool *)arg);
}

static int run_verify(struct cli *cli)
{
	bool json = option_given(&cli->options, "json");
	struct ledger_verified sums;
	struct ledger_place place;

	if (!find_place(cli, &place))
		return EXIT_FAILED;
	enum err err = ledger_verify(place.dir, place.archive, print_finding, &json, &sums, &cli->problem);
	if (err != OK && err != ERR_CORRUPT)
		return cli_fail_err(cli, err, "verify the ledger");
	ledger_print_verified(&sums, json);
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

static int run_archive(struct cli *cli)
{
	int64_t before = 0;
	struct ledger_archived done;
	struct ledger_place place;

	if (!time_option(cli, "before", &before))
		return EXIT_MISUSED;
	if (!before)
		return cli_misused(cli, "--before says which segments are old");
	if (!ledger_place_find(cli, option_text(&cli->options, "dir"), NULL, &place))
		return EXIT_FAILED;
	enum err err = ledger_archive(place.dir, cli->options.operands[0], before, &done, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "move segments");
	printf("moved %" PRIu64 " segments with %" PRIu64 " records (%" PRIu64 " bytes)\n", done.files, done.records,
	       done.bytes);
	return EXIT_DONE;
}

const struct command command_ledger[] = {
	{"ledger status", "", OPTIONS(DIR_OPTION, ARCHIVE_OPTION, JSON_OPTION), run_status, "Say how much the ledger holds, and from when", NULL},
	{"ledger who", "POST", OPTIONS(DIR_OPTION, ARCHIVE_OPTION, JSON_OPTION), run_who, "Say who received a post, when, and under which terms",
	 "POST is its id. One line for each delivery, oldest first. `charged` is no for what was free: a repeat on the same day;\n"
	 "\"broke off\" when the answer was not handed over whole, so that nothing was charged."},
	{"ledger what", "LICENSEE",
	 OPTIONS(DIR_OPTION, ARCHIVE_OPTION, {"from", "TIME", "from this time on"}, {"to", "TIME", "up to this time, which is left out"}, JSON_OPTION),
	 run_what, "Say what a licensee received",
	 "LICENSEE is its name or id (`kicau licensee list`). One line for each delivery; with --json, with the ids of all posts."},
	{"ledger verify", "", OPTIONS(DIR_OPTION, ARCHIVE_OPTION, JSON_OPTION), run_verify, "Check every byte of the ledger",
	 "Files, records, their order and times, the index, commitments, the tree, and the signed checkpoint. What is wrong is\n"
	 "named by file, byte and record, and the exit code is 1. The server may run meanwhile."},
	{"ledger archive", "TO",
	 OPTIONS(DIR_OPTION, {"before", "TIME", "segments whose last record is older"}), run_archive, "Move old segments to another directory",
	 "They can be read and proven from there: name the directory in the setting ledger_archive, or as --archive. The server must not run."},
	COMMANDS_END,
};
