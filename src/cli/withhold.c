/*
 * withhold.c - `kicau withhold …`: which posts licensees never get, at random (docs/design/withholding.md). Keys are shown by
 * reveal alone, when they are no secret any more.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/id.h"
#include "cli/ledger_place.h"
#include "cli/licensees.h"
#include "cli/statement.h"
#include "meter/answers.h"
#include "meter/licensee_store.h"
#include "meter/withholding.h"

static bool open_all(struct cli *cli)
{
	if (!licensees_open(cli))
		return false;
	enum err err = withhold_install(cli->core);
	if (err == OK)
		return true;
	cli_fail_err(cli, err, "make the keys");
	return false;
}

static bool load(struct cli *cli, int64_t licensee, struct withhold_generation **ret, size_t *ret_n)
{
	enum err err = withhold_load(store_db(cli->store), &cli->arena, licensee, ret, ret_n);

	if (err == OK)
		return true;
	cli_fail_err(cli, err, "read the keys");
	return false;
}

static void forget(struct withhold_generation *list, size_t n)
{
	if (n)
		secret_wipe(list, n * sizeof(*list));
}

/* ---- status ---- */

static void print_json(const struct withhold_generation *g, int64_t now)
{
	struct json_line line;

	json_line_begin(&line);
	withhold_answer(g, now, &line.j);
	json_line_end(&line);
}

static void print_row(const struct withhold_generation *g, int64_t now)
{
	char from[CLOCK_ISO_LEN + 1];

	printf("%-20" PRId64 " %10" PRId64 "  %-9s %9.4f%%  %-24s %12" PRId64 " %12" PRId64 "\n", g->licensee,
	       g->number, withhold_state_name(g, now), g->ppm / 10000.0,
	       g->from_id ? moment(id_time(g->from_id), from) : "the first post", g->committed, g->revealed);
}

static int run_status(struct cli *cli)
{
	bool json = option_given(&cli->options, "json");
	int64_t now = clock_now();
	struct withhold_generation *list;
	size_t n;

	if (!open_all(cli) || !load(cli, WITHHOLD_ALL, &list, &n))
		return EXIT_FAILED;
	if (!json)
		printf("%-20s %10s  %-9s %10s  %-24s %12s %12s\n", "LICENSEE", "GENERATION", "STATE", "WITHHELD",
		       "POSTS FROM", "COMMITTED", "REVEALED");
	for (size_t i = 0; i < n; i++) {
		if (json)
			print_json(&list[i], now);
		else
			print_row(&list[i], now);
	}
	forget(list, n);
	return EXIT_DONE;
}

/* ---- rotate ---- */

struct change {
	int64_t licensee, number;
	uint32_t ppm;
	int64_t now;
	struct problem *problem;
	const struct withhold_generation *lost;
};

static enum err write_rotation(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return withhold_rotate(tx, (struct account_id){0}, ch->licensee, ch->ppm, ch->now, ch->problem);
}

static enum err write_reveal(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return withhold_reveal(tx, (struct account_id){0}, ch->licensee, ch->number, ch->now, ch->problem);
}

static enum err write_lost(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return withhold_forgo(tx, ch->lost, ch->now);
}

/* Its statement is in the ledger when this returns. */
static bool wait_for(struct cli *cli, int64_t statement, uint64_t *ret_index)
{
	return cli_statement_wait(cli, statement, ret_index);
}

static int finish_rotation(struct cli *cli, int64_t licensee)
{
	char from[CLOCK_ISO_LEN + 1];
	struct withhold_generation *list;
	uint64_t index = 0;
	size_t n;

	if (!load(cli, licensee, &list, &n) || !n)
		return EXIT_FAILED;
	struct withhold_generation last = list[n - 1];
	forget(list, n);
	if (!wait_for(cli, last.commitment_id, &index))
		return EXIT_FAILED;
	clock_iso(id_time(last.from_id), from);
	printf("generation %" PRId64 " withholds %.4f%% of the posts from %s on; committed to in record %" PRIu64
	       " of the ledger\n",
	       last.number, last.ppm / 10000.0, from, index);
	return EXIT_DONE;
}

static bool ppm_option(struct cli *cli, uint32_t *ret)
{
	const char *text = option_text(&cli->options, "ppm");
	int64_t ppm;

	if (!text)
		return true;
	if (!parse_i64(view_of(text), 0, WITHHOLD_PPM / 2, &ppm)) {
		cli_misused(cli, "--ppm is a number of posts in a million, at most %d, not \"%.40s\"", WITHHOLD_PPM / 2,
			    text);
		return false;
	}
	*ret = (uint32_t)ppm;
	return true;
}

static int run_rotate(struct cli *cli)
{
	struct change ch = {.now = clock_now(), .problem = &cli->problem};
	struct withhold_generation *list;
	size_t n;

	if (!open_all(cli) || !licensees_find_party(cli, cli->options.operands[0], &ch.licensee) ||
	    !load(cli, ch.licensee, &list, &n))
		return EXIT_FAILED;
	ch.ppm = n ? list[n - 1].ppm : 0;
	forget(list, n);
	if (!ppm_option(cli, &ch.ppm))
		return EXIT_MISUSED;
	enum err err = store_write(cli->store, write_rotation, &ch);
	return err == OK ? finish_rotation(cli, ch.licensee) : cli_fail_err(cli, err, "make another key");
}

/* ---- reveal ---- */

static int print_revealed(struct cli *cli, const struct change *ch)
{
	char key[HEX_LEN(WITHHOLD_KEY_LEN) + 1], salt[HEX_LEN(WITHHOLD_SALT_LEN) + 1];
	struct withhold_generation *list;
	uint64_t index = 0;
	size_t n;

	if (!load(cli, ch->licensee, &list, &n))
		return EXIT_FAILED;
	for (size_t i = 0; i < n; i++) {
		if (list[i].number != ch->number)
			continue;
		if (!wait_for(cli, list[i].reveal_id, &index))
			return EXIT_FAILED;
		hex_encode(list[i].key.b, WITHHOLD_KEY_LEN, key);
		hex_encode(list[i].salt.b, WITHHOLD_SALT_LEN, salt);
		printf("key        %s\nsalt       %s\ncommitted  record %" PRId64 "\nrevealed   record %" PRIu64
		       "\nposts      from %" PRId64 " up to %" PRId64 ", which is not among them\nwithheld   %" PRIu32
		       " of a million\n",
		       key, salt, list[i].committed, index, list[i].from_id, list[i].until_id, list[i].ppm);
	}
	forget(list, n);
	return EXIT_DONE;
}

static int run_reveal(struct cli *cli)
{
	struct change ch = {.now = clock_now(), .problem = &cli->problem};

	if (!parse_i64(view_of(cli->options.operands[1]), 1, INT64_MAX, &ch.number))
		return cli_misused(cli, "GENERATION is a number, not \"%.40s\"", cli->options.operands[1]);
	if (!open_all(cli) || !licensees_find_party(cli, cli->options.operands[0], &ch.licensee))
		return EXIT_FAILED;
	enum err err = store_write(cli->store, write_reveal, &ch);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no generation %" PRId64 "; `kicau withhold status` shows them",
				ch.number);
	return err == OK ? print_revealed(cli, &ch) : cli_fail_err(cli, err, "reveal the key");
}

/* ---- check, forgo ---- */

struct checking {
	struct withhold_committed *all;
	size_t n;
	struct withhold_generation *keys;
	size_t n_keys;
};

static bool read_both(struct cli *cli, struct checking *ch)
{
	struct ledger_place place;
	struct ledger *l;

	if (!open_all(cli) || !ledger_place_find(cli, NULL, option_text(&cli->options, "archive"), &place))
		return false;
	enum err err = ledger_open_read(place.dir, place.archive, &l, &cli->problem);
	if (err == ERR_NOT_FOUND) {
		cli_fail(cli, "there is no ledger in %s: the server makes it when it starts", place.dir);
		return false;
	}
	if (err == OK) {
		err = withhold_committed(l, &ch->all, &ch->n, &cli->problem);
		ledger_close(l);
	}
	if (err != OK) {
		cli_fail_err(cli, err, "read the ledger");
		return false;
	}
	if (load(cli, WITHHOLD_ALL, &ch->keys, &ch->n_keys))
		return true;
	free(ch->all);
	return false;
}

static enum withhold_fault fault_of(struct cli *cli, const struct checking *ch, const struct withhold_committed *c)
{
	struct licensee unused;
	bool there = c->licensee == WITHHOLD_EVERYBODY ||
		     licensee_load(store_db(cli->store), &cli->arena, c->licensee, &unused) == OK;

	return withhold_compare(c, ch->keys, ch->n_keys, there);
}

static int run_check(struct cli *cli)
{
	static const char *const words[] = {
		[WITHHOLD_MISSING] = "the database does not have the key: it is older than the ledger",
		[WITHHOLD_DIFFERENT] = "the database has another key",
		[WITHHOLD_UNKNOWN_LICENSEE] = "the database has no such licensee, so nothing goes to it",
	};
	struct checking ch;
	size_t wrong = 0;

	if (!read_both(cli, &ch))
		return EXIT_FAILED;
	for (size_t i = 0; i < ch.n; i++) {
		enum withhold_fault fault = fault_of(cli, &ch, &ch.all[i]);

		if (fault == WITHHOLD_FITS)
			continue;
		wrong += fault != WITHHOLD_UNKNOWN_LICENSEE;
		printf("licensee %" PRId64 ", generation %" PRId64 ", record %" PRIu64 ": %s\n", ch.all[i].licensee,
		       ch.all[i].number, ch.all[i].index, words[fault]);
	}
	if (!wrong)
		printf("%zu keys, %zu commitments: they fit\n", ch.n_keys, ch.n);
	forget(ch.keys, ch.n_keys);
	free(ch.all);
	return wrong ? EXIT_FAILED : EXIT_DONE;
}

static int forgo(struct cli *cli, const struct checking *ch, int64_t licensee)
{
	size_t done = 0;

	for (size_t i = 0; i < ch->n; i++) {
		const struct withhold_committed *c = &ch->all[i];
		struct withhold_generation g = {
			.licensee = c->licensee, .number = c->number, .ppm = c->ppm, .from_id = c->from_id};
		struct change change = {.lost = &g, .now = clock_now()};
		enum withhold_fault fault = c->licensee == licensee ? fault_of(cli, ch, c) : WITHHOLD_FITS;

		if (fault != WITHHOLD_MISSING && fault != WITHHOLD_DIFFERENT)
			continue;
		enum err err = store_write(cli->store, write_lost, &change);
		if (err != OK)
			return cli_fail_err(cli, err, "give up the key");
		printf("generation %" PRId64 " is given up: nothing is withheld by it any more. Restart the server\n",
		       c->number);
		done++;
	}
	return done ? EXIT_DONE
		    : cli_fail(cli, "no key of it is lost; `kicau withhold check` compares them with the ledger");
}

static int run_forgo(struct cli *cli)
{
	int64_t licensee;
	struct checking ch;

	if (!read_both(cli, &ch))
		return EXIT_FAILED;
	bool known = licensees_find_party(cli, cli->options.operands[0], &licensee);
	int code = known ? forgo(cli, &ch, licensee) : EXIT_FAILED;
	forget(ch.keys, ch.n_keys);
	free(ch.all);
	return code;
}

#define JSON {"json", NULL, "one JSON object a line"}
#define ARCHIVE {"archive", "DIR", "where old segments of the ledger were moved (default: the setting ledger_archive)"}

const struct command command_withhold[] = {
	{"withhold status", "", OPTIONS(JSON), run_status, "Show how much is withheld from whom, by which generation of keys",
	 "Licensee 0 is everybody. COMMITTED and REVEALED are records of the ledger; -1: none yet."},
	{"withhold rotate", "LICENSEE", OPTIONS({"ppm", "N", "withhold so many of a million posts (0: none; default: as before)"}),
	 run_rotate, "Give a licensee another key, or another rate, for posts from ten minutes on",
	 "LICENSEE is a name, an id, or `everybody`. What was withheld before stays withheld: older posts keep their key."},
	{"withhold reveal", "LICENSEE GENERATION", NULL, run_reveal, "Say in the ledger, and here, what a key was",
	 "So that others can check what was withheld. From then on the licensee knows too, and can fill its gaps: rotate first.\n"
	 "A generation that decides on new posts is not revealed."},
	{"withhold check", "", OPTIONS(ARCHIVE), run_check, "Compare the keys with what the ledger was told of them",
	 "When the database was restored from a backup that is older than a key, what was withheld by that key is not known any\n"
	 "more, and the server delivers nothing to its licensee. Restore a newer backup; or, when there is none, `kicau withhold\n"
	 "forgo` gives the key up."},
	{"withhold forgo", "LICENSEE", OPTIONS(ARCHIVE), run_forgo, "Give up keys that the database has lost",
	 "It is said in the ledger. Of the posts they decided on all go out, and nothing can be proven with them. Another key begins\n"
	 "ten minutes later."},
	COMMANDS_END,
};
