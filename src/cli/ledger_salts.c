/*
 * ledger_salts.c - `kicau ledger destroy-salts`: what old records said can never be proven again, to anybody. For good; so the
 * ledger is verified first, it is said in the ledger, and then it is done.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/json.h"
#include "cli/ledger_place.h"
#include "cli/ledger_print.h"
#include "cli/statement.h"
#include "ledger/destroy.h"
#include "ledger/verify.h"

static void print_finding(void *arg, const struct ledger_finding *f)
{
	(void)arg;
	ledger_print_finding(f, false);
}

/* A ledger that is wrong must stay provable as it is. */
static enum err verify(struct cli *cli, const struct ledger_place *place)
{
	struct ledger_verified sums;
	enum err err = ledger_verify(place->dir, place->archive, print_finding, NULL, &sums, &cli->problem);

	return err == ERR_CORRUPT ? fail(&cli->problem, err, "the ledger does not verify") : err;
}

static void print_what(const struct ledger_salts *what)
{
	char time[CLOCK_ISO_LEN + 1];

	clock_iso(what->max_ms, time);
	printf("%" PRIu64 " files, records %" PRIu64 " to %" PRIu64 ", the last of %s: %" PRIu64
	       " can never be opened again; %" PRIu64 " terms and statements stay provable\n",
	       what->files, what->first, what->until - 1, time, what->records, what->kept);
	fflush(stdout);
}

/* Said before it is done: who finds salts missing finds the reason too. */
static bool say_it(struct cli *cli, const struct ledger_salts *what, uint64_t *ret_index)
{
	struct buf CLEANUP(buf_release) text = {.max = 1024};
	struct jw j = jw_to(&text);

	jw_object(&j);
	jw_kv_cstr(&j, "statement", "salts-destroyed");
	jw_kv_int(&j, "first", (int64_t)what->first);
	jw_kv_int(&j, "until", (int64_t)what->until);
	jw_kv_int(&j, "records", (int64_t)what->records);
	jw_kv_int(&j, "kept", (int64_t)what->kept);
	jw_object_end(&j);
	return cli_statement(cli, 0, buf_view(&text), ret_index);
}

static int destroy(struct cli *cli, const struct ledger_place *place, const struct ledger_salts *what)
{
	uint64_t index;

	if (!option_given(&cli->options, "yes") && !cli_confirm("Destroy these salts for good?"))
		return cli_fail(cli, "nothing is destroyed: say --yes, or answer y");
	if (!say_it(cli, what, &index))
		return EXIT_FAILED;
	enum err err = ledger_salts_destroy(place->dir, place->archive, what, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "destroy salts");
	printf("the salts are destroyed; record %" PRIu64 " of the ledger says so\n", index);
	return EXIT_DONE;
}

static int run_destroy_salts(struct cli *cli)
{
	const char *before = option_text(&cli->options, "before");
	struct ledger_place place;
	struct ledger_salts what;
	int64_t before_ms;

	if (!before || !clock_parse_iso(view_of(before), &before_ms))
		return cli_misused(cli, "--before takes a date or a time as 2026-11-28T12:00:00Z");
	if (!cli_open(cli, true) || !ledger_place_find(cli, NULL, NULL, &place))
		return EXIT_FAILED;
	enum err err = ledger_salts_before(place.dir, place.archive, before_ms, &what, &cli->problem);
	if (err == OK && !what.files) {
		printf("no packed file whose records are all older has salts\n");
		return EXIT_DONE;
	}
	if (err == OK)
		err = verify(cli, &place);
	if (err != OK)
		return cli_fail_err(cli, err, "destroy salts");
	print_what(&what);
	return destroy(cli, &place, &what);
}

const struct command command_ledger_salts[] = {
	{"ledger destroy-salts", "",
	 OPTIONS({"before", "TIME", "of packed files whose last record is older"}, {"yes", NULL, "do not ask"}),
	 run_destroy_salts, "Make what old records say unprovable, for good",
	 "A record's salt ties what was published of it (a hash) to what it says: who received which posts. Without it "
	 "nobody can prove\n"
	 "again, or find out from what is published, what the record said. The tree stays as it is, with all proofs "
	 "about other\n"
	 "records; so do the records themselves, as the operator's word (`kicau ledger archive` moves them away). "
	 "Plans that\n"
	 "began and statements stay provable. It cannot be undone: receipts and proofs of that time that were given "
	 "out keep\n"
	 "what they hold, and so do backups. The ledger is verified first, and says in a record of its own that it was "
	 "done.\n"
	 "The server must not run."},
	COMMANDS_END,
};
