/*
 * trace_shared.c - see trace_shared.h.
 */
#include "base/base.h"
#include "cli/trace_shared.h"

#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "cli/ledger_place.h"
#include "cli/statement.h"
#include "cli/terminal.h"
#include "ledger/publish.h"
#include "ledger/verify.h"

#define PUBLISHED_MS 30000 /* a checkpoint is due every 10 s */
#define EVERY_MS 100

bool trace_ledger_dir(struct cli *cli, char ret[FILE_PATH_MAX])
{
	struct ledger_place place;

	if (!ledger_place_find(cli, NULL, NULL, &place))
		return false;
	memcpy(ret, place.dir, FILE_PATH_MAX);
	return true;
}

static void say_finding(void *arg, const struct ledger_finding *f)
{
	size_t *n = arg;

	if ((*n)++ < 10)
		fprintf(stderr, "%s: byte %" PRIu64 ": %s\n", f->file, f->offset, f->what);
}

bool trace_ledger_check(struct cli *cli)
{
	struct ledger_verified sums;
	struct ledger_place place;
	size_t n = 0;

	if (!ledger_place_find(cli, NULL, NULL, &place))
		return false;
	enum err err = ledger_verify(place.dir, place.archive, say_finding, &n, &sums, &cli->problem);
	if (err == OK)
		return true;
	if (err == ERR_CORRUPT)
		cli_fail(cli, "the ledger does not verify (`kicau ledger verify` says where): nothing can be proven "
			      "with it, so "
			      "nothing is traced");
	else if (err == ERR_NOT_FOUND)
		cli_fail(cli, "there is no ledger in %s: the server makes it when it starts", place.dir);
	else
		cli_fail_err(cli, err, "verify the ledger");
	return false;
}

struct ledger *trace_ledger_open(struct cli *cli)
{
	struct ledger_place place;
	struct ledger *l;

	if (!ledger_place_find(cli, NULL, NULL, &place))
		return NULL;
	enum err err = ledger_open_read(place.dir, place.archive, &l, &cli->problem);
	if (err == OK)
		return l;
	cli_fail_err(cli, err, "open the ledger");
	return NULL;
}

/* ---- statements ---- */

static void pause_a_little(void)
{
	nanosleep(&(struct timespec){.tv_nsec = (long)EVERY_MS * 1000000}, NULL);
}

static bool waited(int64_t since_ns, int64_t ms)
{
	return clock_mono_ns() - since_ns > ms * 1000000;
}

bool trace_fix(struct cli *cli, struct view text, int64_t *ret_index)
{
	uint64_t index;

	if (!cli_statement(cli, 0, text, &index))
		return false;
	*ret_index = (int64_t)index;
	return true;
}

bool trace_wait_published(struct cli *cli, uint64_t index)
{
	int64_t since = clock_mono_ns();
	char dir[FILE_PATH_MAX];
	struct progress progress;
	enum err err = OK;
	uint64_t size = 0;

	if (!trace_ledger_dir(cli, dir))
		return false;
	progress_start(&progress, "waiting for the next checkpoint");
	while (err == OK && size <= index && !waited(since, PUBLISHED_MS)) {
		struct arena a;
		struct published p;

		arena_init(&a, (size_t)1 << 20);
		err = published_read(dir, &a, &p);
		size = err == OK ? p.head.size : 0;
		arena_release(&a);
		if (size <= index)
			pause_a_little();
	}
	progress_end(&progress);
	if (err != OK || size <= index)
		cli_fail(cli, "no checkpoint of the ledger has record %" PRIu64 ": does the server run?", index);
	return err == OK && size > index;
}

/* ---- revealing ---- */

struct revealing {
	int64_t licensee, number;
	uint32_t ppm;
	struct problem problem;
};

static enum err reveal(struct db *tx, void *arg)
{
	struct revealing *r = arg;

	return withhold_reveal(tx, (struct account_id){0}, r->licensee, r->number, clock_now(), &r->problem);
}

static enum err rotate(struct db *tx, void *arg)
{
	struct revealing *r = arg;

	return withhold_rotate(tx, (struct account_id){0}, r->licensee, r->ppm, clock_now(), &r->problem);
}

/* The key decides on new posts: another one takes its place. */
static int replace_first(struct cli *cli, struct revealing *r, bool newest)
{
	if (newest) {
		enum err err = store_write(cli->store, rotate, r);

		if (err != OK && err != ERR_CONFLICT)
			return cli_fail(cli, "the key cannot be replaced: %s", r->problem.text);
	}
	cli_fail(cli,
		 "key %" PRId64 " of %s still decides on new posts. Another one takes its place within ten "
		 "minutes: call this again then, and it is revealed",
		 r->number, r->licensee == WITHHOLD_EVERYBODY ? "everybody" : "this licensee");
	return EXIT_ATTENTION;
}

/* Statements go to the ledger in their order: when this one is there, so are the keys. */
static bool say_revealed(struct cli *cli, int64_t licensee)
{
	struct buf text;
	int64_t index;

	buf_init(&text, LEDGER_DATA_MAX);
	struct jw j = jw_to(&text);
	jw_object(&j);
	jw_kv_cstr(&j, "statement", "trace-reveal");
	withhold_party_write(&j, licensee);
	jw_object_end(&j);
	bool good = trace_fix(cli, buf_view(&text), &index);
	buf_release(&text);
	return good;
}

int trace_reveal(struct cli *cli, int64_t licensee, int64_t last)
{
	struct withhold_generation *list;
	size_t n;
	enum err err = withhold_load(store_db(cli->store), &cli->arena, licensee, &list, &n);

	for (size_t i = 0; err == OK && i < n; i++) {
		struct revealing r = {.licensee = licensee, .number = list[i].number, .ppm = list[i].ppm};

		if (list[i].licensee != licensee || list[i].lost || list[i].from_id > last)
			continue;
		err = store_write(cli->store, reveal, &r);
		if (err == ERR_CONFLICT)
			return replace_first(cli, &r, i + 1 == n || list[i + 1].licensee != licensee);
		if (err != OK)
			return cli_fail(cli, "key %" PRId64 " cannot be revealed: %s", r.number, r.problem.text);
	}
	if (err != OK)
		return cli_fail_err(cli, err, "read the keys");
	return say_revealed(cli, licensee) ? EXIT_DONE : EXIT_FAILED;
}
