/*
 * transfer.c - `kicau export` and `kicau import`: what an account takes with it and brings.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "media/files.h"
#include "transfer/archive.h"
#include "transfer/export.h"
#include "transfer/import.h"

#define CHUNK LIMIT_MIB
/* A job of the server goes on with what this process leaves. */
#define JOB_DELAY_MS (60 * 1000)
#define BUSY_US (200 * 1000)

/* ---- export ---- */

static int write_list(struct cli *cli, struct account_id who, const struct export_kind *kind, const char *file)
{
	bool to_stdout = strcmp(file, "-") == 0;
	FILE *to = to_stdout ? stdout : fopen(file, "wxe");

	if (!to)
		return cli_fail(cli, "%s cannot be made: %s", file, strerror(errno));
	enum err err = export_write(cli->core, store_db(cli->store), who, kind, to);
	if (!to_stdout && fclose(to) != 0 && err == OK)
		err = ERR_NO_SPACE;
	if (err == OK)
		return EXIT_DONE;
	if (!to_stdout)
		unlink(file);
	return cli_fail_err(cli, err, "write the list");
}

static bool tell(void *arg, int64_t posts)
{
	progress_at(arg, (uint64_t)posts, 0, "posts");
	return true;
}

static int write_archive(struct cli *cli, struct account_id who, const char *file)
{
	struct progress progress;
	const struct archive_watch watch = {tell, &progress};
	int64_t bytes = 0, posts = 0;

	if (access(file, F_OK) == 0)
		return cli_fail(cli, "%s cannot be made: %s", file, strerror(EEXIST));
	progress_start(&progress, "writing");
	enum err err =
		archive_write_file(cli->core, store_db(cli->store), who, file, &watch, &bytes, &posts, &cli->problem);
	progress_end(&progress);
	if (err != OK)
		return cli_fail_err(cli, err, "write the archive");
	printf("%" PRId64 " posts, %" PRId64 " KiB\n", posts, bytes / 1024);
	return EXIT_DONE;
}

static int run_export(struct cli *cli)
{
	const char *const *operands = cli->options.operands;
	const struct export_kind *kind = export_find(view_of(operands[1]));
	struct account_id who;

	if (!kind && strcmp(operands[1], "archive") != 0)
		return cli_misused(cli, "%.60s is nothing that can be exported", operands[1]);
	if (!cli_open(cli, true) || !cli_account(cli, operands[0], &who))
		return EXIT_FAILED;
	return !kind ? write_archive(cli, who, operands[2]) : write_list(cli, who, kind, operands[2]);
}

/* ---- import ---- */

static enum err send_file(struct cli *cli, struct account_id who, int64_t id, int fd)
{
	char *chunk = arena_alloc(&cli->arena, CHUNK);
	struct progress progress;
	int64_t at = 0;

	progress_start(&progress, "copying");
	for (;;) {
		ssize_t n = read(fd, chunk, CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(&cli->problem, ERR_INVALID, "the file cannot be read: %s", strerror(errno));
		if (n == 0)
			break;
		TRY(import_send(cli->core, store_db(cli->store), who, id, at, view_make(chunk, (size_t)n),
				&cli->problem));
		at += n;
		progress_at(&progress, (uint64_t)at >> 20, 0, "MiB");
	}
	progress_end(&progress);
	return import_sent(cli->core, who, id, JOB_DELAY_MS);
}

/* The serving process is told at every step. */
static enum err go_on(struct cli *cli, struct account_id who, int64_t id)
{
	struct db *db = store_db(cli->store);
	struct progress progress;
	bool more = true;

	progress_start(&progress, "importing");
	while (more) {
		struct import i;
		struct arena a;
		enum err err = import_step(cli->core, db, who, id, &more);

		if (err == ERR_BUSY) {
			usleep(BUSY_US);
			continue;
		}
		TRY(err);
		TRY(relay_flush(cli->relay));
		arena_init(&a, LIMIT_MIB);
		err = import_load(db, &a, who, id, &i);
		arena_release(&a);
		TRY(err);
		progress_at(&progress, (uint64_t)i.done, (uint64_t)i.total, "entries");
	}
	progress_end(&progress);
	return OK;
}

/* "line 7: bob@example.com: there is no such account here" */
static enum err say_problems(struct cli *cli, int64_t id)
{
	struct import_problem list[100];
	int64_t after = 0;
	enum err err;
	size_t n;

	do {
		struct arena a;

		arena_init(&a, LIMIT_MIB);
		err = import_problems(store_db(cli->store), &a, id, after, ARRAY_LEN(list), list, &n);
		for (size_t i = 0; i < n && err == OK; i++) {
			after = list[i].n;
			printf("%.*s: %.*s%s%.*s\n", VIEW_ARG(list[i].place), VIEW_ARG(list[i].item),
			       list[i].item.len ? ": " : "", VIEW_ARG(list[i].words));
		}
		arena_release(&a);
	} while (err == OK && n == ARRAY_LEN(list));
	return err;
}

static int say_end(struct cli *cli, struct account_id who, int64_t id)
{
	struct import i;
	enum err err = import_load(store_db(cli->store), &cli->arena, who, id, &i);

	if (err == OK)
		err = say_problems(cli, id);
	if (err != OK)
		return cli_fail_err(cli, err, "read the report");
	if (i.state == IMPORT_FAILED)
		return cli_fail(cli, "%.*s", VIEW_ARG(i.error));
	printf("%" PRId64 " taken, %" PRId64 " were here already, %" PRId64 " could not be taken\n", i.taken, i.known,
	       i.refused);
	if (i.problems == LIMIT_IMPORT_PROBLEMS)
		printf("only the first %d are told above\n", LIMIT_IMPORT_PROBLEMS);
	return i.refused ? EXIT_ATTENTION : EXIT_DONE;
}

static int run_import(struct cli *cli)
{
	const char *const *operands = cli->options.operands;
	const struct import_kind *kind = import_kind_find(view_of(operands[1]));
	struct account_id who;
	int64_t id;

	if (!kind)
		return cli_misused(cli, "%.60s is nothing that can be imported", operands[1]);
	int fd = open(operands[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cli_fail(cli, "%s cannot be read: %s", operands[2], strerror(errno));
	if (!cli_open(cli, true) || !cli_account(cli, operands[0], &who)) {
		close(fd);
		return EXIT_FAILED;
	}
	enum err err = files_init(cli->config.v.data_dir, &cli->problem);
	if (err == OK)
		err = import_create(cli->core, who, kind, option_given(&cli->options, "overwrite"), &id, &cli->problem);
	if (err == OK) {
		err = send_file(cli, who, id, fd);
		if (err == OK)
			err = go_on(cli, who, id);
		else if (import_delete(cli->core, who, id) != OK)
			log_debug("what was sent is swept later", F_INT("import", id));
	}
	close(fd);
	return err == OK ? say_end(cli, who, id) : cli_fail_err(cli, err, "take in the file");
}

const struct command command_transfer[] = {
	{"export", "NAME KIND FILE", NULL, run_export, "Write a list or an archive of an account to a file, as Mastodon does",
	 "KIND is one of\n"
	 "  follows    whom they follow, with boosts, notifications and languages\n"
	 "  followers  who follows them\n"
	 "  blocks     whom they block\n"
	 "  mutes      whom they mute, and whether notifications are hidden\n"
	 "  bookmarks  addresses of the posts they keep\n"
	 "  lists      their lists and who is on them\n"
	 "  filters    their filters, as JSON\n"
	 "  archive    everything of theirs as one zip file, laid out as Mastodon's\n"
	 "FILE must not be there yet; - is standard output, but for archives."},
	{"import", "NAME KIND FILE",
	 OPTIONS({"overwrite", NULL, "also take away what is not in the file (lists only)"}), run_import,
	 "Take in a file for an account: lists, or posts from an archive",
	 "KIND is one of\n"
	 "  follows, blocks, mutes, bookmarks, lists\n"
	 "             a CSV file as Mastodon and `kicau export` write it\n"
	 "  filters    a JSON file of filters, as Mastodon and `kicau export` write it\n"
	 "  mastodon   posts from the archive (zip or tar.gz) a Mastodon server makes\n"
	 "  twitter    posts from the archive (zip) X, formerly Twitter, makes\n"
	 "Posts keep their dates, pictures and threads; nobody is told of them. Boosts, answers to others and messages\n"
	 "are not taken.\n"
	 "What cannot be taken is listed with its line; the exit code is then 3. An import that is interrupted is\n"
	 "finished by the server; starting it again takes nothing twice."},
	COMMANDS_END,
};
