/*
 * media.c - `kicau media …`: what uploads take on the disk, and removing what nobody needs.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "cli/terminal.h"
#include "media/files.h"
#include "media/inventory.h"
#include "media/media.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define DAYS_MAX 36500

struct sums {
	struct progress progress;
	uint64_t files[STORED_COUNT], bytes[STORED_COUNT], seen;
};

/* "12.3 MiB" */
static const char *amount(uint64_t bytes, char buf[24])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	double n = (double)bytes;
	size_t u = 0;

	for (; n >= 1024 && u + 1 < ARRAY_LEN(units); u++)
		n /= 1024;
	snprintf(buf, 24, u ? "%.1f %s" : "%.0f %s", n, units[u]);
	return buf;
}

static bool add_up(void *arg, const struct stored_file *f)
{
	struct sums *s = arg;

	s->files[f->kind]++;
	s->bytes[f->kind] += f->bytes;
	progress_at(&s->progress, ++s->seen, 0, "files");
	return true;
}

static void print_row(const char *name, int64_t things, uint64_t files, uint64_t bytes)
{
	char buf[24];

	printf("%-10s %10" PRId64 " %10" PRIu64 " %16" PRIu64 " %12s\n", name, things, files, bytes,
	       amount(bytes, buf));
}

static void print_usage(const struct inventory *inv, const struct sums *s)
{
	int64_t things = 0;
	uint64_t files = 0, bytes = 0;

	printf("%-10s %10s %10s %16s %12s\n", "KIND", "COUNT", "FILES", "BYTES", "");
	for (int k = 0; k < STORED_COUNT; k++) {
		int64_t count = k == STORED_ORPHAN ? (int64_t)s->files[k] : inv->things[k];

		print_row(stored_names[k], count, s->files[k], s->bytes[k]);
		things += count;
		files += s->files[k];
		bytes += s->bytes[k];
	}
	print_row("all", things, files, bytes);
}

static int run_usage(struct cli *cli)
{
	struct sums sums = {0};
	struct inventory inv;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = inventory_load(store_db(cli->store), &inv);
	if (err)
		return cli_fail_err(cli, err, "look at media");
	progress_start(&sums.progress, "looking at media");
	err = inventory_walk(&inv, cli->config.v.data_dir, add_up, &sums, &cli->problem);
	progress_end(&sums.progress);
	if (!err)
		print_usage(&inv, &sums);
	inventory_release(&inv);
	return err ? cli_fail_err(cli, err, "look at media") : EXIT_DONE;
}

struct pruning {
	const char *data_dir;
	int64_t age_ms;
	bool dry;
	uint64_t files, bytes;
};

static bool prune_file(void *arg, const struct stored_file *f)
{
	struct pruning *p = arg;

	if (f->kind != STORED_ORPHAN || f->age_ms < p->age_ms)
		return true;
	p->files++;
	p->bytes += f->bytes;
	if (!p->dry)
		files_delete(p->data_dir, f->key);
	return true;
}

static enum err prune_unposted(struct cli *cli, const struct pruning *p, struct media_abandoned *ret)
{
	struct db *db = store_db(cli->store);
	int64_t before = clock_now() - p->age_ms;

	TRY(media_abandoned_count(db, before, ret));
	return p->dry || !ret->count ? OK : media_abandoned_drop(cli->core, db, before, &cli->arena);
}

static enum err prune_orphans(struct cli *cli, struct pruning *p)
{
	struct inventory inv;

	TRY(inventory_load(store_db(cli->store), &inv));
	enum err err = inventory_walk(&inv, p->data_dir, prune_file, p, &cli->problem);
	inventory_release(&inv);
	return err;
}

static int run_prune(struct cli *cli)
{
	const char *days_text = option_text(&cli->options, "days");
	struct pruning p = {.dry = option_given(&cli->options, "dry-run")};
	struct media_abandoned unposted = {0};
	char amounts[2][24];
	int64_t days = 1;

	if (days_text && !parse_i64(view_of(days_text), 1, DAYS_MAX, &days))
		return cli_misused(cli, "--days takes a number from 1, not \"%.40s\"", days_text);
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	p.data_dir = cli->config.v.data_dir;
	p.age_ms = days * DAY_MS;
	enum err err = prune_unposted(cli, &p, &unposted);
	if (!err)
		err = prune_orphans(cli, &p);
	if (err)
		return cli_fail_err(cli, err, "prune media");
	printf("%s%" PRId64 " attachments that were never posted (%s), %" PRIu64 " files that nothing names (%s)\n",
	       p.dry ? "would remove " : "removed ", unposted.count, amount((uint64_t)unposted.bytes, amounts[0]),
	       p.files, amount(p.bytes, amounts[1]));
	return EXIT_DONE;
}

const struct command command_media[] = {
	{"media prune", "",
	 OPTIONS({"days", "N", "older than so many days (default: 1)"}, {"dry-run", NULL, "only say what would go"}), run_prune,
	 "Remove uploads nobody posted, and files nothing names",
	 "The server removes by itself what was not posted for a day; this is for a server that does not run, and for files\n"
	 "that a crash or a restored backup left behind. What belongs to posts, profiles and emojis stays, and so do attachments\n"
	 "of posts that wait for their time. The server may run meanwhile."},
	{"media usage", "", NULL, run_usage, "Say how many files there are of each kind, and how large they are",
	 "COUNT is of attachments, accounts and emojis; an attachment has a file and mostly a preview. \"waiting\" is still to be\n"
	 "converted; of \"orphans\" nothing knows any more (`kicau media prune` removes them)."},
	COMMANDS_END,
};
